import { findConversations, linesToStore, type StoredLine } from '../conversations/conversation-rows.ts';
import { laneOf } from '../db/lanes.ts';
import type { LaneDatabase, Sql } from '../db/database.ts';
import { ask, conclude } from '../db/together.ts';
import type { ConversationNow } from '../wire/pushed-state.ts';
import { fencesOf, refuseMoved } from '../db/lane-fences.ts';
import {
  changesMore,
  type Decided,
  type Judgement,
  type LogEntry,
  type Moment,
  type StoredKind,
} from './entries.ts';
import { nextId } from './ids.ts';
import { highestId, lockLanes, rowIn, storeLanes, type LaneRow } from './lane-rows.ts';

/** What became of an entry: its message, or why it was refused. */
export type Committed<Draft, Message> =
  | { readonly refused: Error }
  /** It was stored before. */
  | { readonly entry: LogEntry<Draft>; readonly message: Message; readonly isNew: false }
  /** The entry is as `within` decided it. */
  | {
      readonly entry: LogEntry<Draft>;
      readonly message: Message;
      readonly isNew: true;
      readonly state: ConversationNow;
    };

/** How far times may run ahead of the clock: further ahead is an instance whose clock is wrong, and which nobody follows. */
export const mostLeadMs = 10_000;

/** Stores entries within a transaction, which gives them their places. Its lanes are locked until it ends. */
export class Committer<Draft, Message> {
  readonly #kind: StoredKind<Draft, Message>;
  readonly #at: Pick<LaneDatabase, 'name' | 'isOneOfSeveral'>;

  /** `at`: where the lanes must be. By default the caller has looked, or there is one database. */
  constructor(
    kind: StoredKind<Draft, Message>,
    at: Pick<LaneDatabase, 'name' | 'isOneOfSeveral'> = { name: '', isOneOfSeveral: false },
  ) {
    this.#kind = kind;
    this.#at = at;
  }

  /** One answer for each entry, in their order. */
  async append(sql: Sql, given: readonly LogEntry<Draft>[]): Promise<Committed<Draft, Message>[]> {
    const kind = this.#kind;
    const names = given.map(({ draft }) => kind.conversationOf(draft));
    const judge = (entries: readonly LogEntry<Draft>[]): Promise<readonly Judgement<Message>[]> =>
      kind.judge(
        sql,
        entries.map(({ draft }) => draft),
      );
    // What is asked after the lock, and so answered after it was waited for, though it goes along with it.
    const [lanes, conversations, { highest, time }, judged] = await Promise.all([
      lockLanes(sql, names.map(laneOf)),
      findConversations(sql, [...new Set(names)]),
      highestId(sql),
      given.some(changesMore) ? undefined : judge(given),
      this.#hold(sql, names.map(laneOf)),
    ]);
    const now = Date.now();
    for (const row of lanes.values()) begin(row, now);
    const entries: LogEntry<Draft>[] = [];
    for (const [index, entry] of given.entries()) {
      entries.push(await decide(sql, entry, momentOf(lanes, names[index] ?? '')));
    }
    const judgements = judged ?? (await judge(entries));

    const numbers = new Map<string, number>();
    const skipped = new Map<string, number>();
    const lines: StoredLine[] = [];
    const stored: { message: Message; draft: Draft }[] = [];
    const committed = entries.map((entry, index): Committed<Draft, Message> => {
      const judgement = judgements[index];
      if (!judgement)
        throw new Error(`The log of ${kind.name} messages judged ${judgements.length} of ${entries.length}`);
      if ('refused' in judgement) {
        if (changesMore(entry)) throw judgement.refused;
        return judgement;
      }
      if ('repeated' in judgement) return { entry, message: judgement.repeated, isNew: false };
      const { draft } = entry;
      const conversation = names[index] ?? '';
      const row = rowOf(lanes, conversation);
      const last = numbers.get(conversation) ?? conversations.get(conversation)?.lastNumber ?? 0;
      numbers.set(conversation, last + 1);
      row.lastId = nextId(row.lane, { last: row.lastId, highest, time });
      const place = { id: row.lastId, number: last + 1, sendTime: row.lastTime };
      const message = judgement.toMessage(place);
      const line = kind.lineOf(message);
      const before = skipped.get(conversation) ?? conversations.get(conversation)?.skipped ?? 0;
      skipped.set(conversation, before + (line.counts ? 0 : 1));
      lines.push({ ...place, ...line, conversation });
      stored.push({ message, draft });
      const state = { skipped: before + (line.counts ? 0 : 1), stamp: row.stamp };
      return { entry, message, isNew: true, state };
    });
    if (stored.length > 0) {
      const stampOf = (conversation: string): number => rowOf(lanes, conversation).stamp;
      await conclude(sql, [
        ...kind.toStore(sql, stored),
        ...linesToStore(sql, lines, { before: conversations, stampOf }),
        storeLanes(sql, lanes.values()),
      ]);
    }
    return committed;
  }

  async #hold(sql: Sql, lanes: readonly number[]): Promise<void> {
    const { name, isOneOfSeveral } = this.#at;
    if (!isOneOfSeveral) return;
    const wanted = [...new Set(lanes)];
    refuseMoved(wanted, await ask(sql, fencesOf(sql, wanted)), name);
  }
}

async function decide<Draft>(sql: Sql, entry: LogEntry<Draft>, moment: Moment): Promise<LogEntry<Draft>> {
  const caused = await decidedBy(entry, entry.cause?.(sql, moment.sendTime));
  const decided = await decidedBy(caused, entry.within?.(sql, moment));
  await entry.follows?.(sql);
  return decided;
}

/** The entry as it is with that. */
export async function decidedBy<Draft>(
  entry: LogEntry<Draft>,
  deciding: Promise<void> | Promise<Decided<Draft>> | undefined,
): Promise<LogEntry<Draft>> {
  const decided = await deciding;
  return decided ? { ...entry, ...decided, draft: { ...entry.draft, ...decided.draft } } : entry;
}

/** Times rise with ids whatever the clocks of the instances say, so "since they joined" and "until they left" are exact. */
function begin(row: LaneRow, now: number): void {
  row.lastTime = Math.max(now, Math.min(row.lastTime + 1, now + mostLeadMs));
  row.stamp += 1;
}

function momentOf(lanes: ReadonlyMap<number, LaneRow>, conversation: string): Moment {
  const { lastTime: sendTime, stamp } = rowOf(lanes, conversation);
  return { sendTime, stamp };
}

function rowOf(lanes: ReadonlyMap<number, LaneRow>, conversation: string): LaneRow {
  return rowIn(lanes, laneOf(conversation));
}
