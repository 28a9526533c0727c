import { EventEmitter } from 'eventemitter3';
import type { DeviceAddress, MessageKind } from 'im-common';
import type { Logger } from 'im-common';
import type { ImResult } from './results/result.ts';

/** What a client tells of itself, for logs, metrics and alarms. The messages' own results go to listeners instead. */
export interface ImClientEvents {
  /** The bus does not answer. Told once per outage; sends reject with BUS_UNAVAILABLE until `busBack`. */
  busLost: (error: unknown) => void;
  busBack: () => void;
  /** A listener failed or hung; it is called again unless that was its last attempt. */
  listenerFailed: (failure: ListenerFailure & { readonly attempt: number }) => void;
  /** A listener failed every attempt; the batch goes to the dead-letter list. */
  deadLetter: (failure: ListenerFailure) => void;
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
  readonly results: readonly ImResult[];
  readonly error: unknown;
}

/** An emitter whose listeners cannot break what goes on here: one that throws is logged. */
export class ClientEvents extends EventEmitter<ImClientEvents> {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    super();
    this.#logger = logger;
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
