import { randomBytes } from 'node:crypto';
import type { GroupView, Registry } from 'im-common/bus';
import { Membership, serviceGroup, type ResultKind } from 'im-common/internal/bus';
import type { BusHealth } from '../bus/bus-health.ts';
import type { Logger } from 'im-common';

export interface InstanceDeps {
  readonly registry: Registry;
  readonly service: string;
  readonly leaseMs: number;
  readonly health: BusHealth;
  readonly logger: Logger;
  /** The kinds that are listened to here, as the registry shows them. */
  readonly listens: () => readonly ResultKind[];
  /** The lease is held for a while again. */
  readonly onRenewed: () => void;
  /** The others took this instance for dead, and took over its results: {@link Instance.id} is new. */
  readonly onDeclaredDead: () => void;
  /** The bus had forgotten this instance, and all else. */
  readonly onForgotten: () => void;
  /** What the group looks like, after each renewal; undefined when the bus does not say. */
  readonly onView: (view: GroupView | undefined) => void;
}

/** One client's place in its service: the lease that lets the others see that it lives. */
export class Instance {
  readonly #membership: Membership;
  readonly #logger: Logger;
  #wireName = '';

  constructor(deps: InstanceDeps) {
    const { registry, service, leaseMs, health, logger, listens, onView } = deps;
    this.#logger = logger;
    this.#membership = new Membership({
      registry,
      group: serviceGroup(service),
      leaseMs,
      newIdentity: () => {
        // Never used twice, so it serves as the boot as well.
        const id = randomBytes(9).toString('base64url');
        this.#wireName = wireName(service, id);
        return { id, boot: id };
      },
      info: () => JSON.stringify({ listens: listens() }),
      joinsAgain: true,
      onRenewed: deps.onRenewed,
      onForgotten: deps.onForgotten,
      onDeclaredDead: ({ id: former }) => {
        logger.warn(
          { former, instance: this.id },
          'The others took this instance for dead; it goes on under a new id',
        );
        deps.onDeclaredDead();
      },
      onView: (view) => {
        onView(view);
        health.worked();
      },
      onBus: (error) => {
        if (error === undefined) return;
        health.failed(error);
        onView(undefined);
      },
    });
  }

  /** Changes when the others took us for dead. */
  get id(): string {
    return this.#membership.id;
  }

  /** What messages carry as serviceName, so that their results come to this instance. */
  get wireName(): string {
    return this.#wireName;
  }

  /** Takes the lease, and keeps it from then on. */
  start(): Promise<void> {
    return this.#membership.join();
  }

  /** Whether the lease is ours for sure. When it is not, somebody may have taken over. */
  get holdsLease(): boolean {
    return this.#membership.isValid;
  }

  /** Renews now. True when this id is still ours. */
  async isStill(id: string): Promise<boolean> {
    await this.#membership.renewNow();
    return this.id === id;
  }

  /** Gives the lease up; what is left on our lists is for the others. */
  async close(): Promise<void> {
    await this.#membership.leave().catch((error: unknown) => {
      this.#logger.warn({ error }, 'Could not sign off; the lease will run out');
    });
  }
}

/** The name of one instance's own result lists. */
export function wireName(service: string, instanceId: string): string {
  return `${service}@${instanceId}`;
}
