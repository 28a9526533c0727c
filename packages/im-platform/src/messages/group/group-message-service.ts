import type { Logger } from 'im-common';
import { gather } from 'im-common/internal/bus';
import type { ConversationStore } from '../../conversations/conversation-store.ts';
import type { Moved } from '../../conversations/move-reads.ts';
import { liftThoseWhoLeft, noteRecall } from '../../conversations/places.ts';
import type { ReadPositions } from '../../conversations/read-positions.ts';
import type { Sql } from '../../db/database.ts';
import { conversationOfGroup } from '../../groups/group.ts';
import type { GroupStore } from '../../groups/group-store.ts';
import type { FileRecord } from '../../files/file-records.ts';
import type { MessageFiles } from '../../files/message-files.ts';
import type { LinkMaker } from '../../files/file-links.ts';
import { Refusal } from '../../http/refusal.ts';
import type { GroupEvents } from '../../push/group-events.ts';
import { awaitPushes } from '../../push/await-pushes.ts';
import type { SensitiveWords } from '../../sensitive-words/sensitive-words.ts';
import type { Caller } from '../../http/caller.ts';
import { otherTerminals } from '../../wire/terminals.ts';
import { isSendable, MessageStatus, MessageType } from '../../wire/message-type.ts';
import { asWritten, onceWith, refuseReuse, sendableContent, type SendingDeps } from '../sendable.ts';
import type { Page } from '../page.ts';
import { pulledBackMs } from '../pull.ts';
import type { NewDetail } from '../../message-details/detail.ts';
import { assertRecallable, clearDetail } from '../../message-details/detail-rows.ts';
import { removeWords } from '../../message-words/postings.ts';
import { recallableForMs } from '../recalled.ts';
import type { GroupMessageLog } from './group-log.ts';
import { toGroupMessageVO, type GroupMessage, type GroupMessageVO } from './group-message.ts';
import type { GroupMessageStore } from './group-message-store.ts';
import { isFor, maySee, toGroupPlace, type GroupPlace } from './group-place.ts';
import { groupBy } from './group-by.ts';

export interface GroupMessageDeps {
  readonly log: GroupMessageLog;
  readonly store: GroupMessageStore;
  readonly reads: Pick<ReadPositions, 'move'>;
  readonly conversations: Pick<ConversationStore, 'member' | 'groupPlaces'>;
  readonly groups: Pick<GroupStore, 'find'>;
  readonly events: Pick<GroupEvents, 'push'>;
  readonly words: Pick<SensitiveWords, 'mask'>;
  readonly hook: SendingDeps['hook'];
  readonly files: Pick<MessageFiles, 'accept' | 'shown' | 'giveUp' | 'delete'>;
  /** In what box-im's front ends get. */
  readonly links: LinkMaker;
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
  /** What it has beside what box-im knows. */
  readonly detail?: NewDetail | undefined;
  /** What it follows from, where users are: in the transaction that stores it, or that orders it (message-log/entries.ts). */
  readonly within?: ((sql: Sql) => Promise<void>) | undefined;
}

/** Stands for all members among those who are mentioned. */
const everyone = -1;
/** Receipts that one step of reading brings up to date; older ones follow with the next reader. */
const mostReceipts = 10;
/** Own messages in a pull that are told how many have read them; the newest. */
const mostCounted = 500;

export class GroupMessageService {
  readonly #deps: GroupMessageDeps;
  /** Reads that were stored together are counted together. */
  readonly #notifyReceipts: (move: GroupRead) => Promise<undefined>;

  constructor(deps: GroupMessageDeps) {
    this.#deps = deps;
    this.#notifyReceipts = gather((moves) => this.#tellReceipts(moves));
  }

