import type { ApiClient } from 'im-platform/client';
import { ask } from '../api/api.ts';
import type { Known } from './inbox.ts';
import type { SyncPage } from './sync.ts';

/** What the platform has for a list of conversations: friends and groups, and what was said last between them. */
export async function fetchConversations(api: ApiClient): Promise<SyncPage> {
  const [friends, groups] = await Promise.all([
    ask(api.GET('/v1/friends', { params: { query: {} } })),
    ask(api.GET('/v1/groups', { params: { query: {} } })),
  ]);
  const people = friends.items.map(
    ({ conversationId: id, userId, nickName: name, thumbnail, isMuted }): Known => ({
      ...{ id, kind: 'private', userId, name, thumbnail, isMuted, isIn: true },
    }),
  );
  const rooms = groups.items.map(
    ({
      conversationId: id,
      id: groupId,
      myNameForIt,
      name,
      thumbnail,
      isMuted,
      isMember,
      closed,
    }): Known => ({
      ...{ id, kind: 'group', groupId, name: myNameForIt ?? name, thumbnail, isMuted },
      isIn: isMember && closed === null,
    }),
  );
  const changed = [];
  for (const known of [...people, ...rooms]) changed.push({ ...known, ...(await newest(api, known.id)) });
  return { changed, removed: [], cursor: undefined, isMore: false };
}

async function newest(api: ApiClient, conversationId: string): Promise<Partial<Known>> {
  const path = { conversationId };
  const page = await ask(
    api.GET('/v1/conversations/{conversationId}/messages', { params: { path, query: { limit: 1 } } }),
  );
  const lastMessage = page.items.at(-1);
  return {
    ...{ first: page.first, last: page.last },
    ...(lastMessage && { lastMessage, activeAt: lastMessage.sentAt }),
  };
}
