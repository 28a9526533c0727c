import type { Logger } from 'im-common';
import { chunksOf } from '../db/chunks.ts';
import type { Database } from '../db/database.ts';
import type { Ending } from '../feature.ts';
import type { Caller } from '../http/caller.ts';

const everyMs = 60_000;
const rowsPerStatement = 500;
/** Between two times of writing; who comes beyond them is noted the next time. */
const mostKept = 200_000;

/**
 * When somebody was here last, by session and by user: noted in memory for each request, and written down once a minute for all of them, so
 * that no request asks the database for it.
 */
export class Activity {
  readonly #sql: Database['sql'];
  readonly #logger: Logger;
  readonly #sessions = new Set<string>();
  readonly #users = new Set<number>();
  #writing: Promise<void> = Promise.resolve();

  constructor({ sql }: Pick<Database, 'sql'>, logger: Logger) {
    this.#sql = sql;
    this.#logger = logger;
  }

  note({ sessionId, userId }: Pick<Caller, 'sessionId' | 'userId'>): void {
    if (this.#sessions.size >= mostKept) return;
    this.#sessions.add(sessionId);
    this.#users.add(userId);
  }

  /** They have gone this moment. */
  noteGone(userIds: Iterable<number>): void {
    for (const id of userIds) if (this.#users.size < mostKept) this.#users.add(id);
  }

  start(): Ending {
    const timer = setInterval(() => void this.write(), everyMs);
    return async () => {
      clearInterval(timer);
      await this.write();
    };
  }

  /** Resolves when all that was noted is written, or given up. */
  write(): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      const [sessions, users] = [[...this.#sessions], [...this.#users]];
      this.#sessions.clear();
      this.#users.clear();
      try {
        await this.#write(sessions, users);
      } catch (error) {
        this.#logger.warn({ err: error }, 'when people were here last could not be written down');
      }
    });
    return this.#writing;
  }

  async #write(sessions: readonly string[], users: readonly number[]): Promise<void> {
    const seenTime = Date.now();
    for (const some of chunksOf(sessions, rowsPerStatement))
      await this.#sql('im_session').whereIn('id', some).update({ seenTime });
    // In one order, as other instances write of the same users.
    const ordered = users.toSorted((one, other) => one - other);
    for (const some of chunksOf(ordered, rowsPerStatement))
      await this.#sql('im_last_seen')
        .insert(some.map((userId) => ({ userId, seenTime })))
        .onConflict('userId')
        .merge();
  }
}
