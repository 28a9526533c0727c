import type { DeviceAddress } from '../address.ts';
import type { ByteText } from './byte-text.ts';

/** Messages that wait for a device that is not there (PROTOCOL.md, P-15). */
export interface Kept {
  /**
   * Keeps a message for the next login of the address, once by its id, which is known for {@link MessageToKeep.rememberMs}: also when
   * the message has been delivered since. When a route points anywhere else than at one of `notAt`, an unknown one is not kept, and
   * the answer is the server that has the device.
   */
  keep(address: DeviceAddress, message: MessageToKeep, notAt?: readonly number[]): Promise<KeepOutcome>;

  /**
   * The oldest that wait for the address, in their order, up to `max` and about `maxBytes`. They stay; each take of one counts.
   * What is over by then is not among them.
   */
  take(address: DeviceAddress, max: number, maxBytes: number): Promise<KeptMessage[]>;

  /** Those of the addresses for which something waits: it may have been kept while their routes were lost. */
  waiting(addresses: readonly DeviceAddress[]): Promise<DeviceAddress[]>;

  /** Forgets messages whose end has been reported, or that nobody wants to hear of. */
  acknowledge(address: DeviceAddress, ids: readonly string[]): Promise<void>;

  /**
   * Addresses where something is over by now, up to `max`. The caller is to look after them: no other is told for a
   * minute, and then one is, unless {@link lookedAfter} was called.
   */
  due(max: number): Promise<DeviceAddress[]>;

  /** Up to `max` messages of the address that are over and not reported. */
  over(address: DeviceAddress, max: number): Promise<KeptMessageOver[]>;

  /** These have been reported. What else is, or will be, over at the address comes up again in its time. */
  lookedAfter(address: DeviceAddress, ids: readonly string[]): Promise<void>;

  /** The clock by which messages end, in milliseconds. */
  now(): Promise<number>;
}

export interface MessageToKeep {
  readonly id: string;
  /** The entry for this one receiver. */
  readonly text: ByteText;
  /** When it was sent, by the sender's clock: the order among those that wait. */
  readonly sentAt: number;
  readonly forMs: number;
  /** Ends it earlier, on the clock of {@link Kept.now}. */
  readonly expiresAt?: number | undefined;
  /** How many may wait for the address, this one among them; older ones are dropped. */
  readonly most: number;
  /** Drops older ones with the same key. */
  readonly replaces?: string | undefined;
  /** How long its id is known from now on, whatever becomes of it; of one address the last {@link mostKeptKnown}. */
  readonly rememberMs: number;
}

/**
 * `kept`: it waits, or did before. A number: the server that has the device. `outdated`, `replaced`: it is over already, and
 * was not kept. `too-large`: longer than {@link mostKeptBytes}, and not kept.
 */
export type KeepOutcome = 'kept' | 'outdated' | 'replaced' | 'too-large' | number;

export interface KeptMessage {
  readonly id: string;
  readonly text: ByteText;
  /** How often it was taken, this time included. Above 1 the device may have it already. */
  readonly takes: number;
}

/** DROPPED: there was no room for it any more. */
export type KeptEnd = 'OUTDATED' | 'REPLACED' | 'DROPPED';

export interface KeptMessageOver {
  readonly id: string;
  readonly text: ByteText;
  readonly reason: KeptEnd;
}

/** For one address, of all messages together. */
export const mostKeptBytes = 1_048_576;
/** Ends that nobody has reported; of more nothing is said. */
export const mostKeptOver = 1_000;
/** As many as may wait for an address. */
export const mostKeptKnown = 1_000;
/** What is over is reported within this time, or forgotten. */
export const keptOverMs = 86_400_000;
/** On a list that all instances of a service share, who may all be away while results of kept messages come. */
export const mostSharedResultBytes = 268_435_456;
/** How long one server may take to look after an address. */
export const keptClaimMs = 60_000;
