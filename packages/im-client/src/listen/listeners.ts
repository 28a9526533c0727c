import { resultKinds, type ResultKind } from 'im-common/internal/bus';
import type { ListenerQueue } from './listener-queue.ts';
import { kindsOf, type ListenKind } from './listener-type.ts';

/** The listeners of this instance, by the kinds that they want. */
export class Listeners {
  readonly #byKind: Record<ResultKind, ListenerQueue[]> = {
    private: [],
    group: [],
    system: [],
    kept: [],
  };
  /** Those that were removed while they were at work. */
  readonly #leaving = new Set<ListenerQueue>();

  of(kind: ResultKind): readonly ListenerQueue[] {
    return this.#byKind[kind];
  }

  /** The kinds that somebody here wants. */
  get kinds(): ResultKind[] {
    return resultKinds.filter((kind) => this.#byKind[kind].length > 0);
  }

  /** The names of those that have been called, and have not ended. */
  get calling(): string[] {
    return [...this.#all].filter(({ isCalling }) => isCalling).map(({ name }) => name);
  }

  add(kind: ListenKind, listener: ListenerQueue): void {
    for (const wanted of kindsOf(kind)) this.#byKind[wanted].push(listener);
  }

  /** Resolves when the call that is under way has ended. */
  async remove(listener: ListenerQueue): Promise<void> {
    for (const kind of resultKinds) {
      this.#byKind[kind] = this.#byKind[kind].filter((other) => other !== listener);
    }
    this.#leaving.add(listener);
    await listener.stop();
    this.#leaving.delete(listener);
  }

  async close(graceMs: number): Promise<void> {
    await Promise.all([...this.#all].map((listener) => listener.close(graceMs)));
  }

  get #all(): Set<ListenerQueue> {
    return new Set([...resultKinds.flatMap((kind) => this.#byKind[kind]), ...this.#leaving]);
  }
}
