import { createHash } from 'node:crypto';
import type { MessageFiles } from '../files/message-files.ts';
import type { NewDetail } from '../message-details/detail.ts';
import { Refusal } from '../http/refusal.ts';
import type { SensitiveWords } from '../sensitive-words/sensitive-words.ts';
import { isSendable, MessageStatus, MessageType } from '../wire/message-type.ts';

export interface SendingDeps {
  readonly words: Pick<SensitiveWords, 'mask'>;
  readonly files: Pick<MessageFiles, 'check'>;
}

/** What is stored of what somebody sends; refuses what people may not send, and what says nothing. */
export function sendableContent(
  { type, content }: { readonly type: number; readonly content: string },
  { words, files }: SendingDeps,
): string {
  if (!isSendable(type)) throw new Refusal('typeUnknown', { values: { type: String(type) } });
  files.check({ type, content });
  const allowed = type === MessageType.TEXT ? words.mask(content) : content;
  if (allowed.trim() === '') throw new Refusal('contentRequired');
  return allowed;
}

/** What stands where in a text is not known any more when words of it were masked. */
export function asWritten(
  detail: NewDetail,
  { content, allowed }: { readonly content: string; readonly allowed: string },
): NewDetail {
  return content === allowed ? detail : { ...detail, entities: undefined };
}

/** What makes a message the only one with this key of its sender in its conversation, whatever it says. */
export function onceWith(key: string | undefined): string | undefined {
  return key === undefined ? undefined : `key:${createHash('sha256').update(key).digest('base64url')}`;
}

interface Said {
  readonly type: number;
  readonly content: string | null;
}

/** Refuses the second use of a key, when the message that was stored with it says something else. */
export function refuseReuse(
  key: string | undefined,
  stored: Said & { readonly status: number },
  sent: Said,
): void {
  if (key === undefined || stored.status === MessageStatus.RECALL) return;
  if (stored.type !== sent.type || stored.content !== sent.content) throw new Refusal('idempotencyKeyReused');
}
