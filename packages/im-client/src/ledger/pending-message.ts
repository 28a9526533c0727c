import { addressKey, type DeviceAddress, type MessageKind } from 'im-common';
import type { ResultCode } from 'im-common/bus';
import type { Counted, Linked, Outcome, ResultSource } from 'im-common/internal/bus';

export interface SentMessage extends ResultSource {
  readonly kind: MessageKind;
  readonly messageId: string;
}

/** At how many devices of a server a message ended in the same way. */
export interface ServerCount extends Counted {
  readonly serverId: number | undefined;
  readonly code: ResultCode;
}

/** A message that was sent, and the receivers whose final outcome is still outstanding. */
export class PendingMessage implements Linked<PendingMessage> {
  readonly message: SentMessage;
  readonly outstanding: Map<string, DeviceAddress> = new Map();
  /** Of a push to everyone, whose receivers nobody knows beforehand: the servers that have more to report. */
  readonly outstandingServers: Set<number> | undefined;
  readonly outcomes: Outcome[] = [];
  /** Of a message to a topic whose members are not named. */
  readonly counts: ServerCount[] = [];
  /** On the clock of the ledger; Infinity while the entries are not on the bus. */
  deadline: number = Infinity;
  linkBefore: PendingMessage | undefined;
  linkAfter: PendingMessage | undefined;
  readonly #seen: Set<string> | undefined;
  /** Who was sent it by a call that was told that it failed: without a result by the deadline nothing is said of them. */
  unsure: ReadonlySet<DeviceAddress> | undefined;
  /** An earlier send of the same message from here, which ends with this one. */
  former: PendingMessage | undefined;
  #over: 'no' | 'done' | 'abandoned' = 'no';
  #whenOver: (() => void)[] | undefined;

  constructor(message: SentMessage, receivers: readonly DeviceAddress[], servers?: readonly number[]) {
    this.message = message;
    for (const address of receivers) this.outstanding.set(addressKey(address.id, address.terminal), address);
    if (!servers) return;
    this.outstandingServers = new Set(servers);
    this.#seen = new Set();
  }

  /** Takes the outcome as final; false when its receiver had a final one, or the message was not for it. */
  take(outcome: Outcome): boolean {
    const key = addressKey(outcome.address.id, outcome.address.terminal);
    const wasOutstanding = this.outstanding.delete(key);
    const isFirst = this.#seen ? addNew(this.#seen, key) : wasOutstanding;
    if (isFirst) this.outcomes.push(outcome);
    return isFirst;
  }

  /** Of a push to everyone: receivers that the sender found itself. */
  addReceivers(receivers: readonly DeviceAddress[]): void {
    for (const address of receivers) {
      const key = addressKey(address.id, address.terminal);
      if (!this.#seen?.has(key)) this.outstanding.set(key, address);
    }
  }

  /** Goes on with what an earlier send of the same message has left, and what it knows. */
  inherit(former: PendingMessage): void {
    this.former = former;
    for (const [key, address] of former.outstanding) this.outstanding.set(key, address);
    for (const outcome of former.outcomes) {
      this.outstanding.set(addressKey(outcome.address.id, outcome.address.terminal), outcome.address);
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
      former.outcomes.splice(0, former.outcomes.length, ...this.outcomes);
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

function addNew(set: Set<string>, key: string): boolean {
  return set.size < set.add(key).size;
}
