import { EventEmitter } from 'eventemitter3';
import type { DeviceAddress, MessageKind } from 'im-common';
import { invalidArgument, show, suggestion } from 'im-common/internal/checks';
import type { Logger } from 'im-common';
import type { ListenerResult } from './listen/result.ts';
import type { Uplink } from './uplink/uplink-handler.ts';

/** What a client tells of itself, for logs, metrics and alarms. The messages' own results go to listeners instead. */
export interface ImClientEvents {
  /** The bus does not answer. Told once per outage; sends reject with BUS_UNAVAILABLE until `busBack`. */
  busLost: (error: unknown) => void;
  busBack: () => void;
  /** The bus has lost its memory. Servers say again what they know of topics; who is in them and not connected, the owners of the topics have to. */
  busForgot: () => void;
  /** A listener failed or hung; it is called again unless that was its last attempt. */
  listenerFailed: (failure: ListenerFailure & { readonly attempt: number }) => void;
  /** A listener failed every attempt; the batch goes to the dead-letter list. */
  deadLetter: (failure: ListenerFailure) => void;
  /** A handler of uplinks failed; it is called again unless that was its last attempt. */
  uplinkFailed: (failure: {
    readonly service: string;
    readonly uplink: Uplink;
    readonly error: unknown;
  }) => void;
  /** No result came within the deadline. `receivers` is empty for a push to everyone. */
  expired: (message: {
    readonly kind: MessageKind;
    readonly messageId: string;
    readonly receivers: readonly DeviceAddress[];
  }) => void;
  /** A second final result came and was dropped; `count` receivers were concerned. */
  duplicateDropped: (duplicate: {
    readonly kind: MessageKind;
    readonly messageId: string | undefined;
    readonly count: number;
  }) => void;
}

export interface ListenerFailure {
  /** The listener's name. */
  readonly listener: string;
  readonly results: readonly ListenerResult[];
  readonly error: unknown;
}

/** An emitter whose listeners cannot break what goes on here: one that throws is logged. */
export class ClientEvents extends EventEmitter<ImClientEvents> {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    super();
    this.#logger = logger;
  }

  override on<Name extends EventEmitter.EventNames<ImClientEvents>>(
    name: Name,
    listener: EventEmitter.EventListener<ImClientEvents, Name>,
    context?: unknown,
  ): this {
    checkSubscription(name, listener);
    return super.on(name, listener, context);
  }

  /** The library's own would go past the check. */
  override addListener<Name extends EventEmitter.EventNames<ImClientEvents>>(
    name: Name,
    listener: EventEmitter.EventListener<ImClientEvents, Name>,
    context?: unknown,
  ): this {
    return this.on(name, listener, context);
  }

  override once<Name extends EventEmitter.EventNames<ImClientEvents>>(
    name: Name,
    listener: EventEmitter.EventListener<ImClientEvents, Name>,
    context?: unknown,
  ): this {
    checkSubscription(name, listener);
    return super.once(name, listener, context);
  }

  override emit<Name extends EventEmitter.EventNames<ImClientEvents>>(
    name: Name,
    ...args: EventEmitter.EventArgs<ImClientEvents, Name>
  ): boolean {
    try {
      return super.emit(name, ...args);
    } catch (error) {
      this.#logger.error({ error, event: name }, 'An event listener threw');
      return true;
    }
  }
}

const names: { readonly [Name in keyof ImClientEvents]: true } = {
  busLost: true,
  busBack: true,
  busForgot: true,
  listenerFailed: true,
  deadLetter: true,
  uplinkFailed: true,
  expired: true,
  duplicateDropped: true,
};

/** A misspelt event would never come, and what is no function would throw when it does. */
function checkSubscription(name: unknown, listener: unknown): void {
  if (typeof listener !== 'function') {
    throw invalidArgument(`The event listener is ${show(listener)}; expected a function.`);
  }
  if (typeof name === 'string' && Object.hasOwn(names, name)) return;
  const known = Object.keys(names);
  const hint = suggestion(String(name), known, `; known: ${known.join(', ')}.`);
  throw invalidArgument(`There is no event ${show(name)}${hint}`);
}
