import { createHash } from 'node:crypto';
import type { MessageFiles } from '../files/message-files.ts';
import type { NewDetail } from '../message-details/detail.ts';
import type { MessageHook } from '../message-hook/message-hook.ts';
import { Refusal } from '../http/refusal.ts';
import type { SensitiveWords } from '../sensitive-words/sensitive-words.ts';
import { isSendable, MessageStatus, MessageType } from '../wire/message-type.ts';

export interface SendingDeps {
  /** Undefined: nobody is asked. */
  readonly hook: Pick<MessageHook, 'judge'> | undefined;
  readonly words: Pick<SensitiveWords, 'mask'>;
  readonly files: Pick<MessageFiles, 'accept'>;
}

interface Sending {
  /** Where to. */
  readonly conversation: string;
  /** Of the message that is written over. */
  readonly number?: number | undefined;
  readonly type: number;
  readonly content: string;
  readonly detail?: NewDetail | undefined;
}

/**
 * What is stored of what somebody says, by whatever route, now or instead of what they said before; refuses what people may not send, and
 * what says nothing. The operator's hook has the last word.
 */
export async function sendableContent(
  userId: number,
  { conversation, number, type, content, detail }: Sending,
  { words, files, hook }: SendingDeps,
): Promise<string> {
  if (!isSendable(type)) throw new Refusal('typeUnknown', { values: { type: String(type) } });
  // Of what is forwarded together each takes as long, as it waits for nothing else: it stays in order.
  const allowed = await (type === MessageType.TEXT
    ? words.mask(content)
    : files.accept(userId, { type, content }, detail?.forwarded !== undefined));
  if (allowed.trim() === '') throw new Refusal('contentRequired');
  if (!hook) return allowed;
  const written = detail && asWritten(detail, { content, allowed });
  const changed = await hook.judge({
    ...{ userId, conversation, number, type, content: allowed, detail: written },
  });
  // What is no text, or stands for something else, is not changed.
  return changed !== undefined && type === MessageType.TEXT && !detail?.custom ? changed : allowed;
}

/** What stands where in a text is not known any more when words of it were masked. */
export function asWritten(
  detail: NewDetail,
  { content, allowed }: { readonly content: string; readonly allowed: string },
): NewDetail {
  return content === allowed ? detail : { ...detail, entities: undefined };
}

/** What makes a message the only one with this key of its sender in its conversation, whatever it says. */
export function onceWith(key: string): string;
export function onceWith(key: string | undefined): string | undefined;
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
