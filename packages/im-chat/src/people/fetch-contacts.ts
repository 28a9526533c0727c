import type { ApiClient } from 'im-platform/client';
import { ask } from '../api/api.ts';
import type { ContactList, ContactPart } from '../model/contact-list.ts';

const largestPage = 200;

interface Query {
  readonly limit: number;
  readonly cursor?: string;
}

/** All of one of the lists. */
export const fetchPart: {
  readonly [Part in ContactPart]: (api: ApiClient) => Promise<ContactList[Part]>;
} = {
  friends: (api) => all((query) => ask(api.GET('/v1/friends', { params: { query } }))),
  groups: (api) => all((query) => ask(api.GET('/v1/groups', { params: { query } }))),
  received: (api) => all((query) => ask(api.GET('/v1/friend-requests/received', { params: { query } }))),
  sent: (api) => all((query) => ask(api.GET('/v1/friend-requests/sent', { params: { query } }))),
  blocks: (api) => all((query) => ask(api.GET('/v1/blocks', { params: { query } }))),
};

async function all<Item>(
  fetchPage: (query: Query) => Promise<{ items: Item[]; nextCursor: string | null }>,
): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await fetchPage({ limit: largestPage, ...(cursor !== undefined && { cursor }) });
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  return items;
}
