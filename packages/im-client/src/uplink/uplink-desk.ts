import { Command, type Logger } from 'im-common';
import type { Bus, ByteText, OwnedPartition } from 'im-common/bus';
import {
  deadLetterList,
  deadLetterProducer,
  encodeCall,
  encodeDeadLetter,
  encodeUplinkAnswer,
  errorMember,
  messageList,
  uplinkList,
  type Clock,
  type Producer,
  type ReadUplink,
} from 'im-common/internal/bus';
import { invalidArgument, show } from 'im-common/internal/checks';
import type { BusHealth } from '../bus/bus-health.ts';
import { keepTrying } from '../bus/keep-trying.ts';
import type { ClientEvents } from '../events.ts';
import type { ClientMetrics } from '../metrics.ts';
import { readListenerOptions } from '../options.ts';
import { toDataText } from '../send/json-text.ts';
import { handleUplink } from './handle-uplink.ts';
import { uplinkOf, type Handled, type HandlingLimits, type UplinkHandler } from './uplink-handler.ts';
import { UplinkPartition, type PartitionSignals } from './uplink-partition.ts';
import { UplinkService } from './uplink-service.ts';

export interface UplinkDeskDeps {
  readonly bus: Bus;
  /** Puts replies on the lists of servers. */
  readonly producer: Pick<Producer, 'put'>;
  readonly events: ClientEvents;
  readonly health: BusHealth;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly metrics: ClientMetrics | undefined;
  readonly options: HandlingLimits & {
    readonly leaseMs: number;
    readonly sendTimeoutMs: number;
    readonly maxMessageBytes: number;
  };
}

interface Listening {
  readonly name: string;
  readonly handler: UplinkHandler;
  readonly limits: HandlingLimits;
  service: UplinkService | undefined;
  ending: Promise<void> | undefined;
  inHand: number;
  waiting: (() => void)[];
}

/** Taken and not acknowledged, of one service at one instance; the rest waits on the bus. */
const mostInHand = 1_000;
const mostDeadLetters = 100_000;
const serviceName = /^[\w.-]{1,64}$/;
const never = new AbortController().signal;

/** The services that this client answers for. */
export class UplinkDesk {
  readonly #deps: UplinkDeskDeps;
  readonly #deadLetters: Producer;
  readonly #listening = new Map<string, Listening>();
  #isRunning = false;

