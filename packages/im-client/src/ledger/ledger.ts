import { addressKey, type DeviceAddress, type MessageKind } from 'im-common';
import { fromByteText, LinkedSet, type Outcome, type Result } from 'im-common/internal/bus';
import { canonicalJson } from './canonical-json.ts';
import type { Pledge } from './pending-message.ts';

/** What a result was: the part that is final, and how many of its outcomes were not the first of their receiver. */
export interface Settled {
  readonly final: Result | undefined;
  readonly duplicates: number;
}

/** A pledge whose deadline passed, with the receivers that nothing was heard of. */
export interface Expired {
  readonly pledge: Pledge;
  readonly outcomes: readonly Outcome[];
}

interface Box {
  pledge: Pledge | undefined;
}

/**
 * Remembers what was promised until the result comes, and so decides what is final: the first outcome of each
 * (message, receiver), and EXPIRED when there was none by the deadline. It has no clock and no timer of its own.
 */
export class Ledger {
  readonly #deadlineMs: number;
  /** In boxes that are emptied when they go: what a Map has let go of may live on in its old tables (see LinkedSet). */
  readonly #pledges = new Map<string, Box>();
  /** Those on the bus. All wait equally long, so the order in which they came is that of their deadlines. */
  readonly #due = new LinkedSet<Pledge>();
  /** Pledges by receiver, only for receivers on servers that give no message id (Java). Oldest first. */
  readonly #byReceiver = new Map<string, Set<Pledge>>();

  constructor(deadlineMs: number) {
    this.#deadlineMs = deadlineMs;
  }

  get size(): number {
    return this.#pledges.size;
  }

  /** Before the entries are put, since a result may be faster than the answer to the put. */
  register(pledge: Pledge): void {
    this.#pledges.set(pledge.message.messageId, { pledge });
  }

  /** The results of these receivers will carry no message id. */
  expectWithoutId(pledge: Pledge, receivers: Iterable<DeviceAddress>): void {
    for (const address of receivers) {
      const key = receiverKey(pledge.message.kind, address);
      const pledges = this.#byReceiver.get(key);
      if (pledges) pledges.add(pledge);
      else this.#byReceiver.set(key, new Set([pledge]));
    }
  }

  /** The entries are on the bus: the deadline runs. */
  start(pledge: Pledge, now: number): void {
    if (pledge.over !== 'no') return;
    pledge.deadline = now + this.#deadlineMs;
    this.#due.add(pledge);
    this.#endIfPaid(pledge);
  }

  /** These receivers get no result over the bus after all: what was meant for them is not there. */
  release(pledge: Pledge, receivers: Iterable<DeviceAddress>): void {
    if (pledge.outstanding.size === 0) return;
    for (const address of receivers) {
      pledge.outstanding.delete(addressKey(address.id, address.terminal));
      this.#forgetReceiver(pledge, address);
    }
  }

  /** Forgets a pledge that came to nothing. */
  drop(pledge: Pledge): void {
    this.#end(pledge);
  }

  knows(messageId: string): boolean {
    return this.#pledges.has(messageId);
  }

  settle(kind: MessageKind, result: Result): Settled {
    const pledge = this.#find(kind, result);
    if (!pledge) return { final: undefined, duplicates: result.outcomes.length };
    const outcomes = result.outcomes.filter((outcome) => pledge.take(outcome));
    if (result.last && result.serverId !== undefined) pledge.outstandingServers?.delete(result.serverId);
    this.#endIfPaid(pledge);
    const duplicates = result.outcomes.length - outcomes.length;
    if (outcomes.length === 0) return { final: undefined, duplicates };
    return { final: duplicates === 0 ? result : { ...result, outcomes }, duplicates };
  }

  get nextDeadline(): number | undefined {
    return this.#due.first?.deadline;
  }

  /** Those whose deadline is over, the oldest `most` of them. */
  expire(now: number, most: number = Infinity): Expired[] {
    const expired: Expired[] = [];
    for (const pledge of this.#due) {
      if (pledge.deadline > now || expired.length === most) break;
      const outcomes = Array.from(pledge.outstanding.values(), expiredOutcome);
      for (const outcome of outcomes) pledge.take(outcome);
      this.#end(pledge);
      expired.push({ pledge, outcomes });
    }
    return expired;
  }

  /** This instance will learn nothing more. */
  abandonAll(): void {
    for (const { pledge } of this.#pledges.values()) pledge?.end('abandoned');
    this.#pledges.clear();
    this.#due.clear();
    this.#byReceiver.clear();
  }

  #find(kind: MessageKind, result: Result): Pledge | undefined {
    if (result.messageId === undefined) return this.#findByReceiver(kind, result);
    const pledge = this.#pledges.get(result.messageId)?.pledge;
    return pledge?.message.kind === kind ? pledge : undefined;
  }

  #findByReceiver(kind: MessageKind, result: Result): Pledge | undefined {
    const [first] = result.outcomes;
    const pledges = first && this.#byReceiver.get(receiverKey(kind, first.address));
    if (!pledges) return undefined;
    const key = addressKey(first.address.id, first.address.terminal);
    const candidates = [...pledges].filter((pledge) => pledge.outstanding.has(key));
    const same = candidates.find(({ message }) => message.dataText === result.dataText);
    if (same || candidates.length === 0) return same;
    const data = canonicalJson(fromByteText(result.dataText));
    return candidates.find(({ message }) => canonicalJson(fromByteText(message.dataText)) === data);
  }

  #endIfPaid(pledge: Pledge): void {
    // A pledge that is not on the bus yet may get further receivers out of a second look.
    if (pledge.owesNothing && pledge.deadline !== Infinity) this.#end(pledge);
  }

  #end(pledge: Pledge): void {
    const box = this.#pledges.get(pledge.message.messageId);
    if (box) box.pledge = undefined;
    this.#pledges.delete(pledge.message.messageId);
    this.#due.delete(pledge);
    for (const { address } of pledge.outcomes) this.#forgetReceiver(pledge, address);
    for (const address of pledge.outstanding.values()) this.#forgetReceiver(pledge, address);
    pledge.end('done');
  }

  #forgetReceiver(pledge: Pledge, address: DeviceAddress): void {
    if (this.#byReceiver.size === 0) return;
    const key = receiverKey(pledge.message.kind, address);
    const pledges = this.#byReceiver.get(key);
    if (pledges?.delete(pledge) && pledges.size === 0) this.#byReceiver.delete(key);
  }
}

function receiverKey(kind: MessageKind, { id, terminal }: DeviceAddress): string {
  return `${kind} ${addressKey(id, terminal)}`;
}

function expiredOutcome(address: DeviceAddress): Outcome {
  return { address, stage: 'queued', reason: 'EXPIRED' };
}
