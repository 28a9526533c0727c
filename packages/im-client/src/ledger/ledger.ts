import { addressKey, type DeviceAddress, type MessageKind } from 'im-common';
import { fromByteText, LinkedSet, type Counted, type Outcome, type Result } from 'im-common/internal/bus';
import { canonicalJson } from './canonical-json.ts';
import type { PendingMessage } from './pending-message.ts';
import { PendingMessages } from './pending-messages.ts';

/** The part of a result that is final, and how many of its outcomes were not the first of their receiver. */
export interface Decision {
  readonly final: Result | undefined;
  readonly duplicates: number;
}

/** A message whose deadline passed, with the receivers that no server reported. */
export interface Expired {
  readonly pending: PendingMessage;
  readonly outcomes: readonly Outcome[];
}

/**
 * Remembers each pending message until its results have come, and decides which are final: the first outcome of each
 * (message, receiver), and EXPIRED when there was none by the deadline. It has no clock and no timer of its own.
 */
export class Ledger {
  readonly #deadlineMs: number;
  readonly #messages = new PendingMessages();
  /** Messages on the bus. All wait equally long, so they are in the order of their deadlines. */
  readonly #due = new LinkedSet<PendingMessage>();
  /** Pledges by receiver, only for receivers on servers that give no message id (Java). Oldest first. */
  readonly #byReceiver = new Map<string, Set<PendingMessage>>();

  constructor(deadlineMs: number) {
    this.#deadlineMs = deadlineMs;
  }

  get size(): number {
    return this.#messages.size;
  }

  /** Before the entries are put, since a result may be faster than the answer to the put. */
  register(pending: PendingMessage): void {
    const { messageId, kind, number } = pending.message;
    // Only an id that the caller brings comes a second time.
    const former = number === undefined ? this.#messages.get(messageId) : undefined;
    if (former) this.#messages.delete(former);
    if (former?.message.kind === kind) {
      this.#due.delete(former);
      pending.inherit(former);
    }
    this.#messages.set(pending);
  }

  /** The results of these receivers will carry no message id. */
  expectWithoutId(pending: PendingMessage, receivers: Iterable<DeviceAddress>): void {
    for (const address of receivers) {
      const key = receiverKey(pending.message.kind, address);
      const messages = this.#byReceiver.get(key);
      if (messages) messages.add(pending);
      else this.#byReceiver.set(key, new Set([pending]));
    }
  }

  /** The entries are on the bus: the deadline runs. */
  start(pending: PendingMessage, now: number): void {
    if (pending.over !== 'no') return;
    pending.deadline = now + this.#deadlineMs;
    this.#due.add(pending);
    this.#endIfComplete(pending);
  }

  /** These receivers get no result over the bus after all: no entry for them is there. */
  release(pending: PendingMessage, receivers: Iterable<DeviceAddress>): void {
    if (pending.outstanding.size === 0) return;
    for (const address of receivers) {
      pending.outstanding.delete(address);
      this.#forgetReceiver(pending, address);
    }
  }

  /** Forgets a message of which nothing reached the bus. */
  drop(pending: PendingMessage): void {
    this.#end(pending);
  }

  knows(messageId: string): boolean {
    return this.#messages.get(messageId) !== undefined;
  }

  /** Whether the result is final, and how much of it. */
  decide(kind: MessageKind, result: Result): Decision {
    const pending = this.#find(kind, result);
    if (!pending) return { final: undefined, duplicates: result.outcomes.length };
    if (result.counted) return this.#decideCounted(pending, result, result.counted);
    const outcomes = result.outcomes.filter((outcome) => pending.take(outcome));
    if (result.last && result.serverId !== undefined) pending.outstandingServers?.delete(result.serverId);
    this.#endIfComplete(pending);
    const duplicates = result.outcomes.length - outcomes.length;
    if (outcomes.length === 0) return { final: undefined, duplicates };
    return { final: duplicates === 0 ? result : { ...result, outcomes }, duplicates };
  }

  /** What became of a topic's members at one server. One that was lost after it had said all says nothing new. */
  #decideCounted(pending: PendingMessage, result: Result, counted: Counted): Decision {
    const { attempt, code, last, serverId } = result;
    const isExpected = attempt > 1 || (pending.outstandingServers?.has(serverId ?? 0) ?? false);
    if (!isExpected) return { final: undefined, duplicates: 1 };
    pending.counts.push({ serverId, code, ...counted });
    if (last && serverId !== undefined) pending.outstandingServers?.delete(serverId);
    this.#endIfComplete(pending);
    return { final: result, duplicates: 0 };
  }

  get nextDeadline(): number | undefined {
    return this.#due.first?.deadline;
  }

  /** Messages whose deadline has passed, the oldest `most` of them. */
  expire(now: number, most: number = Infinity): Expired[] {
    const expired: Expired[] = [];
    for (const pending of this.#due) {
      if (pending.deadline > now || expired.length === most) break;
      const { unsure } = pending;
      const outcomes = Array.from(pending.outstanding, expiredOutcome);
      for (const outcome of outcomes) pending.take(outcome);
      this.#end(pending);
      const said = unsure ? outcomes.filter(({ address }) => !unsure.has(address)) : outcomes;
      if (said.length > 0 || !unsure) expired.push({ pending, outcomes: said });
    }
    return expired;
  }

  /** This instance learns nothing more. */
  abandonAll(): void {
    for (const pending of this.#messages) pending.end('abandoned');
    this.#messages.clear();
    this.#due.clear();
    this.#byReceiver.clear();
  }

  #find(kind: MessageKind, result: Result): PendingMessage | undefined {
    if (result.messageId === undefined) return this.#findByReceiver(kind, result);
    const pending = this.#messages.get(result.messageId);
    return pending?.message.kind === kind ? pending : undefined;
  }

  #findByReceiver(kind: MessageKind, result: Result): PendingMessage | undefined {
    const [first] = result.outcomes;
    const messages = first && this.#byReceiver.get(receiverKey(kind, first.address));
    if (!messages) return undefined;
    const candidates = [...messages].filter((pending) => pending.outstanding.has(first.address));
    const same = candidates.find(({ message }) => message.dataText === result.dataText);
    if (same || candidates.length === 0) return same;
    const data = canonicalJson(fromByteText(result.dataText));
    return candidates.find(({ message }) => canonicalJson(fromByteText(message.dataText)) === data);
  }

  #endIfComplete(pending: PendingMessage): void {
    // A message that is not on the bus yet may get further receivers out of a second lookup.
    if (pending.isComplete && pending.deadline !== Infinity) this.#end(pending);
  }

  #end(pending: PendingMessage): void {
    this.#messages.delete(pending);
    this.#due.delete(pending);
    for (const { address } of pending.outcomes) this.#forgetReceiver(pending, address);
    for (const address of pending.outstanding) this.#forgetReceiver(pending, address);
    pending.end('done');
  }

  #forgetReceiver(pending: PendingMessage, address: DeviceAddress): void {
    if (this.#byReceiver.size === 0) return;
    const key = receiverKey(pending.message.kind, address);
    const messages = this.#byReceiver.get(key);
    if (messages?.delete(pending) && messages.size === 0) this.#byReceiver.delete(key);
  }
}

function receiverKey(kind: MessageKind, { id, terminal }: DeviceAddress): string {
  return `${kind} ${addressKey(id, terminal)}`;
}

function expiredOutcome(address: DeviceAddress): Outcome {
  return { address, stage: 'queued', reason: 'EXPIRED' };
}
