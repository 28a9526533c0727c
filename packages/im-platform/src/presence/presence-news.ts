import type { PresenceEvent } from 'im-client';
import type { Logger } from 'im-common';
import { chunksOf } from '../db/chunks.ts';
import type { PlatformIm } from '../push/platform-im.ts';
import type { Activity } from '../sessions/activity.ts';
import { MessageType } from '../wire/message-type.ts';
import type { Presence } from './presence-service.ts';
import { showPresence } from './presence-view.ts';
import type { Watchers } from './watchers.ts';

export interface PresenceNewsDeps {
  readonly im: Pick<PlatformIm, 'on' | 'onlineTerminals' | 'sendSystemMessage' | 'capacity'>;
  readonly watchers: Pick<Watchers, 'friendsOf'>;
  readonly activity: Pick<Activity, 'noteGone'>;
  readonly logger: Logger;
}

/** A phone that changes networks is back by then, and nobody is told that it went. */
const settleMs = 2_000;
const lookEveryMs = 500;
/** So long after somebody asked last it is not pushed any more: who wants it asks again before. */
const wantedForMs = 15 * 60_000;
/** Who came longer ago is told of because this service begins to listen, and not because something happened. */
const newsMs = 30_000;
const usersPerQuestion = 1_000;
/** Until then each push server knows that this listens: with its heartbeat, a third of its lease. */
const knownAfterMs = 5_000;
/** More are not asked about again. */
const mostUnsure = 10_000;
/** Of older ones the reader has been told something newer, or asks. */
const expiresInMs = 30_000;

/**
 * Tells friends who comes and who goes. Push servers report it only while somebody listens, and this listens only while pages ask for
 * presence at all: where none does, a login costs what it did. What happens within two seconds is told once, as it is at their end.
 */
export class PresenceNews {
  readonly #deps: PresenceNewsDeps;
  /** When something happened to them first, and what; the first one first. */
  readonly #changed = new Map<number, { readonly since: number; readonly went: boolean }>();
  /** Told to be online before every push server knew that this listens: nobody reports that they went in between. */
  readonly #unsure = new Set<number>();
  #wantedUntil = 0;
  #knownFrom = 0;
  #stopListening: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #telling: Promise<void> | undefined;

  constructor(deps: PresenceNewsDeps) {
    this.#deps = deps;
  }

  /** Somebody looks at it now. */
  isWanted(): void {
    this.#wantedUntil = Date.now() + wantedForMs;
    // Where another instance has listened until now it goes on there; who is online anyway is not told again.
    if (this.#stopListening === undefined) {
      this.#stopListening = this.#deps.im.on('presence', (events) => this.#take(events), { resume: true });
      this.#knownFrom = Date.now() + knownAfterMs;
    }
    this.#timer ??= setInterval(() => this.#look(), lookEveryMs);
  }

  /** Who has just been told to be online. */
  wereOnline(userIds: Iterable<number>): void {
    if (Date.now() >= this.#knownFrom) return;
    for (const userId of userIds) {
      if (this.#unsure.size >= mostUnsure) return;
      this.#unsure.add(userId);
    }
  }

  async close(): Promise<void> {
    this.#stop();
    await this.#telling;
  }

  #stop(): void {
    this.#stopListening?.();
    this.#stopListening = undefined;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#unsure.clear();
  }

  #take(events: readonly PresenceEvent[]): void {
    const now = Date.now();
    for (const event of events) {
      if (event.event === 'restart') continue;
      const went = event.event === 'went';
      if (!went && (event.since ?? now) < now - newsMs) continue;
      const userId = Number(event.userId);
      if (!this.#changed.has(userId)) this.#changed.set(userId, { since: now, went });
    }
  }

  #look(): void {
    if (Date.now() > this.#wantedUntil) this.#stop();
    this.#telling ??= this.#tell()
      .catch((error: unknown) => {
        this.#deps.logger.warn({ err: error }, 'who came and went could not be told; pages ask again');
      })
      .finally(() => (this.#telling = undefined));
  }

  async #tell(): Promise<void> {
    await this.#findWhoWentUnseen();
    const until = Date.now() - settleMs;
    const due = new Map<number, boolean>();
    for (const [userId, { since, went }] of this.#changed) {
      if (since > until) break;
      due.set(userId, went);
      this.#changed.delete(userId);
    }
    if (due.size === 0) return;
    const changes = await this.#changesOf(due);
    this.#deps.activity.noteGone(changes.flatMap(({ userId, isOnline }) => (isOnline ? [] : userId)));
    for (const { watchers, presences } of groupByNews(
      await this.#deps.watchers.friendsOf(changes.map(({ userId }) => userId)),
      changes,
    )) {
      const online = await this.#onlineOf(watchers);
      if (online.length > 0) await this.#push(online, presences);
    }
  }

  async #findWhoWentUnseen(): Promise<void> {
    if (this.#unsure.size === 0 || Date.now() < this.#knownFrom) return;
    const unsure = [...this.#unsure];
    const online = new Set(await this.#onlineOf(unsure));
    this.#unsure.clear();
    const since = Date.now();
    for (const userId of unsure)
      if (!online.has(userId) && !this.#changed.has(userId)) this.#changed.set(userId, { since, went: true });
  }

  /** What became of them; nothing where somebody went and is back. */
  async #changesOf(due: ReadonlyMap<number, boolean>): Promise<Presence[]> {
    const online = new Set(await this.#onlineOf([...due.keys()]));
    const lastSeenTime = Date.now();
    return [...due].flatMap(([userId, went]): Presence[] => {
      if (!online.has(userId)) return [{ userId, isOnline: false, lastSeenTime }];
      return went ? [] : [{ userId, isOnline: true, lastSeenTime: null }];
    });
  }

  async #onlineOf(userIds: readonly number[]): Promise<number[]> {
    const found: number[] = [];
    for (const some of chunksOf(userIds, usersPerQuestion)) {
      const online = await this.#deps.im.onlineTerminals(some);
      found.push(...some.filter((id) => online.has(String(id))));
    }
    return found;
  }

  async #push(recvIds: readonly number[], presences: readonly Presence[]): Promise<void> {
    await this.#deps.im.capacity();
    await this.#deps.im.sendSystemMessage({
      ...{ recvIds, sendResult: false, expiresInMs },
      data: { type: MessageType.CHANGED, presence: presences.map(showPresence) },
    });
  }
}

interface News {
  readonly watchers: number[];
  readonly presences: readonly Presence[];
}

/** One push for each that is to hear of several, and one call for all that are to hear of the same. */
function groupByNews(
  pairs: readonly { readonly subject: number; readonly watcher: number }[],
  changes: readonly Presence[],
): Iterable<News> {
  const byUser = new Map(changes.map((change) => [change.userId, change]));
  const subjectsOf = new Map<number, number[]>();
  for (const { subject, watcher } of pairs)
    subjectsOf.set(watcher, [...(subjectsOf.get(watcher) ?? []), subject]);
  const news = new Map<string, News>();
  for (const [watcher, subjects] of subjectsOf) {
    const key = subjects.sort((one, other) => one - other).join();
    const known = news.get(key);
    if (known) known.watchers.push(watcher);
    else news.set(key, { watchers: [watcher], presences: subjects.flatMap((id) => byUser.get(id) ?? []) });
  }
  return news.values();
}
