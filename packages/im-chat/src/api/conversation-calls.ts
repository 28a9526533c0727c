import type { ApiClient } from 'im-platform/client';
import type { Wanted } from '../messages/timeline.ts';
import type { SendableContent, StoredMessage } from '../model/message.ts';
import type { OutboxItem } from '../model/outbox-item.ts';
import type { Page } from '../model/page.ts';
import { ask } from './api.ts';

// What is asked of the platform about one conversation.

/** Messages of a conversation, and the ids of those that they go to. */
export interface Forward {
  readonly numbers: readonly number[];
  readonly to: readonly string[];
  readonly key: string;
}

/** More cannot be pinned. */
const mostPins = 100;

export function fetchPage(api: ApiClient, conversationId: string, wanted: Wanted): Promise<Page> {
  const params = { path: { conversationId }, query: { ...wanted } };
  return ask(api.GET('/v1/conversations/{conversationId}/messages', { params }));
}

export async function fetchPins(api: ApiClient, conversationId: string): Promise<readonly StoredMessage[]> {
  const params = { path: { conversationId }, query: { limit: mostPins } };
  return (await ask(api.GET('/v1/conversations/{conversationId}/pins', { params }))).items;
}

export function sendMessage(
  api: ApiClient,
  { key, conversationId, mentions, replyTo }: OutboxItem,
  content: SendableContent,
  { signal, unlessEncrypted }: { readonly signal: AbortSignal; readonly unlessEncrypted: boolean },
): Promise<StoredMessage> {
  return ask(
    api.POST('/v1/conversations/{conversationId}/messages', {
      params: { path: { conversationId }, header: { 'idempotency-key': key } },
      body: {
        content,
        ...(mentions && { mentions: [...mentions] }),
        ...(replyTo && { replyTo: replyTo.number }),
        ...(unlessEncrypted && { unlessEncrypted }),
      },
      signal,
    }),
  );
}

/** The new messages. With the same key nothing is said twice. */
export async function forwardMessages(
  api: ApiClient,
  conversationId: string,
  { numbers, to, key }: Forward,
): Promise<readonly StoredMessage[]> {
  const forwarded = api.POST('/v1/conversations/{conversationId}/forwards', {
    params: { path: { conversationId }, header: { 'idempotency-key': key } },
    body: { numbers: [...numbers], to: [...to] },
  });
  return (await ask(forwarded)).items;
}

export function markRead(api: ApiClient, conversationId: string, number: number): Promise<unknown> {
  const params = { path: { conversationId } };
  return ask(api.PUT('/v1/conversations/{conversationId}/read', { params, body: { number } }));
}
