import type { DeviceAddress } from '../address.ts';
import type { ByteText } from './byte-text.ts';
import type { InFlight } from './in-flight.ts';

/**
 * Private messages that are put where their receivers are in the step that finds them: one call, where a lookup and puts are two,
 * and exact. A bus has it when one step may look at all of its keys, which none may in a Redis Cluster.
 *
 * It takes messages that want nothing but to be put. Whatever is not plain about one (a receiver on its way, a server that has
 * no lease, or whose list is closed or long) leaves all of that message where it is, to be looked for and put one by one;
 * and with it what follows in the same batch for one of its addresses, so that all keep their order.
 */
export interface Posts {
  /** A message as it stands in a batch. */
  encode(post: Post): ByteText;

  /** A batch that was posted before is not posted again, and answered the same. */
  post(batch: PostBatch): Promise<readonly PostAnswer[]>;
}

/** A private message, and its copies for the sender's other devices. Every device has an entry of its own. */
export interface Post {
  /** The terminals of one user. */
  readonly receivers: readonly DeviceAddress[];
  /** The terminals of one user, or none. */
  readonly copies: readonly DeviceAddress[];
  /** The texts of the entries: what stands before the address, behind that of a receiver, behind that of a copy, and at the end. */
  readonly before: ByteText;
  readonly behindReceiver: ByteText;
  readonly behindCopy: ByteText;
  readonly end: ByteText;
}

export interface PostBatch {
  readonly posts: readonly ByteText[];
  /** As of `PutBatch`, but for all lists together. */
  readonly producer: string;
  readonly batchNumber: number;
  /** A longer list is not put on. */
  readonly longestList: number;
  /** What is acknowledged in the same step. */
  readonly acknowledge: readonly InFlight[];
}

/** For each address, the receivers first: the server on whose list it was put, 0 for none. `undefined`: nothing was put. */
export type PostAnswer = readonly number[] | undefined;
