import type { DeviceAddress } from 'im-common';
import { ResultCode } from 'im-common/bus';
import type { Outcome, Result } from 'im-common/internal/bus';
import type { OutgoingMessage } from './message.ts';
import type { Envelope } from './plan.ts';

export function notOnline(address: DeviceAddress): Outcome {
  return { address, stage: 'queued', reason: 'NOT_ONLINE' };
}

const none: readonly never[] = [];

/** The results of receivers that are not online: of a private message one for each, else one for all. */
export function notOnlineResults(
  { kind, dataText, senderText }: OutgoingMessage,
  { messageId, queuedAt }: Envelope,
  receivers: readonly DeviceAddress[],
): readonly Result[] {
  if (receivers.length === 0) return none;
  const outcomes = receivers.map(notOnline);
  const batches = kind === 'private' ? outcomes.map((outcome) => [outcome]) : [outcomes];
  return batches.map((batch) => ({
    code: ResultCode.NOT_ONLINE,
    outcomes: batch,
    dataText,
    senderText,
    messageId,
    attempt: 1,
    queuedAt,
    resolvedAt: Date.now(),
    last: false,
  }));
}
