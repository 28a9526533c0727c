import { randomBytes } from 'node:crypto';
import type { Database, Sql } from '../db/database.ts';
import { conversationOfGroup } from '../groups/group.ts';
import { RetentionStore } from '../retention/retention-store.ts';
import { messagesOf, oldColumns, Trimming, type Old } from '../retention/trimming.ts';
import type { ArchivedMessage, ArchivedRange, ArchivePlace } from './archive.ts';
import { ArchiveWriter } from './archive-file.ts';
import { ArchiveRecords } from './archive-records.ts';
import { removeUnwritten } from './unwritten.ts';

/** Of one file: what is removed goes in parts of 200 in any case. */
const mostPerFile = 20_000;
const tables = ['im_private_message', 'im_group_message'] as const;

interface Month {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** A file that is written, and of which nothing is left in the database but what was changed meanwhile. */
export interface ArchivedFile {
  readonly name: string;
  /** Undefined: it was written before, and is finished now. */
  readonly written?: { readonly messages: number; readonly bytes: number };
}

type Tell = (file: ArchivedFile) => void | Promise<void>;

/** What a file has so far. */
interface Part {
  readonly name: string;
  readonly writer: ArchiveWriter;
  readonly ranges: ArchivedRange[];
  readonly people: Set<number>;
  messages: number;
}

/** What is archived, and where that is noted. */
export type ArchivedDatabase = Pick<Database, 'sql' | 'transaction' | 'of' | 'laneDatabases' | 'findLanes'>;

/**
 * Writes what was said in old months into files, and removes it from the database then, as what is too old is removed (retention/): from the beginning
 * of each conversation, in its lane. Each file is read again before anything of it is removed. It may be cut off at any time, and called again.
 */
export class Archiver {
  readonly #database: ArchivedDatabase;
  readonly #place: ArchivePlace;
  readonly #records: ArchiveRecords;
  readonly #retention: RetentionStore;
  readonly #trimming: Trimming;
  #removed = 0;

  constructor(database: ArchivedDatabase, place: ArchivePlace) {
    this.#database = database;
    this.#place = place;
    this.#records = new ArchiveRecords(database);
    this.#retention = new RetentionStore(database);
    this.#trimming = new Trimming({
      ...{ database, store: this.#retention, usualDays: undefined },
      // They stay, as archived messages show them, and go when their time is over.
      files: { giveUp: () => Promise.resolve([]), delete: () => Promise.resolve() },
    });
  }

  /** How many messages it has removed from the database. */
  get removed(): number {
    return this.#removed;
  }

  /** Months that end before that moment. What is aborted throws, and is finished by the next one. */
  async run(beforeMs: number, tell: Tell, signal?: AbortSignal): Promise<void> {
    await this.#finishOthers(tell, signal);
    for (let from = 0; ;) {
      const month = await this.#monthAfter(from, beforeMs);
      if (!month) break;
      await this.#archiveMonth(month, tell, signal);
      from = month.endMs;
    }
  }

  /** What one before has written and not removed, or not written as a whole. */
  async #finishOthers(tell: Tell, signal?: AbortSignal): Promise<void> {
    await removeUnwritten(this.#place, this.#records);
    for (const { name, ranges } of await this.#records.all('verified')) {
      await this.#remove(name, ranges, signal);
      await tell({ name });
    }
  }

  /** The next one in which something was said that is still here. */
  async #monthAfter(fromMs: number, beforeMs: number): Promise<Month | undefined> {
    const times: number[] = [];
    for (const { sql } of this.#database.laneDatabases)
      for (const table of tables) {
        const [row] = await sql(table)
          .where('sendTime', '>=', fromMs)
          .where('sendTime', '<', beforeMs)
          .min<{ first: number | null }[]>('sendTime as first');
        if (typeof row?.first === 'number') times.push(row.first);
      }
    if (times.length === 0) return undefined;
    const first = new Date(Math.min(...times));
    const [year, month] = [first.getUTCFullYear(), first.getUTCMonth()];
    return {
      name: first.toISOString().slice(0, 7),
      startMs: Date.UTC(year, month),
      endMs: Date.UTC(year, month + 1),
    };
  }

