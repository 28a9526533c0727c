import { addressKey, type DeviceAddress } from 'im-common';

interface Recent {
  readonly until: number;
  /** When members got it. */
  round: number | undefined;
  /** Who got it otherwise, with which entry. */
  given: Map<string, number> | undefined;
}

/** Longer than an entry waits for a receiver that is on its way, and than results are waited for. */
const keptMs = 30_000;
const sweepEveryMs = 5_000;

/** Messages to topics of the last half minute: a device that moves between two servers must not get one from both. */
export class RecentMessages {
  readonly #recent = new Map<string, Recent>();
  #sweepsAt = 0;

  /** Members get it now. Returns who has it already. */
  onMembers(messageId: string, round: number, now: number): ReadonlyMap<string, unknown> | undefined {
    const recent = this.#of(messageId, now);
    recent.round = round;
    return recent.given;
  }

  roundOf(messageId: string): number | undefined {
    return this.#recent.get(messageId)?.round;
  }

  /** The device is to have it from this entry; false when it has it from another one. */
  give(messageId: string, { id, terminal }: DeviceAddress, entry: number, now: number): boolean {
    const given = (this.#of(messageId, now).given ??= new Map<string, number>());
    const key = addressKey(id, terminal);
    const by = given.get(key);
    given.set(key, by ?? entry);
    return by === undefined || by === entry;
  }

  sweep(now: number): void {
    if (now < this.#sweepsAt) return;
    this.#sweepsAt = now + sweepEveryMs;
    // The oldest come first.
    for (const [messageId, { until }] of this.#recent) {
      if (until > now) return;
      this.#recent.delete(messageId);
    }
  }

  #of(messageId: string, now: number): Recent {
    let recent = this.#recent.get(messageId);
    if (!recent) {
      recent = { until: now + keptMs, round: undefined, given: undefined };
      this.#recent.set(messageId, recent);
    }
    return recent;
  }
}
