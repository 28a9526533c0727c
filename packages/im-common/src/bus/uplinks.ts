import type { DeviceAddress } from '../address.ts';
import type { ByteText } from './byte-text.ts';

/** How many lists the uplinks of one service lie on. All of a user lie on the same one. */
export const uplinkPartitions = 16;
/** How long the bus remembers what it has of an outbox: longer than a device keeps what it could not send. */
export const outboxMemoryMs: number = 48 * 3_600_000;
/** How long a reply is given again to a device that asks again. */
export const replyKeptMs = 120_000;
/** Of one address. A device that comes with ever new ones loses the memory of its oldest. */
export const mostOutboxes = 16;

/**
 * What devices say to services. The numbers of an outbox (P-14.3) do two jobs, order and doubles; a partition has one
 * owner at a time among the instances of a service, who takes from its list like any consumer ({@link Lists.take}).
 */
export interface Uplinks {
  /** Puts uplinks on a partition's list, in their order. Answers for each. */
  put(list: string, uplinks: readonly Uplink[], limits: UplinkLimits): Promise<UplinkOutcome[]>;

  /**
   * Acknowledges what was handled, and keeps replies for a while. Answers for each whose reply is kept the server that the
   * device was heard at last; undefined for what belongs to another consumer by now.
   */
  acknowledge(
    list: string,
    consumer: string,
    handled: readonly HandledUplink[],
  ): Promise<(number | undefined)[]>;

  /**
   * Renews the lease of an instance, takes back what it gives up, and gives it free partitions up to its share. Those of
   * an instance that is silent are free when its lease is over in two looks that are `leaseMs / 4` apart.
   */
  share(service: string, instance: string, leaseMs: number, givenUp: readonly number[]): Promise<UplinkShare>;

  /** Ends the lease: all that the instance owns is free at once. */
  leave(service: string, instance: string): Promise<void>;

  /** Opens a consumer for the owner of that epoch. False when a later owner has opened one: nobody before may any more. */
  claim(list: string, consumer: string, epoch: number): Promise<boolean>;
}

export interface Uplink {
  readonly sender: DeviceAddress;
  /** Names the outbox. */
  readonly box: string;
  readonly n: number;
  /** The device has done with all up to this number: they are on the bus, or given up. */
  readonly done: number;
  /** The server that it came to. */
  readonly via: number;
  /** As {@link encodeUplink} writes it. */
  readonly entry: ByteText;
}

export interface UplinkLimits {
  /** How long the list may become. */
  readonly maxLength: number;
  /** How many bytes may wait on it, give or take some hundredths. */
  readonly maxBytes: number;
  /** How many of one outbox may wait for the service. */
  readonly maxOutstanding: number;
}

/**
 * `stored`: on the list now, or from before; a repetition gets the reply, if it is there. `gap`: one before it is missing.
 * `busy`: too many of this outbox wait. `full`: the list is.
 */
export type UplinkOutcome =
  { readonly status: 'stored'; readonly reply?: ByteText } | { readonly status: 'gap' | 'busy' | 'full' };

export interface HandledUplink {
  readonly seq: number;
  readonly sender: DeviceAddress;
  readonly box: string;
  readonly n: number;
  /** For one that is waited for. */
  readonly reply?: ByteText | undefined;
}

export interface UplinkShare {
  /** How many partitions the instance should own. Of more it gives some up. */
  readonly share: number;
  readonly owned: readonly OwnedPartition[];
}

export interface OwnedPartition {
  readonly partition: number;
  /** Rises with each owner. */
  readonly epoch: number;
}

export function uplinkList(service: string, partition: number): string {
  return `im:uplink:${service}:${partition}`;
}

/** FNV-1a over the id, which spreads also ids that count upwards. */
export function uplinkPartitionOf(userId: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < userId.length; at += 1) {
    hash = Math.imul(hash ^ userId.charCodeAt(at), 0x01000193);
  }
  return ((hash ^ (hash >>> 16)) & 0x7fffffff) % uplinkPartitions;
}
