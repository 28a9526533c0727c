import { defaultTerminals, ImError, silentLogger, type Logger } from 'im-common';
import type { Bus, RedisBusOptions } from 'im-common/bus';

export interface ImClientOptions {
  /**
   * Names the application that sends: letters, digits and `_ . -`, at most 64. All instances of one application use one
   * name and share the work on results; two applications must not use the same, and not `im-platform` beside box-im.
   */
  readonly service: string;
  /** Where the bus is: an address such as `redis://host:6379/0`, or all options. Either this or `bus`. */
  readonly redis?: string | RedisBusOptions | undefined;
  /** A bus that you started and will close yourself. Either this or `redis`. */
  readonly bus?: Bus | undefined;
  /** The terminals that a message goes to when it names none. Each costs a lookup per receiver. @default [0, 1, 2, -1] */
  readonly terminals?: readonly number[] | undefined;
  /** A receiver without a result after this long gets EXPIRED. Raising it keeps lost messages in memory longer. @default 10_000 */
  readonly resultDeadlineMs?: number | undefined;
  /**
   * A call rejects with BUS_UNAVAILABLE when the bus has said nothing for so long. To wait behind other calls does not count
   * while the bus answers them. Raising it rides out longer fail-overs. @default 3_000
   */
  readonly sendTimeoutMs?: number | undefined;
  /**
   * How many sends may be under way at once, most of which wait for their turn; one more rejects with OVERLOADED. Questions
   * and orders have as many of their own. Raising it takes larger bursts, costs memory, and lets a send wait longer. @default 20_000
   */
  readonly maxWaiting?: number | undefined;
  /** How many bytes the sends under way may have: their `data`, and 100 for each terminal that one goes to. @default 67_108_864 */
  readonly maxWaitingBytes?: number | undefined;
  /** Largest `data`, in bytes of JSON. Larger ones hold up the server's list and every slow device. @default 1_048_576 */
  readonly maxMessageBytes?: number | undefined;
  /** A send rejects with BUS_FULL when so many entries wait at one server. Raising it costs Redis memory. @default 1_000_000 */
  readonly maxListLength?: number | undefined;
  /** Pauses before a listener that failed is called again with the same batch; as many retries as items. @default [100, 1_000, 5_000] */
  readonly retryDelaysMs?: readonly number[] | undefined;
  /** A listener that takes longer than this for a batch has failed. @default 30_000 */
  readonly listenerTimeoutMs?: number | undefined;
  /** An instance that is silent for so long counts as dead. Lower hands its results on sooner and costs more bus calls. @default 5_000 */
  readonly leaseMs?: number | undefined;
  /** @default nothing is logged */
  readonly logger?: Logger | undefined;
}

export const imClientDefaults: Omit<ResolvedOptions, 'service' | 'bus'> = {
  terminals: defaultTerminals,
  resultDeadlineMs: 10_000,
  sendTimeoutMs: 3_000,
  maxWaiting: 20_000,
  maxWaitingBytes: 67_108_864,
  maxMessageBytes: 1_048_576,
  maxListLength: 1_000_000,
  retryDelaysMs: [100, 1_000, 5_000],
  listenerTimeoutMs: 30_000,
  leaseMs: 5_000,
  logger: silentLogger,
};

/** Options with nothing left open. */
export interface ResolvedOptions {
  readonly service: string;
  readonly bus: Bus | RedisBusOptions;
  readonly terminals: readonly number[];
  readonly resultDeadlineMs: number;
  readonly sendTimeoutMs: number;
  readonly maxWaiting: number;
  readonly maxWaitingBytes: number;
  readonly maxMessageBytes: number;
  readonly maxListLength: number;
  readonly retryDelaysMs: readonly number[];
  readonly listenerTimeoutMs: number;
  readonly leaseMs: number;
  readonly logger: Logger;
}

/** Longest delay that a Node timer can wait. */
const longestMs = 2_147_483_647;

