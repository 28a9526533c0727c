import type { StoredMessage } from './message.ts';

/** All messages with the numbers from `from` to `to`; which of these numbers are missing are nothing. */
export interface Page {
  readonly items: readonly StoredMessage[];
  readonly from: number;
  /** Before `from`: there is nothing in it. */
  readonly to: number;
  /** The first and the last number that may be seen in the conversation. */
  readonly first: number;
  readonly last: number;
}
