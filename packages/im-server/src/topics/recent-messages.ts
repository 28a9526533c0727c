import { addressKey, type DeviceAddress } from 'im-common';

interface Recent {
  readonly until: number;
  /** When members got it. */
  round: number | undefined;
  /** Who got it otherwise. */
  given: Set<string> | undefined;
}

/** Longer than an entry waits for a receiver that is on its way, and than results are waited for. */
const keptMs = 30_000;
const sweepEveryMs = 5_000;

/** Messages to topics of the last half minute: a device that moves between two servers must not get one from both. */
export class RecentMessages {
  readonly #recent = new Map<string, Recent>();
  #sweepsAt = 0;

  /** Members get it now. Returns who has it already. */
  onMembers(messageId: string, round: number, now: number): ReadonlySet<string> | undefined {
    const recent = this.#of(messageId, now);
    recent.round = round;
    return recent.given;
  }

  roundOf(messageId: string): number | undefined {
    return this.#recent.get(messageId)?.round;
  }

  onGiven(messageId: string, receivers: readonly DeviceAddress[], now: number): void {
    const recent = this.#of(messageId, now);
    recent.given ??= new Set();
    for (const { id, terminal } of receivers) recent.given.add(addressKey(id, terminal));
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
