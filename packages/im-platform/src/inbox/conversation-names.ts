import { chunksOf } from '../db/chunks.ts';
import { askAll } from '../db/ask-there.ts';
import type { Database } from '../db/database.ts';
import type { FriendStore } from '../friends/friend-store.ts';
import { conversationOfGroup } from '../groups/group.ts';
import type { GroupStore } from '../groups/group-store.ts';
import { inOneCase } from '../message-words/words.ts';
import { conversationOf } from '../messages/private/private-message.ts';
import { systemAccount, systemAccountId } from '../users/system-account.ts';
import type { Language } from '../http/texts.ts';
import { readConversationId } from './conversation-id.ts';

const idsPerStatement = 500;
/** As many as one statement can name: strangers may write to anybody, and SQLite takes 32,766. */
const mostFound = 10_000;

export interface ConversationNameDeps {
  readonly database: Pick<Database, 'readAside' | 'laneDatabases'>;
  readonly friends: Pick<FriendStore, 'listOf'>;
  readonly groups: Pick<GroupStore, 'listMine'>;
  readonly language: Language;
}

/**
 * How conversations are called for one of their people: as the friend, also a former one, and as the group, also as it was when they left.
 * Compared here, as each database has ideas of its own about case, width and accents.
 */
export class ConversationNames {
  readonly #deps: ConversationNameDeps;

  constructor(deps: ConversationNameDeps) {
    this.#deps = deps;
  }

  /** Those of the user whose name has this in it. */
  async with(userId: number, part: string): Promise<string[]> {
    const { friends, groups, language } = this.#deps;
    const wanted = inOneCase(part);
    const names = new Map<string, readonly string[]>([
      [conversationOf(userId, systemAccountId), [systemAccount(language).nickName]],
    ]);
    for (const { friendId, friendNickName } of await friends.listOf(userId))
      names.set(conversationOf(userId, friendId), [friendNickName]);
    for (const { id, name, remarkGroupName } of await groups.listMine(userId, 0))
      names.set(conversationOfGroup(id), [name, remarkGroupName]);
    await this.#addOthers(userId, names);
    const found = [...names].flatMap(([conversation, called]) =>
      called.some((name) => inOneCase(name).includes(wanted)) ? [conversation] : [],
    );
    return found.slice(0, mostFound);
  }

  /** With people who never were friends: they let everybody write to them. */
  async #addOthers(userId: number, names: Map<string, readonly string[]>): Promise<void> {
    const { database } = this.#deps;
    const mine = await askAll(database, (place) =>
      database.readAside((at) =>
        (place.name === '' ? at : place)
          .sql('im_conversation_member')
          .where({ userId })
          .where('conversation', 'like', 'private:%')
          .select<{ conversation: string }[]>('conversation'),
      ),
    );
    const others = mine.flat().flatMap(({ conversation: id }) => {
      const conversation = names.has(id) ? undefined : readConversationId(id, userId);
      return conversation?.kind === 'private' ? [conversation.otherId] : [];
    });
    for (const some of chunksOf(others, idsPerStatement)) {
      const users = await database.readAside(({ sql }) =>
        sql('im_user').whereIn('id', some).select<{ id: number; nickName: string }[]>('id', 'nickName'),
      );
      for (const { id, nickName } of users) names.set(conversationOf(userId, id), [nickName]);
    }
  }
}
