import type { DeviceAddress } from 'im-common';
import type { TraceRecord, TraceStore } from 'im-common/internal/bus';
import { senderIdOf, type Outcome } from 'im-common/internal/bus';
import type { TracedMessage, TracedTimes, TraceOutput } from './trace-output.ts';

/** Writes down what becomes of watched messages here. Made while an operator watches some. */
export class DeliveryTrace implements TraceOutput {
  readonly #store: TraceStore;

  constructor(store: TraceStore) {
    this.#store = store;
  }

  /** Of a topic or of everyone the receivers are not known yet: then only the sender and the id count. */
  taken(message: TracedMessage): void {
    const { entry } = message;
    const { isWatched } = this.#store.watched(entry, entry.receivers, (address) => address);
    if (!isWatched) return;
    const waited = entry.queuedAt === undefined ? undefined : Math.max(0, Date.now() - entry.queuedAt);
    this.#store.add({ step: 'taken', at: Date.now(), ...named(message), ms: waited });
  }

  given(message: TracedMessage, address: DeviceAddress): void {
    for (const { id, terminal } of this.#store.watched(message.entry, [address], (one) => one).some)
      this.#store.add({ step: 'given', at: Date.now(), ...named(message), user: id, terminal });
  }

  ended(
    message: TracedMessage,
    outcomes: readonly Outcome[],
    { takenAt, resolvedAt: at }: TracedTimes,
  ): void {
    const { some, more } = this.#store.watched(message.entry, outcomes, ({ address }) => address);
    for (const [index, { address, reason, stage }] of some.entries()) {
      const { id, terminal } = address;
      const ms = Math.max(0, Math.round(at - takenAt));
      const others = index === some.length - 1 && more > 0 ? more : undefined;
      const record = { ...named(message), user: id, terminal, stage, reason, ms, others };
      this.#store.add({ step: 'ended', at, ...record });
    }
  }
}

function named({
  kind,
  entry: { attempt, messageId, senderText },
}: TracedMessage): Pick<TraceRecord, 'id' | 'kind' | 'attempt' | 'sender'> {
  return { id: messageId, kind, attempt, sender: senderIdOf(senderText) };
}
