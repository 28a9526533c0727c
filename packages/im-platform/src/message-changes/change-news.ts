import { Terminal } from 'im-client';
import type { Logger } from 'im-common';
import type { Database } from '../db/database.ts';
import type { LinkMaker } from '../files/file-links.ts';
import type { GroupMembers } from '../groups/group-members.ts';
import type { Caller } from '../http/caller.ts';
import { readConversationId } from '../inbox/conversation-id.ts';
import { groupIdOf } from '../groups/group.ts';
import { findRow, isPrivate, type MessageRow } from '../inbox/message-rows.ts';
import type { MessagePages } from '../inbox/message-pages.ts';
import { showOfGroupToAll } from '../inbox/message-view.ts';
import type { MessageDetail } from '../message-details/detail.ts';
import { findDetail, nameOf, type MessageKey } from '../message-details/detail-rows.ts';
import type { GroupPush, PlatformIm, PrivatePush } from '../push/platform-im.ts';
import { awaitPushes } from '../push/await-pushes.ts';
import { MessageStatus, MessageType } from '../wire/message-type.ts';

export interface ChangeNewsDeps {
  readonly database: Pick<Database, 'of'>;
  readonly im: Pick<PlatformIm, 'sendPrivateMessage' | 'sendGroupMessage' | 'sendSystemMessage'>;
  readonly members: Pick<GroupMembers, 'audienceOf' | 'idsOf'>;
  readonly pages: Pick<MessagePages, 'at'>;
  readonly links: LinkMaker;
  readonly logger: Logger;
}

export interface Telling {
  readonly caller: Caller;
  /** The devices of the caller are told what is theirs alone: with what they reacted. */
  readonly isMine: boolean;
  /** Box-im's pages show the new text. */
  readonly isEdit: boolean;
}

interface Waiting {
  tellings: Telling[];
  timer?: NodeJS.Timeout;
}

/** So often at most the same message is told. What is told is how it is then, so what came in between is in it. */
const everyMs = 200;

/**
 * Tells the devices of a conversation what has become of a message: all of it, and its stamp. So it does not matter which of two such
 * pushes comes first, or is lost: a sync has it as well. Those who came after a message hear nothing of it.
 */
export class ChangeNews {
  readonly #deps: ChangeNewsDeps;
  readonly #waiting = new Map<string, Waiting>();
  readonly #underWay = new Set<Promise<void>>();

  constructor(deps: ChangeNewsDeps) {
    this.#deps = deps;
  }

  /** Soon; nobody waits for it. */
  tell(key: MessageKey, telling: Telling): void {
    const name = nameOf(key);
    const waiting = this.#waiting.get(name);
    if (waiting) {
      waiting.tellings.push(telling);
      return;
    }
    this.#waiting.set(name, { tellings: [] });
    this.#begin(key, [telling]);
  }

