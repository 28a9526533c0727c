import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GroupView, Registry } from 'im-common/bus';
import { encodeServerInfo, serverGroup, type ServerInfo } from 'im-common/internal/bus';
import { RecentMedian } from '../recent-median.ts';

export interface MembershipOptions {
  readonly registry: Registry;
  readonly leaseMs: number;
  readonly info: () => ServerInfo;
  /** The bus forgot us and was told again: it forgot the routes too. */
  readonly onForgotten: () => void;
  /** Somebody declared this server dead and may have given away what it held. Called once. */
  readonly onBuried: () => void;
  /** Who else there is, after each renewal. */
  readonly onView: (view: GroupView) => void;
  /** The bus went away (an error) or came back. Called once per change. */
  readonly onBus: (error: unknown) => void;
  readonly onLatency: (ms: number) => void;
}

const retryMs = 100;
/** Renewals whose median says how fast the bus is: three of them that are slow, or quick again, are enough to change it. */
const recentRenewals = 5;

/**
 * One life of a server: an id that nobody else has, and a lease that it renews. While the lease runs by our own clock,
 * measured from before the renewal was sent, nobody can have declared us dead; when it does not, we must not act as owner.
 */
export class Membership {
  readonly boot: string = randomBytes(9).toString('base64url');
  readonly #options: MembershipOptions;
  readonly #stop = new AbortController();
  readonly #latencyMs = new RecentMedian(recentRenewals);
  #id = 0;
  #validUntil = 0;
  #busIsAway = false;
  #buried = false;
  #loop: Promise<void> | undefined;
  #renewing: Promise<void> | undefined;
  #waiting: (() => void)[] = [];
  #known: ReadonlySet<string> | undefined;

  constructor(options: MembershipOptions) {
    this.#options = options;
  }

  get id(): number {
    return this.#id;
  }

  get isBuried(): boolean {
    return this.#buried;
  }

  /** We may act as the owner of our lists. */
  get isValid(): boolean {
    return !this.#buried && performance.now() < this.#validUntil;
  }

  /** The bus answered last time. */
  get busIsAway(): boolean {
    return this.#busIsAway;
  }

  /** What a renewal took, the last ones' median. */
  get busLatencyMs(): number {
    return this.#latencyMs.value;
  }

  /** Whether the registry has heard of a server, in the last eleven minutes. Of box-im's servers it never has. */
  knows(serverId: number): boolean {
    return this.#known?.has(String(serverId)) ?? false;
  }

  /** Takes an id. Rejects when the bus is away. */
  async join(): Promise<void> {
    const { registry } = this.#options;
    for (;;) {
      this.#id = await registry.nextServerId();
      if ((await this.#renewOnce()) === 'new') break;
    }
    this.#loop = this.#renewForEver();
  }

  /** Resolves when the lease is valid; at once when we were buried or stop. */
  async whenSettled(): Promise<void> {
    while (!this.isValid && !this.#buried && !this.#stop.signal.aborted) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** The same; when the lease is over by our clock, the bus is asked first. */
  isOwner(): boolean | Promise<boolean> {
    if (this.isValid || this.#buried || this.#busIsAway) return this.isValid;
    return this.#renew().then(() => this.isValid);
  }

  /** Looks again whether we are still who we think we are. */
  async renewNow(): Promise<void> {
    await this.#renewing; // which may have begun with what is not true any more
    await this.#renew();
  }

  /** Stops renewing, without giving up the lease. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wake();
    await this.#loop;
  }

  /** Gives up the lease: the others need not wait for it to end. */
  async leave(): Promise<void> {
    await this.stop();
    await this.#options.registry.leave(serverGroup, String(this.#id), this.boot);
  }

  async #renewForEver(): Promise<void> {
    const { signal } = this.#stop;
    const intervalMs = this.#options.leaseMs / 3;
    for (;;) {
      // After an outage every lease is over, and the others bury whom they see expired one interval later: be sooner.
      const pauseMs = this.#busIsAway ? Math.min(retryMs, intervalMs) : intervalMs;
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted || this.#buried) return;
      await this.#renew();
    }
  }

  #renew(): Promise<void> {
    this.#renewing ??= this.#renewAndLook().finally(() => (this.#renewing = undefined));
    return this.#renewing;
  }

  async #renewAndLook(): Promise<void> {
    const { registry, onBus, onBuried, onForgotten, onLatency, onView } = this.#options;
    try {
      const before = performance.now();
      const outcome = await this.#renewOnce();
      const latencyMs = performance.now() - before;
      this.#latencyMs.add(latencyMs);
      onLatency(latencyMs);
      if (this.#busIsAway) {
        this.#busIsAway = false;
        onBus(undefined);
      }
      if (outcome === 'dead' || outcome === 'taken') {
        if (this.#buried) return;
        this.#buried = true;
        this.#wake();
        onBuried();
        return;
      }
      this.#wake();
      if (outcome === 'new') onForgotten();
      const view = await registry.view(serverGroup);
      this.#known = new Set([...view.live, ...view.expired, ...view.dead].map(({ id }) => id));
      onView(view);
    } catch (error) {
      if (this.#busIsAway || this.#stop.signal.aborted) return;
      this.#busIsAway = true;
      onBus(error);
    }
  }

  async #renewOnce(): Promise<'renewed' | 'new' | 'taken' | 'dead'> {
    const { registry, leaseMs, info } = this.#options;
    const before = performance.now();
    const lease = { id: String(this.#id), boot: this.boot, leaseMs, info: encodeServerInfo(info()) };
    const outcome = await registry.renew(serverGroup, lease);
    if (outcome === 'renewed' || outcome === 'new') this.#validUntil = before + leaseMs;
    return outcome;
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
