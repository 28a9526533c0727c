import type { Message } from 'im-chat';
import { shallowReactive } from 'vue';

/** A message of mine that is being written over, or one that is being answered. */
export interface Composing {
  readonly is: 'reply' | 'edit';
  readonly message: Message;
}

const byConversation = shallowReactive(new Map<string, Composing>());

export function composingIn(conversationId: string): Composing | undefined {
  return byConversation.get(conversationId);
}

export function compose(composing: Composing): void {
  byConversation.set(composing.message.conversationId, composing);
}

export function dropComposing(conversationId: string): void {
  byConversation.delete(conversationId);
}
