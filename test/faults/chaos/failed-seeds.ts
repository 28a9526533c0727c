import type { BusKind } from '../kit/bus.ts';

export interface FailedSeed {
  readonly seed: number;
  readonly bus: BusKind;
  readonly minutes: number;
  /** What did not hold. */
  readonly problem: string;
}

/** Runs that found something. Each is run again by the tests, for as long as it took. */
export const failedSeeds: readonly FailedSeed[] = [
  {
    seed: 11,
    bus: 'aof',
    minutes: 0.5,
    problem: 'a route that was written too late took a device from its server',
  },
];
