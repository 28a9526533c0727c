import { DeviceError, type DeviceErrorCode } from '../errors.ts';
import type { StoredItem, StoredLane } from './outbox-store.ts';

/** The `data` of an answer (P-14.4, P-14.5). */
export interface Answer {
  readonly to: string;
  readonly box: string;
  readonly n: number;
  readonly reply?: unknown;
  readonly error?: string;
  readonly reason?: string;
  readonly retryMs?: number;
}

export interface Item extends StoredItem {
  isSaved: boolean;
  /** On this connection, and not answered. */
  isSent: boolean;
  /** On the bus; it waits for its reply. */
  isStored: boolean;
  /** By a former page. */
  readonly isLeft: boolean;
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: unknown) => void;
}

const mostInFlight = 16;
/** A gap closes as soon as all that is out has been answered. */
const shortPauseMs = 20;

/** What goes to one service, in order. */
export class Lane {
  /** Not on the bus yet. */
  items: Item[] = [];
  next = 1;
  pausedUntil = 0;
  /** Something was refused that comes again: first all that is out must be answered. */
  #isStalled = false;
  readonly #waiting = new Map<number, Item>();

  constructor(stored?: StoredLane) {
    if (!stored) return;
    this.next = stored.next;
    // Who waited for these is gone.
    this.items = stored.items.map((item) => ({
      ...item,
      ...{ isSaved: true, isSent: false, isStored: false, isLeft: true },
      ...{ resolve: () => undefined, reject: () => undefined },
    }));
  }

  /** All up to this number are on the bus, or given up. */
  get done(): number {
    return (this.items[0]?.n ?? this.next) - 1;
  }

  /** On a new connection nothing is out, and replies may have gone astray. */
  begin(): void {
    this.pausedUntil = 0;
    this.#isStalled = false;
    for (const item of [...this.#waiting.values(), ...this.items]) item.isSent = false;
  }

  nextToSend(): Item | undefined {
    for (const item of this.#waiting.values()) if (!item.isSent) return item;
    if (this.#isStalled) return undefined;
    for (const [index, item] of this.items.entries()) {
      if (item.isSent) continue;
      const before = this.items[index - 1];
      // After a number that was given up the bus needs to hear that all before is done.
      const follows = !before || before.n === item.n - 1;
      return item.isSaved && follows && index < mostInFlight ? item : undefined;
    }
    return undefined;
  }

  answered(answer: Answer): void {
    const { n, error, retryMs = shortPauseMs } = answer;
    const comesAgain = error === 'GAP' || answer.retryMs !== undefined;
    if (error === undefined || error === 'REFUSED' || error === 'FAILED') this.#stored(n);
    if (comesAgain) this.#refused(n, retryMs);
    else if ('reply' in answer || error !== undefined) this.#end(answer);
    if (this.#isStalled && !this.items.some(({ isSent }) => isSent)) this.#isStalled = false;
  }

  giveUp(item: Item, error: unknown): void {
    this.items = this.items.filter((other) => other !== item);
    this.#waiting.delete(item.n);
    item.reject(error);
  }

  /** What a former page has left goes on: nobody waits for it here. */
  rejectAll(error: () => DeviceError): void {
    const all = [...this.#waiting.values(), ...this.items];
    this.items = this.items.filter(({ isLeft }) => isLeft);
    this.#waiting.clear();
    for (const item of all) item.reject(error());
  }

  #stored(n: number): void {
    const stored = this.items.filter((item) => item.n <= n);
    if (stored.length > 0) this.items = this.items.filter((item) => item.n > n);
    for (const item of stored) {
      if (item.asks) {
        item.isStored = true;
        this.#waiting.set(item.n, item);
      } else {
        item.resolve(undefined);
      }
    }
  }

  #end({ n, reply, error, reason }: Answer): void {
    const item = this.#waiting.get(n) ?? this.items.find((one) => one.n === n);
    if (!item) return; // the reply to a repetition
    if (error === undefined) {
      this.#waiting.delete(n);
      item.resolve(reply);
      return;
    }
    this.giveUp(item, new DeviceError(codeOf(error), reason ?? `It was not taken: ${error}.`));
  }

  #refused(n: number, retryMs: number): void {
    const item = this.#waiting.get(n) ?? this.items.find((one) => one.n === n);
    if (!item) return;
    item.isSent = false;
    this.#isStalled = true;
    this.pausedUntil = Math.max(this.pausedUntil, performance.now() + retryMs);
  }
}

/** Of an answer after which trying again is of no use. */
function codeOf(error: string): DeviceErrorCode {
  return error === 'NOT_ALLOWED' || error === 'TOO_LARGE' || error === 'REFUSED' ? error : 'SERVICE_FAILED';
}
