import type { DeviceAddress, MessageKind } from 'im-common';
import { decodeEntry, PoisonError, type ByteText, type Entry, type Outcome, type Taken } from 'im-common/bus';
import type { Devices } from '../device/devices.ts';
import { wholeMs } from '../device/whole-ms.ts';
import type { ServerMetrics } from '../metrics.ts';
import type { Reporter } from '../report-results.ts';
import { PushedMessage, type Batch, type Source } from './pushed-message.ts';

export interface PusherOptions {
  readonly devices: Devices;
  readonly reporter: Reporter;
  readonly metrics: ServerMetrics;
  readonly maxMessageBytes: number;
  /** Sends entries after receivers that are not here. Returns, entry by entry, outcomes for those that are nowhere. */
  readonly handOn: (kind: MessageKind, entries: readonly Entry[]) => Promise<Outcome[][]>;
}

/** A message with receivers that are not connected here. */
interface Missed {
  readonly message: PushedMessage;
  readonly receivers: DeviceAddress[];
}

/** Takes entries apart and gives each receiver's device its frame. Writes happen at the end of the turn. */
export class Pusher {
  readonly #options: PusherOptions;

  constructor(options: PusherOptions) {
    this.#options = options;
  }

  pushBatch(kind: MessageKind, taken: readonly Taken[], source: Source): void {
    const { reporter } = this.#options;
    const takenAt = performance.now();
    reporter.onBatch(taken.length, takenAt);
    const batch: Batch = { kind, source, takenAt, dueSince: wholeMs(), onOutcome: reporter.onOutcome };
    const missed: Missed[] = [];
    for (const each of taken) {
      const one = this.#pushOne(batch, each);
      if (one) missed.push(one);
    }
    if (missed.length > 0) void this.#sendAfter(kind, missed);
  }

  #pushOne(batch: Batch, { seq, text }: Taken): Missed | undefined {
    const { reporter, maxMessageBytes } = this.#options;
    const { kind } = batch;
    let entry: Entry;
    try {
      entry = decodeEntry(text);
      if (kind === 'private' && entry.receivers.length === 0) {
        throw new PoisonError('A private message without a receiver', entry);
      }
    } catch (error) {
      // Whatever an entry does to us, the next one is pushed.
      const salvaged = error instanceof PoisonError ? error.salvaged : {};
      this.#reject(batch, seq, salvaged, 'POISON');
      void reporter
        .bury(kind, text, error instanceof Error ? error.message : String(error))
        .catch(() => undefined); // counted and logged there
      return undefined;
    }
    if (entry.dataText.length <= maxMessageBytes) return this.#push(new PushedMessage(batch, seq, entry));
    this.#reject(batch, seq, entry, 'TOO_LARGE');
    return undefined;
  }

  #push(message: PushedMessage): Missed | undefined {
    const { devices, metrics, reporter } = this.#options;
    const { entry } = message;
    reporter.accept(message);
    const receivers = entry.everyoneOn ? this.#everyone(entry.everyoneOn) : entry.receivers;
    // One more than there are, so that an outcome in the middle of the loop does not finish the message.
    message.pending = receivers.length + 1;
    let missing: DeviceAddress[] | undefined;
    for (const address of receivers) {
      const connection = devices.find(address);
      if (connection?.takesMessages) connection.deliver(message, address);
      else (missing ??= []).push(address);
    }
    metrics.pushed(message.batch.kind, receivers.length - (missing?.length ?? 0));
    message.pending -= 1;
    if (message.pending === 0) reporter.finish(message);
    return missing && { message, receivers: missing };
  }

  async #sendAfter(kind: MessageKind, missed: readonly Missed[]): Promise<void> {
    const entries = missed.map(({ message, receivers }) => ({ ...message.entry, receivers }));
    const nowhere = await this.#options.handOn(kind, entries).catch(() => undefined);
    missed.forEach(({ message, receivers }, index) => {
      // With the bus away, or a list full: they are not here, and that is all that is known.
      const outcomes =
        nowhere?.[index] ??
        receivers.map((address) => ({ address, stage: 'queued', reason: 'NO_CHANNEL' }) as const);
      message.pending -= receivers.length;
      for (const outcome of outcomes) message.add(outcome);
      this.#options.reporter.onOutcome(message);
    });
  }

  #everyone(terminals: readonly number[]): DeviceAddress[] {
    return this.#options.devices.addresses().filter(({ terminal }) => terminals.includes(terminal));
  }

  #reject(batch: Batch, seq: number, salvaged: Partial<Entry>, reason: 'POISON' | 'TOO_LARGE'): void {
    const { reporter } = this.#options;
    const entry: Entry = {
      ...salvaged,
      dataText: salvaged.dataText ?? ('null' as ByteText),
      receivers: salvaged.receivers ?? [],
      sendResult: salvaged.sendResult ?? false,
      attempt: salvaged.attempt ?? 1,
    };
    const message = new PushedMessage(batch, seq, entry);
    reporter.accept(message);
    for (const address of entry.receivers) message.add({ address, stage: 'queued', reason });
    reporter.finish(message);
  }
}
