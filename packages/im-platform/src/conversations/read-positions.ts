import type { Database, Sql } from '../db/database.ts';
import type { Outbox } from '../events/outbox.ts';
import { inBursts } from './bursts.ts';
import type { ConversationStore } from './conversation-store.ts';
import type { Moved, Read } from './move-reads.ts';
import { nameOfPlace, peopleOf, type PlaceKey } from './place-keys.ts';
import type { StateNews } from './state-news.ts';

export interface ReadPositionDeps {
  readonly database: Pick<Database, 'of'>;
  readonly store: Pick<ConversationStore, 'moveReads' | 'findSyncing'>;
  readonly news: Pick<StateNews, 'tellAll' | 'tellPositions'>;
  readonly outbox: Pick<Outbox, 'wants' | 'store'>;
}

/** A message in a large group is read by thousands within seconds, each of whom has a row to write. */
const windowMs = 200;
const mostAtOnce = 100;

/**
 * How far people have read. Those of a moment are stored together, and each is answered when theirs is stored, so whatever they
 * ask next has it, at whichever instance. Their other devices hear of it, and who wrote to them.
 */
export class ReadPositions {
  readonly #deps: ReadPositionDeps;
  /** Of each database: one that is away holds up no other. */
  readonly #moves = new Map<string, (read: Read) => Promise<Moved | undefined>>();
  #whenRead: ((places: readonly PlaceKey[]) => void) | undefined;

  constructor(deps: ReadPositionDeps) {
    this.#deps = deps;
  }

  /** Everything up to that number is read, as far as there is something; never back. Undefined: they are not in it. */
  move(userId: number, conversation: string, upTo: number): Promise<Moved | undefined> {
    const { name } = this.#deps.database.of(conversation);
    let move = this.#moves.get(name);
    if (!move) {
      move = inBursts((reads: readonly Read[]) => this.#moveAll(reads), { windowMs, most: mostAtOnce });
      this.#moves.set(name, move);
    }
    return move({ userId, conversation, upTo });
  }

  /** Called with the places of those who have read further. */
  onRead(whenRead: (places: readonly PlaceKey[]) => void): void {
    this.#whenRead = whenRead;
  }

  async #moveAll(reads: readonly Read[]): Promise<(Moved | undefined)[]> {
    const { store, news, outbox } = this.#deps;
    const isWanted = outbox.wants('conversation.read');
    const moved = await store.moveReads(
      reads,
      isWanted ? (sql, all) => this.#tellOthers(sql, all) : undefined,
    );
    const changed = [...moved.values()].filter(({ isChanged }) => isChanged);
    if (changed.length > 0) {
      const readBy = changed.filter(({ from, to }) => to > from);
      this.#whenRead?.(readBy);
      const syncing = await store.findSyncing(
        changed.flatMap(({ userId, conversation }) => [userId, ...peopleOf(conversation)]),
      );
      await Promise.all([
        news.tellAll(changed.filter(({ userId }) => syncing.has(userId))),
        news.tellPositions(readBy, syncing),
      ]);
    }
    return reads.map((read) => moved.get(nameOfPlace(read)));
  }

  #tellOthers(sql: Sql, moved: Iterable<Moved>): Promise<void> {
    const time = Date.now();
    const read = [...moved].filter(({ from, to }) => to > from);
    return this.#deps.outbox.store(
      sql,
      read.map(({ userId, conversation, to }) => ({
        ...{ type: 'conversation.read', subject: conversation, time, userIds: [userId] },
        data: { conversationId: conversation, userId: String(userId), upTo: to },
      })),
    );
  }
}
