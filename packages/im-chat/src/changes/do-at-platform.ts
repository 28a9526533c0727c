import type { ApiClient } from 'im-platform/client';
import { ask } from '../api/api.ts';
import type { Known } from '../inbox/inbox.ts';
import type { PendingChange } from '../model/pending-change.ts';

/** What has become of it. */
export type Outcome =
  { readonly is: 'conversation'; readonly conversation: Known } | { readonly is: 'recalled' };

/** Each of them may be done twice. */
export async function doAtPlatform(
  api: ApiClient,
  { conversationId, number = 0, deed }: PendingChange,
): Promise<Outcome> {
  switch (deed.is) {
    case 'change': {
      const params = { path: { conversationId } };
      const changed = api.PATCH('/v1/conversations/{conversationId}', { params, body: deed.changes });
      return { is: 'conversation', conversation: await ask(changed) };
    }
    case 'recall': {
      const params = { path: { conversationId, number } };
      await ask(api.DELETE('/v1/conversations/{conversationId}/messages/{number}', { params }));
      return { is: 'recalled' };
    }
  }
}
