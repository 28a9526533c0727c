import type { EventEmitter } from 'eventemitter3';
import { ImError, type MessageKind, type UserId } from 'im-common';
import { createRedisBus, Producer, type Bus, type Result } from 'im-common/bus';
import { Alarm } from './alarm.ts';
import { BusHealth } from './bus-health.ts';
import { ClientEvents, type ImClientEvents } from './events.ts';
import { forceLogout, type ForceLogoutOptions } from './force-logout.ts';
import { Instance } from './instance.ts';
import { Ledger } from './ledger.ts';
import { decoratedListeners } from './listen/decorated.ts';
import type { DataOf, MessageTypes, ResultHandler } from './listen/handler.ts';
import { ListenerQueue, type AnyHandler } from './listen/listener-queue.ts';
import { Listeners } from './listen/listeners.ts';
import { kindsOf, type ListenKind } from './listen/listener-type.ts';
import { onlineTerminals } from './online.ts';
import {
  resolveListenerOptions,
  resolveOptions,
  type ImClientOptions,
  type ListenerOptions,
  type ResolvedOptions,
} from './options.ts';
import { Adopt } from './results/adopt.ts';
import { ConsumeResults } from './results/consume-results.ts';
import { DeadLetters } from './results/dead-letters.ts';
import { Forwarder } from './results/forward.ts';
import { HandOut } from './results/hand-out.ts';
import type { Origin } from './results/in-hand.ts';
import { ResultLists, wireName } from './results/result-lists.ts';
import { Locator } from './send/locate.ts';
import {
  checkGroup,
  checkPrivate,
  checkSystem,
  checkTerminals,
  type GroupMessage,
  type OutgoingMessage,
  type PrivateMessage,
  type SystemMessage,
} from './send/message.ts';
import type { Receipt } from './send/receipt.ts';
import { SendDeadlines } from './send/send-deadlines.ts';
import { sendMessage, type SenderParts } from './send/send-message.ts';
import { leastLoaded, serversOf, type ServerStatus } from './servers.ts';

/** Most entries that one call puts on a server's list. */
const entriesPerPut = 500;
/** How long a listener may go on with its batch when the client is closed. */
const closeGraceMs = 5_000;

/**
 * A client of the push system for one backend process. Nothing happens before {@link ImClient.start} or the first call.
 *
 * @example
 * ```ts
 * const im = createImClient<{ private: ChatMessage }>({ service: 'shop', redis: 'redis://localhost' });
 * im.on('private', (results) => { … });
 * const receipt = await im.sendPrivateMessage({ sender: { id: 1, terminal: 0 }, recvId: 2, data: { text: 'hi' } });
 * ```
 */
export function createImClient<Types extends MessageTypes = MessageTypes>(
  options: ImClientOptions,
): ImClient<Types> {
  return new ImClient<Types>(resolveOptions(options));
}

export interface SendOptions {
  /** Aborting it stops a send of which nothing is on the bus yet. */
  readonly signal?: AbortSignal | undefined;
}

export class ImClient<Types extends MessageTypes = MessageTypes> {
  /** What the client tells of itself: lost and regained bus, failing listeners, results that never came. */
  readonly events: EventEmitter<ImClientEvents>;

  readonly #options: ResolvedOptions;
  readonly #bus: Bus;
  readonly #ownsBus: boolean;
  readonly #events: ClientEvents;
  readonly #health: BusHealth;
  readonly #closing = new AbortController();
  readonly #ledger: Ledger;
  readonly #expiry = new Alarm(() => this.#expire());
  readonly #deadlines: SendDeadlines;
  readonly #locator: Locator;
  readonly #producer: Producer;
  readonly #listeners = new Listeners();
  readonly #deadLetters: DeadLetters;
  readonly #forwarder: Forwarder;
  readonly #handOut: HandOut;
  readonly #consumeResults: ConsumeResults;
  readonly #resultLists: ResultLists;
  readonly #adopt: Adopt;
  readonly #instance: Instance;
  readonly #sender: SenderParts;
  /** Results that began here and that nobody here dealt with, on their way to the shared list while the client closes. */
  readonly #leaving = new Set<Promise<void>>();
  #starting: Promise<void> | undefined;
  #closed: Promise<void> | undefined;
  #isRunning = false;
  #messageCount = 0;

