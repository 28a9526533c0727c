import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MessageKind } from 'im-common';
import type { GroupView, Registry } from 'im-common/bus';
import { serviceGroup } from 'im-common/internal/bus';
import type { BusHealth } from './bus-health.ts';
import type { Logger } from 'im-common';

export interface InstanceParts {
  readonly registry: Registry;
  readonly service: string;
  readonly leaseMs: number;
  readonly health: BusHealth;
  readonly logger: Logger;
  /** The kinds that are listened to here, for whoever looks at the registry. */
  readonly listens: () => readonly MessageKind[];
  /** The lease is held for a while again. */
  readonly onRenewed: () => void;
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
  #wireName: string;
  #leaseEndsAt = 0;
  #loop: Promise<void> | undefined;
  #renewing: Promise<void> | undefined;

  constructor(parts: InstanceParts) {
    this.#parts = parts;
    this.#group = serviceGroup(parts.service);
    this.#wireName = wireName(parts.service, this.#id);
  }

  /** Changes when the others took us for dead. */
  get id(): string {
    return this.#id;
  }

  /** What messages carry as serviceName, so that their results come to this instance. */
  get wireName(): string {
    return this.#wireName;
  }

  /** Takes the lease, and keeps it from then on. */
  async start(): Promise<void> {
    await this.#renewOnce();
    this.#loop = this.#keepLease();
  }

  /** Whether the lease is ours for sure. When it is not, somebody may have taken over. */
  get holdsLease(): boolean {
    return performance.now() < this.#leaseEndsAt;
  }

  /** Renews now. True when this id is still ours. */
  async isStill(id: string): Promise<boolean> {
    await this.#renewOnce();
    return this.#id === id;
  }

  /** Gives the lease up; what is left on our lists is for the others. */
  async close(): Promise<void> {
    this.#stopping.abort();
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
    if (outcome === 'dead' || outcome === 'taken') {
      const former = this.#id;
      this.#id = newId();
      this.#wireName = wireName(this.#parts.service, this.#id);
      logger.warn(
        { former, instance: this.#id },
        'The others took this instance for dead; it goes on under a new id',
      );
      onReborn();
      await this.#renew();
      return;
    }
    this.#leaseEndsAt = before + leaseMs;
    this.#parts.onRenewed();
  }
}

/** The name of one instance's own result lists. */
export function wireName(service: string, instanceId: string): string {
  return `${service}@${instanceId}`;
}

/** Never used twice, so it serves as the boot of its lease as well. */
function newId(): string {
  return randomBytes(9).toString('base64url');
}

/** A function, because the compiler takes an aborted flag that was false once for false for ever. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
