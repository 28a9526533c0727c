import { Refusal } from '../../http/refusal.ts';
import type { SensitiveWords } from '../../sensitive-words/sensitive-words.ts';
import type { Caller } from '../../sessions/caller.ts';
import type { MessageLog } from '../log/message-log.ts';
import { isSendable, MessageType } from '../message-type.ts';
import type { PrivateDraft } from './private-log.ts';
import type { PrivateMessage } from './private-message.ts';

export interface PrivateMessageParts {
  readonly log: MessageLog<PrivateDraft, PrivateMessage>;
  readonly words: Pick<SensitiveWords, 'mask'>;
}

export interface PrivateSend {
  readonly tmpId?: string | undefined;
  readonly recvId: number;
  readonly content: string;
  readonly type: number;
}

export class PrivateMessageService {
  readonly #parts: PrivateMessageParts;

  constructor(parts: PrivateMessageParts) {
    this.#parts = parts;
  }

  /** Stored, then pushed. Sent again with the same tmpId it is the same message. */
  async send(
    { userId, terminal }: Caller,
    { tmpId, recvId, content, type }: PrivateSend,
  ): Promise<PrivateMessage> {
    if (!isSendable(type)) throw new Refusal('systemBusy');
    const { log, words } = this.#parts;
    const allowed = type === MessageType.TEXT ? words.mask(content) : content;
    if (allowed.trim() === '') throw new Refusal('contentRequired');
    return log.append({
      draft: {
        sendId: userId,
        terminal,
        recvId,
        type,
        content: allowed,
        tmpId: tmpId === '' ? undefined : tmpId,
        needsFriendship: true,
      },
    });
  }
}