  async #archiveMonth(month: Month, tell: Tell, signal?: AbortSignal): Promise<void> {
    let part: Part | undefined;
    const finish = async (): Promise<void> => {
      if (part) await tell(await this.#finish(part, signal));
      part = undefined;
    };
    try {
      for (const conversation of await this.#conversationsIn(month)) {
        if ((await this.#retention.find(conversation)).isHeld) continue;
        for (let after = 0; ;) {
          signal?.throwIfAborted();
          // Before the messages: what is changed while they are read has a higher one.
          const stamp = await this.#stampOf(conversation);
          const old = await this.#trimming.oldIn(conversation, month.endMs, after);
          const [first, last] = [old[0], old.at(-1)];
          if (!first || !last) break;
          part ??= await this.#begin(month);
          await this.#write(part, conversation, old);
          part.ranges.push({ conversation, from: first.number, to: last.number, stamp });
          after = last.number;
          if (part.messages >= mostPerFile) await finish();
        }
      }
      await finish();
    } finally {
      // What it failed by is told, and not this; the next one does it then.
      if (part) await this.#giveUp(part).catch(() => undefined);
    }
  }

  /** Nobody is to wait for what is not written as a whole: an erasure would, for an hour. */
  async #giveUp({ name, writer }: Part): Promise<void> {
    await writer.close();
    if ((await this.#records.find(name))?.state !== 'writing') return;
    await this.#place.store.delete(name);
    await this.#records.forget(name);
  }

  async #conversationsIn({ startMs, endMs }: Month): Promise<string[]> {
    const within = ['sendTime', [startMs, endMs - 1]] as const;
    // A lane that moves meanwhile is read where it is by then.
    await this.#database.findLanes();
    const names = new Set<string>();
    for (const { sql } of this.#database.laneDatabases) {
      const ofTwo = await sql('im_private_message')
        .whereBetween(...within)
        .distinct<{ conversation: string }[]>('conversation');
      const ofGroups = await sql('im_group_message')
        .whereBetween(...within)
        .distinct<{ groupId: number }[]>('groupId');
      for (const { conversation } of ofTwo) names.add(conversation);
      for (const { groupId } of ofGroups) names.add(conversationOfGroup(groupId));
    }
    return [...names].sort();
  }

  #sqlOf(conversation: string): Sql {
    return this.#database.of(conversation).sql;
  }

  async #stampOf(conversation: string): Promise<number> {
    const row = await this.#sqlOf(conversation)('im_conversation')
      .where({ conversation })
      .first<{ stamp: number } | undefined>('stamp');
    return row?.stamp ?? 0;
  }

  async #begin({ name: month }: Month): Promise<Part> {
    const name = newArchiveName(month);
    await this.#records.begin(name);
    const writer = await ArchiveWriter.open(this.#place.incoming);
    return { name, writer, ranges: [], people: new Set(), messages: 0 };
  }

  async #write(part: Part, conversation: string, old: readonly Old[]): Promise<void> {
    for (const message of await readMessages(this.#sqlOf(conversation), conversation, old)) {
      await part.writer.write(message);
      part.messages += 1;
      for (const id of peopleIn(message)) part.people.add(id);
    }
  }

  async #finish(part: Part, signal?: AbortSignal): Promise<ArchivedFile> {
    const { name, writer, ranges, people, messages } = part;
    const written = await writer.putInto(this.#place.store, name, messages);
    await writer.close();
    await this.#records.verify({ name, messages, ranges, ...written }, people);
    await this.#remove(name, ranges, signal);
    return { name, written: { messages, bytes: written.bytes } };
  }

  /** What was changed after it was written stays, and is written again by the next one. */
  async #remove(name: string, ranges: readonly ArchivedRange[], signal?: AbortSignal): Promise<void> {
    for (const range of ranges) {
      signal?.throwIfAborted();
      const { conversation } = range;
      const sql = this.#sqlOf(conversation);
      const old = await messagesBetween(sql, range).select<Old[]>(...oldColumns(conversation));
      const isDone = await this.#trimming.remove(conversation, old, (first, there) =>
        this.#mayGo(first, there, range),
      );
      if (isDone) this.#removed += old.length;
    }
    await this.#records.setState(name, 'done');
  }

  /** In its lane: nobody holds it or has reported something of it, it is as it was written, and nothing before it is left. */
  async #mayGo(first: Sql, there: Sql, { conversation, from, to, stamp }: ArchivedRange): Promise<boolean> {
    if ((await this.#retention.find(conversation, first)).isHeld) return false;
    const hindrances: (object | undefined)[] = [
      await there('im_message_change')
        .where({ conversation })
        .where('stamp', '>', stamp)
        .whereBetween('number', [from, to])
        .first('number'),
      await first('im_report').where({ conversation, isClosed: 0 }).where('number', '<=', to).first('id'),
      await messagesBetween(there, { conversation, from: 0, to: from - 1 }).first('id'),
    ];
    return hindrances.every((one) => one === undefined);
  }
}

export function newArchiveName(month: string): string {
  return `${month}/${randomBytes(12).toString('base64url')}.jsonl.gz`;
}

/** Whose words it has: of what is empty nobody's. */
export function peopleIn({ message, detail }: ArchivedMessage): number[] {
  if (message.content === null || ['', '{}'].includes(message.content)) return [];
  const authorId = detail?.authorId;
  return typeof authorId === 'number' ? [message.sendId, authorId] : [message.sendId];
}

function messagesBetween(
  sql: Sql,
  { conversation, from, to }: Pick<ArchivedRange, 'conversation' | 'from' | 'to'>,
) {
  return messagesOf(sql, conversation).whereBetween('number', [from, to]).orderBy('number');
}

async function readMessages(sql: Sql, conversation: string, old: readonly Old[]): Promise<ArchivedMessage[]> {
  const [from, to] = [old[0]?.number ?? 0, old.at(-1)?.number ?? 0];
  const rows = (await messagesBetween(sql, {
    conversation,
    from,
    to,
  }).select()) as ArchivedMessage['message'][];
  const beside = async <Row extends { readonly number: number }>(table: string): Promise<Row[]> =>
    (await sql(table).where({ conversation }).whereBetween('number', [from, to]).select()) as Row[];
  const details = await beside<{ readonly number: number }>('im_message_detail');
  const edits = await beside<{ readonly number: number }>('im_message_edit');
  const detailOf = new Map(details.map((detail) => [detail.number, detail]));
  return rows.map((message) => {
    const detail = detailOf.get(message.number);
    const its = edits.filter(({ number }) => number === message.number);
    return { conversation, message, ...(detail && { detail }), ...(its.length > 0 && { edits: its }) };
  });
}
