import type { Database } from '../db/database.ts';
import type { GroupMembers } from '../groups/group-members.ts';
import type { GroupStore } from '../groups/group-store.ts';
import { Refusal } from '../http/refusal.ts';
import { readConversationId } from '../inbox/conversation-id.ts';
import { assertMay } from '../message-changes/who-may-change.ts';
import { mostMembers } from './limits.ts';

export interface MarkDeps {
  readonly database: Pick<Database, 'sql'>;
  readonly groups: Pick<GroupStore, 'findMine'>;
  readonly members: Pick<GroupMembers, 'idsOf'>;
}

interface MarkRow {
  readonly conversation: string;
  readonly groupId: number | null;
  readonly oneId: number | null;
  readonly otherId: number | null;
}

/** Which conversations are encrypted: from the moment on at which one of them says so, and for ever. */
export class Marks {
  readonly #deps: MarkDeps;

  constructor(deps: MarkDeps) {
    this.#deps = deps;
  }

  /** Who is in it. Also when it was encrypted before: an instance that died may have told nobody, and they would go on in plain text. */
  async mark(userId: number, id: string): Promise<readonly number[]> {
    const { database, groups, members } = this.#deps;
    const conversation = readConversationId(id, userId);
    if (!conversation) throw new Refusal('conversationUnknown');
    await assertMay(database.sql, groups, { userId, conversation, act: 'pin' });
    const isGroup = conversation.kind === 'group';
    const people = isGroup ? await members.idsOf(conversation.groupId) : [userId, conversation.otherId];
    if (people.length > mostMembers)
      throw new Refusal('groupTooLarge', { values: { most: String(mostMembers) } });
    await database
      .sql('im_encrypted_conversation')
      .insert({
        ...{ conversation: conversation.id, markedBy: userId, createdTime: Date.now() },
        ...(isGroup
          ? { groupId: conversation.groupId }
          : { oneId: Math.min(...people), otherId: Math.max(...people) }),
      })
      .onConflict('conversation')
      .ignore();
    return people;
  }

  /** Those that somebody is in. */
  async list(userId: number): Promise<string[]> {
    return (await this.#of(userId)).map(({ conversation }) => conversation);
  }

  /** Those who are in one of them with this user, and the user: whoever has to know which devices they have. */
  async peopleAround(userId: number): Promise<Set<number>> {
    const people = new Set([userId]);
    for (const { groupId, oneId, otherId } of await this.#of(userId)) {
      const ids = groupId === null ? [oneId, otherId] : await this.#deps.members.idsOf(groupId);
      for (const id of ids) if (id !== null) people.add(id);
    }
    return people;
  }

  async #of(userId: number): Promise<MarkRow[]> {
    const { sql } = this.#deps.database;
    const columns = ['conversation', 'groupId', 'oneId', 'otherId'] as const;
    const ofTwo: unknown = await sql('im_encrypted_conversation')
      .where({ oneId: userId })
      .orWhere({ otherId: userId })
      .select(...columns);
    const ofGroups: unknown = await sql('im_encrypted_conversation as e')
      .join('im_group_member as m', 'm.groupId', 'e.groupId')
      .where({ 'm.userId': userId, 'm.quit': 0 })
      .select(columns.map((column) => `e.${column}`));
    return [...(ofTwo as MarkRow[]), ...(ofGroups as MarkRow[])];
  }
}
