import type { Logger } from 'im-common';
import { isUnavailable, type Database, type Sql } from '../db/database.ts';
import { databaseOf } from '../db/errors-of.ts';
import { LaneMoved } from '../db/lane-fences.ts';
import { makeOnce } from '../db/make-once.ts';
import { Refusal } from '../http/refusal.ts';
import { conversationOf } from '../messages/private/private-message.ts';
import type { PlatformIm } from '../push/platform-im.ts';
import { systemAccountId } from '../users/system-account.ts';
import type { Audience, Broadcast, BroadcastStore, Left } from './broadcast-store.ts';
import type { SystemNotices } from './system-notices.ts';

export interface BroadcastDeps {
  readonly database: Pick<Database, 'sql' | 'transaction' | 'of'>;
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
/** Those whose database is away are tried again so soon. */
const tryAgainMs = 5_000;

/**
 * Says something to everybody, as a message of the system account to each, in the order of their ids (decision 087). It goes on where
 * it was after a restart, at any instance, and nobody gets it twice. Whoever's conversation is in another database that is away gets it when that is
 * back, and the others meanwhile (decision 140).
 */
export class Broadcasts {
  readonly #deps: BroadcastDeps;
  #timer: NodeJS.Timeout | undefined;
  #again: NodeJS.Timeout | undefined;
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
    clearTimeout(this.#again);
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
    const { im, store } = this.#deps;
    // From the first one on who could not be told; the others are not waited for.
    const away = new Set<string>();
    for (let mine: Broadcast | undefined = broadcast; mine && !this.#isClosed;) {
      const page = await store.usersAfter(mine.afterId, atOnce);
      const afterId = page.at(-1);
      if (afterId === undefined) return this.#tellLeft(mine, away);
      const online = mine.audience === 'online' ? new Set(await im.onlineUsers(page)) : undefined;
      const userIds = page.filter((userId) => online?.has(String(userId)) ?? true);
      const left = await this.#tell(mine, userIds, away);
      const told = mine.told + userIds.length - left.length;
      mine = await store.goOn(mine, { afterId, told }, left);
    }
  }

  /** Once all others are told. Who is left then has to wait. */
  async #tellLeft(broadcast: Broadcast, away: Set<string>): Promise<void> {
    const { store } = this.#deps;
    let after = 0;
    for (let mine: Broadcast | undefined = broadcast; mine && !this.#isClosed;) {
      const userIds = await store.left(mine.id, after, away, atOnce);
      const last = userIds.at(-1);
      if (last === undefined) return this.#finish(mine, away);
      const left = new Set((await this.#tell(mine, userIds, away)).map(({ userId }) => userId));
      after = last;
      const told = userIds.filter((userId) => !left.has(userId));
      if (told.length > 0) mine = await store.goOnWithLeft(mine, told);
    }
  }

  async #finish(mine: Broadcast, away: ReadonlySet<string>): Promise<void> {
    const { store, logger } = this.#deps;
    const [anybody] = await store.left(mine.id, 0, [], 1);
    if (anybody === undefined) return store.finish(mine);
    logger.warn({ databases: [...away] }, 'a broadcast waits for people whose conversation is away');
    await store.waitUntil(mine, Date.now() + tryAgainMs);
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.#work(), tryAgainMs);
  }

  /** Resolves with those who cannot be told now. */
  async #tell(
    { id, content }: Broadcast,
    userIds: readonly number[],
    away: Set<string>,
  ): Promise<readonly Left[]> {
    const { database, notices } = this.#deps;
    const left: Left[] = [];
    const tell = async (userId: number): Promise<void> => {
      const { name: place } = database.of(conversationOf(systemAccountId, userId));
      if (away.has(place)) return void left.push({ userId, place });
      try {
        await notices.tell(userId, content, `broadcast:${id}`);
      } catch (error) {
        const missing = isUnavailable(error) ? databaseOf(error) : undefined;
        if (missing === undefined && !(error instanceof LaneMoved)) throw error;
        if (missing !== undefined) away.add(missing);
        left.push({ userId, place: missing ?? place });
      }
    };
    await Promise.all(userIds.map(tell));
    return left;
  }
}
