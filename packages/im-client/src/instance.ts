import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MessageKind } from 'im-common';
import { serviceGroup, type GroupView, type Registry } from 'im-common/bus';
import type { BusHealth } from './bus-health.ts';
import type { Logger } from './options.ts';

export interface InstanceParts {
  readonly registry: Registry;
  readonly service: string;
  readonly leaseMs: number;
  readonly health: BusHealth;
  readonly logger: Logger;
  /** The kinds that are listened to here, for whoever looks at the registry. */
  readonly listens: () => readonly MessageKind[];
  /** We were dead to the others, who took over our results: {@link Instance.id} is new. */
  readonly onReborn: () => void;
  /** What the group looks like, after each renewal; undefined when the bus did not say. */
  readonly onView: (view: GroupView | undefined) => void;
}

const retryMs = 200;

/** One life of one client in its service: holds the lease that lets the others see that it lives. */
export class Instance {
  readonly #parts: InstanceParts;
  readonly #group: string;
  readonly #stopping = new AbortController();
  #id = newId();
  #leaseEndsAt = 0;
  #loop: Promise<void> | undefined;
  #renewing: Promise<void> | undefined;
  #whenRenewed: (() => void)[] = [];

  constructor(parts: InstanceParts) {
    this.#parts = parts;
    this.#group = serviceGroup(parts.service);
  }

  /** Changes when the others took us for dead. */
  get id(): string {
    return this.#id;
  }

  /** Takes the lease, and keeps it from then on. */
  async start(): Promise<void> {
    await this.#renewOnce();
    this.#loop = this.#keepLease();
  }

  /** Undefined while the lease is ours for sure, else what to wait for: until then somebody may have taken over. */
  leaseHeld(): Promise<void> | undefined {
    if (performance.now() < this.#leaseEndsAt || this.#stopping.signal.aborted) return undefined;
    return new Promise((resolve) => this.#whenRenewed.push(resolve));
  }

  /** Renews now. True when this id is still ours. */
  async isStill(id: string): Promise<boolean> {
    await this.#renewOnce();
    return this.#id === id;
  }

  /** Gives the lease up; what is left on our lists is for the others. */
  async close(): Promise<void> {
    this.#stopping.abort();
    this.#wakeWaiting();
    await this.#loop;
    if (!this.#loop) return;
    await this.#parts.registry.leave(this.#group, this.#id, this.#id).catch((error: unknown) => {
      this.#parts.logger.warn({ error }, 'Could not sign off; the lease will run out');
    });
  }

  async #keepLease(): Promise<void> {
    const { signal } = this.#stopping;
    const { leaseMs, registry, health, onView } = this.#parts;
    while (!signal.aborted) {
      let pauseMs = leaseMs / 3;
      try {
        await this.#renewOnce();
        onView(await registry.view(this.#group));
        health.worked();
      } catch (error) {
        if (isAborted(signal)) return;
        health.failed(error);
        onView(undefined);
        pauseMs = Math.min(pauseMs, retryMs);
      }
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  #renewOnce(): Promise<void> {
    this.#renewing ??= this.#renew().finally(() => (this.#renewing = undefined));
    return this.#renewing;
  }

  async #renew(): Promise<void> {
    const { registry, leaseMs, logger, listens, onReborn } = this.#parts;
    const info = JSON.stringify({ listens: listens() });
    const before = performance.now();
    const outcome = await registry.renew(this.#group, { id: this.#id, boot: this.#id, leaseMs, info });
    if (outcome === 'buried' || outcome === 'taken') {
      const former = this.#id;
      this.#id = newId();
      logger.warn(
        { former, instance: this.#id },
        'The others took this instance for dead; it goes on under a new id',
      );
      onReborn();
      await this.#renew();
      return;
    }
    this.#leaseEndsAt = before + leaseMs;
    this.#wakeWaiting();
  }

  #wakeWaiting(): void {
    for (const wake of this.#whenRenewed.splice(0)) wake();
  }
}

/** Never used twice, so it serves as the boot of its lease as well. */
function newId(): string {
  return randomBytes(9).toString('base64url');
}

/** A function, because the compiler takes an aborted flag that was false once for false for ever. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
