import { setTimeout as sleep } from 'node:timers/promises';
import { ImError } from 'im-common';
import type { Bus, TableChange } from 'im-common/bus';
import {
  encodePresence,
  presenceList,
  presenceNotice,
  serverGroup,
  watcherOf,
  type PresenceNote,
  type Producer,
} from 'im-common/internal/bus';
import type { ServerMetrics } from '../metrics/metrics.ts';

export interface PresenceTellerDeps {
  readonly bus: Pick<Bus, 'registry' | 'sessions'>;
  readonly producer: Pick<Producer, 'put'>;
  readonly metrics: Pick<ServerMetrics, 'dropped' | 'noted'>;
}

/** In an entry; a reader hands so many on at a time. */
const notesPerEntry = 100;
const notesPerRound = 1_000;
const retryMs = 200;

/**
 * Writes into the tables who came and went, then tells the services that watch. In this order: the one that takes over from
 * this server when it is dead finds all that was told in its table.
 */
export class PresenceTeller {
  readonly #deps: PresenceTellerDeps;
  /** Service → the account that it keeps at the moment. */
  #watchers: ReadonlyMap<string, string> = new Map();
  #queue: PresenceNote[] = [];
  #flushing: Promise<void> | undefined;
  /** Waits for all that was told before, by how much that was. */
  #waits: { readonly until: number; readonly resolve: () => void }[] = [];
  #toldCount = 0;
  #recordedCount = 0;
  readonly #putting = new Set<Promise<void>>();
  #isClosed = false;

  constructor(deps: PresenceTellerDeps) {
    this.#deps = deps;
  }

  get isWatched(): boolean {
    return this.#watchers.size > 0;
  }

  /** Returns the services that have begun a new account, and are to be told of everyone. */
  watch(notices: ReadonlyMap<string, string>): string[] {
    const watchers = new Map<string, string>();
    for (const [notice, account] of notices) {
      const service = watcherOf(notice);
      if (service !== undefined) watchers.set(service, account);
    }
    const begun = [...watchers].filter(([service, account]) => this.#watchers.get(service) !== account);
    this.#watchers = watchers;
    return begun.map(([service]) => service);
  }

  tell(...notes: readonly PresenceNote[]): void {
    for (const note of notes) this.#queue.push(note);
    this.#toldCount += notes.length;
    this.#flushing ??= this.#flush();
  }

  /** What the tables have already. */
  tellOne(service: string, notes: readonly PresenceNote[]): void {
    const account = this.#watchers.get(service);
    if (account !== undefined) this.#put(service, account, notes);
  }

  /** Resolves when what was told before is in the tables. */
  async whenRecorded(): Promise<void> {
    const until = this.#toldCount;
    if (this.#recordedCount < until)
      await new Promise<void>((resolve) => this.#waits.push({ until, resolve }));
  }

  /** Resolves when nothing is left to be written or told. */
  async whenIdle(): Promise<void> {
    while (this.#flushing || this.#putting.size > 0) {
      await this.#flushing;
      await Promise.all(this.#putting);
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#endWaits(Infinity);
  }

  async #flush(): Promise<void> {
    // All that comes and goes in this turn of the event loop shares the calls.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) {
      const notes = this.#queue.splice(0, notesPerRound);
      if (!(await this.#record(notes))) break;
      this.#recordedCount += notes.length;
      for (const { event } of notes) this.#deps.metrics.noted(event);
      this.#endWaits(this.#recordedCount);
      for (const [service, account] of this.#watchers) this.#put(service, account, notes);
    }
    this.#flushing = undefined;
  }

  #endWaits(recorded: number): void {
    for (const { resolve, until } of this.#waits) if (until <= recorded) resolve();
    this.#waits = this.#waits.filter(({ until }) => until > recorded);
  }

  /** False when the server is closed before the bus is back: then others look after the table. */
  async #record(notes: readonly PresenceNote[]): Promise<boolean> {
    const byServer = new Map<number, TableChange[]>();
    for (const { event, session, standing } of notes) {
      const { address, id, serverId, since = 0 } = session;
      const changes = byServer.get(serverId) ?? [];
      changes.push([id, event === 'came' ? { address, since, standing } : undefined]);
      byServer.set(serverId, changes);
    }
    for (const [serverId, changes] of byServer) {
      while (!(await this.#tryToRecord(serverId, changes)) && !this.#isClosed) await sleep(retryMs);
      if (this.#isClosed) return false;
    }
    return true;
  }

  async #tryToRecord(serverId: number, changes: readonly TableChange[]): Promise<boolean> {
    try {
      await this.#deps.bus.sessions.record(serverId, changes);
      return true;
    } catch (error) {
      // Who made the bus has closed it before the server.
      if (error instanceof ImError && error.code === 'CLOSED') this.close();
      return false;
    }
  }

  #put(service: string, account: string, notes: readonly PresenceNote[]): void {
    const entries = [];
    for (let first = 0; first < notes.length; first += notesPerEntry) {
      entries.push(encodePresence({ account, notes: notes.slice(first, first + notesPerEntry) }));
    }
    const put = this.#deps.producer
      .put(presenceList(service), ...entries)
      .then((outcome) => outcome.status === 'put' && outcome.dropped === 0)
      .catch(() => false)
      .then((isTold) => (isTold ? undefined : this.#breakOff(service, account, notes.length)))
      .finally(() => this.#putting.delete(put));
    this.#putting.add(put);
  }

  /** Something was not told: the service begins anew when it sees that its notice is gone. */
  async #breakOff(service: string, account: string, notes: number): Promise<void> {
    this.#deps.metrics.dropped('presence', notes);
    if (this.#watchers.get(service) !== account) return;
    await this.#deps.bus.registry.post(serverGroup, presenceNotice(service), '', 0).catch(() => undefined);
  }
}
