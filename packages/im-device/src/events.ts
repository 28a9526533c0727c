import { DeviceError } from './errors.ts';
import type { Unreachable } from './connection/unreachable.ts';

export type MessageKind = 'private' | 'group' | 'system';

/** What `data` is in messages of each kind. It is what your backend sent; nothing checks it. */
export type MessageTypes = { readonly [Kind in MessageKind]?: unknown };

interface MessageOfKind<Types extends MessageTypes, Kind extends MessageKind> {
  readonly kind: Kind;
  readonly data: Kind extends keyof Types ? Types[Kind] : unknown;
  /** The same for every repetition of a message, and in the result that its sender gets. A plain box-im server gives none. */
  readonly id?: string | undefined;
  /** Above 1: another server had it first, and died or lost this device. */
  readonly attempt: number;
  /** It waited for this device: it was sent while the device was not there, or did not prove that it has it. */
  readonly kept: boolean;
}

export type DeviceMessage<Types extends MessageTypes = MessageTypes> = {
  [Kind in MessageKind]: MessageOfKind<Types, Kind>;
}[MessageKind];

/** `elsewhere`: the same user and terminal has logged in on another device. `occupied`: it is logged in on another one, which stays. `ended`: the backend ended the login, by a logout, a ban or a new password. A plain box-im server does not say. */
export type KickedWhy = 'elsewhere' | 'occupied' | 'ended' | undefined;

/** Why the device is waiting before it tries again. */
export type WaitReason =
  'cannot-connect' | 'login-failed' | 'closed' | 'no-answer' | 'token-failed' | 'locate-failed';

/** What a page can show. */
export type DeviceState =
  /** Not started yet; or there is no network, and the device tries at once when it is back. */
  | { readonly kind: 'offline' }
  | { readonly kind: 'connecting' }
  /** Each time that this comes, ask your backend for what was missed meanwhile. */
  | {
      readonly kind: 'online';
      readonly url: string;
      /** False: a plain box-im server, which is told nothing of what the application took. */
      readonly acknowledges: boolean;
      /** What the server can do beside messages, such as `uplink`. */
      readonly features: readonly string[];
    }
  /** Tries again in `ms`. `code` is the close code, where a connection was closed. */
  | { readonly kind: 'waiting'; readonly ms: number; readonly reason: WaitReason; readonly code?: number }
  /** Logged out by the server; `by` is its text, or the words of the backend that ended the login. Stays out until `start()` is called again. */
  | { readonly kind: 'kicked'; readonly by: string; readonly why: KickedWhy }
  /** For good. `error` is there when nobody called `close()`. */
  | { readonly kind: 'closed'; readonly error?: DeviceError };

/** The events of a device, as the handlers that take them. */
export interface DeviceEvents<Types extends MessageTypes = MessageTypes> {
  /**
   * Handlers are called one message after the other. When they have returned, and their promises resolved, the message is
   * acknowledged as taken. When one throws or rejects, or there is none, it is refused, and its sender is told so.
   */
  message: (message: DeviceMessage<Types>) => unknown;
  state: (state: DeviceState) => void;
  kicked: (by: string, why: KickedWhy) => void;
  /** A message that was not delivered to the application: taken before, or overtaken by younger ones (see `late`). */
  dropped: (message: DeviceMessage<Types>, why: 'double' | 'late') => void;
  /** No connection came about, and it is tried again. Once per attempt. */
  unreachable: (unreachable: Unreachable) => void;
  error: (error: DeviceError) => void;
}

type Handlers<Events> = { readonly [Name in keyof Events]?: Set<Events[Name]> };

export class Emitter<Types extends MessageTypes> {
  readonly #handlers: Handlers<DeviceEvents<Types>> = {
    message: new Set(),
    state: new Set(),
    kicked: new Set(),
    dropped: new Set(),
    unreachable: new Set(),
    error: new Set(),
  };

  on<Name extends keyof DeviceEvents<Types>>(name: Name, handler: DeviceEvents<Types>[Name]): () => void {
    const handlers = this.#handlers[name];
    if (!handlers || typeof handler !== 'function') {
      throw new DeviceError('INVALID_OPTION', `No event "${name}", or no function for it.`);
    }
    handlers.add(handler);
    return () => {
      handlers.delete(handler);
    };
  }

  /** Emits anything but a message. A failing handler is an `error`; a failing handler of errors is left to itself. */
  emit<Name extends 'state' | 'kicked' | 'dropped' | 'unreachable' | 'error'>(
    name: Name,
    ...values: Parameters<DeviceEvents<Types>[Name]>
  ): void {
    const handlers = this.#handlers[name] as ReadonlySet<(...values: unknown[]) => void>; // of this very event
    if (name === 'error' && handlers.size === 0) console.error(...values);
    for (const handler of [...handlers]) {
      try {
        handler(...values);
      } catch (cause) {
        if (name !== 'error') this.#failed(name, cause);
      }
    }
  }

  /** Delivers a message to every handler. True when there is one and none failed. */
  async deliver(message: DeviceMessage<Types>): Promise<boolean> {
    const handlers = [...(this.#handlers.message ?? [])];
    const outcomes = await Promise.allSettled(handlers.map(async (handler) => handler(message)));
    let taken = handlers.length > 0;
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') continue;
      taken = false;
      if (outcome.reason !== leftUnprocessed) this.#failed('message', outcome.reason);
    }
    return taken;
  }

  #failed(event: string, cause: unknown): void {
    const problem = `A handler of "${event}" failed: ${String(cause)}`;
    this.emit('error', new DeviceError('HANDLER_FAILED', problem, { cause }));
  }
}

/** A refusal that is nobody's error: a loop over messages was left before it asked for the next one. */
export const leftUnprocessed: Error = new Error('left unprocessed');
