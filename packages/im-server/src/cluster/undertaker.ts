import type { GroupView, Member } from 'im-common/bus';
import { routeTtlMs, serverGroup } from 'im-common/internal/bus';
import type { Logger } from 'im-common';
import { dropLists, emptyLists, hasLeftovers, type LeftoverOptions } from './leftovers.ts';

export interface UndertakerOptions extends Omit<LeftoverOptions, 'mayGoOn'> {
  /** Names this server's boot. */
  readonly boot: string;
  readonly leaseMs: number;
  /** Receivers of a dead server's entries who are on their way to another one are waited for. */
  readonly graceMs: number;
  readonly logger: Logger;
  readonly onTakenOver: (entries: number) => void;
  /** A server died: its users may have come here, with routes that still point there. */
  readonly onDeath: () => void;
}

/** Soon after a death every look, later now and then: whoever has an old route may still push to a dead list. */
const closeWatchMs = 10_000;
const laterLooksMs = 5_000;
/** A walk through all routes that fails again and again is given up. */
const mostWalks = 5;

/** Finds servers whose lease is over, declares them dead, and looks after what they left. */
export class Undertaker {
  readonly #options: UndertakerOptions;
  #expiredBefore = new Map<string, string>();
  #lastLookAt = 0;
  /** The dead that left no route any more, and those that may have. */
  #withoutRoutes = new Set<string>();
  readonly #withRoutes = new Set<string>();
  #failedWalks = 0;
  #working: Promise<void> | undefined;

  constructor(options: UndertakerOptions) {
    this.#options = options;
  }

  /** To be called with each view; looks without keeping the caller waiting. */
  look(view: GroupView): void {
    // Twice in a row: after an outage of the bus every lease is over, until its server had the time to renew it.
    const dead = view.expired.filter(({ id, boot }) => this.#expiredBefore.get(id) === boot);
    this.#expiredBefore = new Map(view.expired.map(({ id, boot }) => [id, boot]));
    if (this.#working) return;
    const now = performance.now();
    const isLaterLook = now - this.#lastLookAt > laterLooksMs;
    const toEmpty = view.dead.filter(({ agoMs }) => isLaterLook || agoMs < closeWatchMs);
    if (dead.length === 0 && toEmpty.length === 0 && this.#withRoutes.size === 0) return;
    if (isLaterLook) this.#lastLookAt = now;
    this.#working = this.#work(dead, toEmpty)
      .catch((error: unknown) => {
        this.#options.logger.warn({ err: error }, 'looking after a dead server failed; it is tried again');
      })
      .finally(() => (this.#working = undefined));
  }

  /** The bus could not be asked: what was seen before proves nothing any more. */
  forget(): void {
    this.#expiredBefore.clear();
  }

  async whenIdle(): Promise<void> {
    await this.#working;
  }

  async #work(expired: readonly Member[], dead: GroupView['dead']): Promise<void> {
    if (!(await this.#mayGoOn())) return;
    this.#withoutRoutes = new Set(dead.filter(({ id }) => this.#withoutRoutes.has(id)).map(({ id }) => id));
    for (const { id, agoMs } of dead) {
      if (agoMs < closeWatchMs && !this.#withoutRoutes.has(id)) this.#withRoutes.add(id);
    }
    const buried: string[] = [];
    for (const { id, boot } of expired) {
      if (!(await this.#options.bus.registry.declareDead(serverGroup, id, boot))) continue;
      this.#withRoutes.add(id);
      buried.push(id);
    }
    // Side by side: entries may wait for their receivers, and the walk through a large bus takes seconds.
    await Promise.all([this.#lookAfterAll(buried, dead), this.#removeRoutes()]);
  }

  async #lookAfterAll(buried: readonly string[], dead: GroupView['dead']): Promise<void> {
    for (const id of buried) await this.#lookAfter(Number(id), 0);
    for (const { id, agoMs } of await this.#toLookAfter(dead)) await this.#lookAfter(Number(id), agoMs);
  }

  /**
   * Ours know that a route to a dead server counts for nothing. Box-im's backends do not, and would take its users for
   * online until the routes end by themselves, as they also do when this fails.
   */
  async #removeRoutes(): Promise<void> {
    const { bus, logger } = this.#options;
    const ids = new Set(this.#withRoutes);
    if (ids.size === 0) return;
    try {
      for await (const page of bus.presence.routes()) {
        // Another undertaker does it over, if it has to.
        if (!(await this.#mayGoOn())) return;
        await bus.presence.unbindAll(page.filter(({ serverId }) => ids.has(String(serverId))));
      }
      this.#failedWalks = 0;
    } catch (error) {
      this.#failedWalks += 1;
      if (this.#failedWalks < mostWalks) return;
      // An account may be forbidden to look at all keys, for one.
      logger.warn(
        { err: error, servers: [...ids] },
        'routes of dead servers stay until they end by themselves',
      );
      this.#failedWalks = 0;
    }
    for (const id of ids) {
      this.#withRoutes.delete(id);
      this.#withoutRoutes.add(id);
    }
  }

  /**
   * Of those who died a while ago only the few whose lists have something: a deploy leaves as many dead as there are servers,
   * and the next death must not wait until each of them was looked after in turn.
   */
  async #toLookAfter(dead: GroupView['dead']): Promise<GroupView['dead']> {
    const { lists } = this.#options.bus;
    const isWanted = await Promise.all(
      dead.map(async ({ id, agoMs }) => {
        if (agoMs < closeWatchMs || agoMs > routeTtlMs) return true;
        return await hasLeftovers(Number(id), lists);
      }),
    );
    return dead.filter((_, index) => isWanted[index]);
  }

  async #lookAfter(serverId: number, agoMs: number): Promise<void> {
    const { bus, logger, onDeath, onTakenOver } = this.#options;
    const taken = await emptyLists(serverId, 'SERVER_LOST', {
      ...this.#options,
      patientUntil: performance.now() + this.#options.graceMs,
      mayGoOn: () => this.#mayGoOn(),
    });
    if (agoMs === 0) {
      logger.warn({ server: serverId, entries: taken }, 'a server died; its entries were taken over');
      onDeath();
    }
    if (taken > 0) onTakenOver(taken);
    // No route can point there any more.
    if (agoMs > routeTtlMs) await dropLists(serverId, bus.lists);
  }

  #mayGoOn(): Promise<boolean> {
    const { bus, boot, leaseMs } = this.#options;
    return bus.registry.lock('undertaker', boot, leaseMs);
  }
}
