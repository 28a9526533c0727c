/** Entries that a consumer has taken from a list. */
export interface InFlight {
  readonly list: string;
  readonly consumer: string;
  readonly seqs: readonly number[];
}
