import { invalidOption } from 'im-common/internal/checks';
import { chunksOf } from '../db/chunks.ts';
import type { Database, Sql } from '../db/database.ts';
import type { Archive, ArchiveState } from './archive.ts';

type Row = Omit<Archive, 'ranges'> & { readonly ranges: string };

const peoplePerStatement = 500;

/** The table of archives: which files there are, how far each is, and whose words are in it. */
export class ArchiveRecords {
  readonly #database: Pick<Database, 'sql' | 'transaction'>;

  constructor(database: Pick<Database, 'sql' | 'transaction'>) {
    this.#database = database;
  }

  async find(name: string): Promise<Archive | undefined> {
    const row = (await this.#database.sql('im_archive').where({ name }).first()) as Row | undefined;
    return row && fromRow(row);
  }

  /** One of which there is a file. Throws if there is none. */
  async written(name: string): Promise<Archive> {
    const archive = await this.find(name);
    if (!archive || !hasFile(archive)) throw invalidOption(`There is no archive ${name}.`);
    return archive;
  }

  /** By name, so by month; from the one after that name on. */
  async after(name: string, limit: number): Promise<Archive[]> {
    const rows = (await this.#database
      .sql('im_archive')
      .where('name', '>', name)
      .orderBy('name')
      .limit(limit)) as Row[];
    return rows.map(fromRow);
  }

  async all(state?: ArchiveState): Promise<Archive[]> {
    const rows = (await this.#database
      .sql('im_archive')
      .modify((query) => void (state !== undefined && query.where({ state })))
      .orderBy('name')) as Row[];
    return rows.map(fromRow);
  }

  /** Those that somebody writes just now, or wrote when they died. */
  async unwritten(limit: number): Promise<string[]> {
    const rows = await this.#database
      .sql('im_archive')
      .where({ state: 'writing' })
      .orderBy('name')
      .limit(limit)
      .select<{ name: string }[]>('name');
    return rows.map(({ name }) => name);
  }

  /** Those that have, or may have, words of this one. */
  async namesOf(userId: number, limit: number): Promise<string[]> {
    const rows = await this.#database
      .sql('im_archive_person')
      .where({ userId })
      .orderBy('name')
      .limit(limit)
      .select<{ name: string }[]>('name');
    return rows.map(({ name }) => name);
  }

  /** Before there is a file: so that none is left that nobody knows. */
  async begin(name: string): Promise<void> {
    const nothing = { messages: 0, bytes: 0, sha256: '', ranges: '[]' };
    await this.#database
      .sql('im_archive')
      .insert({ name, state: 'writing', createdTime: Date.now(), ...nothing });
  }

  /** What is in the file was read again from there. */
  async verify(archive: Omit<Archive, 'state' | 'createdTime'>, people: ReadonlySet<number>): Promise<void> {
    const { name, ranges, ...written } = archive;
    await this.#database.transaction(async (sql) => {
      await sql('im_archive')
        .where({ name })
        .update({ ...written, state: 'verified', ranges: JSON.stringify(ranges) });
      await putPeople(sql, name, people);
      // Who was erased while it was written is erased in it, too.
      for (const some of chunksOf([...people], peoplePerStatement))
        await sql('im_erasure')
          .whereIn('userId', some)
          .whereNull('nextTime')
          .update({ state: 'waiting', nextTime: Date.now(), doneTime: null });
    });
  }

  /** Another file in its place, that says the same but for the words of somebody. The one before is known until it is deleted. */
  async replace(before: string, after: Archive, people: Iterable<number>, also: Within): Promise<void> {
    const { name, ranges, ...row } = after;
    await this.#database.transaction(async (sql) => {
      await sql('im_archive').where({ name: before }).update({ state: 'gone', ranges: '[]' });
      await sql('im_archive')
        .where({ name })
        .update({ ...row, ranges: JSON.stringify(ranges) });
      await putPeople(sql, name, people);
      await also(sql);
    });
  }

  async setState(name: string, state: ArchiveState): Promise<void> {
    await this.#database.sql('im_archive').where({ name }).update({ state });
  }

  /** Once there is no such file. */
  async forget(name: string): Promise<void> {
    await this.#database.transaction(async (sql) => {
      for (const table of ['im_archive_person', 'im_archive']) await sql(table).where({ name }).delete();
    });
  }
}

/** One that is written as a whole, and was not put aside for another one. */
export function hasFile({ state }: Pick<Archive, 'state'>): boolean {
  return state !== 'writing' && state !== 'gone';
}

type Within = (sql: Sql) => Promise<void>;

async function putPeople(sql: Sql, name: string, people: Iterable<number>): Promise<void> {
  for (const some of chunksOf([...new Set(people)], peoplePerStatement))
    await sql('im_archive_person').insert(some.map((userId) => ({ userId, name })));
}

function fromRow({ ranges, ...row }: Row): Archive {
  return { ...row, ranges: JSON.parse(ranges) as Archive['ranges'] };
}
