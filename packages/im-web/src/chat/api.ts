import { ChatError, type ApiClient } from 'im-chat';
import { t } from '../text/i18n.ts';
import { chat } from './chat.ts';

export const api: ApiClient = chat.api;

interface Said {
  readonly code?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly problem: string }[];
}

/** What was asked, or an error whose message is for the user. */
export async function ask<Data>(
  call: Promise<{ readonly data?: Data; readonly error?: unknown; readonly response: Response }>,
): Promise<Data> {
  const answer = await call.catch(() => {
    throw new ChatError('NO_ANSWER', t('noAnswer'), { retryable: true });
  });
  if (answer.response.ok) return answer.data as Data; // as the platform describes it
  const { code = 'NO_ANSWER', detail, errors } = (answer.error ?? {}) as Said;
  throw new ChatError(code, errors?.[0]?.problem ?? detail ?? t('noAnswer'));
}

type Paged<Item> = Promise<{
  data?: { items: Item[]; nextCursor: string | null };
  error?: unknown;
  response: Response;
}>;

/** All pages of a list that is not long. */
export async function all<Item>(
  fetchPage: (query: { limit: number; cursor?: string }) => Paged<Item>,
): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await ask(fetchPage({ limit: 200, ...(cursor !== undefined && { cursor }) }));
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  return items;
}

/** What to tell somebody about what went wrong. */
export function explain(error: unknown): string {
  if (error instanceof ChatError) return error.code === 'NO_ANSWER' ? t('noAnswer') : error.message;
  return error instanceof Error ? error.message : String(error);
}
