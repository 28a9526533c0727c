import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'im-common';
import type { Bus, Taken } from 'im-common/bus';
import {
  consume,
  decodePresence,
  presenceList,
  presenceNotice,
  putBack,
  serverGroup,
} from 'im-common/internal/bus';
import { eventOf, type PresenceEvent } from './presence-event.ts';

export interface PresenceReaderDeps {
  readonly bus: Pick<Bus, 'lists' | 'registry'>;
  readonly service: string;
  readonly logger: Logger;
  /** Goes on with the account that stands. Otherwise a new one is begun. */
  readonly resumes: () => boolean;
  /** Resolves when every listener has taken them. */
  readonly take: (events: readonly PresenceEvent[], signal: AbortSignal) => Promise<void>;
}

const beatMs = 1_000;
/** One that is silent for so long is followed by another instance. */
const lockMs = 5_000;
/** How long servers go on telling when nobody reads. */
const noticeMs = 30_000;
const noticeToResumeMs = 600_000;
const entriesPerTake = 20;
const lookMs = 50;

/**
 * Reads what servers tell a service: one instance of it at a time. An account begins with `restart`, and the servers tell
 * it of everyone; it ends when something may have been lost: the bus was away, had no room, or has forgotten the account.
 */
export class PresenceReader {
  readonly #deps: PresenceReaderDeps;
  readonly #id = randomBytes(9).toString('base64url');
  readonly #list: string;
  readonly #notice: string;
  #account: string | undefined;
  /** No other instance reads before (performance.now). */
  #leadsUntil = 0;
  /** The account has to begin anew; what was read of the old one does not count. */
  #isStale = false;
  #beginning: Promise<void> | undefined;
  /** What listeners are given last. One after the other, or something of an old account came after a `restart`. */
  #giving: Promise<void> = Promise.resolve();
  /** Handled, and not acknowledged yet. */
  #handled: number[] = [];

  constructor(deps: PresenceReaderDeps) {
    this.#deps = deps;
    this.#list = presenceList(deps.service);
    this.#notice = presenceNotice(deps.service);
  }

  /** A listener that has heard nothing yet is here. */
  beginAnew(): void {
    this.#isStale = true;
  }

