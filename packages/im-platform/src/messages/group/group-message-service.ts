import type { Logger } from 'im-common';
import { noteRecall } from '../../conversations/places.ts';
import type { ReadPositions } from '../../conversations/read-positions.ts';
import { conversationOfGroup, type Membership } from '../../groups/group.ts';
import type { GroupStore } from '../../groups/group-store.ts';
import type { FileRecord } from '../../files/file-records.ts';
import type { MessageFiles } from '../../files/message-files.ts';
import { Refusal } from '../../http/refusal.ts';
import type { GroupEvents } from '../../push/group-events.ts';
import { awaitPushes } from '../../push/await-pushes.ts';
import type { SensitiveWords } from '../../sensitive-words/sensitive-words.ts';
import type { Caller } from '../../http/caller.ts';
import { otherTerminals } from '../../wire/terminals.ts';
import { isSendable, MessageStatus, MessageType } from '../../wire/message-type.ts';
import { onceWith, refuseReuse, sendableContent } from '../sendable.ts';
import type { Page } from '../page.ts';
import { pulledBackMs } from '../pull.ts';
import { recallableForMs } from '../recalled.ts';
import type { GroupMessageLog } from './group-log.ts';
import { toGroupMessageVO, type GroupMessage, type GroupMessageVO } from './group-message.ts';
import type { GroupMessageStore } from './group-message-store.ts';

export interface GroupMessageDeps {
  readonly log: GroupMessageLog;
  readonly store: GroupMessageStore;
  readonly reads: Pick<ReadPositions, 'move'>;
  readonly groups: Pick<GroupStore, 'find' | 'findMembership' | 'listMine'>;
  readonly events: Pick<GroupEvents, 'push'>;
  readonly words: Pick<SensitiveWords, 'mask'>;
  readonly files: Pick<MessageFiles, 'check' | 'shown' | 'giveUp' | 'delete'>;
  readonly logger: Logger;
}

export interface GroupSend {
  readonly tmpId?: string | undefined;
  /** The client's own name of this message: sent again with it, it is stored once; and something else is refused. */
  readonly onceKey?: string | undefined;
  readonly groupId: number;
  readonly content: string;
  readonly type: number;
  readonly receipt?: boolean | undefined;
  readonly atUserIds: readonly number[];
}

/** Stands for all members among those who are mentioned. */
const everyone = -1;
/** Receipts that one step of reading brings up to date; older ones follow with the next reader. */
const mostReceipts = 10;
/** Own messages in a pull that are told how many have read them; the newest. */
const mostCounted = 500;

export class GroupMessageService {
  readonly #deps: GroupMessageDeps;

  constructor(deps: GroupMessageDeps) {
    this.#deps = deps;
  }

  /** Stored, then pushed. The log looks whether the group is open and the sender in it. */
  async send(caller: Caller, send: GroupSend): Promise<GroupMessageVO> {
    return toGroupMessageVO(await this.store(caller, send));
  }

