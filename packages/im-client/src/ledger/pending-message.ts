import type { DeviceAddress, MessageKind } from 'im-common';
import type { ResultCode } from 'im-common/bus';
import type { Counted, Linked, Outcome, ResultSource } from 'im-common/internal/bus';
import { Addresses } from './addresses.ts';

export interface SentMessage extends ResultSource {
  readonly kind: MessageKind;
  readonly messageId: string;
  /** Of one that was named by this instance: its number (see PendingMessages). */
  readonly number?: number | undefined;
}

/** At how many devices of a server a message ended in the same way. */
export interface ServerCount extends Counted {
  readonly serverId: number | undefined;
  readonly code: ResultCode;
}

const none: readonly Outcome[] = [];

/** A message that was sent, and the receivers whose final outcome is still outstanding. */
export class PendingMessage implements Linked<PendingMessage> {
  readonly message: SentMessage;
  readonly outstanding: Addresses;
  /** Of a push to everyone, whose receivers nobody knows beforehand: the servers that have more to report. */
  readonly outstandingServers: Set<number> | undefined;
  outcomes: readonly Outcome[] = none;
  /** Of a message to a topic whose members are not named. */
  readonly counts: ServerCount[] = [];
  /** On the clock of the ledger; Infinity while the entries are not on the bus. */
  deadline: number = Infinity;
  linkBefore: PendingMessage | undefined;
  linkAfter: PendingMessage | undefined;
  readonly #seen: Addresses | undefined;
  /** Who was sent it by a call that was told that it failed: without a result by the deadline nothing is said of them. */
  unsure: ReadonlySet<DeviceAddress> | undefined;
  /** An earlier send of the same message from here, which ends with this one. */
  former: PendingMessage | undefined;
  #over: 'no' | 'done' | 'abandoned' = 'no';
  #whenOver: (() => void)[] | undefined;

  constructor(message: SentMessage, receivers: readonly DeviceAddress[], servers?: readonly number[]) {
    this.message = message;
    this.outstanding = new Addresses(receivers);
    if (!servers) return;
    this.outstandingServers = new Set(servers);
    this.#seen = new Addresses([]);
  }

  /** Takes the outcome as final; false when its receiver had a final one, or the message was not for it. */
  take(outcome: Outcome): boolean {
    const wasOutstanding = this.outstanding.delete(outcome.address);
    const isFirst = this.#seen ? addNew(this.#seen, outcome.address) : wasOutstanding;
    if (isFirst) this.note(outcome);
    return isFirst;
  }

  /** One that was found out here. */
  note(outcome: Outcome): void {
    // Most have one: see Addresses.
    if (this.outcomes === none) this.outcomes = [outcome];
    else (this.outcomes as Outcome[]).push(outcome);
  }

  /** Of a push to everyone: receivers that the sender found itself. */
  addReceivers(receivers: readonly DeviceAddress[]): void {
    for (const address of receivers) if (!this.#seen?.has(address)) this.outstanding.add(address);
  }

  /** Goes on with what an earlier send of the same message has left, and what it knows. */
  inherit(former: PendingMessage): void {
    this.former = former;
    for (const address of former.outstanding) this.outstanding.add(address);
    for (const outcome of former.outcomes) {
      this.outstanding.add(outcome.address);
      this.take(outcome);
    }
    this.counts.push(...former.counts);
    for (const server of former.outstandingServers ?? []) this.outstandingServers?.add(server);
  }

  get isComplete(): boolean {
    return this.outstanding.size === 0 && (this.outstandingServers?.size ?? 0) === 0;
  }

  /** `abandoned`: the client was closed before the rest was known. */
  get over(): 'no' | 'done' | 'abandoned' {
    return this.#over;
  }

  end(how: 'done' | 'abandoned'): void {
    if (this.#over !== 'no') return;
    this.#over = how;
    const { former } = this;
    if (former) {
      former.outcomes = [...this.outcomes];
      former.counts.splice(0, former.counts.length, ...this.counts);
      former.outstanding.clear();
      former.end(how);
    }
    for (const notify of [...(this.#whenOver ?? [])]) notify();
  }

  /** Calls back when it is over; it must not be yet. Returns what removes the callback. */
  whenOver(notify: () => void): () => void {
    const waiting = (this.#whenOver ??= []);
    waiting.push(notify);
    return () => {
      const at = waiting.indexOf(notify);
      if (at >= 0) waiting.splice(at, 1);
    };
  }
}

function addNew(seen: Addresses, address: DeviceAddress): boolean {
  const before = seen.size;
  seen.add(address);
  return seen.size > before;
}
