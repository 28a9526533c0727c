import { addressKey, type DeviceAddress } from 'im-common';
import type { Taken } from 'im-common/bus';
import { decodeEntry } from 'im-common/internal/bus';

/** Of a batch that was just taken: which of its entries is the youngest for a key and a receiver. Made when the first one with a key comes. */
export class LatestOnly {
  readonly #taken: readonly Taken[];
  #youngest: Map<string, number> | undefined;

  constructor(taken: readonly Taken[]) {
    this.#taken = taken;
  }

  /** A younger one with this key is for the same receiver, and on its way already. */
  isReplaced(key: string, address: DeviceAddress, seq: number): boolean {
    this.#youngest ??= youngestOf(this.#taken);
    return (this.#youngest.get(nameOf(key, address)) ?? 0) > seq;
  }
}

function youngestOf(taken: readonly Taken[]): Map<string, number> {
  const youngest = new Map<string, number>();
  for (const { seq, text } of taken) {
    if (!text.includes('"replaces":"')) continue;
    try {
      const { extras, receivers } = decodeEntry(text);
      if (extras?.replaces === undefined) continue;
      for (const address of receivers) youngest.set(nameOf(extras.replaces, address), seq);
    } catch {
      // It is told of when its turn comes.
    }
  }
  return youngest;
}

function nameOf(key: string, { id, terminal }: DeviceAddress): string {
  return `${key} ${addressKey(id, terminal)}`;
}
