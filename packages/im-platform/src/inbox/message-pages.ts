import type { Database } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import { fromRow, groupColumns, type GroupMessageRow } from '../messages/group/group-message.ts';
import { privateColumns, type PrivateMessage } from '../messages/private/private-message.ts';
import { MessageType } from '../wire/message-type.ts';
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
    const items = from > to ? [] : await this.#between(userId, place, [from, to]);
    return { items, from, to, first, last, nothing: gapsIn(items, [from, to]) };
  }

  /** One that the user may see. */
  async find(userId: number, place: Place, number: number): Promise<ShownMessage> {
    const isWithin = number >= place.first && number <= place.last;
    const [message] = isWithin ? await this.#between(userId, place, [number, number]) : [];
    if (!message) throw new Refusal('messageUnknown');
    return message;
  }

  async #between(
    userId: number,
    { conversation }: Place,
    range: readonly [number, number],
  ): Promise<ShownMessage[]> {
    // Who recalled a message is seen at that message.
    const isShown = ({ type }: { readonly type: number }): boolean => type !== MessageType.RECALL;
    if (conversation.kind === 'private') {
      const rows = await this.#sql('im_private_message')
        .where({ conversation: conversation.id })
        .whereBetween('number', [...range])
        .orderBy('number')
        .select<PrivateMessage[]>(...privateColumns);
      return rows.filter(isShown).map(showPrivate);
    }
    const rows = await this.#sql('im_group_message')
      .where({ groupId: conversation.groupId })
      .whereBetween('number', [...range])
      .orderBy('number')
      .select<GroupMessageRow[]>(...groupColumns);
    return rows
      .map(fromRow)
      .filter(isShown)
      .filter(({ recvIds }) => recvIds.length === 0 || recvIds.includes(userId))
      .map(showOfGroup);
  }
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
