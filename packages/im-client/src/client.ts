import type { EventEmitter } from 'eventemitter3';
import { ImError, type DeviceAddress, type UserId } from 'im-common';
import { createRedisBus, type Bus } from 'im-common/bus';
import { Alarm, endOfUnknownLists, Producer, runningMs } from 'im-common/internal/bus';
import { choice, invalidArgument, readOptions, show, type Kinds } from 'im-common/internal/checks';
import { abortSignal } from './checks/abort-signal.ts';
import { BusHealth } from './bus/bus-health.ts';
import { createDeadLetters, type DeadLetters } from './dead-letters.ts';
import { ClientEvents, type ImClientEvents } from './events.ts';
import { forceLogout, forceLogoutFields, type ForceLogoutOptions } from './ask/force-logout.ts';
import { Ledger } from './ledger/ledger.ts';
import { decoratedListeners } from './listen/decorated.ts';
import type { DataOf, MessageTypes, ResultHandler } from './listen/handler.ts';
import type { AnyHandler } from './listen/listener-queue.ts';
import type { ListenKind } from './listen/listener-type.ts';
import { onlineTerminals } from './ask/online.ts';
import {
  readListenerOptions,
  resolveOptions,
  type ImClientOptions,
  type ListenerOptions,
  type ResolvedOptions,
} from './options.ts';
import { Repeater } from './bus/repeater.ts';
import { deadResultsOf } from './results/dead-letters.ts';
import { Results } from './results/results.ts';
import {
  checkRevocation,
  revokeTokens,
  revokeTokensFields,
  type RevokeTokensOptions,
} from './ask/revoke-tokens.ts';
import { Locator } from './locate/locator.ts';
import {
  addressesOf,
  checkGroup,
  checkId,
  checkIds,
  checkPrivate,
  checkSystem,
  checkTerminal,
  checkTerminals,
  type GroupMessage,
  type MessageLimits,
  type OutgoingMessage,
  type PrivateMessage,
  type SystemMessage,
} from './send/message.ts';
import type { Envelope } from './send/plan.ts';
import type { Receipt } from './send/receipt.ts';
import { sendMessage } from './send/send-message.ts';
import type { SendDeps } from './send/send-progress.ts';
import { WaitingRoom } from './calls/in-flight-limit.ts';
import { MovingReceivers } from './locate/moving-receivers.ts';
import { leastLoaded, serversOf, type ServerStatus } from './ask/servers.ts';

/** Most entries that one call puts on a server's list. */
const entriesPerPut = 500;
/** While more entries wait at a server, sends to it wait here: on its list the time for their results would run. */
const longestListToAddTo = 5_000;
/** What a terminal that a call is about costs in memory while the call waits. */
const bytesPerAddress = 100;

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
  return ImClient.create<Types>(resolveOptions(options));
}

export interface SendOptions {
  /** Aborting it stops a send of which nothing is on the bus yet. */
  readonly signal?: AbortSignal | undefined;
}

export interface RoomOptions {
  /** `questions` are all calls that send no message: about presence, and orders to log out. @default 'sends' */
  readonly for?: 'sends' | 'questions' | undefined;
  /** Aborting it gives up the place in the row. */
  readonly signal?: AbortSignal | undefined;
}

const noOptions: SendOptions = {};
const sendKinds: Kinds<SendOptions> = { signal: abortSignal };
const roomKinds: Kinds<RoomOptions> = { for: choice(['sends', 'questions']), signal: abortSignal };

function readSendOptions(options: unknown): SendOptions {
  return readOptions('the options of a send', options, sendKinds, invalidArgument);
}

function readRoomOptions(options: unknown): RoomOptions {
  return readOptions('the options of room', options, roomKinds, invalidArgument);
}

/** What {@link createImClient} returns. A class, so that dependency injection can name it; it is not for `new`. */
export class ImClient<Types extends MessageTypes = MessageTypes> implements AsyncDisposable {
  /** What the client tells of itself: lost and regained bus, failing listeners, results that never came. */
  readonly events: EventEmitter<ImClientEvents>;

