import { z } from 'zod';
import { readCursor, toCursor } from '../api/cursor.ts';
import {
  mineAt,
  type ConversationStates,
  type ConversationState,
  type Vector,
} from '../conversations/conversation-states.ts';
import type { ConversationStore } from '../conversations/conversation-store.ts';
import { askThere } from '../db/ask-there.ts';
import type { Database, LaneDatabase } from '../db/database.ts';
import { showConversation } from '../conversations/conversation-view.ts';
import type { DeliveredPositions } from '../conversations/delivered-positions.ts';
import type { Caller } from '../http/caller.ts';
import { groupBy } from '../messages/group/group-by.ts';
import { findStamps } from '../message-log/lane-rows.ts';
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
  readonly database: Pick<Database, 'laneDatabases' | 'findLanes' | 'ofLane' | 'lanesAt'>;
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
/** Of a lane whose database was away all the time nothing is known, not even that it is empty. */
const vector = z.object({
  mine: stamp,
  elsewhere: z.record(z.string().max(32), stamp).readonly().optional(),
  lanes: z.array(z.int().min(-1)).max(256).readonly(),
});
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
    const { states, store } = this.#deps;
    const given = readCursor(cursor, known);
    // Before anything else is read: what changes meanwhile comes again, and is not left out.
    const { now, epoch, syncs, there, missing } = await this.#howFar(userId);
    // Who never did is told of changes from now on.
    if (!syncs) await store.noteSync(userId);
    const isReset = given !== undefined && (given.epoch !== epoch || isAheadOf(given, now, missing));
    const { since = null, to: asked = now, after } = isReset ? {} : (given ?? {});
    // Of what is away nothing is told now, so the next call has to ask from where this one did.
    const to = without(asked, since, { missing, there });
    const wanted = { after, limit: limit + 1 };
    const listing = since
      ? states.changedSince(userId, since, wanted, this.#withNews(there, since, now))
      : states.list(userId, {}, wanted, there);
    const [{ listed, shown }, unread] = await Promise.all([
      listing.then(async (listed) => ({
        listed,
        shown: await this.#show(userId, listed.slice(0, limit), since, messages),
      })),
      states.unreadInAll(userId, there),
    ]);
    const last = listed[limit - 1];
    const more = listed.length > limit && last !== undefined;
    const next: Known = more
      ? { since, to, after: [last.activeTime, last.conversation], epoch }
      : { since: to, epoch };
    return {
      ...shown,
      unread,
      ...{ cursor: toCursor(next), more, isReset, missingLanes: missing },
    };
  }

  /** How far everything is, in the databases that are there; and the lanes of the others. */
  async #howFar(userId: number) {
    const { states, database } = this.#deps;
    await database.findLanes();
    const { found, away } = await askThere(database, async (at) => {
      const [mine, stamps] = await Promise.all([states.stampOf(userId, at), findStamps(at.sql)]);
      return { at, mine, stamps };
    });
    const [first, ...others] = found;
    if (!first) throw new Error('The first database has not answered');
    const byPlace = new Map(found.map(({ at, stamps }) => [at, stamps.lanes]));
    const isAway = (lane: number): boolean => away.has(database.ofLane(lane));
    const { lanes, epoch } = first.stamps;
    const elsewhere = Object.fromEntries(others.map(({ at, mine }) => [at.name, mine.stamp]));
    const now: Vector = {
      mine: first.mine.stamp,
      ...(others.length > 0 && { elsewhere }),
      lanes: lanes.map((_, lane) => byPlace.get(database.ofLane(lane))?.[lane] ?? -1),
    };
    const missing = away.size === 0 ? [] : lanes.flatMap((_, lane) => (isAway(lane) ? [lane] : []));
    return { now, epoch, syncs: first.mine.syncs, there: found.map(({ at }) => at), missing };
  }

  /** One in which nothing has changed since is not asked what has. */
  #withNews(there: readonly LaneDatabase[], since: Vector, now: Vector): LaneDatabase[] {
    const { database } = this.#deps;
    return there.filter((at) => isNews(at.name, database.lanesAt(at), since, now));
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
    const { database } = this.#deps;
    const changed = shown.filter(
      ({ lane, myStamp }) => since && myStamp > mineAt(since, database.ofLane(lane).name),
    );
    if (!since || changed.length === 0) return new Map();
    const names = changed.map(({ conversation }) => conversation);
    const rows = await this.#deps.states.deletedIn(userId, names, since, mostChanges + 1);
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

/** Whether something has changed in a database; `lanes`: those that are there, undefined: all. */
export function isNews(
  name: string,
  lanes: readonly number[] | undefined,
  since: Vector,
  now: Vector,
): boolean {
  const inLane = (lane: number): boolean => (now.lanes[lane] ?? 0) > (since.lanes[lane] ?? 0);
  return mineAt(now, name) > mineAt(since, name) || (lanes ?? [...now.lanes.keys()]).some(inLane);
}

/** A database that was put back to an earlier state knows less than the client does; if nobody has said so (restoring/), by this alone it is seen. */
function isAheadOf({ since, to }: Known, now: Vector, missing: readonly number[]): boolean {
  const isKnown = (lane: number): boolean => !missing.includes(lane);
  return [since, to].some(
    (one) =>
      one &&
      (one.mine > now.mine ||
        Object.entries(one.elsewhere ?? {}).some(
          ([name, mine]) => mine > (now.elsewhere?.[name] ?? Infinity),
        ) ||
        one.lanes.some((stampOf, lane) => isKnown(lane) && stampOf > (now.lanes[lane] ?? -1))),
  );
}

interface Away {
  readonly missing: readonly number[];
  readonly there: readonly LaneDatabase[];
}

/** The same, but of what is missing only as much as was known before. */
function without(vector: Vector, since: Vector | null, { missing, there }: Away): Vector {
  if (missing.length === 0) return vector;
  const lanes = [...vector.lanes];
  for (const lane of missing) lanes[lane] = since?.lanes[lane] ?? -1;
  const elsewhere = Object.fromEntries(
    there.filter(({ name }) => name !== '').map(({ name }) => [name, vector.elsewhere?.[name] ?? 0]),
  );
  return { mine: vector.mine, lanes, elsewhere: { ...since?.elsewhere, ...elsewhere } };
}
