import type { DeviceAddress, MessageKind } from 'im-common';
import { decodeEntry, PoisonError, type ByteText, type Entry, type Outcome, type Taken } from 'im-common/bus';
import type { Devices } from '../device/devices.ts';
import type { ServerMetrics } from '../metrics.ts';
import type { Reporter, Source } from '../report-results.ts';
import { PushedMessage } from './pushed-message.ts';

export interface PusherOptions {
  readonly devices: Devices;
  readonly reporter: Reporter;
  readonly metrics: ServerMetrics;
  readonly maxMessageBytes: number;
  /** Sends an entry after receivers that are not here. Returns outcomes for those that are nowhere. */
  readonly handOn: (kind: MessageKind, entry: Entry) => Promise<Outcome[]>;
}

/** Takes entries apart and gives each receiver's device its frame. Writes happen at the end of the turn. */
export class Pusher {
  readonly #options: PusherOptions;

  constructor(options: PusherOptions) {
    this.#options = options;
  }

  pushBatch(kind: MessageKind, batch: readonly Taken[], source: Source): void {
    const now = performance.now();
    for (const taken of batch) this.#pushOne(kind, taken, source, now);
  }

  #pushOne(kind: MessageKind, { seq, text }: Taken, source: Source, now: number): void {
    const { reporter, maxMessageBytes } = this.#options;
    let entry: Entry;
    try {
      entry = decodeEntry(text);
      if (kind === 'private' && entry.receivers.length === 0) {
        throw new PoisonError('A private message without a receiver', entry);
      }
    } catch (error) {
      if (!(error instanceof PoisonError)) throw error;
      this.#reject(kind, error.salvaged, seq, source, now, 'POISON');
      void reporter.bury(kind, text, error.message).catch(() => undefined); // counted and logged there
      return;
    }
    if (entry.dataText.length > maxMessageBytes) this.#reject(kind, entry, seq, source, now, 'TOO_LARGE');
    else this.#push(kind, entry, seq, source, now);
  }

  #push(kind: MessageKind, entry: Entry, seq: number, source: Source, now: number): void {
    const { devices, metrics, reporter } = this.#options;
    const message = new PushedMessage(kind, entry, seq, reporter.onOutcome, now);
    reporter.accept(message, source);
    const receivers = entry.everyoneOn ? this.#everyone(entry.everyoneOn) : entry.receivers;
    // One more than there are, so that an outcome in the middle of the loop does not finish the message.
    message.pending = receivers.length + 1;
    let elsewhere: DeviceAddress[] | undefined;
    for (const address of receivers) {
      const connection = devices.find(address);
      if (connection?.takesMessages) connection.deliver(message, address, now);
      else (elsewhere ??= []).push(address);
    }
    metrics.pushed(kind, receivers.length - (elsewhere?.length ?? 0));
    if (elsewhere) void this.#sendAfter(message, elsewhere);
    message.pending -= 1;
    if (message.pending === 0) reporter.finish(message);
  }

  async #sendAfter(message: PushedMessage, receivers: DeviceAddress[]): Promise<void> {
    let nowhere: readonly Outcome[];
    try {
      nowhere = await this.#options.handOn(message.kind, { ...message.entry, receivers });
    } catch {
      // The bus is away, or somebody's list is full: they are not here, and that is all that is known.
      nowhere = receivers.map((address) => ({ address, stage: 'queued', reason: 'NO_CHANNEL' }));
    }
    const { reporter } = this.#options;
    message.pending -= receivers.length;
    for (const outcome of nowhere) message.outcomes.push(outcome);
    reporter.onOutcome(message);
  }

  #everyone(terminals: readonly number[]): DeviceAddress[] {
    return this.#options.devices.addresses().filter(({ terminal }) => terminals.includes(terminal));
  }

  #reject(
    kind: MessageKind,
    salvaged: Partial<Entry>,
    seq: number,
    source: Source,
    now: number,
    reason: 'POISON' | 'TOO_LARGE',
  ): void {
    const { reporter } = this.#options;
    const entry: Entry = {
      ...salvaged,
      dataText: salvaged.dataText ?? ('null' as ByteText),
      receivers: salvaged.receivers ?? [],
      sendResult: salvaged.sendResult ?? false,
      attempt: salvaged.attempt ?? 1,
    };
    const message = new PushedMessage(kind, entry, seq, reporter.onOutcome, now);
    reporter.accept(message, source);
    for (const address of entry.receivers) message.outcomes.push({ address, stage: 'queued', reason });
    reporter.finish(message);
  }
}