  constructor(deps: UplinkDeskDeps) {
    this.#deps = deps;
    const { bus, options } = deps;
    this.#deadLetters = deadLetterProducer(bus.lists, {
      most: mostDeadLetters,
      timeoutMs: options.sendTimeoutMs,
    });
  }

  /** Returns what ends it; it resolves when what is under way has ended. */
  listen(name: unknown, handler: unknown, options: unknown): () => Promise<void> {
    const { signal, ...given } = readListenerOptions(options, 'without name');
    if (typeof name !== 'string' || !serviceName.test(name)) {
      throw invalidArgument(
        `The name of the service is ${show(name)}; expected 1 to 64 characters out of A-Z a-z 0-9 _ . -`,
      );
    }
    if (typeof handler !== 'function') {
      throw invalidArgument(`The handler is ${show(handler)}; expected a function.`);
    }
    if (this.#listening.has(name)) throw invalidArgument(`There is a handler for ${name} here already.`);
    const { options: defaults } = this.#deps;
    const limits = {
      retryDelaysMs: given.retryDelaysMs ?? defaults.retryDelaysMs,
      listenerTimeoutMs: given.listenerTimeoutMs ?? defaults.listenerTimeoutMs,
    };
    const listening: Listening = {
      ...{ name, handler: handler as UplinkHandler, limits, inHand: 0, waiting: [] },
      ...{ service: undefined, ending: undefined },
    };
    this.#listening.set(name, listening);
    if (this.#isRunning) this.#begin(listening);
    const end = (): Promise<void> => this.#end(listening);
    if (signal?.aborted) void end();
    else signal?.addEventListener('abort', () => void end(), { once: true });
    return end;
  }

  start(): void {
    this.#isRunning = true;
    for (const listening of this.#listening.values()) this.#begin(listening);
  }

  async close(): Promise<void> {
    this.#isRunning = false;
    await Promise.all(Array.from(this.#listening.values(), (listening) => this.#end(listening)));
    this.#deadLetters.close();
  }

  #begin(listening: Listening): void {
    const { bus, options } = this.#deps;
    const { name } = listening;
    listening.service = new UplinkService({
      ...{ name, uplinks: bus.uplinks, leaseMs: options.leaseMs },
      openPartition: (owned, service) => this.#openPartition(listening, owned, service),
      onBus: (error) => this.#deps.health.failed(error),
    });
  }

  #end(listening: Listening): Promise<void> {
    listening.ending ??= (async () => {
      for (const resolve of listening.waiting.splice(0)) resolve();
      await listening.service?.close();
      this.#listening.delete(listening.name);
    })();
    return listening.ending;
  }

  #openPartition(
    listening: Listening,
    { partition, epoch }: OwnedPartition,
    service: UplinkService,
  ): UplinkPartition {
    const { bus, health } = this.#deps;
    const list = uplinkList(listening.name, partition);
    return new UplinkPartition({
      ...{ lists: bus.lists, uplinks: bus.uplinks, list, epoch },
      consumer: `${service.instance}:${epoch}`,
      whenBelowLimit: () => whenBelowLimit(listening),
      onInHand: (change) => {
        listening.inHand += change;
        if (listening.inHand < mostInHand) for (const resolve of listening.waiting.splice(0)) resolve();
      },
      isOwner: () => service.isOwner(partition, epoch),
      handle: (uplink, signals) => this.#handle(listening, list, uplink, signals),
      onUnreadable: (text, error, over) => this.#putAway(listening.name, list, text, error, over),
      onReply: (uplink, reply, via) => this.#reply(listening.name, uplink, reply, via),
      onOutage: (error) => health.failed(error),
    });
  }

  async #handle(
    { name, handler, limits }: Listening,
    list: string,
    uplink: ReadUplink,
    { stopping, over, calls }: PartitionSignals,
  ): Promise<ByteText | undefined | 'left'> {
    const onFailure = (failed: ReadUplink, attempt: number, error: unknown): void =>
      this.#tellFailure(name, failed, attempt, error);
    const handled = await handleUplink(uplink, {
      ...{ handler, limits, clock: this.#deps.clock },
      ...{ stopping, over, calls, onFailure },
    });
    if (handled.kind === 'left') return 'left';
    if (handled.kind === 'failed') {
      const { text } = uplink;
      await this.#putAway(name, list, text, handled.error, over);
    }
    return uplink.asks ? this.#replyText(name, uplink, handled) : undefined;
  }

  #replyText(name: string, uplink: ReadUplink, handled: Exclude<Handled, { kind: 'left' }>): ByteText {
    if (handled.kind === 'refused') return errorMember('REFUSED', handled.reason);
    if (handled.kind === 'failed') return errorMember('FAILED');
    try {
      const text = toDataText(handled.value ?? null);
      const { maxMessageBytes } = this.#deps.options;
      if (text.length <= maxMessageBytes) return `"reply":${text}` as ByteText;
      throw new RangeError(`The reply has ${text.length} bytes; maxMessageBytes is ${maxMessageBytes}`);
    } catch (error) {
      // The handler has done its work: to call it again would not make the reply better.
      this.#tellFailure(name, uplink, 1, error);
      return errorMember('FAILED');
    }
  }

  #reply(name: string, uplink: ReadUplink, reply: ByteText, via: number): void {
    const { producer, logger } = this.#deps;
    const { sender, box, n } = uplink;
    const answer = encodeUplinkAnswer({ to: name, box, n }, reply);
    producer
      .put(messageList('private', via), encodeCall(Command.UPLINK_ANSWER, sender, answer))
      .catch((error: unknown) => {
        // The bus keeps it for when the device asks again.
        logger.warn({ error, service: name }, 'A reply could not be put');
      });
  }

  #tellFailure(service: string, uplink: ReadUplink, attempt: number, error: unknown): void {
    const { events, logger } = this.#deps;
    logger.warn({ service, attempt, error }, 'The handler of an uplink failed');
    events.emit('uplinkFailed', { service, uplink: uplinkOf(uplink, { attempt, signal: never }), error });
  }

  async #putAway(
    name: string,
    list: string,
    text: ByteText,
    error: unknown,
    over: AbortSignal,
  ): Promise<void> {
    this.#deps.logger.error({ service: name, error }, 'An uplink could not be handled; it is a dead letter');
    const letter = encodeDeadLetter({ list, why: String(error), by: `service ${name}` }, text);
    await keepTrying(over, () => this.#deadLetters.put(deadLetterList(`uplink:${name}`), letter));
    this.#deps.metrics?.deadLettered('uplink', 1);
  }
}

/** Resolves when there is room for more; undefined when there is. */
function whenBelowLimit(listening: Listening): Promise<void> | undefined {
  if (listening.inHand < mostInHand || listening.ending) return undefined;
  return new Promise((resolve) => listening.waiting.push(resolve));
}
