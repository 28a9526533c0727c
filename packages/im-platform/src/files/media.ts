import { MessageType } from '../wire/message-type.ts';

/** What a message says, as far as it matters here. */
export interface Content {
  readonly type: number;
  readonly content: string | null;
}

/** Whether it shows or plays files; box-im's pages load them as soon as the chat is opened. */
export function isMedia({ type }: Content): boolean {
  return type >= MessageType.IMAGE && type <= MessageType.VIDEO;
}

/** Whether it is an object, as all clients write it. */
export function isMediaContent(message: Content): boolean {
  return parse(message) !== undefined;
}

/**
 * Every text in it that a client might load: what is called an address, wherever it points to, and what looks like one
 * and is not called a name.
 */
export function addressesIn(message: Content): string[] {
  const addresses: string[] = [];
  changeAddresses(parse(message), (address) => {
    addresses.push(address);
    return address;
  });
  return addresses;
}

/** The content with other addresses in place of those that `addressesIn` finds, and as it is where none is another one. */
export function withAddresses(message: Content, change: (address: string) => string): string | null {
  if (!isMedia(message)) return message.content;
  const seen = { isChanged: false };
  const content = changeAddresses(parse(message), (address) => {
    const changed = change(address);
    seen.isChanged ||= changed !== address;
    return changed;
  });
  return seen.isChanged ? JSON.stringify(content) : message.content;
}

/** In place; it has just been parsed. */
function changeAddresses(
  content: object | undefined,
  change: (address: string) => string,
): object | undefined {
  const walk = (name: string, parent: Record<string, unknown>): void => {
    for (const [key, value] of Object.entries(parent)) {
      const called = Array.isArray(parent) ? name : key;
      if (typeof value === 'string') {
        if (isAddress(called, value)) parent[key] = change(value);
      } else if (typeof value === 'object' && value !== null) walk(called, value as Record<string, unknown>);
    }
  };
  if (content) walk('', content as Record<string, unknown>);
  return content;
}

function isAddress(name: string, text: string): boolean {
  return (/ur[il]$|src$/i.test(name) && text !== '') || (name !== 'name' && looksLikeAddress(text));
}

function looksLikeAddress(text: string): boolean {
  return /^\s*([a-z][a-z\d+.-]*:)?[\\/]{2}/i.test(text);
}

function parse({ content }: Content): object | undefined {
  try {
    const value: unknown = JSON.parse(content ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
