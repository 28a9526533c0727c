import type { Database, Sql } from '../db/database.ts';
import { counts } from '../conversations/conversation.ts';
import { groupIdOf } from '../groups/group.ts';
import { isPrivate } from '../inbox/message-rows.ts';
import {
  fromRow,
  groupColumns,
  type GroupMessage,
  type GroupMessageRow,
} from '../messages/group/group-message.ts';
import { privateColumns, type PrivateMessage } from '../messages/private/private-message.ts';
import { MessageStatus } from '../wire/message-type.ts';
import type { NewMessage, Proof } from './decision.ts';

/** What was said in a conversation and is to be decided about. */
export interface News {
  readonly conversation: string;
  /** The newest of all, which may be no news any more. */
  readonly upTo: number;
  /** The newest first. */
  readonly messages: readonly Said[];
}

/** A message, and what the transport says of it. */
export interface Said {
  readonly message: PrivateMessage | GroupMessage;
  /** Null: its results are not all there; otherwise those who may lack it though they are online. */
  readonly missedBy: ReadonlySet<number> | null;
}

/** Of a burst the newest say enough: of one device one is shown. */
const mostMessages = 50;

/** After that number, as far as it is news. */
export async function findNews(
  database: Pick<Database, 'of'>,
  conversation: string,
  { after, since }: { readonly after: number; readonly since: number },
): Promise<News> {
  const { sql } = database.of(conversation);
  const messages = await (isPrivate(conversation)
    ? sql('im_private_message')
        .where({ conversation })
        .where('number', '>', after)
        .orderBy('number', 'desc')
        .limit(mostMessages)
        .select<PrivateMessage[]>(...privateColumns)
    : sql('im_group_message')
        .where({ groupId: groupIdOf(conversation) })
        .where('number', '>', after)
        .orderBy('number', 'desc')
        .limit(mostMessages)
        .select<GroupMessageRow[]>(...groupColumns)
        .then((rows) => rows.map(fromRow)));
  const fresh: (PrivateMessage | GroupMessage)[] = messages.filter(({ sendTime }) => sendTime > since);
  const missed = await findMissed(sql, conversation, fresh);
  return {
    conversation,
    upTo: messages[0]?.number ?? after,
    messages: fresh.map((message) => {
      const missedBy = missed.get(message.id);
      return { message, missedBy: missedBy === undefined ? nobody : missedBy };
    }),
  };
}

const nobody: ReadonlySet<number> = new Set<number>();

/** A pushed message has a row until everybody who is online has it: see push/pending-pushes.ts. */
async function findMissed(
  sql: Sql,
  conversation: string,
  messages: readonly { readonly id: number }[],
): Promise<Map<number, Set<number> | null>> {
  if (messages.length === 0) return new Map();
  const rows = await sql('im_pending_push')
    .where({ kind: isPrivate(conversation) ? 'private' : 'group' })
    .whereIn(
      'messageId',
      messages.map(({ id }) => id),
    )
    .select<{ messageId: number; attempts: number; receivers: string | null }[]>(
      ...['messageId', 'attempts', 'receivers'],
    );
  return new Map(
    rows.map(({ messageId, attempts, receivers }) => [
      messageId,
      // Before the first results it names those who are to get it.
      attempts === 0 || receivers === null
        ? null
        : new Set((JSON.parse(receivers) as [string, number][]).map(([id]) => Number(id))),
    ]),
  );
}

/** Whom one message is told to. */
export interface Reader {
  readonly userId: number;
  /** The first message that they may see. */
  readonly firstNumber: number;
  readonly blocked: ReadonlySet<number>;
}

/** Longer than any result takes: whoever is connected by then has it, as a line that says nothing for so long is given up. */
const resultsWithinMs = 75_000;

/** As one of its people has it. */
export function forReader({ message, missedBy }: Said, reader: Reader, now: number): NewMessage {
  const { number, sendId, sendTime, status, type } = message;
  const { userId } = reader;
  const mentioned = 'atUserIds' in message ? message.atUserIds : [];
  const recvIds = 'recvIds' in message ? message.recvIds : [];
  let proof: Proof = missedBy?.has(userId) ? 'missed' : 'known';
  if (missedBy === null && now < sendTime + resultsWithinMs) proof = 'open';
  return {
    ...{ number, proof, counts: counts({ type, status }), isOwn: sendId === userId },
    isForOthers: number < reader.firstNumber || (recvIds.length > 0 && !recvIds.includes(userId)),
    isRecalled: status === MessageStatus.RECALL,
    isBlocked: reader.blocked.has(sendId),
    isMention: mentioned.includes(userId) || mentioned.includes(everybody),
  };
}

/** As box-im writes it. */
const everybody = -1;
