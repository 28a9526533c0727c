import type { ApiClient } from 'im-platform/client';
import { ask } from '../api/api.ts';
import { OnePerId } from '../one-per-id.ts';
import { isEqual } from '../model/equal.ts';
import type { Presence } from '../model/presence.ts';
import { Shown, type Readable } from '../readable.ts';

export interface PresencesDeps {
  readonly api: ApiClient;
  /** What changes of friends is pushed; of others it has to be asked for. */
  isFriend(userId: string): boolean;
}

/** So many are remembered that nobody looks at. */
const mostUnwatched = 500;
const mostPerQuestion = 200;
/** Those who come into view together are asked for together. */
const gatherMs = 100;
/** The platform pushes for a quarter of an hour after it was asked. */
const friendsEveryMs = 10 * 60_000;
const othersEveryMs = 60_000;

/** Who is there, of those that somebody looks at: nobody else is asked for. */
export class Presences {
  readonly #deps: PresencesDeps;
  readonly #held: OnePerId<HeldPresence>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asksAt = Infinity;
  #isOnline = false;
  #isClosed = false;

  constructor(deps: PresencesDeps) {
    this.#deps = deps;
    this.#held = new OnePerId(
      (userId) => new HeldPresence(userId, () => this.#askIn(gatherMs)),
      mostUnwatched,
    );
  }

  /** Undefined: they do not show it, or it is not known. */
  of(userId: string): Readable<Presence | undefined> {
    return this.#held.of(userId);
  }

  /** What the platform says by itself. */
  heard(presences: readonly Presence[]): void {
    for (const presence of presences) this.#held.get(presence.userId)?.take(presence);
  }

  /** Pushes may have been missed. */
  online(): void {
    this.#isOnline = true;
    for (const one of this.#held.all) one.askedAt = -Infinity;
    this.#askIn(0);
  }

  /** Who is cut off knows nothing of others. */
  offline(): void {
    this.#isOnline = false;
    for (const one of this.#held.all) one.take(undefined);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #askIn(ms: number): void {
    const at = Date.now() + ms;
    if (this.#isClosed || !this.#isOnline || this.#asksAt <= at) return;
    clearTimeout(this.#timer);
    this.#asksAt = at;
    this.#timer = setTimeout(() => void this.#ask(), ms);
  }

  async #ask(): Promise<void> {
    this.#asksAt = Infinity;
    const now = Date.now();
    const watched = this.#held.watched;
    const due = watched.filter((one) => {
      const isFriend = this.#deps.isFriend(one.userId);
      // Who has become one shows more, and is not pushed until something changes.
      if (one.askedAt > now - (isFriend ? friendsEveryMs : othersEveryMs) && one.wasFriend === isFriend)
        return false;
      [one.askedAt, one.wasFriend] = [now, isFriend];
      return true;
    });
    if (watched.length > 0) this.#askIn(othersEveryMs);
    for (let from = 0; from < due.length; from += mostPerQuestion)
      await this.#askFor(due.slice(from, from + mostPerQuestion));
  }

  async #askFor(some: readonly HeldPresence[]): Promise<void> {
    try {
      const ids = some.map(({ userId }) => userId).join();
      const { items } = await ask(this.#deps.api.GET('/v1/presence', { params: { query: { ids } } }));
      if (!this.#isOnline) return;
      const byUser = new Map(items.map((presence) => [presence.userId, presence]));
      for (const one of some) one.take(byUser.get(one.userId));
    } catch {
      // With the next round, or the next connection.
      for (const one of some) one.askedAt = -Infinity;
    }
  }
}

class HeldPresence implements Readable<Presence | undefined> {
  readonly userId: string;
  readonly get: () => Presence | undefined;
  readonly subscribe: (listener: () => void) => () => void;
  askedAt = -Infinity;
  /** When it was asked for. */
  wasFriend = false;
  readonly #shown = new Shown<Presence | undefined>(() => this.#presence);
  #presence: Presence | undefined;

  constructor(userId: string, onWatched: () => void) {
    this.userId = userId;
    this.get = this.#shown.get;
    this.subscribe = (listener) => {
      const off = this.#shown.subscribe(listener);
      onWatched();
      return off;
    };
  }

  get isWatched(): boolean {
    return this.#shown.isWatched;
  }

  take(presence: Presence | undefined): void {
    if (isEqual(this.#presence, presence)) return;
    this.#presence = presence;
    this.#shown.changed();
  }
}
