import type { ApiClient } from 'im-platform/client';
import { ask } from '../api/api.ts';
import type { ConversationSummary } from '../model/conversation-summary.ts';
import type { Named } from './inbox.ts';

const largestPage = 200;
/** Former friends and groups that one has left are asked for one by one; so many at a time. */
const mostStrangers = 20;

/** What conversations are called: friends and groups. */
export async function fetchNames(api: ApiClient): Promise<Named[]> {
  const friends = await all((query) => ask(api.GET('/v1/friends', { params: { query } })));
  const groups = await all((query) => fetchGroups(api, query));
  return [
    ...friends.map(({ conversationId: id, nickName: name, thumbnail }) => ({
      id,
      name,
      thumbnail,
      canWrite: true,
    })),
    ...groups.map(toNamed),
  ];
}

/** Of those who are neither: strangers, and groups that one has left. Who is gone has no name. */
export async function fetchStrangers(
  api: ApiClient,
  nameless: readonly ConversationSummary[],
): Promise<Named[]> {
  const named = nameless.slice(0, mostStrangers).map(async ({ id, userId, groupId }): Promise<Named[]> => {
    try {
      if (groupId !== null)
        return [toNamed(await ask(api.GET('/v1/groups/{groupId}', { params: { path: { groupId } } })))];
      const path = { userId: userId ?? '' };
      const { nickName: name, thumbnail } = await ask(api.GET('/v1/users/{userId}', { params: { path } }));
      return [{ id, name, thumbnail, canWrite: false }];
    } catch {
      return [];
    }
  });
  return (await Promise.all(named)).flat();
}

type Group = Awaited<ReturnType<typeof fetchGroups>>['items'][number];

function fetchGroups(api: ApiClient, query: { limit: number; cursor?: string }) {
  return ask(api.GET('/v1/groups', { params: { query } }));
}

function toNamed({ conversationId: id, myNameForIt, name, thumbnail, isMember, closed }: Group): Named {
  return { id, name: myNameForIt ?? name, thumbnail, canWrite: isMember && closed === null };
}

async function all<Item>(
  fetchPage: (query: {
    limit: number;
    cursor?: string;
  }) => Promise<{ items: Item[]; nextCursor: string | null }>,
): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await fetchPage({ limit: largestPage, ...(cursor !== undefined && { cursor }) });
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  return items;
}
