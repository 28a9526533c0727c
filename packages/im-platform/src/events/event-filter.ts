import type { Sql } from '../db/database.ts';
import type { Query } from '../db/together.ts';
import { sealingOf } from '../db/sealing.ts';
import type { EventType, PlatformEvent } from './event.ts';

/** Of what somebody is told alone: of these conversations; or of those that a bot is in, or of what is said to it. */
export type EventFilter =
  | { readonly conversations: readonly string[] }
  | { readonly botId: number; readonly only: 'conversations' | 'mentions' };

const ofConversations: readonly EventType[] = [
  ...(['message.created', 'message.edited', 'message.recalled', 'conversation.read'] as const),
  ...(['group.created', 'group.joined', 'group.left', 'group.dissolved'] as const),
  // A number that leads to nobody, which whoever has heard of them needs.
  'user.erased',
];
const ofMentions: readonly EventType[] = ['message.created', 'message.edited', 'user.erased'];

/** Of what a filter lets anything through. */
export function typesWith(filter: EventFilter): readonly EventType[] {
  return 'botId' in filter && filter.only === 'mentions' ? ofMentions : ofConversations;
}

/** Whether it is told; `members`: if the bot is in the conversation, which the database knows. */
export function verdictOf(filter: EventFilter, event: PlatformEvent): boolean | 'members' {
  const { type, subject, userIds } = event;
  if (!typesWith(filter).includes(type)) return false;
  if (type === 'user.erased') return true;
  if ('conversations' in filter) return filter.conversations.includes(subject);
  const { botId, only } = filter;
  const isOfTwo = subject.startsWith('private:');
  if (isOfTwo && !subject.split(':').includes(String(botId))) return false;
  if (only === 'mentions' && !isSaidTo(botId, event, isOfTwo)) return false;
  // Whom it names hears of it: that they came, or are put out.
  return isOfTwo || (only === 'conversations' && userIds.includes(botId)) || 'members';
}

function isSaidTo(botId: number, { userIds, mentions = [] }: PlatformEvent, isOfTwo: boolean): boolean {
  const [senderId] = userIds;
  if (senderId === botId) return false;
  return isOfTwo || mentions.includes(String(botId)) || mentions.includes('everyone');
}

/** A row of the outbox. */
export interface NewEvent {
  readonly sink: string;
  readonly subject: string;
  readonly id: string;
  readonly type: EventType;
  readonly time: number;
  readonly body: string;
}

/** Stores it if the bot is in the conversation, as that transaction has it: with the statements of what happened, so nothing is asked before. */
export function storeIfMember(
  sql: Sql,
  row: NewEvent,
  {
    botId,
    event: { type, subject, time, number },
  }: { readonly botId: number; readonly event: PlatformEvent },
): Query {
  // Knex encrypts what is inserted, but not what is selected.
  const sealed = sealingOf(sql)?.seal('im_outbox', { ...row }, { ...row }) ?? row;
  const columns = Object.keys(sealed);
  const isIn = sql('im_conversation_member')
    .where({ userId: botId, conversation: subject })
    .where((still) => {
      void still.whereNull('leftNumber');
      // With it they have left; the number of a message is known better than its time.
      if (type === 'message.created') void still.orWhere('leftNumber', '>=', number ?? 0);
      else void still.orWhere('leftTime', '>=', time);
    })
    .modify((query) => {
      // Nothing from before they came.
      if (number !== undefined) void query.where('firstNumber', '<=', number);
    })
    .select(Object.values(sealed).map((value) => sql.raw('?', [value as string | number])));
  const into = sql.raw(`?? (${columns.map(() => '??').join(', ')})`, ['im_outbox', ...columns]);
  // Knex takes both; its types know tables and rows alone.
  return sql(into as unknown as string).insert(isIn as object) as Query;
}
