/** What was looked at, and how it is. */
export interface Finding {
  readonly about: string;
  /** `warn`: it works, and will hurt some day, or is meant. `bad`: something is lost, or somebody not reached. */
  readonly state: 'ok' | 'warn' | 'bad';
  readonly what: string;
  /** What to do. */
  readonly cure?: string;
}
