import type { Logger } from 'im-common';
import { makeOnce } from '../db/make-once.ts';
import type { Database, Sql } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import type { PlatformIm } from '../push/platform-im.ts';
import type { Audience, Broadcast, BroadcastStore } from './broadcast-store.ts';
import type { SystemNotices } from './system-notices.ts';

export interface BroadcastDeps {
  readonly database: Pick<Database, 'sql' | 'transaction'>;
  readonly store: BroadcastStore;
  readonly notices: Pick<SystemNotices, 'tell'>;
  readonly im: Pick<PlatformIm, 'onlineUsers'>;
  readonly logger: Logger;
}

export interface NewBroadcast {
  readonly actorId: number;
  readonly audience: Audience;
  readonly content: string;
  readonly onceKey: string | undefined;
}

/** Of whom a commit takes all together; between two of them others get their turn. */
const atOnce = 100;
const lookEveryMs = 30_000;

/**
 * Says something to everybody, as a message of the system account to each, in the order of their ids (decision 087). It goes on where
 * it was after a restart, at any instance, and nobody gets it twice.
 */
export class Broadcasts {
  readonly #deps: BroadcastDeps;
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(deps: BroadcastDeps) {
    this.#deps = deps;
  }

  /** Goes on with what others have left. */
  start(): void {
    this.#work();
    this.#timer = setInterval(() => this.#work(), lookEveryMs);
  }

  /** Resolves when the page that is under way is done. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    await this.#working;
  }

  /** Resolves when it is written down; then it is under way. `also`: what else is written in that transaction. */
  async begin(
    { actorId, audience, content, onceKey }: NewBroadcast,
    also: (sql: Sql) => Promise<void>,
  ): Promise<{ readonly broadcast: Broadcast; readonly isNew: boolean }> {
    const { database, store } = this.#deps;
    const make = async (sql: Sql): Promise<number> => {
      await also(sql);
      return store.add(sql, { actorId, audience, content });
    };
    const asked = { audience, content };
    const { id, isNew } =
      onceKey === undefined
        ? { id: await database.transaction(make), isNew: true }
        : await makeOnce(database, { userId: actorId, what: 'broadcast', key: onceKey, asked }, make, () => {
            throw new Refusal('idempotencyKeyReused');
          });
    const broadcast = await store.find(id);
    if (!broadcast) throw new Error(`The broadcast ${id} is gone.`);
    this.#work();
    return { broadcast, isNew };
  }

  /** One after the other. */
  #work(): void {
    this.#working = this.#working.then(async () => {
      try {
        for (;;) {
          const broadcast = this.#isClosed ? undefined : await this.#deps.store.claim();
          if (!broadcast) return;
          await this.#tellAll(broadcast);
        }
      } catch (error) {
        this.#deps.logger.warn(
          { err: error },
          'a broadcast was broken off; an instance goes on with it soon',
        );
      }
    });
  }

  async #tellAll(broadcast: Broadcast): Promise<void> {
    const { store } = this.#deps;
    for (let mine: Broadcast | undefined = broadcast; mine && !this.#isClosed;) {
      const userIds = await store.usersAfter(mine.afterId, atOnce);
      const last = userIds.at(-1);
      if (last === undefined) return store.finish(mine);
      const told = await this.#tell(mine, userIds);
      mine = await store.goOn(mine, { afterId: last, told: mine.told + told });
    }
  }

  async #tell({ id, audience, content }: Broadcast, userIds: readonly number[]): Promise<number> {
    const { im, notices } = this.#deps;
    const online = audience === 'online' ? new Set(await im.onlineUsers(userIds)) : undefined;
    const told = userIds.filter((userId) => online?.has(String(userId)) ?? true);
    await Promise.all(told.map((userId) => notices.tell(userId, content, `broadcast:${id}`)));
    return told.length;
  }
}