export function resolveOptions(options: ImClientOptions): ResolvedOptions {
  const { terminals, retryDelaysMs, logger } = options;
  if (typeof options.service !== 'string' || !/^[\w.-]{1,64}$/.test(options.service)) {
    throw invalid('service', options.service, '1 to 64 characters out of A-Z a-z 0-9 _ . -');
  }
  return {
    service: options.service,
    bus: resolveBus(options),
    terminals: terminals === undefined ? imClientDefaults.terminals : checkTerminals(terminals),
    resultDeadlineMs: positive('resultDeadlineMs', options.resultDeadlineMs, longestMs),
    sendTimeoutMs: positive('sendTimeoutMs', options.sendTimeoutMs, longestMs),
    maxWaiting: positive('maxWaiting', options.maxWaiting, Number.MAX_SAFE_INTEGER),
    maxWaitingBytes: positive('maxWaitingBytes', options.maxWaitingBytes, Number.MAX_SAFE_INTEGER),
    maxMessageBytes: positive('maxMessageBytes', options.maxMessageBytes, 512 * 1024 * 1024),
    maxListLength: positive('maxListLength', options.maxListLength, Number.MAX_SAFE_INTEGER),
    retryDelaysMs: retryDelaysMs === undefined ? imClientDefaults.retryDelaysMs : checkDelays(retryDelaysMs),
    listenerTimeoutMs: positive('listenerTimeoutMs', options.listenerTimeoutMs, longestMs),
    leaseMs: positive('leaseMs', options.leaseMs, longestMs),
    logger: logger ?? imClientDefaults.logger,
  };
}

/** How one listener may differ from the rest. */
export interface ListenerOptions {
  /** Its name in logs, events and dead letters. @default the function's own name */
  readonly name?: string | undefined;
  readonly retryDelaysMs?: readonly number[] | undefined;
  readonly listenerTimeoutMs?: number | undefined;
  /** Aborting it unsubscribes. */
  readonly signal?: AbortSignal | undefined;
}

export interface ListenerLimits {
  readonly retryDelaysMs: readonly number[];
  readonly listenerTimeoutMs: number;
}

export function resolveListenerOptions(options: ListenerOptions, defaults: ListenerLimits): ListenerLimits {
  const { retryDelaysMs, listenerTimeoutMs } = options;
  return {
    retryDelaysMs: retryDelaysMs === undefined ? defaults.retryDelaysMs : checkDelays(retryDelaysMs),
    listenerTimeoutMs:
      listenerTimeoutMs === undefined
        ? defaults.listenerTimeoutMs
        : positive('listenerTimeoutMs', listenerTimeoutMs, longestMs),
  };
}

function resolveBus({ redis, bus }: ImClientOptions): Bus | RedisBusOptions {
  if ((redis === undefined) === (bus === undefined)) {
    throw invalid(
      'redis',
      redis === undefined ? 'missing, and so is bus' : 'given beside bus',
      'exactly one of the two',
    );
  }
  if (bus !== undefined) return bus;
  if (typeof redis === 'string') return { url: redis };
  if (typeof redis === 'object') return redis;
  throw invalid('redis', redis, 'an address or an object with url');
}

function checkTerminals(terminals: readonly number[]): readonly number[] {
  const fits = isListOf(terminals, isTerminal) && terminals.length > 0;
  if (fits && new Set(terminals).size === terminals.length) return [...terminals];
  throw invalid('terminals', terminals, 'some different integers of 32 bits');
}

export function isTerminal(terminal: unknown): terminal is number {
  return typeof terminal === 'number' && (terminal | 0) === terminal;
}

function checkDelays(delays: readonly number[]): readonly number[] {
  if (isListOf(delays, (delay) => isIntegerWithin(delay, 0, longestMs))) return [...delays];
  throw invalid('retryDelaysMs', delays, 'a list of milliseconds, each 0 or more');
}

function isListOf(value: unknown, fits: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(fits);
}

function isIntegerWithin(value: unknown, min: number, max: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
}

type NumberOption = {
  [Name in keyof typeof imClientDefaults]: (typeof imClientDefaults)[Name] extends number ? Name : never;
}[keyof typeof imClientDefaults];

function positive(name: NumberOption, value: number | undefined, max: number): number {
  if (value === undefined) return imClientDefaults[name];
  if (isIntegerWithin(value, 1, max)) return value;
  throw invalid(name, value, `an integer from 1 to ${max}`);
}

function invalid(name: string, value: unknown, allowed: string): ImError {
  return new ImError('INVALID_OPTION', `The option ${name} is ${show(value)}, expected ${allowed}.`);
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 80));
  if (typeof value === 'function' || typeof value === 'symbol') return typeof value;
  return Array.isArray(value) ? `[${value.map(String).join(', ').slice(0, 80)}]` : String(value);
}
