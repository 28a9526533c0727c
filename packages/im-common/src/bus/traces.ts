import type { DeviceAddress } from '../address.ts';
import type { Lists } from './bus.ts';
import { fromByteText, toByteText, type ByteText } from './byte-text.ts';
import { readAddress } from './entry.ts';
import type { ResultKind } from './names.ts';
import { Producer } from './produce.ts';
import type { Reason, Stage } from './result.ts';

/** The steps of watched messages (P-6.15), as they were written. */
export const traceList = 'im:trace';
/** The notice to the group of all servers that says which messages are watched. */
export const traceNotice = 'trace';

/** An operator's order to watch messages for a while. */
export interface TraceOrder {
  /** Messages to or from these. */
  readonly users: readonly string[];
  /** Messages with these ids, as im-client has them. */
  readonly messageIds: readonly string[];
  /** The member of a message's data in which the application has an id of its own. */
  readonly idMember: string;
  readonly forMs: number;
}

/** What may befall a message, in the order in which it does. */
export const traceSteps = ['sent', 'taken', 'given', 'ended', 'result', 'listened'] as const;

export type TraceStep = (typeof traceSteps)[number];

/** One step of a watched message. */
export interface TraceRecord {
  readonly step: TraceStep;
  /** Epoch milliseconds, on the clock of who wrote it. */
  readonly at: number;
  /** `server 5`, or an instance of a service. */
  readonly by: string;
  readonly id?: string | undefined;
  /** The application's, out of the data. */
  readonly ownId?: string | undefined;
  readonly kind?: ResultKind | undefined;
  readonly sender?: string | undefined;
  readonly user?: string | undefined;
  readonly terminal?: number | undefined;
  readonly stage?: Stage | undefined;
  readonly reason?: Reason | undefined;
  /** How long it took. */
  readonly ms?: number | undefined;
  readonly attempt?: number | undefined;
  readonly queued?: number | undefined;
  readonly offline?: number | undefined;
  readonly kept?: number | undefined;
  /** So many more addresses had the same. */
  readonly others?: number | undefined;
  /** The device, the listener, or what went wrong. */
  readonly text?: string | undefined;
  /** So many steps before this one were not written down here, as there were too many. */
  readonly leftOut?: number | undefined;
}

/** Of ids and words that others chose. */
const longestText = 100;
const mostNames = 20;
const mostRecords = 5_000;
const keptMs = 3_600_000;
/** Of one process. */
const mostPerSecond = 200;
const timeoutMs = 3_000;
/** Addresses of one message. */
const mostOfOne = 20;

export const longestTraceMs = 3_600_000;

export function encodeTraceOrder(order: TraceOrder): string {
  return JSON.stringify(order);
}

/** Reads what {@link encodeTraceOrder} wrote; undefined for anything else. */
export function decodeTraceOrder(text: string): TraceOrder | undefined {
  const order = objectOf(text);
  if (!order) return undefined;
  const { forMs, idMember, messageIds, users } = order;
  if (!areNames(users) || !areNames(messageIds) || typeof idMember !== 'string') return undefined;
  if (typeof forMs !== 'number' || !(forMs > 0 && forMs <= longestTraceMs)) return undefined;
  return { users, messageIds, idMember, forMs };
}

/** Of what is no step, as somebody's hands may have put it there, undefined. */
export function decodeTraceRecord(text: ByteText): TraceRecord | undefined {
  const value = objectOf(fromByteText(text));
  if (!value) return undefined;
  const { at, by, step } = value;
  const isStep = (traceSteps as readonly unknown[]).includes(step);
  if (!isStep || typeof by !== 'string' || typeof at !== 'number') return undefined;
  const isFlat = Object.values(value).every((one) => typeof one === 'string' || typeof one === 'number');
  return isFlat ? (value as unknown as TraceRecord) : undefined;
}

interface Named {
  readonly messageId?: string | undefined;
  readonly senderText?: ByteText | undefined;
}

