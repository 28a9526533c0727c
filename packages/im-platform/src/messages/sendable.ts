import type { MessageFiles } from '../files/message-files.ts';
import { Refusal } from '../http/refusal.ts';
import type { SensitiveWords } from '../sensitive-words/sensitive-words.ts';
import { isSendable, MessageType } from '../wire/message-type.ts';

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