  /** Resolves when what was to be told is told. */
  async close(): Promise<void> {
    while (this.#waiting.size > 0 || this.#underWay.size > 0) {
      await Promise.all(this.#underWay);
      await new Promise<void>((resolve) => void setTimeout(resolve, everyMs / 10));
    }
  }

  #begin(key: MessageKey, tellings: readonly Telling[]): void {
    const telling = this.#tell(key, tellings).finally(() => {
      this.#underWay.delete(telling);
      setTimeout(() => this.#again(key), everyMs);
    });
    this.#underWay.add(telling);
  }

  #again(key: MessageKey): void {
    const tellings = this.#waiting.get(nameOf(key))?.tellings ?? [];
    if (tellings.length === 0) this.#waiting.delete(nameOf(key));
    else {
      this.#waiting.set(nameOf(key), { tellings: [] });
      this.#begin(key, tellings);
    }
  }

  async #tell(key: MessageKey, tellings: readonly Telling[]): Promise<void> {
    const { database, logger } = this.#deps;
    try {
      // The detail first: a text that is newer than its stamp is told again.
      const { sql } = database.of(key.conversation);
      const detail = await findDetail(sql, key);
      const row = await findRow(sql, key);
      // A recall is told by itself.
      if (!row || row.message.status === MessageStatus.RECALL) return;
      const edits = tellings.filter(({ isEdit }) => isEdit);
      const [last] = edits.slice(-1);
      const toAll = isPrivate(key.conversation)
        ? this.#tellTwo(row, last)
        : this.#tellGroup(row, detail, last);
      const mine = new Set(tellings.flatMap(({ isMine, caller }) => (isMine ? [caller.userId] : [])));
      const toOwn = isPrivate(key.conversation) ? [] : [...mine].map((userId) => this.#tellOne(row, userId));
      await awaitPushes([toAll, ...toOwn], logger);
    } catch (error) {
      logger.warn({ err: error }, 'a push of a changed message got lost');
    }
  }

  async #tellTwo(row: MessageRow, edit: Telling | undefined): Promise<void> {
    if (row.kind !== 'private') return;
    const { sendId, recvId, id, number, type, status, sendTime } = row.message;
    await Promise.all([...new Set([sendId, recvId])].map((userId) => this.#tellOne(row, userId)));
    if (!edit) return;
    const content = row.message.content ?? '';
    const told = { id, number, sendId, recvId, type, content, sendTime };
    const { im } = this.#deps;
    // As read: a page that shows it as new would ring for it.
    const data: PrivatePush = { ...told, status: MessageStatus.READED };
    const toOther = { sender: { id: sendId, terminal: Terminal.UNKNOWN }, recvId, sendToSelf: false };
    await im.sendPrivateMessage({ ...toOther, sendResult: false, data });
    const toOwn = { sender: { id: sendId, terminal: edit.caller.terminal }, recvId: null, sendToSelf: true };
    await im.sendPrivateMessage({ ...toOwn, sendResult: false, data: { ...told, status } });
  }

  /** As this one sees it. */
  async #tellOne({ conversation: id, number }: MessageRow, userId: number): Promise<void> {
    const conversation = readConversationId(id, userId);
    if (!conversation) return;
    const sight = { conversation, first: 1, last: number, isIn: true };
    const [message] = await this.#deps.pages.at(userId, new Map([[id, sight]]), [
      { conversation: id, number },
    ]);
    if (!message) return;
    const data = { type: MessageType.MESSAGE_CHANGED, message };
    await this.#deps.im.sendSystemMessage({ recvIds: [userId], sendResult: false, data });
  }

  async #tellGroup(
    row: MessageRow,
    detail: MessageDetail | undefined,
    edit: Telling | undefined,
  ): Promise<void> {
    if (row.kind !== 'group') return;
    const { groupId, sendId, id, number, sendNickName, type, content, sendTime } = row.message;
    const to = await this.#audienceOf(row);
    if (!to) return;
    const push = (data: object): Promise<unknown> =>
      this.#deps.im.sendGroupMessage({
        sender: { id: sendId, terminal: Terminal.UNKNOWN },
        ...to,
        sendToSelf: false,
        sendResult: false,
        data: data as GroupPush,
      });
    const message = showOfGroupToAll(row.message, { detail, links: this.#deps.links });
    await push({ type: MessageType.MESSAGE_CHANGED, groupId, sendId, message });
    if (!edit) return;
    const status = MessageStatus.READED;
    await push({ id, number, groupId, sendId, sendNickName, type, content: content ?? '', status, sendTime });
  }

  /** Members who were there when it was said. Undefined: nobody is. */
  async #audienceOf({
    conversation,
    number,
  }: MessageRow): Promise<{ topic: string; except: [] } | { recvIds: readonly number[] } | undefined> {
    const { members, database } = this.#deps;
    const groupId = groupIdOf(conversation);
    const audience = await members.audienceOf(groupId);
    const late: { userId: number }[] = await database
      .of(conversation)
      .sql('im_conversation_member')
      .where({ conversation })
      .whereNull('leftNumber')
      .where('firstNumber', '>', number)
      .select('userId');
    if ('topic' in audience && late.length === 0) return { topic: audience.topic, except: [] };
    const all = 'topic' in audience ? await members.idsOf(groupId) : audience.userIds;
    const hidden = new Set(late.map(({ userId }) => userId));
    const recvIds = all.filter((userId) => !hidden.has(userId));
    return recvIds.length > 0 ? { recvIds } : undefined;
  }
}
