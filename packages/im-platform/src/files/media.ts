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
  const look = (name: string, value: unknown): void => {
    if (typeof value === 'string') {
      if ((/ur[il]$|src$/i.test(name) && value !== '') || (name !== 'name' && looksLikeAddress(value)))
        addresses.push(value);
    } else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) look(Array.isArray(value) ? name : key, inner);
  };
  look('', parse(message));
  return addresses;
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
