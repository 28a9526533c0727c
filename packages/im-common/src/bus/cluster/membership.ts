import { setTimeout as sleep } from 'node:timers/promises';
import type { GroupView, Registry, RenewOutcome } from '../bus.ts';

/** `boot` tells two lives of one id apart. */
export interface Identity {
  readonly id: string;
  readonly boot: string;
}

export interface MembershipOptions {
  readonly registry: Registry;
  readonly group: string;
  readonly leaseMs: number;
  /** One that nobody has. Asked for at each start, and again when somebody has it all the same. */
  readonly newIdentity: () => Identity | Promise<Identity>;
  /** Published with each renewal. */
  readonly info: () => string;
  /** Joins again under a new id after having been declared dead, instead of ending. @default false */
  readonly joinsAgain?: boolean;
  /** After each renewal: the lease is held for a while again. */
  readonly onRenewed?: () => void;
  /** The bus forgot this member and was told again: it forgot everything else, too. */
  readonly onForgotten?: () => void;
  /**
   * Somebody declared this member dead and may have given away what it held. Called once per identity; with
   * {@link joinsAgain} when the new one is known.
   */
  readonly onDeclaredDead: (former: Identity) => void;
  /** Who else there is, after each renewal. */
  readonly onView: (view: GroupView) => void;
  /** The bus went away (an error) or came back. Called once per change. */
  readonly onBus: (error: unknown) => void;
  /** How long a renewal took. */
  readonly onLatency?: (ms: number) => void;
}

const retryMs = 100;

/**
 * A place in a group: an identity that nobody else has, and a lease that is renewed. While the lease runs by our own clock,
 * measured from before the renewal was sent, nobody can have declared us dead; when it does not, we must not act as owner.
 */
export class Membership {
  readonly #options: MembershipOptions;
  readonly #stopping = new AbortController();
  #identity: Identity = { id: '', boot: '' };
  #validUntil = 0;
  #busIsAway = false;
  #isOver = false;
  #loop: Promise<void> | undefined;
  #renewing: Promise<void> | undefined;
  #waiting: (() => void)[] = [];
  #known: ReadonlySet<string> = new Set();

  constructor(options: MembershipOptions) {
    this.#options = options;
  }

  /** Empty before {@link join}. */
  get id(): string {
    return this.#identity.id;
  }

  get boot(): string {
    return this.#identity.boot;
  }

  /** It was declared dead, and does not join again. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** We may act as the owner of what is ours. */
  get isValid(): boolean {
    return performance.now() < this.#validUntil;
  }

  /** The bus did not answer last time. */
  get busIsAway(): boolean {
    return this.#busIsAway;
  }

  /** Whether the group has heard of this id: it lives, or is remembered among the dead. */
  knows(id: string): boolean {
    return this.#known.has(id);
  }

  /** Takes an id, and keeps its lease from then on. Rejects when the bus is away. */
  async join(): Promise<void> {
    await this.#takeIdentity();
    while (isEnd(await this.#renewLease())) await this.#takeIdentity();
    this.#loop = this.#keepLease();
  }

  /** Resolves when the lease is valid; at once when this is over or stops. */
  async whenCertain(): Promise<void> {
    while (!this.isValid && !this.#isOver && !this.#stopping.signal.aborted) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Whether the lease is valid. When it is over by our clock, the bus is asked first. */
  isOwner(): boolean | Promise<boolean> {
    if (this.isValid || this.#isOver || this.#busIsAway) return this.isValid;
    return this.#renew().then(() => this.isValid);
  }

  /** Looks again whether we are still who we think we are. */
  async renewNow(): Promise<void> {
    await this.#renewing; // which may have begun with what is not true any more
    await this.#renew();
  }

  /** Stops renewing, without giving up the lease. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake();
    await this.#loop;
  }

  /** Gives up the lease: the others need not wait for it to end. */
  async leave(): Promise<void> {
    await this.stop();
    if (this.#loop) await this.#options.registry.leave(this.#options.group, this.id, this.boot);
  }

  async #keepLease(): Promise<void> {
    const { signal } = this.#stopping;
    const intervalMs = this.#options.leaseMs / 3;
    await this.#tellBus(() => this.#look());
    while (this.#goesOn()) {
      // After an outage every lease is over, and the others declare dead whom they see expired one interval later: be sooner.
      const pauseMs = this.#busIsAway ? Math.min(retryMs, intervalMs) : intervalMs;
      // What keeps the process alive is the connection that the lease is about.
      await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (this.#goesOn()) await this.#renew();
    }
  }

  #goesOn(): boolean {
    return !this.#stopping.signal.aborted && !this.#isOver;
  }

  #renew(): Promise<void> {
    this.#renewing ??= this.#tellBus(() => this.#renewAndLook()).finally(() => (this.#renewing = undefined));
    return this.#renewing;
  }

  /** Tells when the bus goes away, and when it is back. */
  async #tellBus(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (this.#busIsAway || this.#stopping.signal.aborted) return;
      this.#busIsAway = true;
      this.#options.onBus(error);
    }
  }

  async #renewAndLook(): Promise<void> {
    const { onForgotten, onLatency } = this.#options;
    const before = performance.now();
    const outcome = await this.#renewLease();
    onLatency?.(performance.now() - before);
    if (isEnd(outcome)) {
      await this.#onDeclaredDead();
      return;
    }
    this.#busAnswers();
    if (outcome === 'new') onForgotten?.();
    await this.#look();
  }

  async #look(): Promise<void> {
    const view = await this.#options.registry.view(this.#options.group);
    this.#known = new Set([...view.live, ...view.expired, ...view.dead].map(({ id }) => id));
    this.#options.onView(view);
  }

  #busAnswers(): void {
    if (!this.#busIsAway) return;
    this.#busIsAway = false;
    this.#options.onBus(undefined);
  }

  async #onDeclaredDead(): Promise<void> {
    this.#busAnswers();
    if (this.#isOver) return;
    const former = this.#identity;
    this.#validUntil = 0;
    if (this.#options.joinsAgain) await this.#takeIdentity();
    else this.#isOver = true;
    this.#wake();
    this.#options.onDeclaredDead(former);
    if (!this.#isOver) await this.#renewAndLook();
  }

  async #takeIdentity(): Promise<void> {
    this.#identity = await this.#options.newIdentity();
  }

  async #renewLease(): Promise<RenewOutcome> {
    const { registry, group, leaseMs, info, onRenewed } = this.#options;
    const before = performance.now();
    const outcome = await registry.renew(group, { ...this.#identity, leaseMs, info: info() });
    if (isEnd(outcome)) return outcome;
    this.#validUntil = before + leaseMs;
    this.#wake();
    onRenewed?.();
    return outcome;
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** Another boot has the id, or this one may never renew again. */
function isEnd(outcome: RenewOutcome): boolean {
  return outcome === 'taken' || outcome === 'dead';
}
