import { MessageType } from 'im-platform/client';
import type { CallPush } from '../model/call.ts';

const kinds: Readonly<Record<number, CallPush['is']>> = {
  [MessageType.RTC_CALL_VOICE]: 'call',
  [MessageType.RTC_CALL_VIDEO]: 'call',
  [MessageType.RTC_ACCEPT]: 'accept',
  [MessageType.RTC_REJECT]: 'reject',
  [MessageType.RTC_CANCEL]: 'cancel',
  [MessageType.RTC_FAILED]: 'failed',
  [MessageType.RTC_HANDUP]: 'hang-up',
  [MessageType.RTC_CANDIDATE]: 'candidate',
};

/** Undefined: it is of no call. */
export function readCallPush(
  type: number,
  { sendId, content }: { readonly sendId?: unknown; readonly content?: unknown },
): CallPush | undefined {
  const is = kinds[type];
  if (is === undefined || !Number.isSafeInteger(sendId)) return undefined;
  const mode = type === MessageType.RTC_CALL_VOICE ? 'voice' : 'video';
  return {
    ...{ is, from: String(sendId), mode: is === 'call' ? mode : undefined },
    text: typeof content === 'string' ? content : '',
  };
}
