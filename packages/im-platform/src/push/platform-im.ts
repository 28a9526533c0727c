import type { ImClient } from 'im-client';
import type { PushedState } from '../wire/pushed-state.ts';

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
    readonly drive?: object;
    readonly typing?: object;
    readonly joinRequest?: object;
    readonly message?: object;
    readonly deleted?: object;
    readonly redPacket?: object;
    readonly campaign?: object;
    readonly encryption?: object;
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
  readonly status?: number;
  /** As `/v1` shows it, where it has more than box-im knows. */
  readonly message?: object;
}

/** A group message, stored (it has an id then) or not. */
export interface GroupPush {
  readonly id?: number;
  readonly groupId: number;
  readonly type: number;
  readonly content?: string | null;
  readonly conversation?: PushedState;
  readonly message?: object;
}

export type PlatformIm = ImClient<PlatformMessages>;

/** Over the socket absent is absent: box-im's page overwrites what it has with a null (contract E.5). */
export function withoutNulls<T extends object>(value: T): T {
  return Object.fromEntries(
    Object.entries(value).filter(([, member]) => member !== null && member !== undefined),
  ) as T;
}
