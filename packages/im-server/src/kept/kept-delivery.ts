import type { DeviceAddress, MessageKind } from 'im-common';
import type { KeptMessage, Reason, Stage } from 'im-common/bus';
import { decodeEntry, kindOfEntry, type Entry } from 'im-common/internal/bus';
import { nowMs } from '../device/now-ms.ts';
import type { DeviceMessage } from '../device/unproven.ts';
import { messageBody } from '../push/message-body.ts';
import type { Framing } from '../wire/link.ts';

/** What was kept, as it is read from its text. Throws for what is none of ours. */
export function readKept(text: KeptMessage['text']): { readonly kind: MessageKind; readonly entry: Entry } {
  const kind = kindOfEntry(text);
  if (kind === undefined) throw new TypeError('A kept message of no kind.');
  return { kind, entry: decodeEntry(text) };
}

export type OnEnd = (delivery: KeptDelivery, stage: Stage, reason: Reason | undefined) => void;

/** A message that was kept, on its way to its device. */
export class KeptDelivery implements DeviceMessage {
  readonly id: string;
  readonly kind: MessageKind;
  readonly entry: Entry;
  readonly dueSince: number = nowMs();
  // Its bus looks after both.
  readonly isOutdated = false;
  readonly replaces = undefined;
  readonly isHigh = false;
  readonly #onEnd: OnEnd;

  constructor({ id, takes, text }: KeptMessage, onEnd: OnEnd) {
    const { kind, entry } = readKept(text);
    this.id = id;
    this.kind = kind;
    // Taken before, it may have arrived before.
    this.entry = { ...entry, attempt: entry.attempt + takes - 1 };
    this.#onEnd = onEnd;
  }

  frame(framing: Framing, acknowledged: boolean): string {
    return framing.text(messageBody(this.kind, this.entry, acknowledged, true));
  }

  resolve(_: DeviceAddress, stage: Stage, reason?: Reason): void {
    this.#onEnd(this, stage, reason);
  }

  missed(): void {
    this.#onEnd(this, 'queued', 'NO_CHANNEL');
  }

  isFor(): boolean {
    return true;
  }

  skip(): void {
    this.missed();
  }
}
