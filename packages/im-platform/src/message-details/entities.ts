import { z } from 'zod';

// What stands where in a text. Places are counted in UTF-16 code units, as JavaScript, Java and Swift's NSString count.

/** Among those who are mentioned: all of them. */
export const everyone = 'everyone';

export const mostEntities = 100;
export const mostMentioned = 20;

const place = {
  offset: z.int().min(0).meta({ description: 'Where it begins, in UTF-16 code units' }),
  length: z.int().min(1).meta({ description: 'How long it is, in the same' }),
};

export const entity = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('link'), ...place }),
    z.strictObject({
      type: z.literal('mention'),
      ...place,
      userId: z
        .union([z.literal(everyone), z.string().regex(/^[1-9]\d{0,15}$/, 'expected an id, as "42"')])
        .meta({ description: 'Of the user who is named, or `everyone`' }),
    }),
  ])
  .meta({ id: 'Entity' });

export type Entity = z.output<typeof entity>;

/** What is wrong with them; undefined: nothing. A link is its own address, so that no text can pretend to lead elsewhere. */
export function whyNotIn(text: string, entities: readonly Entity[]): string | undefined {
  let end = 0;
  for (const [index, { type, offset, length }] of entities.entries()) {
    const where = `entities[${index}]`;
    if (offset < end) return `${where} begins before the one before it has ended`;
    end = offset + length;
    if (end > text.length) return `${where} ends at ${end}, and the text at ${text.length}`;
    if (isWithinPair(text, offset) || isWithinPair(text, end)) return `${where} cuts a character in two`;
    if (type === 'link' && !isAddress(text.slice(offset, end)))
      return `${where} is no address of the web: a link stands for itself`;
  }
  return undefined;
}

/** Who is named in them, each once. */
export function mentionedIn(entities: readonly Entity[] = []): string[] {
  return [...new Set(entities.flatMap((one) => (one.type === 'mention' ? [one.userId] : [])))];
}

function isWithinPair(text: string, at: number): boolean {
  return /^[\uDC00-\uDFFF]/.test(text.slice(at, at + 1)) && /[\uD800-\uDBFF]$/.test(text.slice(at - 1, at));
}

/** With its scheme or without. */
function isAddress(text: string): boolean {
  if (/\s/.test(text)) return false;
  const address = /^https?:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(address)) return false;
  const { username, password, hostname } = new URL(address);
  return username === '' && password === '' && hostname.includes('.');
}
