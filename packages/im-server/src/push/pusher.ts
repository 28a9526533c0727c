import { messageKinds, type DeviceAddress, type MessageKind } from 'im-common';
import type { ByteText, Reason, Taken } from 'im-common/bus';
import {
  commandOfCall,
  decodeEntry,
  PoisonError,
  type Entry,
  type EntryExtras,
} from 'im-common/internal/bus';
import type { Connection } from '../device/connection.ts';
import type { Devices } from '../device/devices.ts';
import { nowMs } from '../device/now-ms.ts';
import type { ServerMetrics } from '../metrics/metrics.ts';
import { LatestOnly } from './latest-only.ts';
import { Pursuit, type PursuitDeps } from './pursuit.ts';
import { PushedMessage, type Batch, type Source } from './pushed-message.ts';

/** Follows messages from here to their results. */
export interface MessageReporter {
  /** From here on the message's outcomes are reported. */
  accept(message: PushedMessage): void;
  /** To be called after each outcome. */
  readonly onOutcome: (message: PushedMessage) => void;
  /** To be called when there is nothing to wait for. */
  finish(message: PushedMessage): void;
  /** Keeps an entry that nobody can read where people can look at it. */
  deadLetter(list: string, kind: MessageKind, text: ByteText, why: string): Promise<void>;
}

/** Keeps messages that failed, where their senders want it. */
export interface Keeping {
  isWanted(entry: Entry, reason: Reason): boolean;
  /** Resolves with the reason to report, or with `elsewhere` when another server has the message now. */
  keep(
    kind: MessageKind,
    entry: Entry,
    address: DeviceAddress,
    reason: Reason,
  ): Promise<Reason | 'elsewhere'>;
}

/** Messages that are for the members of a topic. */
export interface TopicMembers {
  /** Carries out an order to change who is a member; true when the entry is one, and no message. */
  apply(extras: EntryExtras): boolean;
  receiversOf(message: PushedMessage): readonly DeviceAddress[];
  /** Whether a device that was waited for gets it. */
  isFor(message: PushedMessage, address: DeviceAddress): boolean;
  /** One of several at an address has it already, from this server's own entry. */
  hasHad(message: PushedMessage, connection: Connection): boolean;
  /** A device has one that its topic keeps. */
  onProof(entry: Entry, address: DeviceAddress): void;
}

/** Messages for addresses with several sessions. */
export interface SharedAddresses {
  concerns(entry: Entry, address: DeviceAddress): boolean;
  /** Gives it to all that are here and have not had it. False when it has to be looked for. */
  give(message: PushedMessage, address: DeviceAddress, hasHad: (connection: Connection) => boolean): boolean;
  /** To be called after those of a message. */
  sendCopies(message: PushedMessage): void;
}

/** What is told of messages while some are traced. */
export interface MessageTrace {
  /** It goes out to its device with the write round, or waits there. */
  given?(message: PushedMessage, address: DeviceAddress): void;
}

export interface PusherDeps {
  readonly several: SharedAddresses;
  readonly topics: TopicMembers;
  readonly devices: Devices;
  readonly reporter: MessageReporter;
  readonly metrics: ServerMetrics;
  readonly tracing: { readonly output: MessageTrace | undefined };
  readonly maxMessageBytes: number;
  /** An entry that is no message: `cmd` says what. */
  readonly onCall: (cmd: number, entry: Entry) => void;
  readonly keeping: Keeping;
  /** Whether a moment on the clock of the bus has passed. */
  readonly hasPassed: (moment: number) => boolean;
  /** How receivers that are not here are looked for. */
  readonly pursuit: Omit<PursuitDeps, 'devices' | 'give' | 'isKeepable'>;
}

/** Takes entries apart and gives each receiver's device its frame. Writes happen at the end of the write round. */
export class Pusher {
  readonly #deps: PusherDeps;
  readonly #pursuits: Readonly<Record<MessageKind, Pursuit>>;
  /** Of messages of high priority, which wait for none of the others. */
  readonly #highPursuits: Readonly<Record<MessageKind, Pursuit>>;

  constructor(deps: PusherDeps) {
    this.#deps = deps;
    this.#pursuits = this.#newPursuits();
    this.#highPursuits = this.#newPursuits();
  }

