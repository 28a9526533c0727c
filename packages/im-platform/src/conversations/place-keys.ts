import type { Knex } from 'knex';

/** Whose place, in which conversation. */
export interface PlaceKey {
  readonly userId: number;
  readonly conversation: string;
}

/** Of one statement: each is a range of its own for the database to plan. */
export const placesPerStatement = 100;

export function nameOfPlace({ userId, conversation }: PlaceKey): string {
  return `${userId} ${conversation}`;
}

/** By the key of each. Not by a list of pairs, for which MariaDB goes through the whole table, and locks it. */
export function inPlaces(keys: readonly PlaceKey[], table = 'im_conversation_member') {
  const either = keys.map(() => `(${table}.user_id = ? and ${table}.conversation = ?)`).join(' or ');
  const values = keys.flatMap(({ userId, conversation }) => [userId, conversation]);
  return (query: Knex.QueryBuilder): void => void query.whereRaw(either, values);
}

/** In one order for everybody who locks several, each once. */
export function risingPlaces<Key extends PlaceKey>(keys: Iterable<Key>): Key[] {
  const byName = new Map(Array.from(keys, (key) => [nameOfPlace(key), key]));
  return [...byName.values()].sort(
    (one, other) =>
      one.userId - other.userId ||
      (one.conversation < other.conversation ? -1 : Number(one.conversation > other.conversation)),
  );
}

/** The two of a private conversation; nobody for a group. */
export function peopleOf(conversation: string): number[] {
  const [kind, ...ids] = conversation.split(':');
  return kind === 'private' ? ids.map(Number) : [];
}
