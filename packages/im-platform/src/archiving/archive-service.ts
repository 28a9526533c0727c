import { Readable } from 'node:stream';
import { withKeys } from '../db/sealing.ts';
import type { Database, Sql } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import { PlatformError } from '../platform-error.ts';
import type { Archive, ArchivedMessage, ArchivePlace } from './archive.ts';
import { messagesIn } from './archive-file.ts';
import { ArchiveRecords, hasFile } from './archive-records.ts';
import type { ArchiveRun, ArchiveRunOrder } from './archive-run.ts';
import type { ArchiveRunStore } from './archive-run-store.ts';

export interface ArchiveServiceDeps {
  readonly database: Pick<Database, 'sql' | 'transaction' | 'sealing'>;
  /** Undefined: the platform was not told where archives are. */
  readonly place: ArchivePlace | undefined;
  readonly store: ArchiveRunStore;
}

/** Of those that are read, at one instance: each is unpacked for as long as somebody reads it. */
const mostAtOnce = 5;
const laterS = 10;

/** What admins see of archives, and order. */
export class ArchiveService {
  readonly #deps: ArchiveServiceDeps;
  readonly #records: ArchiveRecords;
  #reading = 0;

  constructor(deps: ArchiveServiceDeps) {
    this.#deps = deps;
    this.#records = new ArchiveRecords(deps.database);
  }

  archives(afterName: string, limit: number): Promise<Archive[]> {
    return this.#records.after(afterName, limit);
  }

  async archive(name: string): Promise<Archive> {
    const archive = await this.#records.find(name);
    if (!archive) throw new Refusal('archiveUnknown');
    return archive;
  }

  /** Each message as a line of JSON, readable also where the database is encrypted. Breaks off if the file is not as it was written. */
  async lines(name: string): Promise<Readable> {
    const archive = await this.archive(name);
    if (!hasFile(archive)) throw new Refusal('archiveUnknown');
    const { store } = this.#place();
    if (this.#reading >= mostAtOnce) throw new Refusal('tooManyRequests', { code: 429, retryAfterS: laterS });
    this.#reading += 1;
    const messages = messagesIn(store, archive);
    try {
      // A file that is away or of another length is told of before anything is answered.
      const first = await messages.next();
      const lines = Readable.from(this.#linesOf(first, messages), { objectMode: false });
      // Also of one that nobody has begun to read.
      return lines.once('close', () => {
        this.#reading -= 1;
        void messages.return();
      });
    } catch (error) {
      this.#reading -= 1;
      if (!(error instanceof PlatformError)) throw error;
      throw new Refusal('archiveBroken', { values: { what: error.message } });
    }
  }

  runs(beforeId: number, limit: number): Promise<ArchiveRun[]> {
    return this.#deps.store.before(beforeId, limit);
  }

  async run(id: number): Promise<ArchiveRun> {
    const run = await this.#deps.store.find(id);
    if (!run) throw new Refusal('archiveRunUnknown');
    return run;
  }

  /** Resolves when it is written down; an instance does it soon. `note`: what else is written in that transaction. */
  async order(
    actorId: number,
    order: ArchiveRunOrder,
    note: (sql: Sql) => Promise<void>,
  ): Promise<ArchiveRun> {
    this.#place();
    // What people say now would go under their hands.
    if (order.what === 'write' && Date.parse(`${order.month}-01T00:00:00Z`) > Date.now())
      throw new Refusal('archiveMonthToCome');
    if (order.what === 'import' && !hasFile(await this.archive(order.archive)))
      throw new Refusal('archiveUnknown');
    const { database, store } = this.#deps;
    const id = await database.transaction(async (sql) => {
      await note(sql);
      return store.add(sql, actorId, order);
    });
    return this.run(id);
  }

  #place(): ArchivePlace {
    const { place } = this.#deps;
    if (!place) throw new Refusal('archivesOff');
    return place;
  }

  async *#linesOf(
    first: IteratorResult<ArchivedMessage, void>,
    rest: AsyncGenerator<ArchivedMessage, void, undefined>,
  ): AsyncGenerator<string, void, undefined> {
    if (first.done === true) return;
    yield await this.#line(first.value);
    for await (const message of rest) yield await this.#line(message);
  }

  async #line({ message, detail, edits, ...one }: ArchivedMessage): Promise<string> {
    const opened = await withKeys(() => ({
      ...one,
      message: this.#open([message])[0],
      ...(detail && { detail: this.#open([detail])[0] }),
      ...(edits && { edits: this.#open(edits) }),
    }));
    return `${JSON.stringify(opened)}\n`;
  }

  #open(rows: readonly object[]): readonly object[] {
    // Rows of tables, as they were written here.
    return this.#deps.database.sealing?.open(rows as readonly Readonly<Record<string, unknown>>[]) ?? rows;
  }
}