  /** Reads until the signal aborts, whenever no other instance does. */
  async run(signal: AbortSignal): Promise<void> {
    const { registry } = this.#deps.bus;
    while (!signal.aborted) {
      if (await this.#holdsLock()) await this.#lead(signal);
      await sleep(beatMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
    // For the next one, who need not wait; fails without harm.
    await registry.lock(this.#lockName, this.#id, 1).catch(() => undefined);
  }

  get #lockName(): string {
    return `presence:${this.#deps.service}`;
  }

  async #holdsLock(): Promise<boolean> {
    try {
      return await this.#askForLock();
    } catch {
      return false;
    }
  }

  async #askForLock(): Promise<boolean> {
    const askedAt = performance.now();
    const isHeld = await this.#deps.bus.registry.lock(this.#lockName, this.#id, lockMs);
    if (isHeld) this.#leadsUntil = askedAt + lockMs;
    return isHeld;
  }

  async #lead(stop: AbortSignal): Promise<void> {
    const { lists, registry } = this.#deps.bus;
    const leading = new AbortController();
    const end = (): void =>
      leading.abort(new Error('Another instance reads presence events, or the client is closed'));
    stop.addEventListener('abort', end);
    if (stop.aborted) end();
    const { signal } = leading;
    try {
      // Another reader may have begun one since, or gone on with ours.
      const standing = (await registry.view(serverGroup)).notices?.get(this.#notice);
      if (!this.#deps.resumes() || standing === undefined) this.#isStale = true;
      this.#account = standing;
      this.#handled = [];
      await putBack(lists, this.#list, (consumer) => consumer !== this.#id);
      await Promise.all([this.#keepLeading(signal, end), this.#read(signal, end)]);
    } catch (error) {
      if (!signal.aborted) this.#deps.logger.debug({ error }, 'Presence events cannot be read yet');
    } finally {
      end();
      stop.removeEventListener('abort', end);
      await this.#beginning;
      await this.#leave().catch(() => undefined);
    }
  }

  async #keepLeading(signal: AbortSignal, end: () => void): Promise<void> {
    while (!signal.aborted) {
      try {
        if (await this.#askForLock()) await this.#beat(signal);
        else end();
      } catch {
        this.#isStale = true;
        if (performance.now() > this.#leadsUntil) end();
      }
      await sleep(beatMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  async #beat(signal: AbortSignal): Promise<void> {
    const account = this.#account;
    const isToKeep = !this.#isStale && !this.#beginning && account !== undefined;
    if (isToKeep && (await this.#post(account)) !== account) this.#isStale = true;
    // Not awaited: a listener may take its time, and the lock must be held meanwhile.
    if (this.#isStale) this.#beginning ??= this.#begin(signal).finally(() => (this.#beginning = undefined));
  }

  async #begin(signal: AbortSignal): Promise<void> {
    this.#account = undefined;
    this.#isStale = false;
    try {
      await this.#give(signal, () => [{ event: 'restart' }]);
      // Before it is posted: what is told of it may be here before the answer is.
      this.#account = randomBytes(9).toString('base64url');
      await this.#post(this.#account);
    } catch {
      this.#isStale = true; // the bus is away, or this is over
    }
  }

  #post(account: string): Promise<string | undefined> {
    const ms = this.#deps.resumes() ? noticeToResumeMs : noticeMs;
    return this.#deps.bus.registry.post(serverGroup, this.#notice, account, ms);
  }

  #read(signal: AbortSignal, end: () => void): Promise<void> {
    const { lists } = this.#deps.bus;
    const options = {
      list: this.#list,
      consumer: this.#id,
      maxBatch: entriesPerTake,
      isAlone: true,
      signal,
      // Another instance reads, and has put back what we had. Or the bus has lost its memory: then we go on.
      onUnknown: async () => {
        if (!(await this.#holdsLock())) end();
        return !signal.aborted;
      },
      // What was on the list may be lost, with those that were told in its last moments.
      onOutage: () => (this.#isStale = true),
    };
    return consume(lists, options, (batch) => this.#handle(batch, signal));
  }

  async #handle(batch: readonly Taken[], signal: AbortSignal): Promise<void> {
    const { lists } = this.#deps.bus;
    await this.#give(signal, () =>
      batch.flatMap(({ text }) => {
        const entry = decodePresence(text);
        return entry && entry.account === this.#account ? entry.notes.map(eventOf) : [];
      }),
    );
    this.#handled.push(...batch.map(({ seq }) => seq));
    await lists.acknowledge(this.#list, this.#id, this.#handled);
    this.#handled = [];
  }

  /** What is to be given is asked for when its turn has come: another account may have begun before. */
  #give(signal: AbortSignal, events: () => readonly PresenceEvent[]): Promise<void> {
    const given = this.#giving.then(() => this.#take(events(), signal));
    this.#giving = given.catch(() => undefined);
    return given;
  }

  /** A process that was stopped may wake up with events that another instance has gone beyond. */
  async #take(events: readonly PresenceEvent[], signal: AbortSignal): Promise<void> {
    if (events.length === 0) return;
    while (performance.now() > this.#leadsUntil) await sleep(lookMs, undefined, { signal });
    await this.#deps.take(events, signal);
  }

  async #leave(): Promise<void> {
    const { lists, registry } = this.#deps.bus;
    await lists.requeue(this.#list, this.#id);
    if (this.#account === undefined || this.#deps.resumes()) return;
    // Nobody goes on with it: the servers need not tell it any more.
    const { notices } = await registry.view(serverGroup);
    if (notices?.get(this.#notice) === this.#account) await registry.post(serverGroup, this.#notice, '', 0);
  }
}
