import type { ApiClient } from 'im-platform/client';
import { ask } from '../api/api.ts';
import { OnePerId } from '../one-per-id.ts';
import type { Typist, TypingNews } from '../model/presence.ts';
import { Shown, type Readable } from '../readable.ts';

/** A little more than what the platform takes notice of, so that none of it is in vain. */
const sayEveryMs = 3_500;
/** Who has said nothing more since then has stopped; one that is lost does not count as that. */
const lastsMs = 7_500;
const mostUnwatched = 50;
const nobody: readonly Typist[] = [];

/** Who is writing something, and that I am. None of it is kept. */
export class Typing {
  readonly #api: ApiClient;
  readonly #held = new OnePerId<HeldTypists>(() => new HeldTypists(), mostUnwatched);
  #isOnline = false;
  /** When I have said it last, by conversation. */
  readonly #saidAt = new Map<string, number>();

  constructor(api: ApiClient) {
    this.#api = api;
  }

  in(conversationId: string): Readable<readonly Typist[]> {
    return this.#held.of(conversationId);
  }

  /** For each keystroke: said now and then. */
  say(conversationId: string): void {
    const now = Date.now();
    if (!this.#isOnline || now < (this.#saidAt.get(conversationId) ?? -Infinity) + sayEveryMs) return;
    this.#saidAt.set(conversationId, now);
    const params = { path: { conversationId } };
    // It is no news any more when it could be told again.
    void ask(this.#api.POST('/v1/conversations/{conversationId}/typing', { params })).catch(() => undefined);
  }

  heard({ conversationId, userId, name }: TypingNews): void {
    this.#held.of(conversationId).take({ userId, name });
  }

  /** They have said it. */
  spoke(conversationId: string, userId: string): void {
    this.#held.get(conversationId)?.forget(userId);
  }

  online(): void {
    this.#isOnline = true;
  }

  /** Nobody would say that they have stopped. */
  offline(): void {
    this.#isOnline = false;
    for (const typists of this.#held.all) typists.end();
  }
}

class HeldTypists implements Readable<readonly Typist[]> {
  readonly get: () => readonly Typist[];
  readonly subscribe: (listener: () => void) => () => void;
  readonly #shown = new Shown<readonly Typist[]>(() => this.#look());
  readonly #typists = new Map<string, { readonly typist: Typist; readonly timer: Timer }>();

  constructor() {
    this.get = this.#shown.get;
    this.subscribe = this.#shown.subscribe;
  }

  get isWatched(): boolean {
    return this.#shown.isWatched || this.#typists.size > 0;
  }

  take(typist: Typist): void {
    const { userId, name } = typist;
    const before = this.#typists.get(userId);
    clearTimeout(before?.timer);
    const timer = setTimeout(() => this.forget(userId), lastsMs);
    this.#typists.set(userId, { typist: before?.typist.name === name ? before.typist : typist, timer });
    if (before?.typist.name !== name) this.#shown.changed();
  }

  forget(userId: string): void {
    clearTimeout(this.#typists.get(userId)?.timer);
    if (this.#typists.delete(userId)) this.#shown.changed();
  }

  end(): void {
    for (const userId of [...this.#typists.keys()]) this.forget(userId);
  }

  #look(): readonly Typist[] {
    return this.#typists.size === 0 ? nobody : [...this.#typists.values()].map(({ typist }) => typist);
  }
}

type Timer = ReturnType<typeof setTimeout>;
