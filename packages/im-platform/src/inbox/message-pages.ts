import type { Knex } from 'knex';
import { chunksOf } from '../db/chunks.ts';
import type { Database } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import { fromRow, groupColumns, type GroupMessageRow } from '../messages/group/group-message.ts';
import { privateColumns, type PrivateMessage } from '../messages/private/private-message.ts';
import { groupBy } from '../messages/group/group-by.ts';
import { MessageType } from '../wire/message-type.ts';
import type { ConversationOf } from './conversation-id.ts';
import { showOfGroup, showPrivate, type ShownMessage } from './message-view.ts';
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
  readonly #sql: Database['sql'];

  constructor({ sql }: Pick<Database, 'sql'>) {
    this.#sql = sql;
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
        ...(from <= last ? [{ conversation, from, to: last }] : []),
        ...others.map((number) => ({ conversation, from: number, to: number })),
      ];
    });
    return groupBy(await this.#in(userId, parts), ({ conversationId }) => conversationId);
  }

  /** All of them that the user may see, of numbers within their place. */
  between(
    userId: number,
    { conversation }: Pick<Place, 'conversation'>,
    [from, to]: readonly [number, number],
  ): Promise<ShownMessage[]> {
    return this.#in(userId, [{ conversation, from, to }]);
  }

  async #in(userId: number, parts: readonly Part[]): Promise<ShownMessage[]> {
    const ofTwo: Key[] = [];
    const ofGroups: Key[] = [];
    for (const { conversation, ...range } of parts)
      if (conversation.kind === 'private') ofTwo.push({ key: { conversation: conversation.id }, ...range });
      else ofGroups.push({ key: { groupId: conversation.groupId }, ...range });
    const messages = [...(await this.#private(ofTwo)), ...(await this.#ofGroups(userId, ofGroups))];
    // Here, as MySQL would sort them, too: it goes through several ranges in no order.
    return messages.sort((one, other) => one.number - other.number);
  }

  async #private(keys: readonly Key[]): Promise<ShownMessage[]> {
    const found: PrivateMessage[] = [];
    for (const some of chunksOf(keys, rangesPerQuery))
      found.push(
        ...(await this.#sql('im_private_message')
          .where(inOneOf(some))
          .select<PrivateMessage[]>(...privateColumns)),
      );
    return found.filter(isShown).map(showPrivate);
  }

  async #ofGroups(userId: number, keys: readonly Key[]): Promise<ShownMessage[]> {
    const found: GroupMessageRow[] = [];
    for (const some of chunksOf(keys, rangesPerQuery))
      found.push(
        ...(await this.#sql('im_group_message')
          .where(inOneOf(some))
          .select<GroupMessageRow[]>(...groupColumns)),
      );
    return found
      .map(fromRow)
      .filter(isShown)
      .filter(({ recvIds }) => recvIds.length === 0 || recvIds.includes(userId))
      .map(showOfGroup);
  }
}

/** Numbers of one conversation. */
interface Part extends NumberRange {
  readonly conversation: ConversationOf;
}

interface Key extends NumberRange {
  readonly key: Readonly<Record<string, string | number>>;
}

const rangesPerQuery = 200;

function inOneOf(keys: readonly Key[]): (query: Knex.QueryBuilder) => void {
  return (query) => {
    for (const { key, from, to } of keys)
      void query.orWhere((one) => void one.where(key).whereBetween('number', [from, to]));
  };
}

/** Who recalled a message is seen at that message. */
function isShown({ type }: { readonly type: number }): boolean {
  return type !== MessageType.RECALL;
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
