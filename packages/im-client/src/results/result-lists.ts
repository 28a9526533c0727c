import type { MessageKind } from 'im-common';
import type { Lists, Taken } from 'im-common/bus';
import { resultKinds, resultList, type ResultKind } from 'im-common/internal/bus';
import { wireName } from './instance.ts';
import type { Pause } from './pause.ts';
import type { Origin } from '../listen/result-in-flight.ts';
import { ListConsumer } from './list-consumer.ts';
import type { DoneEntries } from '../bus/done-entries.ts';

export type EntryHandler<Kind extends ResultKind = ResultKind> = (
  kind: Kind,
  list: string,
  taken: Taken,
  origin: Origin,
) => void;

export interface ResultListsDeps {
  readonly lists: Lists;
  readonly service: string;
  readonly instanceId: () => string;
  /** Whether the id is still that of this instance; asks the bus. */
  readonly isStill: (id: string) => Promise<boolean>;
  readonly pause: Pause;
  /** Of this instance's own lists. */
  readonly doneEntries: DoneEntries | undefined;
  readonly onOutage: (error: unknown) => void;
  /** Results of what this instance sent. */
  readonly onOwn: EntryHandler<MessageKind>;
  /** Results that any instance of the service may take. */
  readonly onShared: EntryHandler;
}

/**
 * The result lists that this instance consumes. Each that is open costs the bus a connection to wait on, so its own one
 * of a kind opens with the first message that wants results, and the shared one with the first listener.
 */
export class ResultLists {
  readonly #deps: ResultListsDeps;
  readonly #own = new Map<MessageKind, ListConsumer>();
  readonly #shared = new Map<ResultKind, ListConsumer>();
  readonly #closing = new Map<ResultKind, Promise<void>>();
  #wanted: readonly ResultKind[] = [];
  #closed = false;

  constructor(deps: ResultListsDeps) {
    this.#deps = deps;
  }

  /** Results of this kind will come for what this instance sends. */
  openOwn(kind: MessageKind): void {
    if (this.#own.has(kind) || this.#closed) return;
    const { service, instanceId, onOwn } = this.#deps;
    this.#own.set(kind, this.#consume(kind, resultList(kind, wireName(service, instanceId())), onOwn));
  }

  /** The kinds that have listeners here. */
  shareIn(kinds: readonly ResultKind[]): void {
    this.#wanted = kinds;
    this.#openAndCloseShared();
  }

  /** The instance has a new id; what was open under the former one belongs to others. */
  reopen(): void {
    const kinds = [...this.#own.keys()];
    for (const consumer of [...this.#own.values(), ...this.#shared.values()]) consumer.abandon();
    this.#own.clear();
    this.#shared.clear();
    for (const kind of kinds) this.openOwn(kind);
    this.#openAndCloseShared();
  }

  /** Takes no more. What nobody here dealt with is for other instances. */
  async close(): Promise<void> {
    this.#closed = true;
    const consumers = [...this.#own.values(), ...this.#shared.values()];
    await Promise.all([...consumers.map((consumer) => consumer.stop()), ...this.#closing.values()]);
  }

  #openAndCloseShared(): void {
    if (this.#closed) return;
    for (const kind of resultKinds) {
      const open = this.#shared.get(kind);
      const isWanted = this.#wanted.includes(kind);
      if (isWanted && !open && !this.#closing.has(kind)) {
        const { onShared, service } = this.#deps;
        this.#shared.set(kind, this.#consume(kind, resultList(kind, service), onShared));
      } else if (!isWanted && open) {
        this.#shared.delete(kind);
        const closing = open.stop().then(() => {
          this.#closing.delete(kind);
          this.#openAndCloseShared();
        });
        this.#closing.set(kind, closing);
      }
    }
  }

  #consume<Kind extends ResultKind>(kind: Kind, list: string, onEntry: EntryHandler<Kind>): ListConsumer {
    const { lists, instanceId, isStill, pause, doneEntries, onOutage } = this.#deps;
    const consumer = instanceId();
    const isShared = onEntry === this.#deps.onShared;
    return new ListConsumer(lists, {
      list,
      consumer,
      isShared,
      pause,
      ...(!isShared && { doneEntries }),
      onUnknown: () => isStill(consumer),
      onOutage,
      onEntry: (taken, origin) => onEntry(kind, list, taken, origin),
    });
  }
}
