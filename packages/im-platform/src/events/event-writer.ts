import { toTime } from '../api/values.ts';
import type { Database } from '../db/database.ts';
import type { KeptBody } from './event.ts';
import type { WaitingEvent } from './outbox-store.ts';
import type { OutgoingEvent } from './sink.ts';
import { findToldUsers } from './told-users.ts';

/** What is told of events: as they were, and with what their users are called now, so that nobody has to ask. */
export async function writeEvents(
  { sql }: Pick<Database, 'sql'>,
  events: readonly WaitingEvent[],
): Promise<OutgoingEvent[]> {
  const kept = events.map((event) => ({ ...event, ...(JSON.parse(event.body) as KeptBody) }));
  const users = await findToldUsers(sql, [...new Set(kept.flatMap(({ userIds }) => userIds))]);
  return kept.map(({ id, type, subject, position, time, data, userIds }) => {
    const called = userIds.flatMap((userId) => users.get(userId) ?? []);
    const told = { id, type, timestamp: toTime(time), subject, position, data, users: called };
    return { id, type, subject, position, body: JSON.stringify(told) };
  });
}
