import type { ApiClient } from 'im-platform/client';
import { ask } from '../api/api.ts';
import type { Known } from '../inbox/inbox.ts';
import type { StoredMessage } from '../model/message.ts';
import type { PendingChange } from '../model/pending-change.ts';

/** What has become of it. */
export type Outcome =
  | { readonly is: 'conversation'; readonly conversation: Known }
  | { readonly is: 'message'; readonly message: StoredMessage }
  | { readonly is: 'recalled' }
  | { readonly is: 'deleted' };

const ofMessage = '/v1/conversations/{conversationId}/messages/{number}';

/** Each of them may be done twice. */
export async function doAtPlatform(
  api: ApiClient,
  { conversationId, number = 0, deed }: PendingChange,
): Promise<Outcome> {
  const params = { path: { conversationId, number } };
  switch (deed.is) {
    case 'change': {
      const changed = api.PATCH('/v1/conversations/{conversationId}', {
        ...{ params: { path: { conversationId } }, body: deed.changes },
      });
      return { is: 'conversation', conversation: await ask(changed) };
    }
    case 'recall': {
      await ask(api.DELETE(ofMessage, { params }));
      return { is: 'recalled' };
    }
    case 'edit': {
      const { content, mentions } = deed;
      const body = { content, ...(mentions && { mentions: [...mentions] }) };
      return { is: 'message', message: await ask(api.PATCH(ofMessage, { params, body })) };
    }
    case 'react': {
      const one = { params: { path: { ...params.path, emoji: deed.emoji } } };
      const path = `${ofMessage}/reactions/{emoji}` as const;
      const reacted = deed.isOn ? api.PUT(path, one) : api.DELETE(path, one);
      return { is: 'message', message: await ask(reacted) };
    }
    case 'pin': {
      const path = `${ofMessage}/pin` as const;
      const pinned = deed.isOn ? api.PUT(path, { params }) : api.DELETE(path, { params });
      return { is: 'message', message: await ask(pinned) };
    }
    case 'delete': {
      const deleted = api.POST('/v1/conversations/{conversationId}/deleted', {
        ...{ params: { path: { conversationId } }, body: { numbers: [number] } },
      });
      await ask(deleted);
      return { is: 'deleted' };
    }
  }
}
