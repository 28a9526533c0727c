import type { ApiClient, components } from 'im-platform/client';
import { ask } from '../api/api.ts';
import { OnePerId } from '../one-per-id.ts';
import { isEqual } from '../model/equal.ts';
import { Shown, type Readable } from '../readable.ts';

export type User = components['schemas']['User'];

/** So many people are remembered that nobody looks at. */
const mostUnwatched = 200;
/** What was fetched is good for so long; what could not be fetched is asked for again after so long. */
const freshMs = 60_000;
const againMs = 5_000;

/** What anybody is called and looks like: asked for when somebody looks, and not again within a minute. */
export class Cards {
  readonly #held: OnePerId<Card>;

  constructor(api: ApiClient) {
    this.#held = new OnePerId((userId) => new Card(api, userId), mostUnwatched);
  }

  of(userId: string): Readable<User | undefined> {
    const card = this.#held.of(userId);
    card.refresh(freshMs);
    return card;
  }

  /** What came by another way. */
  take(user: User): void {
    this.#held.of(user.id).take(user);
  }
}

class Card implements Readable<User | undefined> {
  readonly get: () => User | undefined;
  readonly subscribe: (listener: () => void) => () => void;
  readonly #api: ApiClient;
  readonly #userId: string;
  readonly #shown = new Shown<User | undefined>(() => this.#user);
  #user: User | undefined;
  #fetchedAt = -Infinity;

  constructor(api: ApiClient, userId: string) {
    this.#api = api;
    this.#userId = userId;
    this.get = this.#shown.get;
    this.subscribe = this.#shown.subscribe;
  }

  get isWatched(): boolean {
    return this.#shown.isWatched;
  }

  /** Asks for it, unless it was asked for since then. */
  refresh(sinceMs: number): void {
    if (this.#fetchedAt < Date.now() - sinceMs) void this.#fetch();
  }

  take(user: User): void {
    this.#fetchedAt = Date.now();
    if (isEqual(this.#user, user)) return;
    this.#user = user;
    this.#shown.changed();
  }

  async #fetch(): Promise<void> {
    this.#fetchedAt = Date.now();
    try {
      const params = { path: { userId: this.#userId } };
      this.take(await ask(this.#api.GET('/v1/users/{userId}', { params })));
    } catch {
      // Nobody of that name, or no network: it is asked for again when somebody looks again.
      this.#fetchedAt = Date.now() - freshMs + againMs;
    }
  }
}
