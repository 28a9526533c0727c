import { defaultTerminals, silentLogger, type Logger } from 'im-common';
import type { Bus, RedisBusOptions } from 'im-common/bus';
import { busKind, redisKind, toRedisBusOptions } from 'im-common/internal/bus';
import {
  boolean,
  count,
  integer,
  invalidOption,
  listOf,
  logger,
  milliseconds,
  objectWith,
  readOptions,
  terminals,
  text,
  wrongOption,
  type Kind,
  type Kinds,
} from 'im-common/internal/checks';
import type { MetricRegistry } from 'im-common/internal/metrics';
import { abortSignal } from './checks/abort-signal.ts';

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
   * How long a send waits for a receiver that has just left its server without a goodbye (drained, cut off) and is probably on
   * its way back; what is sent to the same device meanwhile waits behind, nothing else does. How long a device counts as on
   * its way is for the servers to say (their `reconnectGraceMs`). 0: it is not online. @default 2_000
   */
  readonly reconnectGraceMs?: number | undefined;
  /**
   * How many sends may be under way at once, most of which wait for their turn; one more rejects with OVERLOADED. Questions
   * and orders have as many of their own. Raising it takes larger bursts, costs 3 KB each, and lets a send wait longer. @default 20_000
   */
  readonly maxWaiting?: number | undefined;
  /** How many bytes the sends under way may have: their `data`, and 100 for each terminal that one goes to. @default 67_108_864 */
  readonly maxWaitingBytes?: number | undefined;
  /**
   * Servers of box-im hold devices on the same Redis. A push to everyone then looks for those, by walking through all keys
   * of Redis; `data` that box-im cannot read is refused. Otherwise its receipt only says who was left out. @default false
   */
  readonly besideBoxIm?: boolean | undefined;
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
  /** A `Registry` of prom-client, of which this client's metrics are to be part until it is closed. @default nothing is measured */
  readonly metrics?: MetricRegistry | undefined;
  /**
   * Spans of OpenTelemetry for sends and calls of listeners, by the tracer provider that the application has registered. What it
   * samples is traced through push servers that have the option `tracing`, and goes to the bus without a short cut. @default false
   */
  readonly tracing?: boolean | undefined;
}

export const imClientDefaults: Omit<ResolvedOptions, 'service' | 'bus'> = {
  terminals: defaultTerminals,
  resultDeadlineMs: 10_000,
  sendTimeoutMs: 3_000,
  reconnectGraceMs: 2_000,
  maxWaiting: 20_000,
  maxWaitingBytes: 67_108_864,
  besideBoxIm: false,
  maxMessageBytes: 1_048_576,
  maxListLength: 1_000_000,
  retryDelaysMs: [100, 1_000, 5_000],
  listenerTimeoutMs: 30_000,
  leaseMs: 5_000,
  logger: silentLogger,
  tracing: false,
};

/** Options with nothing left open. */
export interface ResolvedOptions {
  readonly service: string;
  readonly bus: Bus | RedisBusOptions;
  readonly terminals: readonly number[];
  readonly resultDeadlineMs: number;
  readonly sendTimeoutMs: number;
  readonly reconnectGraceMs: number;
  readonly maxWaiting: number;
  readonly maxWaitingBytes: number;
  readonly besideBoxIm: boolean;
  readonly maxMessageBytes: number;
  readonly maxListLength: number;
  readonly retryDelaysMs: readonly number[];
  readonly listenerTimeoutMs: number;
  readonly leaseMs: number;
  readonly logger: Logger;
  readonly metrics?: MetricRegistry | undefined;
  readonly tracing: boolean;
}

const delays: Kind<readonly number[]> = listOf('a list of milliseconds, each 0 or more', milliseconds(0));

const kinds: Kinds<ImClientOptions> = {
  service: text('name', '1 to 64 characters out of A-Z a-z 0-9 _ . -', /^[\w.-]{1,64}$/),
  redis: redisKind,
  bus: busKind,
  terminals,
  resultDeadlineMs: milliseconds(1),
  sendTimeoutMs: milliseconds(1),
  reconnectGraceMs: milliseconds(0),
  maxWaiting: count,
  maxWaitingBytes: count,
  besideBoxIm: boolean,
  maxMessageBytes: integer('bytes', 1, 512 * 1024 * 1024),
  maxListLength: count,
  retryDelaysMs: delays,
  listenerTimeoutMs: milliseconds(1),
  leaseMs: milliseconds(1),
  logger,
  tracing: boolean,
  metrics: objectWith('a Registry of prom-client', {
    registerMetric: 'function',
    removeSingleMetric: 'function',
  }),
};

export function resolveOptions(options: ImClientOptions): ResolvedOptions {
  const { service, redis, bus, ...given } = readOptions(
    'the options of a client',
    options,
    kinds,
    invalidOption,
  );
  if (service === undefined) throw invalidOption(wrongOption('service', service, kinds.service));
  return { ...imClientDefaults, ...given, service, bus: chooseBus(redis, bus) };
}

function chooseBus(redis: string | RedisBusOptions | undefined, bus: Bus | undefined): Bus | RedisBusOptions {
  if (bus !== undefined && redis === undefined) return bus;
  if (redis !== undefined && bus === undefined) return toRedisBusOptions(redis);
  const found = redis === undefined ? 'missing, and so is bus' : 'given beside bus';
  throw invalidOption(`The option redis is ${found}; expected exactly one of the two.`);
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

export const listenerKinds: Kinds<ListenerOptions> = {
  name: text('name', 'a text that is not empty'),
  retryDelaysMs: delays,
  listenerTimeoutMs: milliseconds(1),
  signal: abortSignal,
};

/** Of several listeners at once, each has a name of its own already. */
export function readListenerOptions(
  options: unknown,
  which: 'with name' | 'without name' = 'with name',
): ListenerOptions {
  const { name, ...others } = listenerKinds;
  const kinds = which === 'with name' ? { name, ...others } : others;
  return readOptions<ListenerOptions>(
    'the options of a listener',
    options,
    kinds as typeof listenerKinds,
    invalidOption,
  );
}
