import { z } from 'zod';
import { onceFor } from '../http/once-for.ts';
import { Refusal } from '../http/refusal.ts';

// A page goes on after the last thing of the one before, and not at a place that moves: nothing comes twice, and nothing is left out.

export const cursorQuery = z
  .string()
  .max(4_096)
  .optional()
  .meta({ description: '`nextCursor` of the page before; absent: the first page' });

/** What every list answers. */
export function pageOf<Item extends z.ZodType>(item: Item): PageSchema<Item> {
  return pages(item) as PageSchema<Item>;
}

type PageSchema<Item extends z.ZodType> = ReturnType<typeof makePage<Item>>;

const pages = onceFor((item: z.ZodType) => makePage(item));

function makePage<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().meta({ description: 'For the next page; null: this is the last one' }),
  });
}

export function toCursor(place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** What `toCursor` was given; refuses what is none of ours. */
export function readCursor<Place>(cursor: string | undefined, place: z.ZodType<Place>): Place | undefined {
  if (cursor === undefined) return undefined;
  try {
    return place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    throw new Refusal('cursorInvalid');
  }
}

export interface Page<Item> {
  readonly items: Item[];
  readonly nextCursor: string | null;
}

/** Of one row more than were asked for, which says that there is a next page. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  { placeOf, toItem }: { readonly placeOf: (row: Row) => unknown; readonly toItem: (row: Row) => Item },
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const isMore = rows.length > limit && last !== undefined;
  return { items: shown.map(toItem), nextCursor: isMore ? toCursor(placeOf(last)) : null };
}
