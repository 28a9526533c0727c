import type { Result, ResultKind } from 'im-common/internal/bus';
import type { ResultInFlight } from './listen/result-in-flight.ts';
import type { OutgoingMessage } from './send/outgoing-message.ts';
import type { Receipt } from './send/receipt.ts';

/** A send that is being traced. */
export interface TracedSend {
  /** For its entries, where the application's tracer records it. */
  readonly text?: string | undefined;
  end(sent: Promise<Receipt>): void;
}

/** Where the stages of messages go: spans of OpenTelemetry, the store of what an operator watches, or both. */
export interface TraceOutput {
  /** Undefined where it is not traced. */
  send(message: OutgoingMessage): TracedSend | undefined;
  /** It goes to the listeners, or to another instance that has some. */
  result?(kind: ResultKind, result: Result): void;
  /** Calls a listener. */
  listen(listener: string, batch: readonly ResultInFlight[], call: () => unknown): Promise<unknown>;
}

/** Whether messages are traced at the moment. */
export interface Traced {
  /** Undefined, nearly always: then a message costs one look at it. */
  readonly output: TraceOutput | undefined;
}
