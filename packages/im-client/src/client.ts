import type { EventEmitter } from 'eventemitter3';
import type { UserId } from 'im-common';
import { invalidArgument, show } from 'im-common/internal/checks';
import type { ForceLogoutOptions } from './ask/force-logout.ts';
import type { Questions } from './ask/questions.ts';
import type { RevokeTokensOptions } from './ask/revoke-tokens.ts';
import { leastLoaded, type ServerStatus, type Where, type WhereOptions } from './ask/servers.ts';
import type { Calls, CapacityOptions } from './calls/calls.ts';
import type { Lifecycle } from './calls/lifecycle.ts';
import { compose, type Composition } from './composition.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { ImClientEvents } from './events.ts';
import { decoratedListeners } from './listen/decorated.ts';
import type { DataOf, MessageTypes, ResultHandler } from './listen/handler-types.ts';
import type { AnyHandler } from './listen/listener-queue.ts';
import type { ListenKind } from './listen/listener-type.ts';
import {
  readListenerOptions,
  resolveOptions,
  type ImClientOptions,
  type ListenerOptions,
} from './options.ts';
import type { OnlineDevice } from './ask/online-devices.ts';
import type { EndSessionOptions, SessionsOptions, UserSession, WhichSession } from './ask/sessions.ts';
import type { PresenceHandler, PresenceListenerOptions } from './presence/presence-event.ts';
import type { PresenceIntake } from './presence/presence-intake.ts';
import type { ResultIntake } from './results/result-intake.ts';
import type { GroupMessage, PrivateMessage, SystemMessage, TopicMessage } from './send/message.ts';
import { checkGroup, checkPrivate, checkSystem } from './send/outgoing-message.ts';
import type { Receipt } from './send/receipt.ts';
import type { Sender, SendOptions } from './send/sender.ts';
import type { Topics } from './topics/topics.ts';
import type { DeviceRequest, RequestDesk } from './uplink/request-desk.ts';
import type { UplinkDesk } from './uplink/uplink-desk.ts';
import type { UplinkHandler } from './uplink/uplink-handler.ts';

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
  return ImClient.of<Types>(compose(resolveOptions(options)));
}

/** What {@link createImClient} returns. A class, so that dependency injection can name it; it is not for `new`. */
export class ImClient<Types extends MessageTypes = MessageTypes> implements AsyncDisposable {
  /** What the client tells of itself: lost and regained bus, failing listeners, results that never came. */
  readonly events: EventEmitter<ImClientEvents>;

  /** What could not be read or taken: to look at, to replay, to discard. */
  readonly deadLetters: DeadLetters;

  /** Named sets of users that a group message can be sent to. */
  readonly topics: Topics;

  readonly #lifecycle: Lifecycle;
  readonly #calls: Calls;
  readonly #sender: Pick<Sender, 'send'>;
  readonly #questions: Questions;
  readonly #intake: ResultIntake;
  readonly #presence: PresenceIntake;
  readonly #uplinks: UplinkDesk;
  readonly #requests: RequestDesk;

  private constructor(composition: Composition) {
    this.events = composition.events;
    this.deadLetters = composition.deadLetters;
    this.topics = composition.topics;
    this.#lifecycle = composition.lifecycle;
    this.#calls = composition.calls;
    this.#sender = composition.sender;
    this.#questions = composition.questions;
    this.#intake = composition.intake;
    this.#presence = composition.presence;
    this.#uplinks = composition.uplinks;
    this.#requests = composition.requests;
  }

  /** @internal */
  static of<Types extends MessageTypes>(composition: Composition): ImClient<Types> {
    return new ImClient<Types>(composition);
  }

  /**
   * Connects and begins to take results. The first send or question does it too; a process that only listens calls it
   * itself. Rejects with BUS_UNAVAILABLE, BUS_REFUSED or BUS_TOO_OLD, and may be called again then.
   */
  start(): Promise<void> {
    return this.#lifecycle.start();
  }