  /** What could not be read or taken: to look at, to replay, to discard. */
  readonly deadLetters: DeadLetters;

  readonly #options: ResolvedOptions;
  readonly #bus: Bus;
  readonly #ownsBus: boolean;
  readonly #health: BusHealth;
  readonly #sends: WaitingRoom;
  readonly #questions: WaitingRoom;
  readonly #locator: Locator;
  readonly #repeater: Repeater;
  readonly #producer: Producer;
  readonly #results: Results;
  readonly #sender: SendDeps;
  #starting: Promise<void> | undefined;
  #awaitedStart: Promise<void> | undefined;
  #closed: Promise<void> | undefined;
  #isRunning = false;
  #messageCount = 0;

  private constructor(options: ResolvedOptions) {
    const { logger, sendTimeoutMs, maxWaiting: maxCalls, maxWaitingBytes: maxBytes } = options;
    const events = new ClientEvents(logger);
    const ledger = new Ledger(options.resultDeadlineMs);
    this.events = events;
    this.#options = options;
    this.#ownsBus = !('lists' in options.bus);
    this.#bus = 'lists' in options.bus ? options.bus : createRedisBus(options.bus);
    this.#health = new BusHealth(events, logger);
    this.#sends = new WaitingRoom({ what: 'sends', maxCalls, maxBytes });
    this.#questions = new WaitingRoom({ what: 'questions', maxCalls, maxBytes });
    this.#locator = new Locator(this.#bus, sendTimeoutMs);
    this.#repeater = new Repeater(sendTimeoutMs);
    this.#producer = new Producer(this.#bus.lists, {
      maxLength: options.maxListLength,
      whenFull: 'refuse',
      timeoutMs: sendTimeoutMs,
      maxBatch: entriesPerPut,
      holdAbove: longestListToAddTo,
      ttlMs: endOfUnknownLists((serverId) => this.#locator.knows(serverId)),
    });
    this.deadLetters = createDeadLetters({
      lists: this.#bus.lists,
      of: deadResultsOf(options.service),
      liveServers: async () => (await this.#locator.servers()).live.map(({ id }) => Number(id)),
      ask: (question) => this.#ask(1, question),
    });
    this.#results = new Results({ bus: this.#bus, options, ledger, events, health: this.#health });
    this.#sender = {
      locator: this.#locator,
      moving: new MovingReceivers({
        look: (addresses) => this.#locator.look(addresses),
        graceMs: options.reconnectGraceMs,
        mostWaiting: maxCalls / 2,
      }),
      producer: this.#producer,
      ledger,
      presence: this.#bus.presence,
      besideBoxIm: options.besideBoxIm,
      newEnvelope: () => this.#newEnvelope(),
      onStarted: (deadline) => this.#results.watch(deadline),
      onLocalResult: (kind, result) => this.#results.deliverFromHere(kind, result),
    };
  }

  /** @internal */
  static create<Types extends MessageTypes>(options: ResolvedOptions): ImClient<Types> {
    return new ImClient<Types>(options);
  }

  /**
   * Connects and begins to take results. The first send or question does it too; a process that only listens calls it
   * itself. Rejects with BUS_UNAVAILABLE, BUS_REFUSED or BUS_TOO_OLD, and may be called again then.
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
  sendPrivateMessage(
    message: PrivateMessage<DataOf<Types, 'private'>>,
    options?: SendOptions,
  ): Promise<Receipt> {
    return this.#send(checkPrivate, message, options);
  }

  /** Sends to each terminal of many users. Resolves when the message is on the bus of every one that is online. */
  sendGroupMessage(message: GroupMessage<DataOf<Types, 'group'>>, options?: SendOptions): Promise<Receipt> {
    return this.#send(checkGroup, message, options);
  }

  /** Sends what has no sender: to many users, or to everyone who is online. */
  sendSystemMessage(
    message: SystemMessage<DataOf<Types, 'system'>>,
    options?: SendOptions,
  ): Promise<Receipt> {
    return this.#send(checkSystem, message, options);
  }

  /**
   * Resolves when there is room for one more send, or question: at once unless `maxWaiting` or `maxWaitingBytes` is reached,
   * else in the order in which it was asked for. Make the call right after it, without another `await` in between.
   *
   * @example
   * ```ts
   * for (const userId of manyUsers) {
   *   await im.room();
   *   im.sendPrivateMessage({ sender, recvId: userId, data }).catch(report);
   * }
   * ```
   */
  async room(options: RoomOptions = {}): Promise<void> {
    this.#checkOpen();
    const { for: what, signal } = readRoomOptions(options);
    await (what === 'questions' ? this.#questions : this.#sends).whenRoom(signal);
  }

  /**
   * Whether the user is connected, on this terminal or on any. Right within seconds: a server that died counts until its
   * lease is over, a device that fell silent until its server noticed.
   */
  async isOnline(userId: UserId, terminal?: number): Promise<boolean> {
    const terminals =
      terminal === undefined ? this.#options.terminals : [checkTerminal('terminal', terminal)];
    return (await this.#onlineTerminals([checkId('userId', userId)], terminals)).size > 0;
  }

  /** The terminals on which each user is connected, by user id; users who are nowhere are left out. */
  async onlineTerminals(userIds: readonly UserId[]): Promise<Map<string, number[]>> {
    return this.#onlineTerminals(checkIds('userIds', userIds), this.#options.terminals);
  }

  /** Those of the users who are connected, as strings. */
  async onlineUsers(userIds: readonly UserId[]): Promise<string[]> {
    return [...(await this.onlineTerminals(userIds)).keys()];
  }

  /**
   * Closes the user's devices for good (close code 3000). Resolves with the terminals that an order went out for. One that is
   * between two servers is waited for like a receiver, for `reconnectGraceMs` at most.
   */
  async forceLogout(userId: UserId, options: ForceLogoutOptions = {}): Promise<number[]> {
    const { terminals } = forceLogoutFields.read(options);
    const devices = this.#devicesOf(userId, terminals);
    const parts = {
      look: this.#locator.look.bind(this.#locator),
      moving: this.#sender.moving,
      producer: this.#producer,
    };
    return this.#ask(devices.length, () => forceLogout(parts, devices));
  }

  /**
   * Refuses the tokens of a user that were issued, or that end, before a moment, and closes the devices that are connected
   * with them (im-device is kicked, others see close code 4401): after a logout, a change of the password, a ban. Resolves with the terminals that an order
   * went out for; from then on no such token logs in. `iat` and `exp` are whole seconds, so a token that should pass must be
   * issued, or end, a second later than those that should not. Lost when the bus loses its memory: whoever issues tokens must
   * not give out new ones to a banned user.
   */
  async revokeTokens(userId: UserId, options: RevokeTokensOptions): Promise<number[]> {
    const given = revokeTokensFields.read(options);
    const devices = this.#devicesOf(userId, given.terminals);
    const order = checkRevocation(given);
    const parts = { presence: this.#bus.presence, producer: this.#producer, repeater: this.#repeater };
    return this.#ask(devices.length, () => revokeTokens(parts, devices, order));
  }

  /** The push servers that are alive. Servers of box-im do not announce themselves and are not among them. */
  async listServers(): Promise<ServerStatus[]> {
    return this.#ask(1, async () => serversOf(await this.#locator.servers()));
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
      throw invalidArgument(`The handler is ${show(handler)}; expected a function.`);
    this.#checkOpen();
    // A class may have a member of this name.
    const name: unknown = handler.name;
    const nameOrKind = typeof name === 'string' && name !== '' ? name : kind;
    // It is put with its own kind, so it only ever sees results of that kind.
    return this.#results.listen(kind, nameOrKind, handler as AnyHandler, options);
  }

  /** Subscribes what is decorated with `@IMListener` and `@OnResult` on an object. Returns what unsubscribes it all. */
  register(instance: object, options: Omit<ListenerOptions, 'name'> = {}): () => void {
    this.#checkOpen();
    const given = readListenerOptions(options, 'without name');
    const unsubscribe = decoratedListeners(instance).map(({ kind, name, handler }) =>
      this.#results.listen(kind, name, handler, given),
    );
    return () => {
      for (const stop of unsubscribe) stop();
    };
  }

  async #start(): Promise<void> {
    if (this.#ownsBus) await this.#bus.start();
    await this.#results.start();
    this.#isRunning = true;
  }

  async #close(): Promise<void> {
    for (const room of [this.#sends, this.#questions]) room.close(closedError());
    await this.#starting?.catch(() => undefined);
    await Promise.all([this.#sends.whenEmpty(), this.#questions.whenEmpty()]);
    this.#producer.close();
    await this.#results.close();
    if (this.#ownsBus) await this.#bus.close();
  }

  /** Not async: to resolve one promise with another takes three more turns of the queue, for each message. */
  #send(
    check: (message: unknown, limits: MessageLimits) => OutgoingMessage,
    given: unknown,
    options: SendOptions | undefined,
  ): Promise<Receipt> {
    try {
      this.#checkOpen();
      this.#sends.checkRoom();
      const message = check(given, this.#options);
      const { signal } = options === undefined ? noOptions : readSendOptions(options);
      const { dataText, receivers, copies } = message;
      const bytes = dataText.length + bytesPerAddress * (receivers.length + copies.length);
      return this.#within(this.#sends, bytes, () => {
        if (message.sendResult) this.#results.expect(message.kind);
        return sendMessage(this.#sender, message, signal);
      });
    } catch (error) {
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what was thrown, as in an async function
      return Promise.reject(error);
    }
  }

  #devicesOf(userId: unknown, terminals: unknown): DeviceAddress[] {
    return addressesOf([checkId('userId', userId)], checkTerminals('terminals', terminals, this.#options));
  }

  async #onlineTerminals(
    ids: readonly string[],
    terminals: readonly number[],
  ): Promise<Map<string, number[]>> {
    const devices = addressesOf(ids, terminals);
    return this.#ask(devices.length, () => onlineTerminals(this.#locator, devices));
  }

  async #ask<T>(addressCount: number, question: () => Promise<T>): Promise<T> {
    this.#checkOpen();
    this.#questions.checkRoom();
    return this.#within(this.#questions, bytesPerAddress * addressCount, question);
  }

  /** `call` rejects rather than throws. */
  #within<T>(room: WaitingRoom, bytes: number, call: () => Promise<T>): Promise<T> {
    room.enter(bytes);
    const work = this.#isRunning ? call() : this.#whenStarted().then(call);
    work.then(
      () => room.leave(bytes),
      (error: unknown) => {
        room.leave(bytes);
        if (error instanceof ImError && error.code === 'BUS_UNAVAILABLE') this.#health.failed(error);
      },
    );
    return work;
  }

  /** A call waits for the start as long as for any other answer. */
  #whenStarted(): Promise<void> {
    this.#awaitedStart ??= notLongerThan(this.#options.sendTimeoutMs, this.start())
      .catch((error: unknown) => {
        if (!(error instanceof ImError) || error.effect === 'none') throw error;
        throw new ImError(error.code, error.message, { cause: error, effect: 'none' });
      })
      .finally(() => (this.#awaitedStart = undefined));
    return this.#awaitedStart;
  }

  #newEnvelope(): Envelope {
    const { instanceId, wireName } = this.#results;
    this.#messageCount += 1;
    return {
      messageId: `${instanceId}-${this.#messageCount.toString(36)}`,
      serviceName: wireName,
      queuedAt: Date.now(),
    };
  }

  #checkOpen(): void {
    if (this.#closed) throw closedError();
  }
}

function closedError(): ImError {
  return new ImError('CLOSED', 'The client is closed. Create another one.');
}

function notLongerThan(timeoutMs: number, start: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const deadline = runningMs() + timeoutMs;
    const alarm = new Alarm(() => {
      if (runningMs() < deadline) return deadline;
      reject(
        new ImError('BUS_UNAVAILABLE', `The bus did not answer within ${timeoutMs} ms. Nothing was sent.`),
      );
      return undefined;
    });
    alarm.setFor(deadline);
    start.then(resolve, reject).finally(() => alarm.clear());
  });
}
