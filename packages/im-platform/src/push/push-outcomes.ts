import type { ReceiverOutcome, ServerOutcome } from 'im-client';
import type { PushKind } from './pending-pushes.ts';

/** How one push of a message ended, as the transport reported it. */
export interface PushRound {
  /** When all of it was known. */
  readonly time: number;
  readonly devices: readonly ReceiverOutcome[];
  /** Of a topic, whose members nobody names. */
  readonly counts: readonly ServerOutcome[];
}

/** An outcome takes some 200 bytes. */
const mostKept = 10_000;
/** Of one push; a large group must not push out all other messages. */
const mostOfRound = 500;
const mostRounds = 10;

/**
 * What became of the newest messages that this instance pushed, at each device: in memory alone, as a row for each of them would
 * double what a send costs. What is not here is not known; whether something is still to be pushed says its row (PendingPushes).
 */
export class PushOutcomes {
  readonly #most: number;
  /** The oldest first. */
  readonly #kept = new Map<string, readonly PushRound[]>();
  #size = 0;

  constructor(most: number = mostKept) {
    this.#most = most;
  }

  note(
    kind: PushKind,
    messageId: number,
    { devices = [], counts = [] }: Partial<Pick<PushRound, 'devices' | 'counts'>>,
  ): void {
    const name = nameOf(kind, messageId);
    const before = this.#kept.get(name) ?? [];
    const round = {
      time: Date.now(),
      devices: devices.length > mostOfRound ? devices.slice(0, mostOfRound) : devices,
      counts: counts.length > mostOfRound ? counts.slice(0, mostOfRound) : counts,
    };
    // What did not arrive is pushed again, and the last word counts.
    const rounds = [...before, round].slice(-mostRounds);
    this.#kept.set(name, rounds);
    this.#size += sizeOf(rounds) - sizeOf(before);
    for (const [oldest, gone] of this.#kept) {
      if (this.#size <= this.#most) break;
      this.#kept.delete(oldest);
      this.#size -= sizeOf(gone);
    }
  }

  /** The pushes of a message, the first one first; none: nothing is known. */
  find(kind: PushKind, messageId: number): readonly PushRound[] {
    return this.#kept.get(nameOf(kind, messageId)) ?? [];
  }
}

function nameOf(kind: PushKind, messageId: number): string {
  return `${kind} ${messageId}`;
}

function sizeOf(rounds: readonly PushRound[]): number {
  return rounds.reduce((sum, { devices, counts }) => sum + 1 + devices.length + counts.length, 0);
}
