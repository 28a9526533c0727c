import { createHash } from 'node:crypto';
import { Terminal } from 'im-client';
import { findConversations } from '../conversations/conversation-rows.ts';
import type { Conversation } from '../conversations/conversation.ts';
import { laneOf } from '../db/lanes.ts';
import { moveReads } from '../conversations/move-reads.ts';
import { peopleOf, placesPerStatement } from '../conversations/place-keys.ts';
import { chunksOf } from '../db/chunks.ts';
import type { Database, Sql } from '../db/database.ts';
import { assertOpen } from '../groups/checked-group.ts';
import { groupIdOf } from '../groups/group.ts';
import type { GroupStore } from '../groups/group-store.ts';
import { Refusal } from '../http/refusal.ts';
import { detailIn, toWritten, type SentContent } from '../inbox/content.ts';
import { Committer, type Committed } from '../message-log/committer.ts';
import { lockLanes } from '../message-log/lane-rows.ts';
import { inThePast, type InThePast } from '../message-log/past.ts';
import { judgedInFirst, storedInGroups } from '../messages/group/group-log.ts';
import { storedPrivately } from '../messages/private/private-log.ts';
import { asWritten, sendableContent, type SendingDeps } from '../messages/sendable.ts';
import type { MessageFiles } from '../files/message-files.ts';
import type { UserStore } from '../users/user-store.ts';
import { MessageStatus } from '../wire/message-type.ts';
import type { ServerUsers } from './server-users.ts';
import type { UserRef } from './user-ref.ts';

export interface HistoryDeps extends SendingDeps {
  readonly database: Pick<Database, 'sql' | 'of' | 'ofLane'>;
  readonly users: Pick<ServerUsers, 'find'>;
  readonly store: Pick<UserStore, 'find'>;
  readonly groups: Pick<GroupStore, 'find'>;
  readonly files: SendingDeps['files'] & Pick<MessageFiles, 'shown'>;
  readonly maxTextLength: number;
}

/** What was said elsewhere. */
export interface PastMessage {
  /** At the other back end: with the same one of its sender it is the same message. */
  readonly id: string;
  readonly from: UserRef;
  readonly sentAt: number;
  readonly content: SentContent;
}

export interface Imported {
  readonly stored: number;
  /** Those that were here before. */
  readonly repeated: number;
  /** Of the last message of the conversation. */
  readonly lastNumber: number;
}

type Draft = ReturnType<typeof toDraft>;

const privately = new Committer(inThePast(storedPrivately));
const inGroups = new Committer(inThePast(storedInGroups));
/** Clocks of back ends differ. */
const mostAheadMs = 60_000;

/**
 * What was said elsewhere before. It is stored behind what is here, in one transaction for each call, and nothing is pushed: it is no news, so
 * whoever had nothing unread has nothing unread.
 */
export class History {
  readonly #deps: HistoryDeps;

  constructor(deps: HistoryDeps) {
    this.#deps = deps;
  }

