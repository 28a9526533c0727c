import { commandOfKind, encodeFrame, type DeviceAddress, type MessageKind } from 'im-common';
import {
  toByteText,
  type ByteText,
  type Entry,
  type Linked,
  type Outcome,
  type Reason,
  type Stage,
} from 'im-common/bus';
import type { Framing } from '../device/link.ts';

/** Where a message was taken from, to settle it when it is done. */
export interface Source {
  readonly list: string;
  readonly consumer: string;
}

const none: readonly Outcome[] = [];

/**
 * One entry on its way: its frames, built once for all receivers, and what became of it at each of them. When nothing
 * is pending any more the entry is reported and settled.
 */
export class PushedMessage implements Linked<PushedMessage> {
  readonly kind: MessageKind;
  readonly entry: Entry;
  /** Number in the in-flight store of the list that it came from. */
  readonly seq: number;
  readonly source: Source;
  readonly takenAt: number;
  linkBefore: PushedMessage | undefined;
  linkAfter: PushedMessage | undefined;
  /** Receivers without an outcome. */
  pending = 0;
  #outcomes: Outcome[] | undefined;
  readonly #onOutcome: (message: PushedMessage) => void;
  /** By framing, without and with the identity for devices that acknowledge. */
  #frames: (string | undefined)[] | undefined;

  constructor(
    kind: MessageKind,
    entry: Entry,
    { seq, source }: { readonly seq: number; readonly source: Source },
    onOutcome: (message: PushedMessage) => void,
    takenAt: number,
  ) {
    this.kind = kind;
    this.entry = entry;
    this.seq = seq;
    this.source = source;
    this.#onOutcome = onOutcome;
    this.takenAt = takenAt;
  }

  frame(framing: Framing, acknowledged: boolean): string {
    // Nobody else will ask for it.
    if (this.entry.receivers.length === 1) return framing.text(this.#body(acknowledged));
    const slot = framing.index * 2 + (acknowledged ? 1 : 0);
    this.#frames ??= [];
    return (this.#frames[slot] ??= framing.text(this.#body(acknowledged)));
  }

  resolve(address: DeviceAddress, stage: Stage, reason?: Reason): void {
    this.pending -= 1;
    this.add({ address, stage, reason });
    this.#onOutcome(this);
  }

  add(outcome: Outcome): void {
    // Nearly every private message has one: a list that is made by pushing to it has room for seventeen.
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

  #body(acknowledged: boolean): ByteText {
    const { attempt, dataText, messageId } = this.entry;
    const cmd = commandOfKind[this.kind];
    // Contract 0.2.22: box-im's page takes exactly cmd and data; a third key is for those who asked for it.
    if (!acknowledged || messageId === undefined) return encodeFrame(cmd, dataText) as ByteText;
    const id = toByteText(JSON.stringify(messageId));
    // Handed on from another server, it may come after newer ones: the device must be able to tell.
    const attemptText = attempt > 1 ? `,"attempt":${attempt}` : '';
    return `{"cmd":${cmd},"id":${id}${attemptText},"data":${dataText}}` as ByteText;
  }
}
