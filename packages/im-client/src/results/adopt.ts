import { messageKinds, type MessageKind } from 'im-common';
import type { GroupView, Lists, Registry, Taken } from 'im-common/bus';
import { deadServersKeptMs, resultList, serviceGroup } from 'im-common/internal/bus';
import { wireName } from '../instance.ts';
import type { Logger } from 'im-common';
import type { Gate } from './gate.ts';
import type { Origin } from './in-hand.ts';
import type { EntryHandler } from './result-lists.ts';

export interface AdoptParts {
  readonly lists: Lists;
  readonly registry: Registry;
  readonly service: string;
  readonly instanceId: () => string;
  /** How long the right to look after one dead instance lasts. */
  readonly lockMs: number;
  readonly gate: Gate;
  readonly onAdopted: EntryHandler;
  readonly logger: Logger;
}

const mostPerTake = 100;

/**
 * Looks after what dead instances of the service left: buries them, puts back what they had in hand, and takes what lies
 * on their own result lists, where servers may go on putting results for a while.
 */
export class Adopt {
  readonly #parts: AdoptParts;
  readonly #group: string;
  readonly #stopping = new AbortController();
  /** Who was silent at the last look. One look may be our own fault: a bus that was away lets leases run out. */
  #suspects = new Set<string>();
  readonly #lookedAfter = new Set<string>();
  /** Those whose lists were empty when nobody could put anything on them any more. */
  readonly #doneWith = new Set<string>();
  #look: Promise<void> | undefined;

  constructor(parts: AdoptParts) {
    this.#parts = parts;
    this.#group = serviceGroup(parts.service);
  }

  /** Looks once, unless the last look still goes on; undefined: the bus did not say how the group looks. */
  readonly look = (view: GroupView | undefined): void => {
    if (!view) this.#suspects.clear();
    if (!view || this.#look || this.#stopping.signal.aborted) return;
    this.#look = this.#lookAround(view)
      .catch((error: unknown) => {
        this.#suspects.clear();
        this.#parts.logger.debug(
          { error },
          'Looking after dead instances failed; it goes on at the next renewal',
        );
      })
      .finally(() => (this.#look = undefined));
  };

  /** Resolves when the look that goes on has ended. */
  async idle(): Promise<void> {
    await this.#look;
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    this.#parts.gate.lookAgain();
    await this.idle();
  }

  async #lookAround({ expired, dead, live }: GroupView): Promise<void> {
    const { registry } = this.#parts;
    const me = this.#parts.instanceId();
    const gone = new Set(dead.map(({ id }) => id));
    const silent = expired.filter(({ id }) => id !== me);
    for (const { id, boot } of silent) {
      if (this.#suspects.has(id) && (await registry.declareDead(this.#group, id, boot))) gone.add(id);
    }
    this.#suspects = new Set(silent.map(({ id }) => id));
    gone.delete(me);
    for (const { id } of live) gone.delete(id);
    await this.#forget(gone);
    if (gone.size === 0) return;
    for (const kind of messageKinds) await this.#putBack(resultList(kind, this.#parts.service), gone);
    const longGone = new Set(dead.filter(({ agoMs }) => agoMs > deadServersKeptMs).map(({ id }) => id));
    for (const id of gone) {
      if (this.#stopping.signal.aborted) return;
      if (this.#doneWith.has(id)) continue;
      if (!(await registry.lock(`adopt:${id}`, me, this.#parts.lockMs))) continue;
      await this.#lookAfter(id, gone);
      if (longGone.has(id)) this.#doneWith.add(id);
    }
  }

  async #lookAfter(id: string, gone: ReadonlySet<string>): Promise<void> {
    this.#lookedAfter.add(id);
    for (const kind of messageKinds) {
      const list = resultList(kind, wireName(this.#parts.service, id));
      await this.#putBack(list, gone);
      if ((await this.#parts.lists.length(list)) > 0) await this.#takeAll(kind, list);
    }
  }

  /** What the dead had in hand goes back on the list. */
  async #putBack(list: string, gone: ReadonlySet<string>): Promise<void> {
    const { lists, logger } = this.#parts;
    for (const consumer of await lists.consumers(list)) {
      if (!gone.has(consumer)) continue;
      const count = await lists.requeue(list, consumer);
      if (count > 0)
        logger.info({ list, instance: consumer, count }, 'Put back what a dead instance had in hand');
    }
  }

  async #takeAll(kind: MessageKind, list: string): Promise<void> {
    const { lists, instanceId, gate } = this.#parts;
    const me = instanceId();
    let seen = 0;
    // Also ends what an earlier look left open when the bus failed it.
    await lists.requeue(list, me);
    await lists.open(list, me);
    while (!this.#stopping.signal.aborted) {
      await gate.pass(this.#stopping.signal);
      const batch = await lists.take(list, me, seen, mostPerTake);
      if (!batch?.length) break;
      seen = batch.at(-1)?.seq ?? seen;
      await lists.settle(list, me, await this.#dealWith(kind, list, batch));
    }
    await lists.requeue(list, me);
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
            this.#parts.onAdopted(kind, list, taken, origin);
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
        await this.#parts.lists.drop(resultList(kind, wireName(this.#parts.service, id)));
      this.#lookedAfter.delete(id);
      this.#doneWith.delete(id);
    }
  }
}
