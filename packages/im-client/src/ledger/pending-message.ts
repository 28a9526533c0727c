import { addressKey, type DeviceAddress, type MessageKind } from 'im-common';
import type { Linked, Outcome, ResultSource } from 'im-common/internal/bus';

export interface PledgedMessage extends ResultSource {
  readonly kind: MessageKind;
  readonly messageId: string;
}

/** What this instance owes for one message: a final outcome for each receiver that is still outstanding. */
export class Pledge implements Linked<Pledge> {
  readonly message: PledgedMessage;
  readonly outstanding: Map<string, DeviceAddress> = new Map();
  /** Of a push to everyone, whose receivers nobody knows beforehand: the servers that have more to tell. */
  readonly outstandingServers: Set<number> | undefined;
  /** In the order in which they became known. */
  readonly outcomes: Outcome[] = [];
  /** On the clock of the ledger; Infinity while the entries are not on the bus. */
  deadline: number = Infinity;
  linkBefore: Pledge | undefined;
  linkAfter: Pledge | undefined;
  readonly #seen: Set<string> | undefined;
  #over: 'no' | 'done' | 'abandoned' = 'no';
  #whenOver: (() => void)[] | undefined;

  constructor(message: PledgedMessage, receivers: readonly DeviceAddress[], servers?: readonly number[]) {
    this.message = message;
    for (const address of receivers) this.outstanding.set(addressKey(address.id, address.terminal), address);
    if (!servers) return;
    this.outstandingServers = new Set(servers);
    this.#seen = new Set();
  }

  /** Takes the outcome as final; false when there was a final one before, or the receiver was none. */
  take(outcome: Outcome): boolean {
    const key = addressKey(outcome.address.id, outcome.address.terminal);
    const wasOwed = this.outstanding.delete(key);
    const isFirst = this.#seen ? addNew(this.#seen, key) : wasOwed;
    if (isFirst) this.outcomes.push(outcome);
    return isFirst;
  }

  /** Of a push to everyone: these are not found by a server, but known by name. */
  owe(receivers: readonly DeviceAddress[]): void {
    for (const address of receivers) {
      const key = addressKey(address.id, address.terminal);
      if (!this.#seen?.has(key)) this.outstanding.set(key, address);
    }
  }

  get owesNothing(): boolean {
    return this.outstanding.size === 0 && (this.outstandingServers?.size ?? 0) === 0;
  }

  /** `abandoned`: nobody here learns the rest any more. */
  get over(): 'no' | 'done' | 'abandoned' {
    return this.#over;
  }

  end(how: 'done' | 'abandoned'): void {
    if (this.#over !== 'no') return;
    this.#over = how;
    for (const tell of [...(this.#whenOver ?? [])]) tell();
  }

  /** Calls back when it is over, which it is not yet. Returns what takes the callback back. */
  whenOver(tell: () => void): () => void {
    const waiting = (this.#whenOver ??= []);
    waiting.push(tell);
    return () => {
      const at = waiting.indexOf(tell);
      if (at >= 0) waiting.splice(at, 1);
    };
  }
}

function addNew(set: Set<string>, key: string): boolean {
  return set.size < set.add(key).size;
}
