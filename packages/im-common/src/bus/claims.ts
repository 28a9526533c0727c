/**
 * What was said first counts: each field of a name keeps the value that it was given first, until all of the name ends. Senders
 * that repeat a message under its own id say here where they put it (PROTOCOL.md, P-6.13), so that a repetition
 * goes to the same place, where it is recognised.
 */
export interface Claims {
  /**
   * Gives fields their values, all of them or none. Returns those that stand, in the order of the claims. A field that has a value keeps it,
   * unless that is the one to be replaced.
   */
  claim(name: string, claims: readonly Claim[]): Promise<ClaimOutcome>;

  /** The values that stand, in the order of the fields. */
  find(name: string, fields: readonly string[]): Promise<(string | undefined)[]>;
}

export interface Claim {
  readonly field: string;
  readonly value: string;
  /** The claim that this one replaces, as its owner gave it up. */
  readonly instead?: string | undefined;
}

export interface ClaimOutcome {
  /** Nobody has claimed anything under this name before. */
  readonly isFirst: boolean;
  readonly values: readonly string[];
}

/**
 * From the first claim on. Shorter than lists remember who put on them ({@link PutBatch.producer}): what is found out there must not be
 * forgotten before.
 */
export const claimsKeptMs = 240_000;
