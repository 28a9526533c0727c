import { z } from 'zod';
import { pageOf } from '../api/cursor.ts';
import { shownConversation } from '../conversations/conversation-view.ts';
import { shownMessage } from './message-view.ts';

export const listedConversation = shownConversation
  .extend({ lastMessage: shownMessage.nullable().meta({ description: 'The last one that is shown' }) })
  .meta({ id: 'Conversation' });

export type ListedConversation = z.output<typeof listedConversation>;

export const unreadInAll = z
  .int()
  .meta({ description: 'The sum of `unread` of all conversations that are not muted, on whatever page' });

export const conversationPage = pageOf(listedConversation)
  .extend({ unread: unreadInAll })
  .meta({ id: 'ConversationPage' });

export type ConversationPage = z.output<typeof conversationPage>;
