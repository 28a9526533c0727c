import type { Readers } from '../conversations/readers.ts';
import type { ConversationMember } from '../conversations/conversation.ts';
import { askAll } from '../db/ask-there.ts';
import type { Database } from '../db/database.ts';
import { conversationOfGroup } from '../groups/group.ts';
import { Refusal } from '../http/refusal.ts';
import { findRow, showRow, type MessageRow } from '../inbox/message-rows.ts';
import type { ShownMessage } from '../inbox/message-view.ts';
import type { LinkMaker } from '../files/file-links.ts';
import { versionsOf, type Version } from '../message-changes/edits.ts';
import { findDetail, nameOf, type MessageKey } from '../message-details/detail-rows.ts';
import type { PushOutcomes, PushRound } from '../push/push-outcomes.ts';
import { MessageStatus } from '../wire/message-type.ts';

export interface MessageStoryDeps {
  readonly database: Pick<Database, 'sql' | 'of' | 'laneDatabases'>;
  readonly readers: Pick<Readers, 'count'>;
  readonly outcomes: Pick<PushOutcomes, 'find'>;
  readonly links: LinkMaker;
}

/** Somebody for whom a message was. */
export interface StoryReceiver {
  readonly userId: number;
  /** Null: in groups that is written down nowhere. */
  readonly isDelivered: boolean | null;
  readonly isRead: boolean;
}

/** All that is known of a message. */
export interface MessageStory {
  readonly shown: ShownMessage;
  /** What it said before, the first version first. */
  readonly versions: readonly Version[];
  /** When it was taken back; null: it was not, or that is not known. */
  readonly recalledTime: number | null;
  readonly receivers: readonly StoryReceiver[];
  /** How many it was for beside its sender, also those that are not among the receivers; and how many have read it. */
  readonly others: number;
  readonly readCount: number;
  /** Of the row that says that it is still to be pushed. */
  readonly waiting: { readonly nextAt: number; readonly attempts: number } | null;
  /** Of this instance, as long as it remembers; none: not known. */
  readonly rounds: readonly PushRound[];
}

const mostReceivers = 200;

/** Messages with all that became of them, for those who run the platform. */
export class MessageStories {
  readonly #deps: MessageStoryDeps;

  constructor(deps: MessageStoryDeps) {
    this.#deps = deps;
  }

  /** Of messages that came over from box-im a private one and one of a group may have the same id. */
  async withId(id: number): Promise<MessageStory[]> {
    const found = await askAll(this.#deps.database, async ({ sql }) => {
      const ofTwo = await sql('im_private_message')
        .where({ id })
        .select<MessageKey[]>('conversation', 'number');
      const ofGroups = await sql('im_group_message')
        .where({ id })
        .select<{ groupId: number; number: number }[]>('groupId', 'number');
      return [
        ...ofTwo,
        ...ofGroups.map(({ groupId, number }) => ({ conversation: conversationOfGroup(groupId), number })),
      ];
    });
    // What is there of a lane that is elsewhere is not there yet, or not any more.
    const keys = [...new Map(found.flat().map((key) => [nameOf(key), key])).values()];
    if (keys.length === 0) throw new Refusal('messageUnknown');
    return Promise.all(keys.map((key) => this.find(key)));
  }

  async find(key: MessageKey): Promise<MessageStory> {
    const { database, outcomes, links } = this.#deps;
    const { sql } = database.of(key.conversation);
    const row = await findRow(sql, key);
    if (!row) throw new Refusal('messageUnknown');
    const { kind, message } = row;
    const [detail, versions, recalledTime, waiting, received] = await Promise.all([
      findDetail(sql, key),
      versionsOf(sql, key),
      this.#recalledTime(row),
      sql('im_pending_push')
        .where({ kind, messageId: message.id })
        .first<{ nextAt: number; attempts: number } | undefined>('nextAt', 'attempts'),
      row.kind === 'private' ? this.#ofTwo(row) : this.#ofGroup(row),
    ]);
    return {
      shown: showRow(row, { links, detail }),
      ...{ versions, recalledTime, waiting: waiting ?? null },
      ...received,
      rounds: outcomes.find(kind, message.id),
    };
  }

  async #ofTwo({ conversation, number, message }: RowOf<'private'>): Promise<Received> {
    const userId = message.recvId;
    const place = await this.#deps.database
      .of(conversation)
      .sql('im_conversation_member')
      .where({ userId, conversation })
      .first<Pick<ConversationMember, 'readNumber' | 'deliveredNumber'> | undefined>(
        'readNumber',
        'deliveredNumber',
      );
    const isRead = (place?.readNumber ?? 0) >= number;
    const isDelivered =
      isRead || (place?.deliveredNumber ?? 0) >= number || message.status === MessageStatus.DELIVERED;
    return { receivers: [{ userId, isDelivered, isRead }], others: 1, readCount: isRead ? 1 : 0 };
  }

  async #ofGroup({ conversation, number, message }: RowOf<'group'>): Promise<Received> {
    const { database, readers } = this.#deps;
    const { sendId, recvIds: named } = message;
    const rows = await database
      .of(conversation)
      .sql('im_conversation_member')
      .where({ conversation })
      .whereNull('leftNumber')
      .where('firstNumber', '<=', number)
      .whereNot('userId', sendId)
      .modify((query) => named.length > 0 && void query.whereIn('userId', [...named]))
      .orderBy('userId')
      .limit(mostReceivers)
      .select<{ userId: number; readNumber: number }[]>('userId', 'readNumber');
    const receivers = rows.map(({ userId, readNumber }) => ({
      ...{ userId, isDelivered: null, isRead: readNumber >= number },
    }));
    if (named.length > 0)
      return {
        ...{ receivers, others: named.filter((id) => id !== sendId).length },
        readCount: receivers.filter(({ isRead }) => isRead).length,
      };
    const [count] = await readers.count(conversation, [{ number, sendId }]);
    return { receivers, others: count?.others ?? 0, readCount: count?.readers ?? 0 };
  }

  /** A recall is a message of its own, of the same sender. */
  async #recalledTime({ kind, message, conversation }: MessageRow): Promise<number | null> {
    if (message.status !== MessageStatus.RECALL) return null;
    const { sql } = this.#deps.database.of(conversation);
    const { id, sendId } = message;
    const recall = { sendId, dedupeKey: `recall:${id}` };
    const found =
      kind === 'private'
        ? sql('im_private_message').where({ ...recall, recvId: message.recvId })
        : sql('im_group_message').where({ ...recall, groupId: message.groupId });
    return (await found.first<{ sendTime: number } | undefined>('sendTime'))?.sendTime ?? null;
  }
}

type RowOf<Kind extends MessageRow['kind']> = Extract<MessageRow, { readonly kind: Kind }>;

type Received = Pick<MessageStory, 'receivers' | 'others' | 'readCount'>;
