import { byLaneDatabase } from '../db/by-lane-database.ts';
import { chunksOf } from '../db/chunks.ts';
import type { Readable } from '../db/replica.ts';
import type { MessageDetail, Quote } from '../message-details/detail.ts';
import { findDetailsOf, nameOf, type MessageKey, type NumberRange } from '../message-details/detail-rows.ts';
import { MessageStatus } from '../wire/message-type.ts';
import { toShown, type ShownContent } from './content.ts';
import { forReader, type Details, type Sight } from './for-reader.ts';
import type { MessageRow, MessageRows } from './message-rows.ts';
import { cutQuote, type Beside } from './message-view.ts';

const keysPerQuery = 200;

/** Reads what messages have beside their rows, for one of their readers. */
export class MessageExtras {
  readonly #database: Readable;
  readonly #rows: MessageRows;

  constructor(database: Readable, rows: MessageRows) {
    this.#database = database;
    this.#rows = rows;
  }

  /** `sightOf`: of the reader in a conversation. */
  async of(
    userId: number,
    details: Details,
    sightOf: (conversation: string) => Sight | undefined,
  ): Promise<(row: MessageRow) => Omit<Beside, 'links'>> {
    if (details.size === 0) return () => ({});
    const mine = await this.#myReactions(userId, details.values());
    const quotes = await this.#quotes(userId, details.values(), sightOf);
    return (row) => {
      const detail = details.get(nameOf(row));
      const { conversation } = row;
      return {
        detail,
        myReactions: mine.get(nameOf(row)),
        quote:
          detail?.replyTo === undefined
            ? undefined
            : (quotes.get(nameOf({ conversation, number: detail.replyTo })) ?? null),
      };
    };
  }

  async #myReactions(userId: number, details: Iterable<MessageDetail>): Promise<Map<string, string[]>> {
    const keys = [...details].filter(({ reactions }) => Object.keys(reactions).length > 0);
    const mine = new Map<string, string[]>();
    for (const [{ sql }, here] of byLaneDatabase(this.#database, keys))
      for (const some of chunksOf(here, keysPerQuery)) {
        const rows = await sql('im_reaction')
          .where({ userId })
          .whereIn(
            ['conversation', 'number'],
            some.map(({ conversation, number }) => [conversation, number]),
          )
          .orderBy(['createdTime', 'emoji'])
          .select<(MessageKey & { emoji: string })[]>('conversation', 'number', 'emoji');
        for (const row of rows) mine.set(nameOf(row), [...(mine.get(nameOf(row)) ?? []), row.emoji]);
      }
    return mine;
  }

  /** As they are now: what was recalled or edited is not kept in a quote. */
  async #quotes(
    userId: number,
    details: Iterable<MessageDetail>,
    sightOf: (conversation: string) => Sight | undefined,
  ): Promise<Map<string, Quote>> {
    const ranges = [...details].flatMap(({ conversation, replyTo }): NumberRange[] => {
      const sight = sightOf(conversation);
      const isSeen = replyTo !== undefined && sight && replyTo >= sight.first && replyTo <= sight.last;
      return isSeen ? [{ conversation, from: replyTo, to: replyTo }] : [];
    });
    if (ranges.length === 0) return new Map();
    const found = await findDetailsOf(this.#database, ranges);
    const quoted = { rows: await this.#rows.find(userId, ranges), details: found };
    const seen = await forReader(this.#database.sql, userId, quoted, sightOf);
    return new Map(
      seen.rows
        .filter(({ message }) => message.status !== MessageStatus.RECALL)
        .map((row) => [nameOf(row), quoteOf(row, seen.details.get(nameOf(row)))]),
    );
  }
}

function quoteOf(row: MessageRow, detail: MessageDetail | undefined): Quote {
  const { message } = row;
  const content = toShown(message, detail);
  return {
    senderId: String(message.sendId),
    senderName: row.kind === 'group' ? row.message.sendNickName : null,
    type: content.type,
    text: cutQuote(wordsOf(content)),
  };
}

/** What of a content can be read in a line. */
export function wordsOf(content: ShownContent): string {
  if ('text' in content) return content.text;
  return content.type === 'file' ? (content.name ?? '') : '';
}
