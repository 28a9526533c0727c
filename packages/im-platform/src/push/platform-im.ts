import type { ImClient } from 'im-client';
import type { ConversationNow } from '../message-log/entries.ts';

/** What the platform pushes, as it arrives in results: only what is read there is named. */
export interface PlatformMessages {
  private: PrivatePush;
  group: GroupPush;
  system: {
    readonly type: number;
    readonly content?: string;
    /** What has changed. */
    readonly conversation?: object;
    readonly positions?: object;
    readonly presence?: readonly object[];
    readonly typing?: object;
    readonly joinRequest?: object;
  };
}

/** A private message, stored (it has an id then) or not. */
export interface PrivatePush {
  readonly id?: number;
  readonly number?: number;
  readonly sendId: number;
  readonly recvId: number;
  readonly type: number;
  readonly content?: string;
  readonly conversation?: PushedState;
}

/** A group message, stored (it has an id then) or not. */
export interface GroupPush {
  readonly id?: number;
  readonly groupId: number;
  readonly type: number;
  readonly content?: string | null;
  readonly conversation?: PushedState;
}

/**
 * What has become of the conversation with a message, for our own clients: never "one more", so that it does not matter what else they
 * have heard of. The last number is that of the message. Box-im's front ends keep it and do not look at it.
 */
export interface PushedState extends Partial<ConversationNow> {
  /** The number of the message that was taken back by this one. */
  readonly recalled?: number;
}

export function toPushedState(state: ConversationNow, recalled: number | undefined): PushedState {
  return recalled === undefined ? state : { ...state, recalled };
}

export type PlatformIm = ImClient<PlatformMessages>;

/** Over the socket absent is absent: box-im's page overwrites what it has with a null (contract E.5). */
export function withoutNulls<T extends object>(value: T): T {
  return Object.fromEntries(
    Object.entries(value).filter(([, member]) => member !== null && member !== undefined),
  ) as T;
}
