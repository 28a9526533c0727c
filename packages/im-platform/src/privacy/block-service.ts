import type { Database } from '../db/database.ts';
import type { Caller } from '../http/caller.ts';
import { Refusal } from '../http/refusal.ts';
import type { Blocked, BlockStore } from './block-store.ts';
import { lockPair } from './pair.ts';

/**
 * Who wants nothing of whom. Between the two there are no messages, calls, requests and invitations then, from either side; friends they
 * stay, so that all is as before when the block is lifted. The other one is told when they try, and sees nobody online.
 */
export class BlockService {
  readonly #database: Pick<Database, 'transaction'>;
  readonly #blocks: BlockStore;

  constructor(database: Pick<Database, 'transaction'>, blocks: BlockStore) {
    this.#database = database;
    this.#blocks = blocks;
  }

  page({ userId }: Caller, afterId: number, limit: number): Promise<Blocked[]> {
    return this.#blocks.pageOf(userId, afterId, limit);
  }

  /** From its answer on nothing that begins comes through. */
  async block({ userId }: Caller, otherId: number): Promise<void> {
    if (otherId === userId) throw new Refusal('blockSelf');
    await this.#database.transaction(async (sql) => {
      await lockPair(sql, userId, otherId);
      await this.#blocks.put(sql, userId, otherId);
    });
  }

  unblock({ userId }: Caller, otherId: number): Promise<void> {
    return this.#blocks.remove(userId, otherId);
  }
}
