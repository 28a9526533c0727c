import type { Database, Sql } from '../db/database.ts';
import { laneOf } from '../db/lanes.ts';
import type { Outbox } from '../events/outbox.ts';
import { conversationOfGroup } from './group.ts';
import { changePlaces, type PlaceChange } from './place-change.ts';

/** How the conversation of a new group begins. */
export interface GroupBeginnings {
  /** In the transaction that makes the group. */
  begin(sql: Sql, groupId: number, change: PlaceChange): Promise<void>;
  /** After it. */
  settle(groupId: number): Promise<void>;
}

/** Where there is one database, in the same transaction. */
export function beginningsHere(
  outbox: Pick<Outbox, 'store'>,
  database: Pick<Database, 'refuseStrays'>,
): GroupBeginnings {
  return {
    async begin(sql, groupId, change) {
      database.refuseStrays([laneOf(conversationOfGroup(groupId))]);
      await changePlaces(sql, outbox, groupId, change);
    },
    settle: () => Promise.resolve(),
  };
}
