import type { Logger } from 'im-common';
import type { DeliveredPositions } from '../../conversations/delivered-positions.ts';
import type { ReadPositions } from '../../conversations/read-positions.ts';
import { noteRecall } from '../../conversations/places.ts';
import type { FileRecord } from '../../files/file-records.ts';
import type { MessageFiles } from '../../files/message-files.ts';
import type { Sql } from '../../db/database.ts';
import { Refusal } from '../../http/refusal.ts';
import type { PrivateEvents } from '../../push/private-events.ts';
import { awaitPushes } from '../../push/await-pushes.ts';
import type { SensitiveWords } from '../../sensitive-words/sensitive-words.ts';
import type { Caller } from '../../http/caller.ts';
import { otherTerminals } from '../../wire/terminals.ts';
import { isSendable, MessageStatus, MessageType } from '../../wire/message-type.ts';
import { asWritten, onceWith, refuseReuse, sendableContent, type SendingDeps } from '../sendable.ts';
import type { Page } from '../page.ts';
import type { NewDetail, Quote } from '../../message-details/detail.ts';
import { assertRecallable, clearDetail } from '../../message-details/detail-rows.ts';
import { removeWords } from '../../message-words/postings.ts';
import { recallableForMs } from '../recalled.ts';
import type { PrivateMessageLog } from './private-log.ts';
import { conversationOf, type PrivateMessage } from './private-message.ts';
import type { PrivateMessageStore } from './private-message-store.ts';

export interface PrivateMessageDeps {
  readonly log: PrivateMessageLog;
  readonly store: PrivateMessageStore;
  readonly reads: Pick<ReadPositions, 'move'>;
  readonly delivered: Pick<DeliveredPositions, 'note'>;
  readonly events: Pick<PrivateEvents, 'push'>;
  readonly words: Pick<SensitiveWords, 'mask'>;
  readonly hook: SendingDeps['hook'];
  readonly files: Pick<MessageFiles, 'accept' | 'shown' | 'giveUp' | 'delete'>;
  readonly logger: Logger;
}

export interface PrivateSend {
  readonly tmpId?: string | undefined;
  /** The client's own name of this message: sent again with it, it is stored once; and something else is refused. */
  readonly onceKey?: string | undefined;
  readonly recvId: number;
  readonly content: string;
  readonly type: number;
  /** What it has beside what box-im knows. */
  readonly detail?: NewDetail | undefined;
  readonly quote?: Quote | undefined;
  /** What it follows from, where users are: in the transaction that stores it, or that orders it (message-log/entries.ts). */
  readonly within?: ((sql: Sql) => Promise<void>) | undefined;
}

export class PrivateMessageService {
  readonly #deps: PrivateMessageDeps;

  constructor(deps: PrivateMessageDeps) {
    this.#deps = deps;
  }

  /** Stored, then pushed. Sent again with the same tmpId it is the same message. */
  async send(
    { userId, terminal }: Caller,
    { tmpId, onceKey, recvId, content, type, detail, quote, within }: PrivateSend,
  ): Promise<PrivateMessage> {
    const { log, files } = this.#deps;
    const allowed = await sendableContent(
      userId,
      { conversation: conversationOf(userId, recvId), type, content, detail },
      this.#deps,
    );
    const message = await log.append({
      cause: within,
      draft: {
        sendId: userId,
        terminal,
        recvId,
        type,
        content: allowed,
        tmpId: tmpId === '' ? undefined : tmpId,
        dedupeKey: onceWith(onceKey),
        needsFriendship: true,
        ...(detail && { detail: asWritten(detail, { content, allowed }), quote }),
      },
    });
    refuseReuse(onceKey, message, { type, content: allowed });
    await files.shown(userId, message);
    return message;
  }

  /** Takes a message back, and the files that it shows. A second recall answers with the first one's row. */
  async recall({ userId, terminal }: Caller, id: number): Promise<PrivateMessage> {
    const { log, store, files } = this.#deps;
    const [message] = await store.find([id]);
    // Whose it is not learns nothing of it.
    if (!message || !isSendable(message.type) || ![message.sendId, message.recvId].includes(userId))
      throw new Refusal('messageUnknown');
    if (message.sendId !== userId) throw new Refusal('notYourMessage');
    const isRecalled = message.status === MessageStatus.RECALL;
    if (!isRecalled && message.sendTime < Date.now() - recallableForMs) throw new Refusal('tooLateToRecall');
    let gone: FileRecord[] = [];
    const recall = await log.append({
      draft: {
        sendId: userId,
        terminal,
        recvId: message.recvId,
        type: MessageType.RECALL,
        content: String(id),
        dedupeKey: `recall:${id}`,
        needsFriendship: false,
        recalls: message.number,
      },
      async within(sql, { stamp }) {
        const conversation = conversationOf(userId, message.recvId);
        await assertRecallable(sql, { conversation, number: message.number });
        if (await store.markRecalled(sql, id)) {
          const recalled = { ...message, conversation, stamp };
          await noteRecall(sql, recalled);
          await removeWords(sql, recalled);
          await clearDetail(sql, recalled, stamp);
        }
      },
      async follows(sql) {
        gone = await files.giveUp(sql, userId, message);
      },
    });
    await files.delete(gone);
    return recall;
  }

  /** What a device missed. With that it has it, so its sender sees it as delivered. */
  async pull({ userId }: Caller, minId: number): Promise<PrivateMessage[]> {
    const { store, delivered } = this.#deps;
    const messages = await store.since(userId, minId);
    const isNew = ({ recvId, status }: PrivateMessage): boolean =>
      recvId === userId && status === MessageStatus.PENDING;
    const fresh = messages.filter(isNew);
    await store.markDelivered(fresh.map(({ id }) => id));
    for (const { sendId, number } of fresh)
      delivered.note({ userId, conversation: conversationOf(sendId, userId), number });
    return messages.map((message) =>
      message.type === MessageType.RECALL && !isNew(message)
        ? // The cursor of the page stays before it, and only so it does not count as unread each time (contract 0.1.15).
          { ...message, status: MessageStatus.READED }
        : message,
    );
  }

  /**
   * All that the friend has sent so far is read, or what has come up to a number. When all is, the friend is told, and so are my
   * other terminals: box-im's pages take it so.
   */
  async markRead({ userId, terminal }: Caller, friendId: number, upTo?: number): Promise<void> {
    const { reads, events, logger } = this.#deps;
    const moved = await reads.move(userId, conversationOf(userId, friendId), upTo ?? Infinity);
    if (!moved || moved.last === 0 || (upTo !== undefined && moved.to < moved.last)) return;
    const people = { sendId: userId, recvId: friendId };
    const atHis = { to: userId, terminals: otherTerminals(terminal) };
    await awaitPushes(
      [
        events.push({ ...people, ...atHis, type: MessageType.READED }),
        events.push({ ...people, type: MessageType.RECEIPT }),
      ],
      logger,
    );
  }

  /** Up to where the friend has read me; -1: nothing, since 0 would mean everything to the page (contract 0.1.7). */
  async lastReadId({ userId }: Caller, friendId: number): Promise<number> {
    return (await this.#deps.store.lastReadId(userId, friendId)) ?? -1;
  }

  history({ userId }: Caller, friendId: number, page: Page): Promise<PrivateMessage[]> {
    return this.#deps.store.history(userId, friendId, page);
  }
}
