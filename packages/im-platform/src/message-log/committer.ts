import { findConversations, storeLines, type StoredLine } from '../conversations/conversation-rows.ts';
import type { Database, Sql } from '../db/database.ts';
import { lockCounters, storeCounters } from './counters.ts';
import type { LogEntry, LogKind } from './entries.ts';

/** What became of an entry: its message, or why it was refused. */
export type Committed<Draft, Message> =
  | { readonly refused: Error }
  /** The entry is as `within` decided it. Not new: it was stored before. */
  | { readonly entry: LogEntry<Draft>; readonly message: Message; readonly isNew: boolean };

/** How far times may run ahead of the clock: further ahead is an instance whose clock is wrong, and which nobody follows. */
const mostLeadMs = 10_000;

/** Stores entries, all of them in one transaction, which gives them their places. */
export class Committer<Draft, Message> {
  readonly #database: Pick<Database, 'transaction'>;
  readonly #kind: LogKind<Draft, Message>;

  constructor(database: Pick<Database, 'transaction'>, kind: LogKind<Draft, Message>) {
    this.#database = database;
    this.#kind = kind;
  }

  /** One answer for each entry, in their order. */
  commit(entries: readonly LogEntry<Draft>[]): Promise<Committed<Draft, Message>[]> {
    return this.#database.transaction((sql) => this.#append(sql, entries));
  }

  async #append(sql: Sql, given: readonly LogEntry<Draft>[]): Promise<Committed<Draft, Message>[]> {
    const kind = this.#kind;
    const counters = await lockCounters(sql, kind.name);
    const names = new Set(given.map(({ draft }) => kind.conversationOf(draft)));
    const conversations = await findConversations(sql, [...names]);
    // Times rise with ids whatever the clocks of the instances say, so "since they joined" and "until they left" are exact.
    const now = Date.now();
    const sendTime = Math.max(now, Math.min(counters.time + 1, now + mostLeadMs));
    counters.time = sendTime;
    counters.stamp += 1;
    const { stamp } = counters;
    const entries: LogEntry<Draft>[] = [];
    for (const entry of given) {
      const decided = await entry.within?.(sql, { sendTime, stamp });
      entries.push(decided ? { ...entry, ...decided, draft: { ...entry.draft, ...decided.draft } } : entry);
    }
    const judgements = await kind.judge(
      sql,
      entries.map(({ draft }) => draft),
    );

    const numbers = new Map<string, number>();
    const lines: StoredLine[] = [];
    const stored: { message: Message; draft: Draft }[] = [];
    const committed = entries.map((entry, index): Committed<Draft, Message> => {
      const judgement = judgements[index];
      if (!judgement)
        throw new Error(`The log of ${kind.name} messages judged ${judgements.length} of ${entries.length}`);
      if ('refused' in judgement) {
        if (entry.within) throw judgement.refused;
        return judgement;
      }
      if ('repeated' in judgement) return { entry, message: judgement.repeated, isNew: false };
      const { draft } = entry;
      const conversation = kind.conversationOf(draft);
      const last = numbers.get(conversation) ?? conversations.get(conversation)?.lastNumber ?? 0;
      numbers.set(conversation, last + 1);
      counters.id += 1;
      const place = { id: counters.id, number: last + 1, sendTime };
      const message = judgement.toMessage(place);
      lines.push({ ...place, ...kind.lineOf(message), conversation });
      stored.push({ message, draft });
      return { entry, message, isNew: true };
    });
    if (stored.length > 0) {
      await kind.store(sql, stored);
      await storeLines(sql, lines, { before: conversations, lane: kind.lane, stamp });
      await storeCounters(sql, kind.name, counters);
    }
    return committed;
  }
}
