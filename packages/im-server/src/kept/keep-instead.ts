import { setTimeout as sleep } from 'node:timers/promises';
import { ImError, type DeviceAddress, type MessageKind } from 'im-common';
import type { KeepOutcome, Kept, MessageToKeep, Reason } from 'im-common/bus';
import { encodeEntry, type Entry, type Outcome } from 'im-common/internal/bus';
import type { Devices } from '../device/devices.ts';
import type { KeptMessages } from '../device/login-deps.ts';
import type { Rerouted } from '../push/pursuit.ts';

export interface KeepInsteadDeps {
  readonly kept: Kept;
  readonly devices: Devices;
  readonly catchUp: KeptMessages;
}

export interface KeepWhere {
  /** The server that had the message: a route to it counts for nothing. */
  readonly notAt: number;
  /** Sends it to the server where its receiver is by now. */
  readonly reroute: (kind: MessageKind, entries: readonly Entry[]) => Promise<Rerouted[]>;
}

const keepable: ReadonlySet<Reason> = new Set([
  'NO_CHANNEL',
  'CLOSED_BEFORE_PROOF',
  'SLOW_READER',
  'SERVER_LOST',
  'DRAINING',
]);
/** Written before, or by a server that nobody can ask any more: the device may have it. */
const mayHaveArrived: ReadonlySet<Reason> = new Set(['CLOSED_BEFORE_PROOF', 'SERVER_LOST', 'SLOW_READER']);

const mostRounds = 40;
const pauseMs = 50;
/** A bus that is away so long takes no results either. */
const patienceMs = 30_000;

/** Keeps messages that failed, if their senders want that (P-15.1). The server that finds out keeps them: the sender may be gone by then. */
export class KeepInstead {
  readonly #deps: KeepInsteadDeps;

  constructor(deps: KeepInsteadDeps) {
    this.#deps = deps;
  }

  isWanted({ extras, messageId, queuedAt }: Entry, reason: Reason): boolean {
    return (
      extras?.keepMs !== undefined &&
      messageId !== undefined &&
      queuedAt !== undefined &&
      keepable.has(reason)
    );
  }

  /** What becomes of the outcomes; those whose message has gone to another server are not among them. */
  async keepAll(
    kind: MessageKind,
    entry: Entry,
    outcomes: readonly Outcome[],
    where: KeepWhere,
  ): Promise<readonly Outcome[]> {
    if (entry.extras?.keepMs === undefined) return outcomes;
    const ends = outcomes.map(async (outcome) => {
      const { address, reason } = outcome;
      if (reason === undefined || !this.isWanted(entry, reason)) return [outcome];
      const end = await this.keep(kind, entry, address, reason, where);
      return end === 'elsewhere' ? [] : [{ ...outcome, reason: end }];
    });
    return (await Promise.all(ends)).flat();
  }

  /** Resolves with the reason to report, or with `elsewhere` when another server has the message now. */
  async keep(
    kind: MessageKind,
    entry: Entry,
    address: DeviceAddress,
    reason: Reason,
    { notAt, reroute }: KeepWhere,
  ): Promise<Reason | 'elsewhere'> {
    const attempt = entry.attempt + (mayHaveArrived.has(reason) ? 1 : 0);
    let one: Entry = { ...entry, attempt, receivers: [address], everyoneOn: undefined };
    let message = toKeep(kind, one);
    const servers = [notAt];
    for (let round = 1; round <= mostRounds; round += 1) {
      const outcome = await this.#ask(address, message, servers);
      if (outcome === 'kept') this.#tell(address);
      if (typeof outcome !== 'number') return outcome === undefined ? reason : (reasonOf[outcome] ?? reason);
      const [rerouted] = await reroute(kind, [one]).catch(() => [undefined]);
      if (!rerouted || rerouted.unsure.length > 0) {
        // It may have gone there.
        one = { ...one, attempt: attempt + 1 };
        message = toKeep(kind, one);
      } else if (rerouted.moving.length > 0) await sleep(pauseMs);
      else if (rerouted.nowhere.length > 0) servers.push(outcome);
      else return 'elsewhere';
    }
    return reason;
  }

  /** It may have logged in here since: what is kept after its login has looked would wait for the next one. */
  #tell(address: DeviceAddress): void {
    for (const connection of this.#deps.devices.claimants(address)) this.#deps.catchUp.catchUp(connection);
  }

  /** To keep it again changes nothing, so it is tried for a while. */
  async #ask(
    address: DeviceAddress,
    message: MessageToKeep,
    notAt: readonly number[],
  ): Promise<KeepOutcome | undefined> {
    const until = performance.now() + patienceMs;
    for (;;) {
      try {
        return await this.#deps.kept.keep(address, message, notAt);
      } catch (error) {
        const isWorthIt = error instanceof ImError && error.code === 'BUS_UNAVAILABLE';
        if (!isWorthIt || performance.now() > until) return undefined;
        await sleep(pauseMs);
      }
    }
  }
}

const reasonOf: Readonly<Partial<Record<Exclude<KeepOutcome, number>, Reason>>> = {
  kept: 'KEPT',
  outdated: 'OUTDATED',
  replaced: 'REPLACED',
};

function toKeep(kind: MessageKind, entry: Entry): MessageToKeep {
  const { extras: { keepMs = 0, keepMost = 1, expiresAt, replaces } = {}, ...plain } = entry;
  return {
    id: plain.messageId ?? '',
    text: encodeEntry(kind, plain),
    sentAt: plain.queuedAt ?? 0,
    forMs: keepMs,
    most: keepMost,
    expiresAt,
    replaces,
    // A caller's own id is found out by the list that it was put on, for longer than that.
    rememberMs: 2 * patienceMs,
  };
}
