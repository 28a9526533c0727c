import { addressKey, type DeviceAddress } from 'im-common';
import type { NumberedMessage, Reason, Stage } from 'im-common/bus';
import { decodeEntry, type Entry } from 'im-common/internal/bus';
import { nowMs } from '../device/now-ms.ts';
import type { DeviceMessage } from '../device/unproven.ts';
import { messageBody } from '../push/message-body.ts';
import type { Framing } from '../wire/link.ts';

/** A message of a topic that a device has missed, on its way to it. Nobody is told what becomes of it. */
export class ReplayedMessage implements DeviceMessage {
  readonly number: number;
  readonly entry: Entry;
  readonly dueSince: number = nowMs();
  readonly isOutdated = false;
  readonly replaces = undefined;
  readonly isHigh = false;
  readonly #onProof: (number: number) => void;

  constructor({ number, text }: NumberedMessage, onProof: (number: number) => void) {
    this.number = number;
    this.entry = decodeEntry(text);
    this.#onProof = onProof;
  }

  frame(framing: Framing, acknowledged: boolean): string {
    return framing.text(messageBody('group', this.entry, acknowledged, true));
  }

  resolve(_: DeviceAddress, __: Stage, reason?: Reason): void {
    if (reason === undefined || reason === 'REFUSED') this.#onProof(this.number);
  }

  /** The device asks again when it comes back. */
  missed(): void {}

  isFor({ id, terminal }: DeviceAddress): boolean {
    const { everyoneOn, extras } = this.entry;
    const isOn = everyoneOn?.includes(terminal) ?? false;
    return isOn && !extras?.except?.includes(addressKey(id, terminal));
  }

  skip(): void {}
}

/** Without those of which a younger one is among them. */
export function latestOf(messages: readonly ReplayedMessage[]): readonly ReplayedMessage[] {
  const youngest = new Map<string, ReplayedMessage>();
  for (const message of messages) {
    const key = message.entry.extras?.replaces;
    if (key !== undefined) youngest.set(key, message);
  }
  return messages.filter((message) => {
    const key = message.entry.extras?.replaces;
    return key === undefined || youngest.get(key) === message;
  });
}