interface Watched<T> {
  readonly isWatched: boolean;
  readonly some: readonly T[];
  readonly more: number;
}

/** Writes down the steps of the messages that an operator watches, while one does. */
export class TraceStore {
  readonly #by: () => string;
  readonly #producer: Producer;
  readonly #onSwitched: (isOn: boolean) => void;
  #orderText: string | undefined;
  #order: TraceOrder | undefined;
  #users: ReadonlySet<string> = new Set();
  #until = 0;
  #second = 0;
  #inSecond = 0;
  #leftOut = 0;

  constructor(lists: Pick<Lists, 'put' | 'length'>, by: () => string, onSwitched: (isOn: boolean) => void) {
    this.#by = by;
    this.#onSwitched = onSwitched;
    this.#producer = new Producer(lists, {
      ...{ maxLength: mostRecords, whenFull: 'drop-oldest', ttlMs: keptMs, timeoutMs, maxBatch: 100 },
    });
  }

  /** The notices as they stand; without the one, nothing is watched. */
  look(notices: ReadonlyMap<string, string> | undefined): void {
    const text = notices?.get(traceNotice);
    if (text === this.#orderText) return;
    this.#orderText = text;
    this.#switchTo(text === undefined ? undefined : decodeTraceOrder(text));
  }

  get idMember(): string {
    return this.#order?.idMember ?? '';
  }

  /**
   * Of these those that are watched: all of a message that is, or whose sender is, else those of watched users. `more` says how many beyond
   * those that are returned.
   */
  watched<T>(message: Named, all: readonly T[], addressOf: (one: T) => DeviceAddress): Watched<T> {
    // While the bus is away nobody says that it is over.
    if (performance.now() > this.#until) this.#switchTo(undefined);
    if (!this.#order) return { isWatched: false, some: [], more: 0 };
    const isWhole = this.#isWhole(message);
    const found = isWhole ? all : all.filter((one) => this.#users.has(addressOf(one).id));
    const some = found.slice(0, mostOfOne);
    return { isWatched: isWhole || some.length > 0, some, more: found.length - some.length };
  }

  add(record: Omit<TraceRecord, 'by'>): void {
    const second = Math.floor(performance.now() / 1_000);
    if (second !== this.#second) this.#inSecond = 0;
    this.#second = second;
    this.#inSecond += 1;
    if (this.#inSecond > mostPerSecond) {
      this.#leftOut += 1;
      return;
    }
    const leftOut = this.#leftOut > 0 ? this.#leftOut : undefined;
    this.#leftOut = 0;
    const text = JSON.stringify({ ...record, by: this.#by(), leftOut }, short);
    // It is not worth an error of its own.
    this.#producer.put(traceList, toByteText(text)).catch(() => undefined);
  }

  close(): void {
    this.#switchTo(undefined);
    this.#producer.close();
  }

  #isWhole({ messageId, senderText }: Named): boolean {
    if (messageId !== undefined && this.#order?.messageIds.includes(messageId)) return true;
    const sender = this.#users.size > 0 ? senderIdOf(senderText) : undefined;
    return sender !== undefined && this.#users.has(sender);
  }

  #switchTo(order: TraceOrder | undefined): void {
    const wasOn = this.#order !== undefined;
    this.#order = order;
    this.#users = new Set(order?.users);
    this.#until = performance.now() + (order?.forMs ?? 0);
    const isOn = order !== undefined;
    if (isOn !== wasOn) this.#onSwitched(isOn);
  }
}

/** Undefined for what is no sender. */
export function senderIdOf(senderText: ByteText | undefined): string | undefined {
  if (senderText === undefined) return undefined;
  try {
    return readAddress(senderText).id;
  } catch {
    return undefined;
  }
}

function short(_name: string, value: unknown): unknown {
  return typeof value === 'string' && value.length > longestText ? `${value.slice(0, longestText)}…` : value;
}

function areNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= mostNames && value.every((name) => typeof name === 'string');
}

function objectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}