  /** Stored, then pushed. The log looks whether the group is open and the sender in it. */
  async send(caller: Caller, send: GroupSend): Promise<GroupMessageVO> {
    return toGroupMessageVO(await this.store(caller, send), this.#deps.links);
  }

  /** The same, and what is stored. */
  async store(
    { userId, terminal }: Caller,
    { tmpId, onceKey, groupId, content, type, receipt = false, atUserIds, detail, within }: GroupSend,
  ): Promise<GroupMessage> {
    const { log, files } = this.#deps;
    const allowed = await sendableContent(
      userId,
      { conversation: conversationOfGroup(groupId), type, content, detail },
      this.#deps,
    );
    const message = await log.append({
      cause: within,
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
        ...(detail && { detail: asWritten(detail, { content, allowed }) }),
      },
    });
    refuseReuse(onceKey, message, { type, content: allowed });
    await files.shown(userId, message);
    return message;
  }

  /** Takes a message back, and the files that it shows. A second recall answers with the first one's row. */
  async recall({ userId, terminal }: Caller, id: number): Promise<GroupMessageVO> {
    const { log, store, files } = this.#deps;
    const [message] = await store.find([id]);
    if (!message || !isSendable(message.type)) throw new Refusal('messageUnknown');
    const { groupId, number } = message;
    if (message.sendId !== userId) {
      const mayKnow = maySee(await this.#placeIn(groupId, userId), message);
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
        recalls: number,
      },
      within: async (sql, { stamp, sendTime }) => {
        const place = await this.#placeIn(groupId, userId, sql);
        if (place?.last !== null) throw new Refusal('notMemberForRecall');
        const conversation = conversationOfGroup(groupId);
        await assertRecallable(sql, { conversation, number });
        let left: number[] = [];
        if (await store.markRecalled(sql, id)) {
          const recalled = { ...message, conversation, stamp };
          await noteRecall(sql, recalled);
          await removeWords(sql, recalled);
          await clearDetail(sql, recalled, stamp);
          left = await liftThoseWhoLeft(sql, conversation, number);
        }
        return { after: () => this.#tellThoseWhoLeft(message, left, sendTime) };
      },
      async follows(sql) {
        gone = await files.giveUp(sql, userId, message);
      },
    });
    await files.delete(gone);
    return toGroupMessageVO(recall, this.#deps.links);
  }

  /** What a device missed, in the groups that its user is in and in those they left. */
  async pull({ userId }: Caller, minId: number): Promise<GroupMessageVO[]> {
    const { store, conversations, links } = this.#deps;
    const mine = (await conversations.groupPlaces(userId, Date.now() - pulledBackMs)).map(toGroupPlace);
    const found = await store.since(mine, minId);
    const messages = found.filter((message) => isFor(message, userId));
    const receipts = messages.filter(({ receipt, sendId }) => receipt && sendId === userId);
    const counts = await store.countReaders(receipts.slice(-mostCounted));
    const reads = new Map(mine.map(({ groupId, read }) => [groupId, read]));
    return messages.map((message) => ({
      ...toGroupMessageVO(message, links),
      status: statusFor(message, reads.get(message.groupId) ?? 0),
      readedCount: counts.get(message.id)?.readers ?? 0,
    }));
  }

  /** Read up to that message, or up to the last one. My other terminals learn it, and those who asked for receipts. */
  async markRead(caller: Caller, groupId: number, messageId?: number): Promise<void> {
    const upTo = messageId === undefined ? Infinity : await this.#deps.store.numberUpTo(groupId, messageId);
    await this.markReadUpTo(caller, groupId, upTo);
  }

  /** The same, up to a number. */
  async markReadUpTo({ userId, terminal }: Caller, groupId: number, upTo: number): Promise<void> {
    const { reads, events, logger } = this.#deps;
    const moved = await reads.move(userId, conversationOfGroup(groupId), upTo);
    // Nobody has read what is not there yet.
    if (!moved || moved.last === 0) return;
    const read = { type: MessageType.READED, groupId, sendId: userId, sendTime: Date.now() };
    await awaitPushes([events.push({ ...read, to: [userId], terminals: otherTerminals(terminal) })], logger);
    if (moved.to > moved.from) await this.#notifyReceipts({ groupId, ...moved });
  }

  /** Who has read a message, for the others in its group. */
  async findReaders({ userId }: Caller, groupId: number, messageId: number): Promise<number[]> {
    const { store } = this.#deps;
    const place = await this.#placeIn(groupId, userId);
    if (place?.last !== null) throw new Refusal('notMemberForReaders');
    const message = await store.findOf(groupId, messageId);
    if (!message || !maySee(place, message)) throw new Refusal('messageUnknown');
    return store.findReaders(groupId, messageId);
  }

  async history({ userId }: Caller, groupId: number, page: Page): Promise<GroupMessageVO[]> {
    const place = await this.#placeIn(groupId, userId);
    if (place?.last !== null) throw new Refusal('notMemberForHistory');
    const messages = await this.#deps.store.history(place, page);
    return messages.map((message) => toGroupMessageVO(message, this.#deps.links));
  }

  async #placeIn(groupId: number, userId: number, sql?: Sql): Promise<GroupPlace | undefined> {
    const place = await this.#deps.conversations.member(userId, conversationOfGroup(groupId), sql);
    return place && toGroupPlace(place);
  }

  /** They saw the message, and see nothing else of what has come since; nor does the place of the note concern them. */
  async #tellThoseWhoLeft(
    { id, groupId, sendId, sendNickName, number }: GroupMessage,
    left: readonly number[],
    sendTime: number,
  ): Promise<void> {
    if (left.length === 0) return;
    const content = String(id);
    const more = { sendNickName, status: MessageStatus.READED, conversation: { recalled: number } };
    await this.#deps.events.push({
      type: MessageType.RECALL,
      groupId,
      sendId,
      sendTime,
      content,
      to: left,
      more,
    });
  }

  /** Each once, and everyone only by the owner: from others the text goes out and calls nobody. */
  async #mentioned(userId: number, groupId: number, ids: readonly number[]): Promise<number[]> {
    const mentioned = [...new Set(ids)];
    if (!mentioned.includes(everyone)) return mentioned;
    const group = await this.#deps.groups.find(groupId);
    return group?.ownerId === userId ? mentioned : mentioned.filter((id) => id !== everyone);
  }

  async #tellReceipts(moves: readonly GroupRead[]): Promise<undefined[]> {
    const { store, events, logger } = this.#deps;
    const receipts: GroupMessage[] = [];
    for (const [groupId, ofGroup] of groupBy(moves, (move) => move.groupId)) {
      const from = Math.min(...ofGroup.map((move) => move.from + 1));
      const to = Math.max(...ofGroup.map((move) => move.to));
      const found = await store.receiptsBetween(groupId, [from, to], mostReceipts);
      receipts.push(...found.filter(({ sendId }) => ofGroup.some(({ userId }) => userId !== sendId)));
    }
    const counts = await store.countReaders(receipts);
    const told = receipts.map(({ id, groupId, sendId }) => {
      const { readers, others } = counts.get(id) ?? { readers: 0, others: 0 };
      return { id, groupId, sendId, readedCount: readers, receiptOk: others > 0 && readers >= others };
    });
    await store.markReceiptOk(told.filter(({ receiptOk }) => receiptOk));
    await awaitPushes(
      told.map(({ groupId, sendId, ...more }) =>
        events.push({ type: MessageType.RECEIPT, groupId, to: [sendId], more }),
      ),
      logger,
    );
    return moves.map(() => undefined);
  }
}

/** A member has read a group from one number up to another. */
interface GroupRead extends Pick<Moved, 'userId' | 'from' | 'to'> {
  readonly groupId: number;
}

function statusFor({ number, type, status }: GroupMessage, read: number): number {
  if (status === MessageStatus.RECALL) return status;
  // The cursor of the page stays before recalls: told again, they must not count as unread (contract 0.1.15), and which
  // terminal has seen one already nobody knows.
  if (type === MessageType.RECALL) return MessageStatus.READED;
  return number <= read ? MessageStatus.READED : MessageStatus.PENDING;
}
