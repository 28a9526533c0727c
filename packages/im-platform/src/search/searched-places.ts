import { chunksOf } from '../db/chunks.ts';
import { askAll } from '../db/ask-there.ts';
import type { Database } from '../db/database.ts';
import { conversationOfGroup } from '../groups/group.ts';
import { readConversationId } from '../inbox/conversation-id.ts';
import { hasLeft, type Place, type Places } from '../inbox/place.ts';
import { unionOf } from '../messages/pull.ts';

const groupsPerStatement = 100;

type SearchedDatabase = Pick<Database, 'sql' | 'laneDatabases' | 'lanesAt'>;

/** What somebody may look through: all of their conversations, or one. */
export class SearchedPlaces {
  readonly #database: SearchedDatabase;
  readonly #sql: Database['sql'];
  readonly #places: Pick<Places, 'find'>;

  constructor(database: SearchedDatabase, places: Pick<Places, 'find'>) {
    this.#database = database;
    this.#sql = database.sql;
    this.#places = places;
  }

  /** `id`: of the only one. */
  async find(userId: number, id: string | undefined): Promise<Place[]> {
    if (id !== undefined) return [await this.#places.find(userId, id)];
    const rows = await askAll(this.#database, (at) => {
      const lanes = this.#database.lanesAt(at);
      return at
        .sql('im_conversation_member as m')
        .join('im_conversation as c', 'c.conversation', 'm.conversation')
        .where('m.userId', userId)
        .modify((query) => void (lanes && query.whereIn('c.lane', [...lanes])))
        .select<Row[]>('m.conversation', 'm.firstNumber', 'm.leftNumber', 'c.lastNumber');
    });
    return rows.flat().flatMap(({ conversation: name, firstNumber: first, leftNumber, lastNumber }) => {
      const conversation = readConversationId(name, userId);
      const last = leftNumber ?? lastNumber;
      return conversation ? [{ conversation, first, last, isIn: leftNumber === null }] : [];
    });
  }

  /** Of groups that they have left: the id of the last message that they may see, 0 if there is none. */
  async lastIds(places: readonly Place[]): Promise<Map<string, number>> {
    const left = places.flatMap((place) => {
      const { conversation, last } = place;
      return hasLeft(place) && conversation.kind === 'group'
        ? [{ groupId: conversation.groupId, last, id: conversation.id }]
        : [];
    });
    const ids = new Map(left.map(({ id }) => [id, 0]));
    for (const some of chunksOf(left, groupsPerStatement)) {
      const newest = some.map(({ groupId, last }) =>
        this.#sql('im_group_message')
          .where({ groupId })
          .where('number', '<=', last)
          .orderBy('number', 'desc')
          .limit(1)
          .select('groupId', 'id'),
      );
      const rows = (await unionOf(this.#sql, ['groupId', 'id'], newest)) as {
        groupId: number;
        id: number;
      }[];
      for (const { groupId, id } of rows) ids.set(conversationOfGroup(groupId), id);
    }
    return ids;
  }
}

interface Row {
  readonly conversation: string;
  readonly firstNumber: number;
  readonly leftNumber: number | null;
  readonly lastNumber: number;
}
