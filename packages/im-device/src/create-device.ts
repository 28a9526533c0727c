import type { Connection, ConnectionHost } from './connection/connection.ts';
import { startHeartbeat, type Heartbeat } from './connection/heartbeat.ts';
import { claimsOf } from './connection/token-claims.ts';
import type { Unreachable } from './connection/unreachable.ts';
import { Device } from './device.ts';
import { DeviceError } from './errors.ts';
import {
  Emitter,
  type DeviceEvents,
  type DeviceMessage,
  type DeviceState,
  type MessageTypes,
} from './events.ts';
import { Deliveries } from './messages/deliveries.ts';
import { loopOver } from './messages/message-loop.ts';
import { resolveOptions, type DeviceOptions, type ResolvedOptions } from './options.ts';
import type { DevicePart } from './part.ts';
import { tellParts } from './parts.ts';
import { onWake } from './platform.ts';
import { backoffMs } from './reconnect/after-ending.ts';
import { askToken, stayConnected, type StayConnectedOptions } from './reconnect/stay-connected.ts';
import { canShare, Tabs, type TabsHost } from './tabs/tabs.ts';

/**
 * The device end of the push system: connects, logs in, stays connected, and acknowledges what the application has taken.
 * Nothing happens before `start()`.
 *
 * @example
 * const device = createDevice({ url: 'wss://push.example.com/im', token: () => fetchToken() });
 * device.on('message', async (message) => { await show(message.data); });
 * device.start();
 */
export function createDevice<Types extends MessageTypes = MessageTypes>(
  options: DeviceOptions,
): Device<Types> {
  return new OneDevice<Types>(resolveOptions(options));
}

/** The other tabs must have heard that we were kicked before one of them may take our place. */
const kickedPauseMs = 1_000;

