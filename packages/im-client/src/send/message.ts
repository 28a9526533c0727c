import type { UserId } from 'im-common';
import type { JsonText } from './json-text.ts';

/** Who sends: the copies for the sender's other devices leave out this terminal. */
export interface Sender {
  readonly id: UserId;
  readonly terminal: number;
}

export interface Keep {
  /** For how long at most: up to 30 days. */
  readonly forMs: number;
  /** How many may wait for one terminal, up to 1,000; of more the oldest are dropped, and of more than 1 MiB. @default 100 */
  readonly most?: number | undefined;
}

interface MessageCommon<T> {
  /** The terminals of each receiver. @default the client's `terminals` */
  readonly recvTerminals?: readonly number[] | undefined;
  /** Whether results are wanted. @default true */
  readonly sendResult?: boolean | undefined;
  /**
   * An id of your own: 1 to 64 out of `A-Z a-z 0-9 _ . @ -`. Sending again with the same id, from any instance of the service and within four minutes, puts
   * nothing a second time, also when the message was kept and has been delivered since: for a retry after BUS_UNAVAILABLE, with the same receivers, `keep` and
   * `data`. Takes a call to the bus more. @default one of ours
   */
  readonly messageId?: string | undefined;
  /**
   * What does not reach a terminal waits for its next login: of one that is not connected, and of one whose connection ends
   * before it has proved to have the message. Its result is KEPT then, and what becomes of it is told to listeners of
   * `'kept'`. Each terminal of `recvTerminals` counts, so name those that your users have.
   * @default it is not kept
   */
  readonly keep?: Keep | undefined;
  /**
   * After so long, by the clock of the bus, nobody is given the message any more: the result is OUTDATED. Up to 30 days.
   * @default it does not get old
   */
  readonly expiresInMs?: number | undefined;
  /**
   * A key: of several messages with the same one only the youngest matters. Older ones that wait for a terminal are dropped, with the
   * result REPLACED: where they are kept, on their way to a server, and while a device reads too slowly. 1 to 64 out of
   * `A-Z a-z 0-9 _ . @ -`.
   */
  readonly replaces?: string | undefined;
  /**
   * `high` goes before all that is not handed to a connection yet: here, on its way to the server, and while a device has to wait. High and normal
   * messages have no order between each other. To a topic it goes before others only where it waits for a device, as it must not
   * overtake changes of the topic. @default 'normal'
   */
  readonly priority?: 'normal' | 'high' | undefined;
  /** The payload: anything that JSON can express, or `jsonText(…)`. It reaches the device as it is. */
  readonly data: T | JsonText;
}

interface FromUser<T> extends MessageCommon<T> {
  readonly sender: Sender;
  /** Whether the sender's other online devices get a copy (without a result). @default true */
  readonly sendToSelf?: boolean | undefined;
}

export interface PrivateMessage<T = unknown> extends FromUser<T> {
  /** Null sends nothing but the copies for the sender's own devices. */
  readonly recvId: UserId | null;
}

export interface GroupMessage<T = unknown> extends FromUser<T> {
  /** The members. One that is named twice gets the message once. */
  readonly recvIds: readonly UserId[];
}

export interface TopicMessage<T = unknown> extends FromUser<T> {
  /** Its members, wherever they are connected, get the message once each; the sender, too, as a member. */
  readonly topic: string;
  /** Devices that do not get it. */
  readonly except?: readonly { readonly id: UserId; readonly terminal: number }[] | undefined;
  /** Whether results name each member. Otherwise they count, for each server and outcome. @default false */
  readonly trackMembers?: boolean | undefined;
  /**
   * The topic keeps the message among its last `most`, for `forMs`: devices of members that come back by then are given it, or told that
   * they missed more than is kept (`im-device/topics`). Up to 1 MiB for each topic. No result says so. Takes no call to the bus more. @default it is not kept
   */
  readonly keep?: Keep | undefined;
}

export interface SystemMessage<T = unknown> extends MessageCommon<T> {
  /** `'everyone'` is every device that is online on one of the terminals. */
  readonly recvIds: readonly UserId[] | 'everyone';
}
