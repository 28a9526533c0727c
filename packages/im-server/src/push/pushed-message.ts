import type { DeviceAddress, MessageKind } from 'im-common';
import type { Reason, Stage } from 'im-common/bus';
import { decodeEntry, encodeEntry, type Entry, type Linked, type Outcome } from 'im-common/internal/bus';
import type { DeviceMessage } from '../device/unproven.ts';
import { ownCopy } from '../wire/engine.ts';
import type { Framing } from '../wire/link.ts';
import type { LatestOnly } from './latest-only.ts';
import { messageBody } from './message-body.ts';

/** Where a message was taken from, to acknowledge it when it is done. */
export interface Source {
  readonly list: string;
  readonly consumer: string;
}

/** What messages that were taken together have in common. */
export interface Batch {
  readonly kind: MessageKind;
  readonly source: Source;
  /** On the monotonic clock. */
  readonly takenAt: number;
  /** The same by the clock of devices' deadlines. */
  readonly dueSince: number;
  /** To be called after each outcome. */
  readonly onOutcome: (message: PushedMessage) => void;
  /** To be called with a receiver whose device left before it was given the message. */
  readonly onMissed: (message: PushedMessage, address: DeviceAddress) => void;
  /** Whether a moment on the clock of the bus has passed. */
  readonly hasPassed: (moment: number) => boolean;
  readonly latest: LatestOnly;
  /** To be called when a device has a message that its topic keeps. */
  readonly onNumbered: (message: PushedMessage, address: DeviceAddress) => void;
  /** As of {@link DeviceMessage}, of a message to a topic. */
  readonly isFor: (message: PushedMessage, address: DeviceAddress) => boolean;
  /** Whether the message is kept instead, and ends at this receiver when it is. */
  readonly isKept: (message: PushedMessage, address: DeviceAddress, stage: Stage, reason: Reason) => boolean;
}

const none: readonly Outcome[] = [];

/**
 * One entry on its way: its frames, built once for all receivers, and what became of it at each of them. When nothing
 * is pending any more the entry is reported and acknowledged.
 */
export class PushedMessage implements DeviceMessage, Linked<PushedMessage> {
  readonly batch: Batch;
  /** Number in the in-flight store of the list that it came from. */
  readonly seq: number;
  #entry: Entry;
  #isDetached = false;
  linkBefore: PushedMessage | undefined;
  linkAfter: PushedMessage | undefined;
  /** Receivers without an outcome. */
  pending = 0;
  #outcomes: Outcome[] | undefined;
  /** By framing, without and with the identity for devices that acknowledge. */
  #frames: (string | undefined)[] | undefined;

  constructor(batch: Batch, seq: number, entry: Entry) {
    this.batch = batch;
    this.seq = seq;
    this.#entry = entry;
  }

  get kind(): MessageKind {
    return this.batch.kind;
  }

  get dueSince(): number {
    return this.batch.dueSince;
  }

  get isOutdated(): boolean {
    const expiresAt = this.#entry.extras?.expiresAt;
    return expiresAt !== undefined && this.batch.hasPassed(expiresAt);
  }

  get replaces(): string | undefined {
    return this.#entry.extras?.replaces;
  }

  get isHigh(): boolean {
    return this.#entry.extras?.high === true;
  }

  get entry(): Entry {
    return this.#entry;
  }

  /** For one that stays: what it was read from also holds the entries that came with it. */
  detach(): void {
    if (this.#isDetached) return;
    this.#isDetached = true;
    const text = encodeEntry(this.batch.kind, this.#entry);
    this.#entry = decodeEntry(ownCopy(text));
    this.#frames = undefined;
  }

  /** Whoever is given it from now on may have it. */
  mark(): void {
    this.#entry = { ...this.#entry, attempt: this.#entry.attempt + 1 };
    this.#frames = undefined;
  }

  frame(framing: Framing, acknowledged: boolean): string {
    // Nobody else will ask for it.
    if (this.entry.receivers.length === 1)
      return framing.text(messageBody(this.batch.kind, this.entry, acknowledged));
    const slot = framing.index * 2 + (acknowledged ? 1 : 0);
    this.#frames ??= [];
    return (this.#frames[slot] ??= framing.text(messageBody(this.batch.kind, this.entry, acknowledged)));
  }

  resolve(address: DeviceAddress, stage: Stage, reason?: Reason): void {
    if (reason !== undefined && this.batch.isKept(this, address, stage, reason)) return;
    if (this.#entry.extras?.number !== undefined && (reason === undefined || reason === 'REFUSED'))
      this.batch.onNumbered(this, address);
    this.end(address, stage, reason);
  }

  /** The same where nothing can be done any more. */
  end(address: DeviceAddress, stage: Stage, reason?: Reason): void {
    this.pending -= 1;
    this.add({ address, stage, reason });
    this.batch.onOutcome(this);
  }

  missed(address: DeviceAddress): void {
    this.batch.onMissed(this, address);
  }

  isFor(address: DeviceAddress): boolean {
    return this.#entry.extras?.topic === undefined || this.batch.isFor(this, address);
  }

  skip(): void {
    this.pending -= 1;
    this.batch.onOutcome(this);
  }

  add(outcome: Outcome): void {
    // Nearly every private message has one; see engine.ts on arrays.
    if (this.#outcomes) this.#outcomes.push(outcome);
    else this.#outcomes = [outcome];
  }

  /** Outcomes that were not reported yet. */
  get outcomes(): readonly Outcome[] {
    return this.#outcomes ?? none;
  }

  /** The same, which count as reported from now on. */
  takeOutcomes(): readonly Outcome[] {
    const outcomes = this.outcomes;
    this.#outcomes = undefined;
    return outcomes;
  }
}