class OneDevice<Types extends MessageTypes>
  extends Device<Types>
  implements ConnectionHost, StayConnectedOptions, TabsHost
{
  readonly options: ResolvedOptions;
  heartbeat: Heartbeat;
  readonly login = {};
  readonly #emitter = new Emitter<Types>();
  readonly #deliveries: Deliveries<Types>;
  readonly #tabs = new Tabs(this);
  readonly #parts: DevicePart[] = [];
  #state: DeviceState = { kind: 'offline' };
  #closing: Promise<void> | undefined;

  /** Stops what `start()` began; undefined when nothing runs. */
  #stop: AbortController | undefined;
  #running: Promise<void> | undefined;
  #connection: Connection | undefined;
  #endPause: () => void = () => undefined;

  constructor(options: ResolvedOptions) {
    super();
    this.options = options;
    this.heartbeat = startHeartbeat(options);
    this.#deliveries = new Deliveries({
      emitter: this.#emitter,
      late: options.late,
      onNew: (message) => this.#tabs.tell({ kind: 'message', message }),
    });
  }

  get state(): DeviceState {
    return this.#state;
  }

  start(): void {
    if (this.#closing) throw new DeviceError('CLOSED', 'The device is closed. Create another one.');
    if (this.#stop) {
      // Kicked, and not quite at the end of it.
      if (this.#state.kind === 'kicked') void this.#running?.then(() => this.#closing ?? this.start());
      return;
    }
    const { signal } = this.options;
    if (signal?.aborted) {
      void this.close();
      return;
    }
    const stop = new AbortController();
    const end = (): void => void this.close();
    signal?.addEventListener('abort', end);
    const offWake = onWake((networkIsNew) => this.#onWake(networkIsNew));
    stop.signal.addEventListener('abort', () => {
      this.#connection?.leave(1000);
      this.#endPause();
    });
    this.#stop = stop;
    this.#running = this.#run(stop.signal).finally(() => {
      signal?.removeEventListener('abort', end);
      offWake();
      this.#stop = undefined;
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [Symbol.asyncIterator](): AsyncGenerator<DeviceMessage<Types>, void, undefined> {
    return loopOver(this.#emitter, this.#state);
  }

  on<Name extends keyof DeviceEvents<Types>>(name: Name, handler: DeviceEvents<Types>[Name]): () => void {
    return this.#emitter.on(name, handler);
  }

  wake(): void {
    this.#onWake(false);
  }

  use(part: DevicePart): void {
    this.#parts.push(part);
    Object.assign(this.login, part.login);
    if (this.#state.kind === 'online') this.#toParts(this.#state, false);
  }

  // What connections and other tabs report.

  onState(state: DeviceState): void {
    if (state.kind === 'connecting' && this.#state.kind === 'connecting') return; // from one tab to another
    const wasOnline = this.#state.kind === 'online';
    this.#state = state;
    this.#toParts(state, wasOnline);
    // Closing this tab must not close the others.
    if (state.kind !== 'closed') this.#tabs.tell({ kind: 'state', state });
    this.#emitter.emit('state', state);
    if (state.kind === 'kicked') this.#emitter.emit('kicked', state.by, state.why);
  }

  onError(error: DeviceError): void {
    this.#emitter.emit('error', error);
  }

  onUnreachable(unreachable: Unreachable): void {
    if (!this.#stop?.signal.aborted) this.#emitter.emit('unreachable', unreachable);
  }

  onConnection(connection: Connection): void {
    this.#connection = connection;
  }

  onOnline({ acknowledges, features, url }: Connection): void {
    this.onState({ kind: 'online', url, acknowledges, features });
  }

  onMessage(message: DeviceMessage, connection?: Connection): void {
    this.#deliveries.add(message, connection);
  }

  onOther(cmd: number, data: unknown): void {
    this.#tabs.tell({ kind: 'other', cmd, data });
    for (const part of this.#parts) part.heard(cmd, data, !this.#tabs.follows);
  }

  onEnded(connection: Connection): void {
    this.#connection = undefined;
    this.#deliveries.forgetUnacknowledged(connection);
  }

  refreshToken(): Promise<string | undefined> {
    return this.#askToken(true);
  }

  pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      // A handler may have called close() a moment ago.
      const timer = setTimeout(resolve, this.#stop?.signal.aborted ? 0 : ms);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  say(cmd: number, data: unknown): void {
    this.#connection?.say(cmd, data);
  }

  leave(): void {
    this.#stop?.abort();
  }

  // From start to end.

  async #run(stop: AbortSignal): Promise<void> {
    const name = await this.#sharedName(stop);
    if (stop.aborted) return;
    if (name === undefined) {
      await this.#connect(stop);
      return;
    }
    this.onState({ kind: 'connecting' });
    await this.#tabs.share(name, stop, async () => {
      await this.#connect(stop);
      if (this.#state.kind === 'kicked') await this.pause(kickedPauseMs);
    });
  }

  async #connect(stop: AbortSignal): Promise<void> {
    const givenUp = await stayConnected(this, stop);
    if (givenUp?.kind === 'closed') {
      this.#closing ??= Promise.resolve();
      this.onError(givenUp.error);
    }
    if (givenUp) this.onState(givenUp);
  }

  async #end(): Promise<void> {
    this.#deliveries.clear();
    this.#stop?.abort();
    await this.#running;
    this.onState({ kind: 'closed' });
  }

  /** Undefined when this device is to have a connection of its own. */
  async #sharedName(stop: AbortSignal): Promise<string | undefined> {
    const { share, terminal = '' } = this.options;
    if (share === false || !canShare()) return undefined;
    let user = share === true ? undefined : share;
    for (let failures = 0; user === undefined && !stop.aborted; failures += 1) {
      const token = await this.#askToken(false);
      if (token !== undefined) user = claimsOf(token).user ?? '';
      else await this.pause(backoffMs(failures, this.options));
    }
    return user ? `im-device:${terminal}:${user}` : undefined;
  }

  async #askToken(refresh: boolean): Promise<string | undefined> {
    try {
      return await askToken(this.options, refresh);
    } catch (cause) {
      this.onError(new DeviceError('TOKEN_FAILED', `token-failed: ${String(cause)}`, { cause }));
      return undefined;
    }
  }

  #toParts(state: DeviceState, wasOnline: boolean): void {
    tellParts(this.#parts, state, wasOnline, (cmd, data) => this.#tabs.say(cmd, data));
  }

  #onWake(networkIsNew: boolean): void {
    if (networkIsNew) this.heartbeat = startHeartbeat(this.options);
    this.#endPause();
    this.#connection?.check();
  }
}
