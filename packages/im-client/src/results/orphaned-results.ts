import { messageKinds, type Logger, type MessageKind } from 'im-common';
import type { DeadMember, GroupView, Lists, Registry, Taken } from 'im-common/bus';
import {
  deadServersKeptMs,
  FailureDetector,
  putBack,
  resultKinds,
  resultList,
  serviceGroup,
  takeOver,
} from 'im-common/internal/bus';
import { wireName } from './instance.ts';
import type { Pause } from './pause.ts';
import type { Origin } from '../listen/result-in-flight.ts';
import type { EntryHandler } from './result-lists.ts';

export interface OrphanedResultsDeps {
  readonly lists: Lists;
  readonly registry: Registry;
  readonly service: string;
  readonly instanceId: () => string;
  readonly leaseMs: number;
  readonly pause: Pause;
  readonly onOrphaned: EntryHandler<MessageKind>;
  readonly logger: Logger;
}

const mostPerTake = 100;

/**
 * Takes over what dead instances of the service left: puts back what they had in flight, and takes what lies on their own
 * result lists, where servers may go on putting results for a while.
 */
export class OrphanedResults {
  readonly #deps: OrphanedResultsDeps;
  readonly #detector: FailureDetector;
  readonly #stopping = new AbortController();
  readonly #lookedAfter = new Set<string>();
  /** Those whose lists were empty when nobody could put anything on them any more. */
  readonly #doneWith = new Set<string>();

  constructor(deps: OrphanedResultsDeps) {
    this.#deps = deps;
    const { registry, service, instanceId, leaseMs, logger } = deps;
    this.#detector = new FailureDetector({
      registry,
      group: serviceGroup(service),
      me: () => ({ id: instanceId(), boot: instanceId() }),
      lockMs: leaseMs,
      isWanted: (dead) =>
        dead.some(({ id }) => !this.#doneWith.has(id)) || this.#lookedAfter.size > dead.length,
      lookAfter: (died, dead) => this.#lookAfter(died, dead),
      onError: (error) => {
        this.#detector.forget();
        logger.debug({ error }, 'Looking after dead instances failed; it goes on at the next renewal');
      },
    });
  }

  /** Looks once, unless the last look still goes on; undefined: the bus did not say how the group looks. */
  readonly look = (view: GroupView | undefined): void => {
    if (!view) this.#detector.forget();
    else if (!this.#stopping.signal.aborted) this.#detector.look(view);
  };

  /** Resolves when the look that goes on has ended. */
  whenIdle(): Promise<void> {
    return this.#detector.whenIdle();
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    this.#deps.pause.lookAgain();
    await this.whenIdle();
  }

  async #lookAfter(died: readonly string[], dead: readonly DeadMember[]): Promise<void> {
    const { service } = this.#deps;
    const gone = new Set([...dead.map(({ id }) => id), ...died]);
    await this.#forget(gone);
    for (const kind of resultKinds) await this.#putBack(resultList(kind, service), gone);
    const longGone = new Set(dead.filter(({ agoMs }) => agoMs > deadServersKeptMs).map(({ id }) => id));
    for (const id of gone) {
      if (this.#doneWith.has(id)) continue;
      if (!(await this.#mayGoOn())) return;
      this.#lookedAfter.add(id);
      for (const kind of messageKinds)
        await this.#takeOver(kind, resultList(kind, wireName(service, id)), gone);
      if (longGone.has(id)) this.#doneWith.add(id);
    }
  }

  async #mayGoOn(): Promise<boolean> {
    return !this.#stopping.signal.aborted && (await this.#detector.mayGoOn());
  }

  async #takeOver(kind: MessageKind, list: string, gone: ReadonlySet<string>): Promise<void> {
    const { lists, instanceId, pause } = this.#deps;
    const consumer = instanceId();
    await takeOver(lists, {
      list,
      consumer,
      // Also what an earlier look of ours left in flight when the bus failed it.
      isGone: (other) => gone.has(other) || other === consumer,
      mayGoOn: async () => {
        await pause.whenOver(this.#stopping.signal);
        return this.#mayGoOn();
      },
      maxBatch: mostPerTake,
      handle: (batch) => this.#dealWith(kind, list, batch),
    });
  }

  async #putBack(list: string, gone: ReadonlySet<string>): Promise<void> {
    const { lists, logger } = this.#deps;
    const count = await putBack(lists, list, (consumer) => gone.has(consumer));
    if (count > 0) logger.info({ list, count }, 'Put back what dead instances had in flight');
  }

  /** Hands the entries on, and resolves with the numbers of those that were dealt with once all have ended. */
  async #dealWith(kind: MessageKind, list: string, batch: readonly Taken[]): Promise<number[]> {
    const done: number[] = [];
    await Promise.all(
      batch.map(
        (taken) =>
          new Promise<void>((resolve) => {
            const origin: Origin = {
              isShared: false,
              done(seq) {
                done.push(seq);
                resolve();
              },
              giveBack: () => resolve(),
            };
            this.#deps.onOrphaned(kind, list, taken, origin);
          }),
      ),
    );
    return done;
  }

  /** The registry has forgotten these dead, so no server knows their lists any more. */
  async #forget(gone: ReadonlySet<string>): Promise<void> {
    for (const id of this.#lookedAfter) {
      if (gone.has(id)) continue;
      for (const kind of messageKinds)
        await this.#deps.lists.drop(resultList(kind, wireName(this.#deps.service, id)));
      this.#lookedAfter.delete(id);
      this.#doneWith.delete(id);
    }
  }
}
