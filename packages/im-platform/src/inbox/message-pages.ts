import type { Readable } from '../db/replica.ts';
import { Refusal } from '../http/refusal.ts';
import type { LinkMaker } from '../files/file-links.ts';
import type { MessageDetail } from '../message-details/detail.ts';
import { findDetailsOf, nameOf, type NumberRange as Range } from '../message-details/detail-rows.ts';
import { groupBy } from '../messages/group/group-by.ts';
import { forReader } from './for-reader.ts';
import { MessageExtras } from './message-extras.ts';
import { MessageRows, showRow, type MessageRow } from './message-rows.ts';
import type { ShownMessage } from './message-view.ts';
import type { Place } from './place.ts';

/** Which part of a conversation is asked for; at most one of them. */
export interface Wanted {
  readonly before?: number | undefined;
  readonly after?: number | undefined;
  readonly around?: number | undefined;
  readonly limit: number;
}

interface NumberRange {
  readonly from: number;
  readonly to: number;
}

/** All messages with the numbers `from` to `to`, and which of these numbers are nothing that the reader could see. */
export interface MessagePage {
  readonly items: ShownMessage[];
  readonly from: number;
  readonly to: number;
  readonly first: number;
  readonly last: number;
  readonly nothing: NumberRange[];
}

/** Reads conversations by numbers, which have no holes: a page is a range of them, so pages meet and never overlap. */
export class MessagePages {
  readonly #database: Readable;
  readonly #rows: MessageRows;
  readonly #extras: MessageExtras;
  readonly #links: LinkMaker;

  constructor(database: Readable, links: LinkMaker) {
    this.#links = links;
    this.#database = database;
    this.#rows = new MessageRows(database);
    this.#extras = new MessageExtras(database, this.#rows);
  }

  async read(userId: number, place: Place, wanted: Wanted): Promise<MessagePage> {
    const { first, last } = place;
    const [from, to] = rangeOf(wanted, place);
    const items = from > to ? [] : await this.between(userId, place, [from, to]);
    return { items, from, to, first, last, nothing: gapsIn(items, [from, to]) };
  }

  /** One that the user may see. */
  async find(userId: number, place: Place, number: number): Promise<ShownMessage> {
    const isWithin = number >= place.first && number <= place.last;
    const [message] = isWithin ? await this.between(userId, place, [number, number]) : [];
    if (!message) throw new Refusal('messageUnknown');
    return message;
  }

  /** The newest of each of these conversations, and what else is asked for by its number, as far as the user may see it; in order. */
  async newest(
    userId: number,
    places: readonly Place[],
    count: number,
    alsoIn: ReadonlyMap<string, readonly number[]> = new Map(),
  ): Promise<Map<string, ShownMessage[]>> {
    const parts = places.flatMap((place): Part[] => {
      const { conversation, first, last } = place;
      const from = Math.max(first, last - count + 1);
      const others = (alsoIn.get(conversation.id) ?? []).filter((number) => number >= first && number < from);
      return [
        ...(from <= last ? [{ place, from, to: last }] : []),
        ...others.map((number) => ({ place, from: number, to: number })),
      ];
    });
    return groupBy(await this.#in(userId, parts), ({ conversationId }) => conversationId);
  }

  /** All of them that the user may see, of numbers within their place. */
  between(userId: number, place: Seen, [from, to]: readonly [number, number]): Promise<ShownMessage[]> {
    return this.#in(userId, [{ place, from, to }]);
  }

  /** Those with these numbers, as far as they lie within the places. */
  at(
    userId: number,
    places: ReadonlyMap<string, Seen>,
    keys: readonly { readonly conversation: string; readonly number: number }[],
  ): Promise<ShownMessage[]> {
    const parts = keys.flatMap(({ conversation, number }): Part[] => {
      const place = places.get(conversation);
      const isSeen = place && number >= place.first && number <= place.last;
      return isSeen ? [{ place, from: number, to: number }] : [];
    });
    return this.#in(userId, parts);
  }

  /** Those with these numbers, as they are stored, as far as the user may see them. */
  async stored(userId: number, place: Seen, numbers: readonly number[]): Promise<StoredMessage[]> {
    const within = numbers.filter((number) => number >= place.first && number <= place.last);
    const { rows, details } = await this.#read(
      userId,
      within.map((number) => ({ place, from: number, to: number })),
    );
    return rows.map((row) => ({ row, detail: details.get(nameOf(row)) }));
  }

  async #in(userId: number, parts: readonly Part[]): Promise<ShownMessage[]> {
    const { places, rows, details } = await this.#read(userId, parts);
    const besideOf = await this.#extras.of(userId, details, (id) => places.get(id));
    return rows.map((row) => showRow(row, { ...besideOf(row), links: this.#links }));
  }

  async #read(userId: number, parts: readonly Part[]) {
    const places = new Map(parts.map(({ place }) => [place.conversation.id, place]));
    const ranges = parts.map(({ place, from, to }): Range => ({
      conversation: place.conversation.id,
      from,
      to,
    }));
    // The details first: what is changed meanwhile is shown with the stamp of before, and is told again with its own.
    const details = await findDetailsOf(this.#database, ranges);
    const read = { rows: await this.#rows.find(userId, ranges), details };
    return { places, ...(await forReader(this.#database.sql, userId, read, (id) => places.get(id))) };
  }
}

/** A message as its reader may have it. */
export interface StoredMessage {
  readonly row: MessageRow;
  readonly detail: MessageDetail | undefined;
}

type Seen = Pick<Place, 'conversation' | 'first' | 'last' | 'isIn'>;

/** Numbers of one conversation. */
interface Part extends NumberRange {
  readonly place: Seen;
}

/** Within what may be seen. With nothing in it the end is before the beginning. */
function rangeOf(
  { before, after, around, limit }: Wanted,
  { first, last }: Pick<Place, 'first' | 'last'>,
): [from: number, to: number] {
  const upTo = (end: number): [number, number] => [Math.max(first, end - limit + 1), end];
  if (after !== undefined) {
    const from = Math.max(first, after + 1);
    return [from, Math.min(last, from + limit - 1)];
  }
  if (around !== undefined) {
    const middle = Math.min(Math.max(around, first), last);
    return upTo(Math.min(last, Math.max(middle + Math.floor(limit / 2), first + limit - 1)));
  }
  return upTo(Math.min(last, (before ?? Infinity) - 1));
}

function gapsIn(items: readonly ShownMessage[], [from, to]: readonly [number, number]): NumberRange[] {
  const gaps: NumberRange[] = [];
  let next = from;
  for (const { number } of items) {
    if (number > next) gaps.push({ from: next, to: number - 1 });
    next = number + 1;
  }
  if (next <= to) gaps.push({ from: next, to });
  return gaps;
}
