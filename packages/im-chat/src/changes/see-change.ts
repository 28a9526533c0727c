import type { ConversationSummary } from '../model/conversation-summary.ts';
import type { StoredMessage } from '../model/message.ts';
import type { PendingChange } from '../model/pending-change.ts';

/** A conversation as it will be. */
export function seeConversation(
  conversation: ConversationSummary,
  { deed }: PendingChange,
): ConversationSummary {
  return deed.is === 'change' ? { ...conversation, ...deed.changes } : conversation;
}

/** A message as it will be. */
export function seeMessage(message: StoredMessage, { deed }: PendingChange): StoredMessage {
  return deed.is === 'recall' ? { ...message, status: 'recalled', content: { type: 'recalled' } } : message;
}
