import { expect } from 'vitest';
import { unwrap, type ApiClient, type components } from '../../src/client/index.ts';
import type { TestPlatform } from './test-platform.ts';

type Message = components['schemas']['Message'];

/** Resolves when the words of all that was said are noted. */
export async function allNoted({ platform }: TestPlatform): Promise<void> {
  const behind = async (): Promise<unknown[]> =>
    platform.database
      .sql('im_lane as l')
      .join('im_search_lane as s', 's.lane', 'l.lane')
      .whereRaw("l.stamp > s.stamp or s.conversation <> '~'")
      .select('l.lane');
  await expect.poll(behind).toEqual([]);
}

/** All pages of it. */
export async function searchAll(
  api: ApiClient,
  query: string,
  { conversationId, limit = 50 }: { readonly conversationId?: string; readonly limit?: number } = {},
): Promise<Message[]> {
  const found: Message[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const where = { ...(conversationId !== undefined && { conversationId }), ...(cursor && { cursor }) };
    const params = { query: { query, limit, ...where } };
    const page = await unwrap(api.GET('/v1/search/messages', { params }));
    found.push(...page.items);
    cursor = page.nextCursor;
  }
  return found;
}

/** What can be read of a conversation. */
export async function readAll(api: ApiClient, conversationId: string): Promise<Message[]> {
  const found: Message[] = [];
  for (let before: number | undefined; ;) {
    const query = { limit: 200, ...(before !== undefined && { before }) };
    const params = { path: { conversationId }, query };
    const page = await unwrap(api.GET('/v1/conversations/{conversationId}/messages', { params }));
    found.push(...page.items.toReversed());
    if (page.from <= page.first) return found;
    before = page.from;
  }
}
