import type { StoredMessage } from './message.ts';

/** A message that was taken back: nothing that it had is left. */
export function recalled(message: StoredMessage): StoredMessage {
  return {
    ...message,
    ...{ status: 'recalled', content: { type: 'recalled' }, mentions: [], editedAt: null, replyTo: null },
    ...{ forwarded: null, isPinned: false, reactions: [], myReactions: [] },
  };
}