  /** The same, and what is stored. */
  async store(
    { userId, terminal }: Caller,
    { tmpId, onceKey, groupId, content, type, receipt = false, atUserIds }: GroupSend,
  ): Promise<GroupMessage> {
    const { log, files } = this.#deps;
    const allowed = sendableContent({ type, content }, this.#deps);
    const message = await log.append({
      draft: {
        sendId: userId,
        terminal,
        groupId,
        type,
        content: allowed,
        receipt,
        atUserIds: await this.#mentioned(userId, groupId, atUserIds),
        tmpId: tmpId === '' ? undefined : tmpId,
        dedupeKey: onceWith(onceKey),
        needsMembership: true,
      },
    });
    refuseReuse(onceKey, message, { type, content: allowed });
    await files.shown(userId, message);
    return message;
  }

  /** Takes a message back, and the files that it shows. A second recall answers with the first one's row. */
  async recall({ userId, terminal }: Caller, id: number): Promise<GroupMessageVO> {
    const { log, store, groups, files } = this.#deps;
    const [message] = await store.find([id]);
    if (!message || !isSendable(message.type)) throw new Refusal('messageUnknown');
    const { groupId } = message;
    if (message.sendId !== userId) {
      const mayKnow = canSee(await groups.findMembership(groupId, userId), message);
      throw new Refusal(mayKnow ? 'notYourMessage' : 'messageUnknown');
    }
    const isRecalled = message.status === MessageStatus.RECALL;
    if (!isRecalled && message.sendTime < Date.now() - recallableForMs) throw new Refusal('tooLateToRecall');
    let gone: FileRecord[] = [];
    const recall = await log.append({
      draft: {
        sendId: userId,
        terminal,
        groupId,
        type: MessageType.RECALL,
        content: String(id),
        dedupeKey: `recall:${id}`,
        needsMembership: false,
        pushToSender: true,
        recalls: message.number,
      },
      async within(sql, { stamp }) {
        const member = await groups.findMembership(groupId, userId, sql);
        if (member?.quit !== 0) throw new Refusal('notMemberForRecall');
        if (await store.markRecalled(sql, id))
          await noteRecall(sql, { ...message, conversation: conversationOfGroup(groupId), stamp });
        gone = await files.giveUp(sql, userId, message);
      },
    });
    await files.delete(gone);
    return toGroupMessageVO(recall);
  }

  /** What a device missed, in the groups that its user is in and in those they left. */
  async pull({ userId }: Caller, minId: number): Promise<GroupMessageVO[]> {
    const { store, groups } = this.#deps;
    const mine = await groups.listMine(userId, Date.now() - pulledBackMs);
    const found = await store.since(mine, minId);
    const messages = found.filter((message) => isFor(message, userId));
    const receipts = messages.filter(({ receipt, sendId }) => receipt && sendId === userId);
    const counts = await store.countReaders(receipts.slice(-mostCounted).map(({ id }) => id));
    const readIds = new Map(mine.map(({ groupId, readId }) => [groupId, readId]));
    return messages.map((message) => ({
      ...toGroupMessageVO(message),
      status: statusFor(message, readIds.get(message.groupId) ?? 0),
      readedCount: counts.get(message.id)?.readers ?? 0,
    }));
  }

  /** Read up to that message, or up to the last one. My other terminals learn it, and those who asked for receipts. */
  async markRead({ userId, terminal }: Caller, groupId: number, messageId?: number): Promise<void> {
    const { store, reads, groups, events, logger } = this.#deps;
    const member = await groups.findMembership(groupId, userId);
    const lastId = await store.lastId(groupId);
    if (member?.quit !== 0 || lastId === undefined) return;
    // Nobody has read what is not there yet.
    const readId = Math.min(messageId ?? lastId, lastId);
    const hasMoved = await store.moveReadPosition(groupId, userId, readId);
    const upTo = await store.numberUpTo(groupId, readId);
    await reads.move(userId, conversationOfGroup(groupId), upTo);
    const read = { type: MessageType.READED, groupId, sendId: userId, sendTime: Date.now() };
    await awaitPushes([events.push({ ...read, to: [userId], terminals: otherTerminals(terminal) })], logger);
    if (!hasMoved) return;
    const receipts = await store.receiptsBetween(member, [member.readId, readId], mostReceipts);
    await this.#notifyReceipts(receipts);
  }

  /** Who has read a message, for the others in its group. */
  async findReaders({ userId }: Caller, groupId: number, messageId: number): Promise<number[]> {
    const { store, groups } = this.#deps;
    const member = await groups.findMembership(groupId, userId);
    if (member?.quit !== 0) throw new Refusal('notMemberForReaders');
    const [message] = await store.find([messageId]);
    if (!message || !canSee(member, message)) throw new Refusal('messageUnknown');
    return store.findReaders(messageId);
  }

  async history({ userId }: Caller, groupId: number, page: Page): Promise<GroupMessageVO[]> {
    const { store, groups } = this.#deps;
    const member = await groups.findMembership(groupId, userId);
    if (member?.quit !== 0) throw new Refusal('notMemberForHistory');
    const messages = await store.history(member, page);
    return messages.map(toGroupMessageVO);
  }

  /** Each once, and everyone only by the owner: from others the text goes out and calls nobody. */
  async #mentioned(userId: number, groupId: number, ids: readonly number[]): Promise<number[]> {
    const mentioned = [...new Set(ids)];
    if (!mentioned.includes(everyone)) return mentioned;
    const group = await this.#deps.groups.find(groupId);
    return group?.ownerId === userId ? mentioned : mentioned.filter((id) => id !== everyone);
  }

  async #notifyReceipts(receipts: readonly GroupMessage[]): Promise<void> {
    const { store, events, logger } = this.#deps;
    const counts = await store.countReaders(receipts.map(({ id }) => id));
    const told = receipts.map(({ id, groupId, sendId }) => {
      const { readers, others } = counts.get(id) ?? { readers: 0, others: 0 };
      return { id, groupId, sendId, readedCount: readers, receiptOk: others > 0 && readers >= others };
    });
    await store.markReceiptOk(told.filter(({ receiptOk }) => receiptOk).map(({ id }) => id));
    await awaitPushes(
      told.map(({ groupId, sendId, ...more }) =>
        events.push({ type: MessageType.RECEIPT, groupId, to: [sendId], more }),
      ),
      logger,
    );
  }
}

function isFor({ recvIds }: GroupMessage, userId: number): boolean {
  return recvIds.length === 0 || recvIds.includes(userId);
}

/** Whether it was said while the member was in the group, and to them. */
function canSee(member: Membership | undefined, message: GroupMessage): boolean {
  if (member?.groupId !== message.groupId || !isFor(message, member.userId)) return false;
  const { joinedTime, quit, quitTime } = member;
  return message.sendTime >= joinedTime && (quit === 0 || message.sendTime <= (quitTime ?? 0));
}

function statusFor({ id, type, status }: GroupMessage, readId: number): number {
  if (status === MessageStatus.RECALL) return status;
  // The cursor of the page stays before recalls: told again, they must not count as unread (contract 0.1.15), and which
  // terminal has seen one already nobody knows.
  if (type === MessageType.RECALL) return MessageStatus.READED;
  return id <= readId ? MessageStatus.READED : MessageStatus.PENDING;
}
