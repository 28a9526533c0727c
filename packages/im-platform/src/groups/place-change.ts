import { joinConversation, leaveConversation } from '../conversations/places.ts';
import type { Sql } from '../db/database.ts';
import type { PlatformEvent } from '../events/event.ts';
import type { Outbox } from '../events/outbox.ts';
import { conversationOfGroup } from './group.ts';

/**
 * What a change of members comes to where the conversation of the group is. Who is in it stands in the first database, so where the two are
 * apart it goes from there as an order (message-log/lane-orders.ts), as JSON.
 */
export interface PlaceChange {
  readonly joined?: readonly number[] | undefined;
  readonly left?: readonly number[] | undefined;
  readonly time: number;
  /** What others are told of it. */
  readonly events: readonly PlatformEvent[];
}

/** In the transaction of the message that tells of it. */
export async function changePlaces(
  sql: Sql,
  outbox: Pick<Outbox, 'store'>,
  groupId: number,
  { joined = [], left = [], time, events }: PlaceChange,
): Promise<void> {
  const conversation = conversationOfGroup(groupId);
  if (joined.length > 0) await joinConversation(sql, conversation, joined, Date.now());
  if (left.length > 0) await leaveConversation(sql, conversation, left, time);
  if (events.length > 0) await outbox.store(sql, events);
}