  #newPursuits(): Readonly<Record<MessageKind, Pursuit>> {
    const { devices, keeping, pursuit, several } = this.#deps;
    const give = (message: PushedMessage, address: DeviceAddress): boolean => {
      const isGiven = this.#give(message, address);
      several.sendCopies(message);
      return isGiven;
    };
    const isKeepable: PursuitDeps['isKeepable'] = ({ entry }, reason) => keeping.isWanted(entry, reason);
    const pursuitOf = (kind: MessageKind): Pursuit =>
      new Pursuit(kind, { ...pursuit, devices, give, isKeepable });
    return { private: pursuitOf('private'), group: pursuitOf('group'), system: pursuitOf('system') };
  }

  /** What was taken belongs to other servers now. */
  abandon(): void {
    for (const kind of messageKinds) {
      this.#pursuits[kind].abandon();
      this.#highPursuits[kind].abandon();
    }
  }

  pushBatch(kind: MessageKind, taken: readonly Taken[], source: Source): void {
    const { reporter } = this.#deps;
    // Written out: `{ ...some, more }` is slow to make and to read.
    const batch: Batch = {
      kind,
      source,
      takenAt: performance.now(),
      dueSince: nowMs(),
      onOutcome: reporter.onOutcome,
      onMissed: this.#onMissed,
      isKept: this.#isKept,
      isFor: this.#isFor,
      onNumbered: this.#onNumbered,
      hasPassed: this.#deps.hasPassed,
      latest: new LatestOnly(taken),
    };
    const takenDate = Date.now();
    for (const each of taken) this.#pushOne(batch, each, takenDate);
  }

  #pushOne(batch: Batch, { seq, text }: Taken, takenDate: number): void {
    const { reporter, maxMessageBytes, metrics } = this.#deps;
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
        .deadLetter(batch.source.list, kind, text, error instanceof Error ? error.message : String(error))
        .catch(() => undefined); // counted and logged there
      return;
    }
    // One that was rerouted has waited elsewhere, too.
    if (entry.queuedAt !== undefined && entry.attempt === 1) metrics.waited(takenDate - entry.queuedAt);
    const cmd = commandOfCall(text);
    if (cmd !== undefined) this.#carry(cmd, new PushedMessage(batch, seq, entry));
    else if (entry.dataText.length <= maxMessageBytes) this.#push(new PushedMessage(batch, seq, entry));
    else this.#reject(batch, seq, entry, 'TOO_LARGE');
  }

  #carry(cmd: number, message: PushedMessage): void {
    const { onCall, reporter } = this.#deps;
    reporter.accept(message);
    onCall(cmd, message.entry);
    reporter.finish(message);
  }

  #push(message: PushedMessage): void {
    const { metrics, reporter, several, topics } = this.#deps;
    const { batch, entry } = message;
    const pursuit = this.#pursuitOf(message);
    reporter.accept(message);
    if (entry.extras && topics.apply(entry.extras)) {
      reporter.finish(message);
      return;
    }
    const receivers = this.#receiversOf(message);
    // One more than there are, so that an outcome in the middle of the loop does not finish the message.
    message.pending = receivers.length + 1;
    let missing: DeviceAddress[] | undefined;
    let delivered = 0;
    for (const address of receivers) {
      const reason = entry.extras && whyNot(message, address);
      if (reason) {
        message.end(address, 'queued', reason);
        continue;
      }
      if (!pursuit.isAfter(address) && this.#give(message, address)) delivered += 1;
      else (missing ??= []).push(address);
    }
    several.sendCopies(message);
    metrics.pushed(batch.kind, delivered);
    message.pending -= 1;
    if (missing) pursuit.add(message, missing);
    else if (message.pending === 0) reporter.finish(message);
  }

  /** False when nobody is here who could be given it. */
  #give(message: PushedMessage, address: DeviceAddress): boolean {
    const isGiven = this.#giveTo(message, address);
    if (isGiven) this.#deps.tracing.output?.given?.(message, address);
    return isGiven;
  }

  #giveTo(message: PushedMessage, address: DeviceAddress): boolean {
    const { devices, several, topics } = this.#deps;
    if (several.concerns(message.entry, address))
      return several.give(message, address, (connection) => topics.hasHad(message, connection));
    const connection = devices.find(address);
    if (!connection?.takesMessages) return false;
    connection.deliver(message, address);
    return true;
  }

  readonly #onMissed = (message: PushedMessage, address: DeviceAddress): void => {
    this.#pursuitOf(message).add(message, [address]);
  };

  #pursuitOf({ batch: { kind }, isHigh }: PushedMessage): Pursuit {
    return isHigh ? this.#highPursuits[kind] : this.#pursuits[kind];
  }

  readonly #onNumbered: Batch['onNumbered'] = ({ entry }, address) => {
    this.#deps.topics.onProof(entry, address);
  };

  readonly #isFor: Batch['isFor'] = (message, address) => this.#deps.topics.isFor(message, address);

  readonly #isKept: Batch['isKept'] = (message, address, stage, reason) => {
    const { keeping } = this.#deps;
    const { batch, entry } = message;
    if (!entry.extras || !keeping.isWanted(entry, reason)) return false;
    void keeping.keep(batch.kind, entry, address, reason).then((end) => {
      if (end !== 'elsewhere') {
        message.end(address, stage, end);
        return;
      }
      message.skip();
    });
    return true;
  };

  #receiversOf(message: PushedMessage): readonly DeviceAddress[] {
    const { entry } = message;
    if (entry.extras?.topic !== undefined) return this.#deps.topics.receiversOf(message);
    return entry.everyoneOn ? this.#everyone(entry.everyoneOn) : entry.receivers;
  }

  #everyone(terminals: readonly number[]): DeviceAddress[] {
    return this.#deps.devices.addresses().filter(({ terminal }) => terminals.includes(terminal));
  }

  #reject(batch: Batch, seq: number, salvaged: Partial<Entry>, reason: 'POISON' | 'TOO_LARGE'): void {
    const { reporter } = this.#deps;
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

/** Why nobody wants the message any more at this receiver. */
function whyNot(message: PushedMessage, address: DeviceAddress): Reason | undefined {
  if (message.isOutdated) return 'OUTDATED';
  const { batch, replaces, seq } = message;
  return replaces !== undefined && batch.latest.isReplaced(replaces, address, seq) ? 'REPLACED' : undefined;
}
