import type { DeadMember, GroupView, Member } from 'im-common/bus';
import { FailureDetector, routeTtlMs, serverGroup } from 'im-common/internal/bus';
import type { Logger } from 'im-common';
import { dropLists, emptyLists, isEmpty, type EmptyDeps } from './empty-lists.ts';

export interface DeadServersDeps extends Omit<EmptyDeps, 'mayGoOn'> {
  readonly me: () => Pick<Member, 'id' | 'boot'>;
  readonly leaseMs: number;
  /** Receivers of a dead server's entries who are on their way to another one are waited for. */
  readonly graceMs: number;
  readonly logger: Logger;
  readonly onTakenOver: (entries: number) => void;
  /** Ends the sessions that these servers have left. */
  readonly endSessions: (serverIds: readonly number[], mayGoOn: () => Promise<boolean>) => Promise<void>;
  /** Before entries go after their receivers: users may have other sessions, to which the routes go on then. */
  readonly endsSessionsFirst: boolean;
  /** A server died: its users may have come here, with routes that still point there. */
  readonly onDeath: () => void;
}

/** Soon after a death every look, later now and then: a client with an old route may still push to a dead list. */
const closeWatchMs = 10_000;
const laterLooksMs = 5_000;
/** A walk through all routes that fails again and again is given up. */
const mostWalks = 5;

/** Takes over what dead servers left: their entries, and their routes. */
export class DeadServers {
  readonly #deps: DeadServersDeps;
  readonly #detector: FailureDetector;
  #lastLookAt = 0;
  /** The dead that left no route any more, and those that may have. */
  #withoutRoutes = new Set<string>();
  readonly #withRoutes = new Set<string>();
  #failedWalks = 0;

  constructor(deps: DeadServersDeps) {
    this.#deps = deps;
    this.#detector = new FailureDetector({
      registry: deps.bus.registry,
      group: serverGroup,
      me: deps.me,
      lockMs: deps.leaseMs,
      isWanted: (dead) => dead.some(this.#isDue),
      lookAfter: (died, dead) => this.#lookAfter(died, dead),
      onError: (error) => {
        deps.logger.warn({ err: error }, 'looking after a dead server failed; it is tried again');
      },
    });
  }

  look(view: GroupView): void {
    this.#detector.look(view);
  }

  forget(): void {
    this.#detector.forget();
  }

  async whenIdle(): Promise<void> {
    await this.#detector.whenIdle();
  }

  get #isLaterLook(): boolean {
    return performance.now() - this.#lastLookAt > laterLooksMs;
  }

  readonly #isDue = ({ agoMs }: DeadMember): boolean => agoMs < closeWatchMs || this.#isLaterLook;

  async #lookAfter(died: readonly string[], dead: readonly DeadMember[]): Promise<void> {
    const due = dead.filter(this.#isDue);
    if (this.#isLaterLook) this.#lastLookAt = performance.now();
    this.#withoutRoutes = new Set(due.filter(({ id }) => this.#withoutRoutes.has(id)).map(({ id }) => id));
    for (const { id, agoMs } of due) {
      if (agoMs < closeWatchMs && !this.#withoutRoutes.has(id)) this.#withRoutes.add(id);
    }
    for (const id of died) this.#withRoutes.add(id);
    const ending = this.#endSessions([...died, ...due.map(({ id }) => id)]);
    if (this.#deps.endsSessionsFirst) await ending;
    // Side by side: entries may wait for their receivers, and the walk through a large bus takes seconds.
    await Promise.all([ending, this.#takeOverAll(died, due), this.#removeRoutes()]);
  }

  async #endSessions(ids: readonly string[]): Promise<void> {
    await this.#deps.endSessions(ids.map(Number), () => this.#detector.mayGoOn());
  }

  async #takeOverAll(died: readonly string[], due: readonly DeadMember[]): Promise<void> {
    for (const id of died) await this.#takeOver(Number(id), 0);
    for (const { id, agoMs } of await this.#withEntries(due)) await this.#takeOver(Number(id), agoMs);
  }

  /**
   * Ours know that a route to a dead server counts for nothing. Box-im's backends do not, and would take its users for
   * online until the routes end by themselves, as they also do when this fails.
   */
  async #removeRoutes(): Promise<void> {
    const { bus, logger } = this.#deps;
    const ids = new Set(this.#withRoutes);
    if (ids.size === 0) return;
    try {
      for await (const page of bus.presence.routes()) {
        // Another server does it over, if it has to.
        if (!(await this.#detector.mayGoOn())) return;
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
  async #withEntries(due: readonly DeadMember[]): Promise<readonly DeadMember[]> {
    const { lists } = this.#deps.bus;
    const isWanted = await Promise.all(
      due.map(async ({ id, agoMs }) => {
        if (agoMs < closeWatchMs || agoMs > routeTtlMs) return true;
        return !(await isEmpty(Number(id), lists));
      }),
    );
    return due.filter((_, index) => isWanted[index]);
  }

  async #takeOver(serverId: number, agoMs: number): Promise<void> {
    const { bus, logger, onDeath, onTakenOver } = this.#deps;
    const taken = await emptyLists(serverId, 'SERVER_LOST', {
      ...this.#deps,
      patientUntil: performance.now() + this.#deps.graceMs,
      mayGoOn: () => this.#detector.mayGoOn(),
    });
    if (agoMs === 0) {
      logger.warn({ server: serverId, entries: taken }, 'a server died; its entries were taken over');
      onDeath();
    }
    if (taken > 0) onTakenOver(taken);
    // No route can point there any more.
    if (agoMs > routeTtlMs) await dropLists(serverId, bus.lists);
  }
}
