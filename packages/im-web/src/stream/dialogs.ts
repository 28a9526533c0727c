import type { Conversation, Message } from 'im-chat';
import { shallowRef } from 'vue';

/** What is asked, or told, about a message over the page. */
export interface MessageDialog {
  /** An emoji is chosen; who has reacted; what it said before. */
  readonly is: 'react' | 'reactions' | 'edits';
  readonly conversation: Conversation;
  readonly message: Message;
}

export const messageDialog = shallowRef<MessageDialog>();
