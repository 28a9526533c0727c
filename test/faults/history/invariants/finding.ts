export interface Limits {
  /** From the resolved send to its result. */
  readonly resultDeadlineMs: number;
  /** How much later than promised something may be seen, on a machine with more to do than this. */
  readonly slackMs: number;
  readonly presenceMs: number;
  /** Until a service has heard of it, also where its server died. */
  readonly presenceEventMs: number;
  /** Until what was kept has its end, where its device is connected. */
  readonly keptEndMs: number;
  /** How long two connections of one address may overlap: the second to converge, and the grace of the kicked. */
  readonly overlapMs: number;
}

export const defaultLimits: Limits = {
  resultDeadlineMs: 10_000,
  slackMs: 2_000,
  presenceMs: 3_000,
  presenceEventMs: 5_000,
  keptEndMs: 15_000,
  overlapMs: 1_500,
};

/** How many things an invariant was asked about, how many an open fault excused, and where it did not hold. */
export interface Finding {
  readonly checked: number;
  readonly excused: number;
  readonly violations: readonly string[];
}

export class Tally implements Finding {
  checked = 0;
  excused = 0;
  readonly violations: string[] = [];
}

/** The device learns of its login, and of its end, a little later than the bus does. */
export const onItsWayMs = 500;

/** What a bus forgets may be from a while before it did. */
export const forgottenMs = 2_000;

/** A dead server may have written what its survivor hands on: so long after it was hurt the second frame may come. */
export const secondFrameMs = 15_000;
