import type { DeviceAddress, MessageKind } from 'im-common';
import type { Entry, Outcome } from 'im-common/internal/bus';

export interface TracedTimes {
  /** Epoch milliseconds. */
  readonly takenAt: number;
  readonly resolvedAt: number;
}

/** What is traced of a message. */
export interface TracedMessage {
  readonly kind: MessageKind;
  readonly entry: Entry;
}

/** Where the stages of messages go: spans of OpenTelemetry, the store of what an operator watches, or both. */
export interface TraceOutput {
  taken?(message: TracedMessage): void;
  /** It goes out to its device with the write round, or waits there. */
  given?(message: TracedMessage, address: DeviceAddress): void;
  ended(message: TracedMessage, outcomes: readonly Outcome[], times: TracedTimes): void;
}
