import { z } from 'zod';
import { shownConversation } from '../conversations/conversation-view.ts';
import { unreadInAll } from './listed-conversation.ts';
import { shownMessage } from './message-view.ts';

const synced = shownConversation
  .extend({
    messages: z.array(shownMessage).meta({ description: 'The newest that you may see, in order' }),
    changed: z.array(shownMessage).meta({
      description:
        'Older ones that were changed since your cursor, as those that were recalled; you may have never had them',
    }),
    deleted: z.array(z.int()).meta({
      description: 'Numbers of those that you deleted for yourself since your cursor, on whatever device',
    }),
    mustReload: z.boolean().meta({
      description: 'More has changed than `changed` tells: forget the messages that you have',
    }),
  })
  .meta({ id: 'SyncedConversation' });

export const syncAnswer = z
  .object({
    conversations: z.array(synced).meta({ description: 'Those that have changed, the last active first' }),
    removed: z.array(z.string()).meta({ description: 'Ids of those that are off the list now' }),
    unread: unreadInAll,
    cursor: z.string().meta({ description: 'For the next call; keep it with what you know' }),
    more: z.boolean().meta({ description: 'There is more: call again with the new cursor at once' }),
    missingLanes: z.array(z.int()).meta({
      description:
        'Usually empty. Of conversations in these lanes nothing is told now, as their database is away: what has changed there comes with a later call. The lane of a conversation of two is twice the rest of CRC-32 of its id by 32, that of a group one more than that',
    }),
    isReset: z.boolean().meta({
      description: 'The cursor is of another time: forget all conversations, this answer begins anew',
    }),
  })
  .meta({ id: 'Sync' });

export type SyncAnswer = z.output<typeof syncAnswer>;
