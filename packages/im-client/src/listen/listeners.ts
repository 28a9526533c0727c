import { messageKinds, type MessageKind } from 'im-common';
import type { ListenerQueue } from './listener-queue.ts';
import { kindsOf, type ListenKind } from './listener-type.ts';

/** The listeners of this instance, by the kinds that they want. */
export class Listeners {
  readonly #byKind: Record<MessageKind, ListenerQueue[]> = { private: [], group: [], system: [] };

  of(kind: MessageKind): readonly ListenerQueue[] {
    return this.#byKind[kind];
  }

  /** The kinds that somebody here wants. */
  get kinds(): MessageKind[] {
    return messageKinds.filter((kind) => this.#byKind[kind].length > 0);
  }

  add(kind: ListenKind, listener: ListenerQueue): void {
    for (const wanted of kindsOf(kind)) this.#byKind[wanted].push(listener);
  }

  remove(listener: ListenerQueue): void {
    for (const kind of messageKinds) {
      this.#byKind[kind] = this.#byKind[kind].filter((other) => other !== listener);
    }
    listener.stop();
  }

  async close(graceMs: number): Promise<void> {
    const all = new Set(messageKinds.flatMap((kind) => this.#byKind[kind]));
    await Promise.all([...all].map((listener) => listener.close(graceMs)));
  }
}
