import type { ApiClient } from 'im-platform/client';
import { ask } from '../api/api.ts';

const perPage = 200;

/** Who is in a conversation now, as the platform says: it is asked each time, as whoever has left is to read no more. */
export async function peopleIn(api: ApiClient, conversationId: string): Promise<string[]> {
  const [kind, ...ids] = conversationId.split(':');
  if (kind === 'private') return ids;
  const [groupId = ''] = ids;
  const people: string[] = [];
  for (let cursor: string | undefined; ;) {
    const params = { path: { groupId }, query: { limit: perPage, ...(cursor !== undefined && { cursor }) } };
    const { items, nextCursor } = await ask(api.GET('/v1/groups/{groupId}/members', { params }));
    people.push(...items.map(({ userId }) => userId));
    if (nextCursor === null) return people;
    cursor = nextCursor;
  }
}
