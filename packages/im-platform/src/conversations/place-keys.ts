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
  return (query: Knex.QueryBuilder): void => {
    for (const { userId, conversation } of keys)
      void query.orWhere(
        (one) => void one.where({ [`${table}.userId`]: userId, [`${table}.conversation`]: conversation }),
      );
  };
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