  /**
   * Ends all that goes on here and resolves when it is gone. Listeners may finish the batch that they are at; results
   * that nobody dealt with stay on the bus for other instances of the service. May be called again.
   */
  close(): Promise<void> {
    return this.#lifecycle.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Sends to each terminal of one user. Resolves when the message is on the bus of every one that is online. */
  sendPrivateMessage(
    message: PrivateMessage<DataOf<Types, 'private'>>,
    options?: SendOptions,
  ): Promise<Receipt> {
    return this.#sender.send(checkPrivate, message, options);
  }

  /**
   * Sends to each terminal of many users, or of the members of a topic. Resolves when the message is on the bus of every one that is
   * online.
   */
  sendGroupMessage(
    message: GroupMessage<DataOf<Types, 'group'>> | TopicMessage<DataOf<Types, 'group'>>,
    options?: SendOptions,
  ): Promise<Receipt> {
    return this.#sender.send(checkGroup, message, options);
  }

  /** Sends what has no sender: to many users, or to everyone who is online. */
  sendSystemMessage(
    message: SystemMessage<DataOf<Types, 'system'>>,
    options?: SendOptions,
  ): Promise<Receipt> {
    return this.#sender.send(checkSystem, message, options);
  }

  /**
   * Asks one device, and resolves with what its `onRequest` (im-device/uplink) returns. Rejects with NOT_ONLINE, NO_REPLY,
   * DEVICE_LOST or DEVICE_FAILED. It is asked once: with `effect: 'unknown'` it may have done what it was asked all the same.
   */
  request<Reply = unknown>(request: DeviceRequest): Promise<Reply> {
    return this.#requests.request(request) as Promise<Reply>;
  }

  /**
   * Resolves when there is capacity for one more send, or question: at once below `maxWaiting` and `maxWaitingBytes`, else
   * in the order of the calls. Make the call right after it, without another `await` in between.
   *
   * @example
   * ```ts
   * for (const userId of manyUsers) {
   *   await im.capacity();
   *   im.sendPrivateMessage({ sender, recvId: userId, data }).catch(report);
   * }
   * ```
   */
  capacity(options: CapacityOptions = {}): Promise<void> {
    return this.#calls.capacity(options);
  }

  /**
   * Whether the user is connected, on this terminal or on any. Right within seconds: a server that died counts until its
   * lease is over, a device that fell silent until its server noticed.
   */
  isOnline(userId: UserId, terminal?: number): Promise<boolean> {
    return this.#questions.isOnline(userId, terminal);
  }

  /** The terminals on which each user is connected, by user id; users who are nowhere are left out. */
  onlineTerminals(userIds: readonly UserId[]): Promise<Map<string, number[]>> {
    return this.#questions.onlineTerminals(userIds);
  }

  /** Those of the users who are connected, as strings. */
  async onlineUsers(userIds: readonly UserId[]): Promise<string[]> {
    return [...(await this.onlineTerminals(userIds)).keys()];
  }

  /**
   * All devices that are online, in pages of some hundred: those that are there from the beginning to the end, and some of the
   * rest; one may come twice. It is cheap while a service listens to `presence`, and otherwise a walk through all of Redis.
   *
   * @example
   * ```ts
   * for await (const devices of im.onlineDevices()) console.log(devices.length);
   * ```
   */
  onlineDevices(): AsyncGenerator<OnlineDevice[], void, undefined> {
    return this.#questions.onlineDevices();
  }

  /** How many devices are online; as of {@link ImClient.onlineDevices}. */
  countOnline(): Promise<number> {
    return this.#questions.countOnline();
  }

  /**
   * Where a user is logged in, the oldest session of a terminal first. Everything but user, terminal and server is known of servers
   * that keep sessions: with their option `sessions`, or while a service listens to `presence`.
   */
  sessions(userId: UserId, options: SessionsOptions = {}): Promise<UserSession[]> {
    return this.#questions.sessions(userId, options);
  }

  /** Closes one session for good (close code 3000), as {@link ImClient.forceLogout} does all. False when it was over already. */
  endSession(session: WhichSession, options: EndSessionOptions = {}): Promise<boolean> {
    return this.#questions.endSession(session, options);
  }

  /**
   * Closes the user's devices for good (close code 3000). Resolves with the terminals that an order went out for. One that is
   * between two servers is waited for like a receiver, for `reconnectGraceMs` at most.
   */
  forceLogout(userId: UserId, options: ForceLogoutOptions = {}): Promise<number[]> {
    return this.#questions.forceLogout(userId, options);
  }

  /**
   * Refuses the tokens of a user that were issued, or that end, before a moment, and closes the devices that are connected
   * with them (im-device is kicked, others see close code 4401): after a logout, a change of the password, a ban. Resolves with the terminals that an order
   * went out for; from then on no such token logs in. `iat` and `exp` are whole seconds, so a token that should pass must be
   * issued, or end, a second later than those that should not. Lost when the bus loses its memory: what issues tokens must
   * not give out new ones to a banned user.
   */
  revokeTokens(userId: UserId, options: RevokeTokensOptions): Promise<number[]> {
    return this.#questions.revokeTokens(userId, options);
  }

  /** The push servers that are alive. Servers of box-im do not announce themselves and are not among them. */
  listServers(): Promise<ServerStatus[]> {
    return this.#questions.listServers();
  }

  /** The server with the fewest connections that takes new ones, to tell a device where to connect. */
  async pickServer(): Promise<ServerStatus | undefined> {
    return leastLoaded(await this.listServers());
  }

  /**
   * Where devices may connect, for a route of yours that they ask; im-device's `locate` takes the answer as it is. Without
   * a server that takes devices `urls` is empty.
   *
   * @example
   * app.get('/where', async (_request, response) => response.json(await im.where()));
   */
  where(options: WhereOptions = {}): Promise<Where> {
    return this.#questions.where(options);
  }

  /**
   * Calls the handler with results of this kind, up to 100 at a time. All listeners of this instance get each result; of
   * several instances one gets it. Returns what unsubscribes it.
   */
  on<Kind extends ListenKind>(
    kind: Kind,
    handler: ResultHandler<Types, Kind>,
    options?: ListenerOptions,
  ): () => void;
  /**
   * Calls the handler with who comes and goes: first `restart`, then `came` for everyone who is online, then each change, at
   * least once, within five seconds also for users of a server that died. Events of one user and terminal carry rising
   * numbers; one that is not above the last was told before. Of several instances of a service one is told.
   */
  on(kind: 'presence', handler: PresenceHandler, options?: PresenceListenerOptions): () => void;
  on<Kind extends ListenKind>(
    kind: Kind | 'presence',
    handler: ResultHandler<Types, Kind> | PresenceHandler,
    options: PresenceListenerOptions = {},
  ): () => void {
    if (typeof handler !== 'function')
      throw invalidArgument(`The handler is ${show(handler)}; expected a function.`);
    this.#lifecycle.checkOpen();
    // A class may have a member of this name.
    const name: unknown = handler.name;
    const nameOrKind = typeof name === 'string' && name !== '' ? name : kind;
    if (kind === 'presence') return this.#presence.listen(handler as PresenceHandler, nameOrKind, options);
    // It is put with its own kind, so it only ever sees results of that kind.
    const unsubscribe = this.#intake.listen(kind, nameOrKind, handler as AnyHandler, options);
    return () => void unsubscribe();
  }

  /**
   * Takes what devices say to a service of this name (im-device's `send` and `request`), where a server's `uplinkTo` lets
   * them. What the handler returns is the reply to a device that waits for one; `throw new UplinkRefusal(why)` tells it why not.
   * Handlers run in series per user, in the order of each device. Of several instances one gets each uplink; it gets it once
   * unless it dies, or loses its lease, before the handler's end is on the bus: then another one gets it again, under the
   * same `id`. What a handler fails with in all its attempts becomes a dead letter. Returns what ends it; that resolves when
   * what is under way has ended.
   */
  onUplink<Data = unknown>(
    service: string,
    handler: UplinkHandler<Data>,
    options: Omit<ListenerOptions, 'name'> = {},
  ): () => Promise<void> {
    this.#lifecycle.checkOpen();
    return this.#uplinks.listen(service, handler, options);
  }

  /**
   * Subscribes what is decorated with `@IMListener` and `@OnResult` on an object. Returns what unsubscribes it all; that
   * resolves when calls that are under way have ended.
   */
  register(instance: object, options: Omit<ListenerOptions, 'name'> = {}): () => Promise<void> {
    this.#lifecycle.checkOpen();
    const given = readListenerOptions(options, 'without name');
    const unsubscribe = decoratedListeners(instance).map(({ kind, name, handler }) =>
      this.#intake.listen(kind, name, handler, given),
    );
    return async () => {
      await Promise.all(unsubscribe.map((stop) => stop()));
    };
  }
}
