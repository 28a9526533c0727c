import { chunksOf } from '../db/chunks.ts';
import { askAll } from '../db/ask-there.ts';
import { askEach } from '../db/by-lane-database.ts';
import type { Database, Sql } from '../db/database.ts';
import { conversationOfGroup } from '../groups/group.ts';
import { readConversationId } from '../inbox/conversation-id.ts';
import { hasLeft, type Place, type Places } from '../inbox/place.ts';
import { unionOf } from '../messages/pull.ts';

const groupsPerStatement = 100;

type SearchedDatabase = Pick<Database, 'of' | 'laneDatabases' | 'lanesAt'>;

/** What somebody may look through: all of their conversations, or one. */
export class SearchedPlaces {
  readonly #database: SearchedDatabase;
  readonly #places: Pick<Places, 'find'>;

  constructor(database: SearchedDatabase, places: Pick<Places, 'find'>) {
    this.#database = database;
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
        ? [{ groupId: conversation.groupId, last, conversation: conversation.id }]
        : [];
    });
    const found = await askEach(this.#database, left, ({ sql }, here) => lastIdsIn(sql, here));
    const ids = new Map(left.map((one) => [one.conversation, 0]));
    for (const { groupId, id } of found) ids.set(conversationOfGroup(groupId), id);
    return ids;
  }
}

interface Last {
  readonly groupId: number;
  readonly last: number;
}

async function lastIdsIn(sql: Sql, left: readonly Last[]): Promise<{ groupId: number; id: number }[]> {
  const found: { groupId: number; id: number }[] = [];
  for (const some of chunksOf(left, groupsPerStatement)) {
    const newest = some.map(({ groupId, last }) =>
      sql('im_group_message')
        .where({ groupId })
        .where('number', '<=', last)
        .orderBy('number', 'desc')
        .limit(1)
        .select('groupId', 'id'),
    );
    found.push(...((await unionOf(sql, ['groupId', 'id'], newest)) as typeof found));
  }
  return found;
}

interface Row {
  readonly conversation: string;
  readonly firstNumber: number;
  readonly leftNumber: number | null;
  readonly lastNumber: number;
}
