import { toUserId, type DeviceAddress, type MessageKind, type UserId } from 'im-common';
import type { Reason, Stage } from 'im-common/bus';
import { codeOf } from 'im-common/internal/bus';
import type {
  GroupResult,
  KeptResult,
  PrivateResult,
  ReceiverOfBatch,
  SystemResult,
} from '../listen/result.ts';

type Address = { readonly id: UserId; readonly terminal?: number };

/** What a result is to say; all may be left out. */
export interface TestResultFields<T = unknown> {
  readonly data?: T;
  /** Absent: it arrived. */
  readonly reason?: Reason;
  /** @default 'proved', with a reason 'queued' */
  readonly stage?: Stage;
  /** @default terminal 0 of user 1 */
  readonly sender?: Address;
  readonly messageId?: string;
  readonly attempt?: number;
  readonly serverId?: number;
}

/** @param fields `receiver` is terminal 0 of user 2 by default. */
export function privateResult<T = unknown>(
  fields: TestResultFields<T> & { readonly receiver?: Address } = {},
): PrivateResult<T> {
  const { receiver = { id: 2 }, ...rest } = fields;
  return { ...common(rest), kind: 'private', receiver: addressOf(receiver) };
}

/** What became of a message that was kept. `messageKind` is `private` by default. */
export function keptResult<T = unknown>(
  fields: TestResultFields<T> & { readonly receiver?: Address; readonly messageKind?: MessageKind } = {},
): KeptResult<T> {
  const { receiver = { id: 2 }, messageKind = 'private', ...rest } = fields;
  return { ...common(rest), kind: 'kept', messageKind, receiver: addressOf(receiver) };
}

/** @param fields `count` is for messages to topics, whose receivers are not named: give `receivers: []` with it. */
export function groupResult<T = unknown>(
  fields: TestResultFields<T> & { readonly receivers?: readonly Address[]; readonly count?: number } = {},
): GroupResult<T> {
  const { count, ...rest } = fields;
  const batch = batchOf(rest);
  return { ...batch, kind: 'group', count: count ?? batch.receivers.length };
}

export function systemResult<T = unknown>(
  fields: TestResultFields<T> & { readonly receivers?: readonly Address[] } = {},
): SystemResult<T> {
  return { ...batchOf(fields), sender: undefined, kind: 'system' };
}

type Common<T> = Omit<PrivateResult<T>, 'kind' | 'receiver'>;

function common<T>(fields: TestResultFields<T>): Common<T> {
  const { data, reason, stage = reason === undefined ? 'proved' : 'queued', ...rest } = fields;
  const { sender = { id: 1 }, messageId = 'test-message', attempt = 1, serverId } = rest;
  return {
    code: codeOf({ address: nobody, stage, reason }),
    ...{ reason, stage, messageId, attempt, serverId },
    sender: addressOf(sender),
    // A caller that gives no type may leave it out.
    data: data as T,
    dataText: JSON.stringify(data ?? null),
  };
}

const nobody: DeviceAddress = { id: '0', terminal: 0 };

function batchOf<T>(
  fields: TestResultFields<T> & { readonly receivers?: readonly Address[] },
): Common<T> & { readonly receivers: ReceiverOfBatch[] } {
  const { receivers = [{ id: 2 }], ...rest } = fields;
  const { stage, reason, ...others } = common(rest);
  const each = receivers.map((address) => ({ ...addressOf(address), stage, reason }));
  return { ...others, stage, reason, receivers: each };
}

function addressOf({ id, terminal = 0 }: Address): DeviceAddress {
  return { id: toUserId(id), terminal };
}
