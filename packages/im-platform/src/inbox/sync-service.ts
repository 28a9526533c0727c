import { z } from 'zod';
import { readCursor, toCursor } from '../api/cursor.ts';
import type { ConversationStates, ConversationState, Vector } from '../conversations/conversation-states.ts';
import type { ConversationStore } from '../conversations/conversation-store.ts';
import { showConversation } from '../conversations/conversation-view.ts';
import type { DeliveredPositions } from '../conversations/delivered-positions.ts';
import type { Caller } from '../http/caller.ts';
import { groupBy } from '../messages/group/group-by.ts';
import type { Stamps } from '../message-log/lane-rows.ts';
import { listPlace, placeOf } from './conversation-service.ts';
import type { MessagePages } from './message-pages.ts';
import type { SyncAnswer } from './sync-answer.ts';

// What has changed since: each lane numbers the changes of its conversations, and each user those of their places, both in the
// transaction of the change. So whoever has read up to a stamp has missed none before it, whatever the clocks say.

export interface SyncDeps {
  readonly states: ConversationStates;
  readonly pages: Pick<MessagePages, 'newest'>;
  readonly store: Pick<ConversationStore, 'noteSync'>;
  readonly delivered: Pick<DeliveredPositions, 'note'>;
  /** How far the lanes are. */
  readonly stamps: () => Promise<Stamps>;
}

export interface SyncQuery {
  readonly cursor?: string | undefined;
  /** Conversations of an answer. */
  readonly limit: number;
  /** Of each, the newest. */
  readonly messages: number;
}

/** Of all conversations of an answer. Of one in which more was recalled it is said that it must be read anew. */
const mostChanges = 1_000;

const stamp = z.int().min(0);
const vector = z.object({ mine: stamp, lanes: z.array(stamp).max(256) });
/** Null: nothing is known. While there is more, `to` is how far it was when the first page was asked for. */
const known = z.object({
  ...{ since: vector.nullable(), to: vector.optional(), after: listPlace.optional() },
  epoch: z.int().default(0),
});
type Known = z.output<typeof known>;

export class SyncService {
  readonly #deps: SyncDeps;

  constructor(deps: SyncDeps) {
    this.#deps = deps;
  }

  async sync({ userId }: Caller, { cursor, limit, messages }: SyncQuery): Promise<SyncAnswer> {
    const { states, stamps, store } = this.#deps;
    const given = readCursor(cursor, known);
    // Before anything else is read: what changes meanwhile comes again, and is not left out.
    const [{ stamp: mine, syncs }, { lanes, epoch }] = await Promise.all([states.stampOf(userId), stamps()]);
    // Who never did is told of changes from now on.
    if (!syncs) await store.noteSync(userId);
    const now = { lanes: [...lanes], mine };
    const isReset = given !== undefined && (given.epoch !== epoch || isAheadOf(given, now));
    const { since = null, to = now, after } = isReset ? {} : (given ?? {});
    const wanted = { after, limit: limit + 1 };
    const listing = since ? states.changedSince(userId, since, wanted) : states.list(userId, {}, wanted);
    const [{ listed, shown }, unread] = await Promise.all([
      listing.then(async (listed) => ({
        listed,
        shown: await this.#show(userId, listed.slice(0, limit), since, messages),
      })),
      states.unreadInAll(userId),
    ]);
    const last = listed[limit - 1];
    const more = listed.length > limit && last !== undefined;
    const next: Known = more
      ? { since, to, after: [last.activeTime, last.conversation], epoch }
      : { since: to, epoch };
    return {
      ...shown,
      unread,
      ...{ cursor: toCursor(next), more, isReset },
    };
  }

  async #show(
    userId: number,
    page: readonly ConversationState[],
    since: Vector | null,
    count: number,
  ): Promise<Pick<SyncAnswer, 'conversations' | 'removed'>> {
    const { pages } = this.#deps;
    if (page.length === 0) return { conversations: [], removed: [] };
    const shown = page.filter(({ isHidden }) => !isHidden);
    this.#noteDelivered(shown);
    const { changed, cut } = await this.#changes(shown, since);
    const deleted = await this.#deleted(userId, shown, since);
    const newest = await pages.newest(
      userId,
      shown.map((state) => placeOf(state, userId)),
      count,
      changed,
    );
    return {
      conversations: shown.map((state) => {
        const all = newest.get(state.conversation) ?? [];
        const isNewest = ({ number }: { readonly number: number }): boolean => number > state.last - count;
        return {
          ...showConversation(state),
          messages: all.filter(isNewest),
          changed: all.filter((message) => !isNewest(message)),
          deleted: deleted?.get(state.conversation) ?? [],
          mustReload: cut.has(state.conversation) || deleted === undefined,
        };
      }),
      removed: page.filter(({ isHidden }) => isHidden).map(({ conversation }) => conversation),
    };
  }

  /** What is answered has reached a device, as far as anybody can know. */
  #noteDelivered(shown: readonly ConversationState[]): void {
    for (const { userId, conversation, otherRead, delivered, last } of shown)
      if (otherRead !== null && delivered < last)
        this.#deps.delivered.note({ userId, conversation, number: last });
  }

  /** Undefined: more than are told. */
  async #deleted(
    userId: number,
    shown: readonly ConversationState[],
    since: Vector | null,
  ): Promise<ReadonlyMap<string, number[]> | undefined> {
    const changed = shown.filter(({ myStamp }) => since && myStamp > since.mine);
    if (!since || changed.length === 0) return new Map();
    const names = changed.map(({ conversation }) => conversation);
    const rows = await this.#deps.states.deletedIn(userId, names, since.mine, mostChanges + 1);
    if (rows.length > mostChanges) return undefined;
    return new Map(
      [...groupBy(rows, ({ conversation }) => conversation)].map(([name, some]) => [
        name,
        some.map(({ number }) => number),
      ]),
    );
  }

  /** Which numbers were changed after they were sent; `cut`: in which there are more than are told. */
  async #changes(
    shown: readonly ConversationState[],
    since: Vector | null,
  ): Promise<{ changed: ReadonlyMap<string, number[]>; cut: ReadonlySet<string> }> {
    const changed = new Map<string, number[]>();
    const cut = new Set<string>();
    if (!since) return { changed, cut };
    const asked = shown.map(({ conversation, lane }) => ({ conversation, after: since.lanes[lane] ?? 0 }));
    const changes = await this.#deps.states.changesIn(asked, mostChanges + 1);
    const last = changes.length > mostChanges ? changes.at(-1)?.conversation : undefined;
    // They come in the order of conversations.
    if (last !== undefined)
      for (const { conversation } of shown) if (conversation >= last) cut.add(conversation);
    for (const { conversation, number } of changes)
      if (!cut.has(conversation)) changed.set(conversation, [...(changed.get(conversation) ?? []), number]);
    return { changed, cut };
  }
}

/** A database that was put back to an earlier state knows less than the client does; if nobody has said so (restoring/), by this alone it is seen. */
function isAheadOf({ since, to }: Known, now: Vector): boolean {
  return [since, to].some(
    (one) =>
      one && (one.mine > now.mine || one.lanes.some((stampOf, lane) => stampOf > (now.lanes[lane] ?? -1))),
  );
}
