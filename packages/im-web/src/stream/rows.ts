import type { Message } from 'im-chat';
import { dayOf } from '../text/times.ts';

/** A message as a row of the stream. Separators belong to the row below them, so that there are as many rows as messages. */
export interface Row {
  readonly key: string;
  readonly message: Message;
  /** The first of its day. */
  readonly day: string | undefined;
  /** The first that was unread when the conversation was opened. */
  readonly isFirstUnread: boolean;
  readonly startsRun: boolean;
  readonly endsRun: boolean;
}

/**
 * Messages of one sender and one minute, with nothing between them, are one run. A row of `before` that says the same is the same object, so
 * that it is not drawn again.
 */
export function toRows(
  messages: readonly Message[],
  unreadAfter: number | undefined,
  before: readonly Row[] = [],
): Row[] {
  const known = new Map(before.map((row) => [row.message, row]));
  return makeRows(messages, unreadAfter).map((row) => {
    const same = known.get(row.message);
    return same && isSame(same, row) ? same : row;
  });
}

function isSame(one: Row, other: Row): boolean {
  return (
    one.day === other.day &&
    one.isFirstUnread === other.isFirstUnread &&
    one.startsRun === other.startsRun &&
    one.endsRun === other.endsRun
  );
}

function makeRows(messages: readonly Message[], unreadAfter: number | undefined): Row[] {
  const rows: Row[] = [];
  let before: Message | undefined;
  let isMarked = false;
  for (const message of messages) {
    const isNewDay = !before || dayOf(before.sentAt) !== dayOf(message.sentAt);
    const isFirstUnread: boolean =
      !isMarked && unreadAfter !== undefined && !message.isMine && (message.number ?? 0) > unreadAfter;
    isMarked ||= isFirstUnread;
    const startsRun = isNewDay || isFirstUnread || !before || !isOneRun(before, message);
    if (startsRun) endRun(rows);
    rows.push({
      ...{ key: message.key, message, isFirstUnread, startsRun },
      day: isNewDay ? message.sentAt : undefined,
      endsRun: false,
    });
    before = message;
  }
  endRun(rows);
  return rows;
}

function endRun(rows: Row[]): void {
  const last = rows.at(-1);
  if (last) rows[rows.length - 1] = { ...last, endsRun: true };
}

function isOneRun(one: Message, next: Message): boolean {
  return (
    one.senderId === next.senderId && isBubble(one) && isBubble(next) && minuteOf(one) === minuteOf(next)
  );
}

function minuteOf({ sentAt }: Message): number {
  return Math.floor(Date.parse(sentAt) / 60_000);
}

/** What is no bubble is a line in the middle. */
export function isBubble({ content }: Message): boolean {
  return content.type !== 'notice' && content.type !== 'recalled';
}
