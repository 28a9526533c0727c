import type { ApiClient } from 'im-platform/client';
import { ask } from '../api/api.ts';
import type { ConversationSummary } from '../model/conversation-summary.ts';
import type { Friend, Group } from '../model/contact-list.ts';
import type { Named } from '../inbox/inbox.ts';

export function nameOfFriend({ conversationId: id, nickName: name, thumbnail }: Friend): Named {
  return { id, name, thumbnail, canWrite: true };
}

export function nameOfGroup({ conversationId: id, myNameForIt, name, thumbnail, ...group }: Group): Named {
  return { id, name: myNameForIt ?? name, thumbnail, canWrite: group.isMember && group.closed === null };
}

/** Of those who are neither: strangers, and groups that one has left. Who is gone has no name. */
export async function fetchStrangers(
  api: ApiClient,
  nameless: readonly ConversationSummary[],
): Promise<Named[]> {
  const named = nameless.map(async ({ id, userId, groupId }): Promise<Named[]> => {
    try {
      if (groupId !== null)
        return [nameOfGroup(await ask(api.GET('/v1/groups/{groupId}', { params: { path: { groupId } } })))];
      const path = { userId: userId ?? '' };
      const { nickName: name, thumbnail } = await ask(api.GET('/v1/users/{userId}', { params: { path } }));
      return [{ id, name, thumbnail, canWrite: false }];
    } catch {
      return [];
    }
  });
  return (await Promise.all(named)).flat();
}