  /** @internal */
  constructor(options: ResolvedOptions) {
    const { service, logger, sendTimeoutMs, leaseMs } = options;
    this.#options = options;
    this.#ownsBus = !('lists' in options.bus);
    this.#bus = 'lists' in options.bus ? options.bus : createRedisBus(options.bus);
    this.#events = new ClientEvents(logger);
    this.events = this.#events;
    this.#health = new BusHealth(this.#events, logger);
    this.#ledger = new Ledger(options.resultDeadlineMs);
    this.#deadlines = new SendDeadlines(sendTimeoutMs);
    this.#locator = new Locator(this.#bus, sendTimeoutMs);
    const { lists, registry } = this.#bus;
    const { signal } = this.#closing;
    this.#producer = new Producer(lists, {
      maxLength: options.maxListLength,
      whenFull: 'refuse',
      timeoutMs: sendTimeoutMs,
      maxBatch: entriesPerPut,
    });
    this.#deadLetters = new DeadLetters(lists, { service, timeoutMs: sendTimeoutMs, signal });
    this.#forwarder = new Forwarder(lists, { service, timeoutMs: sendTimeoutMs });
    this.#handOut = new HandOut({
      listenersOf: (kind) => this.#listeners.of(kind),
      forwarder: this.#forwarder,
      signal,
    });
    this.#consumeResults = new ConsumeResults({
      ledger: this.#ledger,
      handOut: this.#handOut,
      deadLetters: this.#deadLetters,
      events: this.#events,
      logger,
    });
    const instanceId = (): string => this.#instance.id;
    const ready = (): Promise<void> | undefined => this.#ready();
    this.#resultLists = new ResultLists({
      lists,
      service,
      instanceId,
      isStill: (id) => this.#instance.isStill(id),
      ready,
      onOutage: (error) => this.#health.failed(error),
      onOwn: this.#consumeResults.own,
      onShared: this.#consumeResults.shared,
    });
    this.#adopt = new Adopt({
      lists,
      registry,
      service,
      instanceId,
      lockMs: 2 * leaseMs,
      ready,
      onAdopted: this.#consumeResults.adopted,
      logger,
    });
    this.#instance = new Instance({
      registry,
      service,
      leaseMs,
      logger,
      health: this.#health,
      listens: () => this.#listeners.kinds,
      onReborn: () => this.#resultLists.reopen(),
      onView: this.#adopt.look,
    });
    this.#sender = {
      locator: this.#locator,
      producer: this.#producer,
      ledger: this.#ledger,
      newEnvelope: () => this.#newEnvelope(),
      onStarted: (deadline) => this.#expiry.setFor(deadline),
      onLocalResult: (kind, result) => this.#handOut.deliver(kind, result, this.#hereOrigin, 0),
    };
  }

  /**
   * Connects and begins to take results. The first send or question does it too; a process that only listens calls it
   * itself. Rejects with BUS_UNAVAILABLE or BUS_TOO_OLD, and may be called again then.
   */
  start(): Promise<void> {
    if (this.#closed) return Promise.reject(closedError());
    this.#starting ??= this.#start().catch((error: unknown) => {
      this.#starting = undefined;
      throw error;
    });
    return this.#starting;
  }

  /**
   * Ends all that goes on here and resolves when it is gone. Listeners may finish the batch that they are at; results
   * that nobody dealt with stay on the bus for other instances of the service. May be called again.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Sends to each terminal of one user. Resolves when the message is on the bus of every one that is online. */
  async sendPrivateMessage(
    message: PrivateMessage<DataOf<Types, 'private'>>,
    options?: SendOptions,
  ): Promise<Receipt> {
    return this.#send(checkPrivate(message, this.#options), options);
  }

  /** Sends to each terminal of many users. Resolves when the message is on the bus of every one that is online. */
  async sendGroupMessage(
    message: GroupMessage<DataOf<Types, 'group'>>,
    options?: SendOptions,
  ): Promise<Receipt> {
    return this.#send(checkGroup(message, this.#options), options);
  }

  /** Sends what has no sender: to many users, or to everyone who is online. */
  async sendSystemMessage(
    message: SystemMessage<DataOf<Types, 'system'>>,
    options?: SendOptions,
  ): Promise<Receipt> {
    return this.#send(checkSystem(message, this.#options), options);
  }

  /**
   * Whether the user is connected, on this terminal or on any. Right within seconds: a server that died counts until its
   * lease is over, a device that fell silent until its server noticed.
   */
  async isOnline(userId: UserId, terminal?: number): Promise<boolean> {
    const terminals = terminal === undefined ? undefined : [terminal];
    return (await this.#onlineTerminals([userId], terminals)).size > 0;
  }

  /** The terminals on which each user is connected, by user id; users who are nowhere are left out. */
  async onlineTerminals(userIds: readonly UserId[]): Promise<Map<string, number[]>> {
    return this.#onlineTerminals(userIds, undefined);
  }

  /** Those of the users who are connected, as strings. */
  async onlineUsers(userIds: readonly UserId[]): Promise<string[]> {
    return [...(await this.#onlineTerminals(userIds, undefined)).keys()];
  }

  /** Closes the user's devices for good (close code 3000). Resolves with the terminals that an order went out for. */
  async forceLogout(userId: UserId, options: ForceLogoutOptions = {}): Promise<number[]> {
    const terminals = checkTerminals(options.terminals, this.#options);
    return this.#ask(() => forceLogout(this.#sender, userId, terminals));
  }

  /** The push servers that are alive. Servers of box-im do not announce themselves and are not among them. */
  async listServers(): Promise<ServerStatus[]> {
    return this.#ask(async () => serversOf(await this.#locator.servers()));
  }

  /** The server with the fewest connections that takes new ones, to tell a device where to connect. */
  async pickServer(): Promise<ServerStatus | undefined> {
    return leastLoaded(await this.listServers());
  }

  /**
   * Calls the handler with results of this kind, up to 100 at a time. All listeners of this instance get each result; of
   * several instances one gets it. Returns what unsubscribes it.
   */
  on<Kind extends ListenKind>(
    kind: Kind,
    handler: ResultHandler<Types, Kind>,
    options: ListenerOptions = {},
  ): () => void {
    if (typeof handler !== 'function')
      throw new ImError('INVALID_ARGUMENT', 'The handler is not a function.');
    // It is put with its own kind, so it only ever sees results of that kind.
    return this.#listen(kind, handler.name || kind, handler as AnyHandler, options);
  }

  /** Subscribes what is decorated with `@IMListener` and `@OnResult` on an object. Returns what unsubscribes it all. */
  register(instance: object, options: Omit<ListenerOptions, 'name'> = {}): () => void {
    const unsubscribe = decoratedListeners(instance).map(({ kind, name, handler }) =>
      this.#listen(kind, name, handler, options),
    );
    return () => {
      for (const stop of unsubscribe) stop();
    };
  }

  async #start(): Promise<void> {
    if (this.#ownsBus) await this.#bus.start();
    await this.#instance.start();
    this.#isRunning = true;
    this.#resultLists.shareIn(this.#listeners.kinds);
  }

  async #close(): Promise<void> {
    await this.#starting?.catch(() => undefined);
    await this.#deadlines.idle();
    this.#closing.abort();
    this.#expiry.clear();
    await Promise.all([
      this.#listeners.close(closeGraceMs),
      this.#resultLists.close(),
      this.#adopt.close(),
      this.#handOut.empty(),
    ]);
    await Promise.all(this.#leaving);
    this.#producer.close();
    this.#ledger.abandonAll();
    await this.#instance.close();
    if (this.#ownsBus) await this.#bus.close();
  }

  async #send(message: OutgoingMessage, { signal }: SendOptions = {}): Promise<Receipt> {
    this.#checkOpen();
    try {
      return await this.#deadlines.run(async (attempt) => {
        if (!this.#isRunning) await this.start();
        if (message.sendResult) this.#resultLists.openOwn(message.kind);
        return sendMessage(this.#sender, message, attempt, signal);
      });
    } catch (error) {
      if (error instanceof ImError && error.code === 'BUS_UNAVAILABLE') this.#health.failed(error);
      throw error;
    }
  }

  #onlineTerminals(
    userIds: readonly UserId[],
    terminals: readonly number[] | undefined,
  ): Promise<Map<string, number[]>> {
    return this.#ask(() => onlineTerminals(this.#locator, userIds, checkTerminals(terminals, this.#options)));
  }

  async #ask<T>(question: () => Promise<T>): Promise<T> {
    this.#checkOpen();
    return this.#deadlines.run(async () => {
      if (!this.#isRunning) await this.start();
      return question();
    });
  }

  #listen(kind: ListenKind, name: string, handler: AnyHandler, options: ListenerOptions): () => void {
    this.#checkOpen();
    if (kindsOf(kind).some((wanted) => !Array.isArray(this.#listeners.of(wanted)))) {
      throw new ImError(
        'INVALID_ARGUMENT',
        `${String(kind)} is no kind of result: private, group, system or all.`,
      );
    }
    const limits = resolveListenerOptions(options, this.#options);
    const listener = new ListenerQueue(options.name ?? name, handler, limits, {
      logger: this.#options.logger,
      events: this.#events,
      deadLetters: this.#deadLetters,
    });
    this.#listeners.add(kind, listener);
    if (this.#isRunning) this.#resultLists.shareIn(this.#listeners.kinds);
    const unsubscribe = (): void => {
      options.signal?.removeEventListener('abort', unsubscribe);
      this.#listeners.remove(listener);
      if (this.#isRunning) this.#resultLists.shareIn(this.#listeners.kinds);
    };
    if (options.signal?.aborted) unsubscribe();
    else options.signal?.addEventListener('abort', unsubscribe);
    return unsubscribe;
  }

  /** Whether more results may be taken: there is room for them, and nobody else believes us dead. */
  #ready(): Promise<void> | undefined {
    const room = this.#handOut.room();
    const lease = this.#instance.leaseHeld();
    if (!room && !lease) return undefined;
    return Promise.all([room, lease]).then(() => undefined);
  }

  #expire(): number | undefined {
    for (const expired of this.#ledger.expire(performance.now())) {
      this.#consumeResults.expired(expired, this.#hereOrigin);
    }
    return this.#ledger.nextDeadline;
  }

  #newEnvelope(): { messageId: string; serviceName: string; queuedAt: number } {
    const { id } = this.#instance;
    this.#messageCount += 1;
    return {
      messageId: `${id}-${this.#messageCount.toString(36)}`,
      serviceName: wireName(this.#options.service, id),
      queuedAt: Date.now(),
    };
  }

  /** Of results that no server sent: not online, expired. */
  readonly #hereOrigin: Origin = {
    isShared: false,
    done: () => undefined,
    giveBack: (kind, result) => this.#leave(kind, result),
  };

  #leave(kind: MessageKind, result: Result): void {
    const leaving = this.#forwarder
      .put(kind, result)
      .catch((error: unknown) => {
        const { messageId } = result;
        this.#options.logger.error({ kind, messageId, error }, 'A result was lost while the client closed');
      })
      .finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
  }

  #checkOpen(): void {
    if (this.#closed) throw closedError();
  }
}

function closedError(): ImError {
  return new ImError('CLOSED', 'The client is closed. Create another one.');
}