  async append(conversation: string, messages: readonly PastMessage[]): Promise<Imported> {
    const drafts = await this.#draftsOf(conversation, messages);
    const lane = laneOf(conversation);
    const named = await this.#named(conversation, drafts);
    const committed = await this.#deps.database.ofLane(lane).changeIn([lane], async (sql) => {
      // From here on nothing is said in it, so what was read is known.
      await lockLanes(sql, [lane]);
      const before = (await findConversations(sql, [conversation])).get(conversation);
      const readers = before ? await whoHasNothingUnread(sql, before) : peopleOf(conversation);
      const stored = await store(sql, conversation, named);
      const lastNumber = (await findConversations(sql, [conversation])).get(conversation)?.lastNumber ?? 0;
      if (stored.some(({ isNew }) => isNew)) await moveAll(sql, readers, { conversation, upTo: lastNumber });
      return { stored, lastNumber };
    });
    for (const [index, { type, content, sendId }] of drafts.entries())
      if (committed.stored[index]?.isNew) await this.#deps.files.shown(sendId, { type, content });
    const stored = committed.stored.filter(({ isNew }) => isNew).length;
    return { stored, repeated: messages.length - stored, lastNumber: committed.lastNumber };
  }

  /** What members are called stands in the first database. */
  async #named(conversation: string, drafts: readonly Draft[]): Promise<readonly Draft[]> {
    const { database } = this.#deps;
    if (database.of(conversation).name === '' || peopleOf(conversation).length > 0) return drafts;
    const groupId = groupIdOf(conversation);
    const asking = drafts.map((draft) => ({ ...draft, groupId, needsMembership: false }));
    const judged = await judgedInFirst(database.sql, asking);
    return drafts.map((draft, index) => ({ ...draft, sendNickName: judged[index]?.sendNickName }));
  }

  async #draftsOf(conversation: string, messages: readonly PastMessage[]): Promise<Draft[]> {
    const senders = await this.#sendersOf(conversation, messages);
    const seen = new Set<string>();
    const drafts: Draft[] = [];
    for (const [index, { id, from, sentAt, content }] of messages.entries()) {
      const sendId = senders.get(nameOf(from)) ?? 0;
      const refuse = (what: string): never => {
        throw new Refusal('malformed', { code: 400, values: { what: `messages.${index}.${what}` } });
      };
      if (seen.has(`${sendId} ${id}`)) refuse('id: there is one of the same sender before it');
      seen.add(`${sendId} ${id}`);
      if (sentAt > Date.now() + mostAheadMs) refuse('sentAt: expected a time that is over');
      const { maxTextLength } = this.#deps;
      if (content.type === 'text' && content.text.length > maxTextLength)
        refuse(`content.text: expected at most ${maxTextLength} characters`);
      const written = toWritten(content);
      const allowed = await sendableContent(sendId, { ...written, conversation }, this.#deps);
      const detail = asWritten(detailIn(content), { content: written.content, allowed });
      drafts.push(toDraft({ id, sendId, sentAt, type: written.type, content: allowed, detail }));
    }
    return drafts;
  }

  /** By their names; whoever is no part of the conversation is refused. */
  async #sendersOf(
    conversation: string,
    messages: readonly PastMessage[],
  ): Promise<ReadonlyMap<string, number>> {
    const { users, database } = this.#deps;
    await this.#assertThere(conversation);
    const refs = new Map(messages.map(({ from }) => [nameOf(from), from]));
    const senders = new Map<string, number>();
    for (const [name, ref] of refs) senders.set(name, (await users.find(ref)).id);
    const people = peopleOf(conversation);
    const ids = [...new Set(senders.values())];
    const known =
      people.length > 0
        ? people
        : await database
            .of(conversation)
            .sql('im_conversation_member')
            .where({ conversation })
            .whereIn('userId', ids)
            .select<{ userId: number }[]>('userId')
            .then((rows) => rows.map(({ userId }) => userId));
    if (!ids.every((id) => known.includes(id))) throw new Refusal('historyOfStranger');
    return senders;
  }

  async #assertThere(conversation: string): Promise<void> {
    const { store, groups } = this.#deps;
    const [one = 0, other = 0] = peopleOf(conversation);
    if (one === 0) {
      assertOpen(await groups.find(groupIdOf(conversation)));
      return;
    }
    if (one >= other) throw new Refusal('conversationUnknown');
    for (const id of [one, other])
      if ((await store.find(id))?.deletedTime !== null) throw new Refusal('userUnknown');
  }
}

interface Written {
  readonly id: string;
  readonly sendId: number;
  readonly sentAt: number;
  readonly type: number;
  readonly content: string;
  readonly detail: ReturnType<typeof asWritten>;
}

function toDraft({ id, sendId, sentAt: sentTime, ...more }: Written) {
  const dedupeKey = `past:${createHash('sha256').update(id).digest('base64url')}`;
  return { ...more, sendId, sentTime, dedupeKey, terminal: Terminal.UNKNOWN };
}

/** One answer for each, in their order. */
async function store(
  sql: Sql,
  conversation: string,
  drafts: readonly Draft[],
): Promise<readonly { readonly isNew: boolean }[]> {
  const [one = 0, other = 0] = peopleOf(conversation);
  if (one > 0)
    return newOf(
      await privately.append(
        sql,
        drafts.map((draft) => ({
          draft: {
            ...draft,
            recvId: draft.sendId === one ? other : one,
            status: MessageStatus.READED,
            needsFriendship: false,
          },
        })),
      ),
    );
  const groupId = groupIdOf(conversation);
  return newOf(
    await inGroups.append(
      sql,
      drafts.map((draft) => ({ draft: { ...draft, groupId, needsMembership: false } })),
    ),
  );
}

function newOf<D extends InThePast, Message>(committed: readonly Committed<D, Message>[]) {
  return committed.map((one) => {
    if ('refused' in one) throw one.refused;
    return { isNew: one.isNew };
  });
}

/** As it is counted for them (conversations/sums.ts), but for what was taken back. */
async function whoHasNothingUnread(
  sql: Sql,
  { conversation, lastNumber, skipped }: Conversation,
): Promise<number[]> {
  const rows = await sql('im_conversation_member')
    .where({ conversation, markedUnread: 0 })
    .whereNull('leftNumber')
    .whereRaw('(? - read_number) - (? - skipped_at_read) - (own - own_at_read) <= 0', [lastNumber, skipped])
    .select<{ userId: number }[]>('userId');
  return rows.map(({ userId }) => userId);
}

async function moveAll(
  sql: Sql,
  userIds: readonly number[],
  read: { readonly conversation: string; readonly upTo: number },
): Promise<void> {
  for (const some of chunksOf(userIds, placesPerStatement))
    await moveReads(
      sql,
      some.map((userId) => ({ userId, ...read })),
    );
}

function nameOf(ref: UserRef): string {
  return JSON.stringify(ref);
}
