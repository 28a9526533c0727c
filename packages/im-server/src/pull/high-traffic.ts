import type { ServerMetrics } from '../metrics/metrics.ts';
import type { ResolvedOptions } from '../options/options.ts';

/** After the last message of high priority the next one may be near for so long. */
const activeMs = 60_000;
const largestSlice = 256;
/** Of what may be in flight, as a share. */
const reserved = 0.05;
/** Kinds whose lists are taken from side by side: a slice of each may be above the limit. */
const kinds = 3;

/** While messages of high priority come, the others leave them room: they are taken in slices, and not up to the limit. */
export class HighTraffic {
  readonly #options: Pick<ResolvedOptions, 'maxInFlight' | 'pullBatch'>;
  readonly #metrics: Pick<ServerMetrics, 'high'>;
  #activeUntil = -Infinity;

  constructor(
    options: Pick<ResolvedOptions, 'maxInFlight' | 'pullBatch'>,
    metrics: Pick<ServerMetrics, 'high'>,
  ) {
    this.#options = options;
    this.#metrics = metrics;
  }

  /** So many of high priority were taken. */
  note(count: number): void {
    this.#metrics.high('taken', count);
    this.#activeUntil = performance.now() + activeMs;
  }

  /** How many of the others are taken from a list at once. */
  get slice(): number {
    const { maxInFlight, pullBatch } = this.#options;
    // One batch alone must not be above the limit.
    const most = Math.min(pullBatch, maxInFlight);
    if (!this.#isActive) return most;
    return Math.max(1, Math.min(most, largestSlice, Math.floor((maxInFlight * reserved) / kinds)));
  }

  /** Which part of what may be in flight the others may take. */
  get shareOfOthers(): number {
    return this.#isActive ? 1 - reserved : 1;
  }

  get #isActive(): boolean {
    return performance.now() < this.#activeUntil;
  }
}
