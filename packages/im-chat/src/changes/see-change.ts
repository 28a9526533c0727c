import type { ConversationSummary } from '../model/conversation-summary.ts';
import type { StoredMessage } from '../model/message.ts';
import type { PendingChange } from '../model/pending-change.ts';
import { recalled } from '../model/recalled.ts';

/** A conversation as it will be. */
export function seeConversation(
  conversation: ConversationSummary,
  { deed }: PendingChange,
): ConversationSummary {
  return deed.is === 'change' ? { ...conversation, ...deed.changes } : conversation;
}

/** A message as it will be. */
export function seeMessage(message: StoredMessage, { deed, place }: PendingChange): StoredMessage {
  switch (deed.is) {
    case 'recall':
      return recalled(message);
    case 'edit': {
      const { content, mentions = message.mentions } = deed;
      return { ...message, content, mentions: [...mentions], editedAt: new Date(place).toISOString() };
    }
    case 'react':
      return react(message, deed.emoji, deed.isOn);
    case 'pin':
      return { ...message, isPinned: deed.isOn };
    default:
      return message;
  }
}

/** Once and no more, however often it is done. */
function react(message: StoredMessage, emoji: string, isOn: boolean): StoredMessage {
  const { reactions, myReactions = [] } = message;
  if (myReactions.includes(emoji) === isOn) return message;
  if (!isOn)
    return {
      ...message,
      reactions: reactions
        .map((one) => (one.emoji === emoji ? { ...one, count: one.count - 1 } : one))
        .filter(({ count }) => count > 0),
      myReactions: myReactions.filter((one) => one !== emoji),
    };
  const isThere = reactions.some((one) => one.emoji === emoji);
  return {
    ...message,
    reactions: isThere
      ? reactions.map((one) => (one.emoji === emoji ? { ...one, count: one.count + 1 } : one))
      : [...reactions, { emoji, count: 1 }],
    myReactions: [...myReactions, emoji],
  };
}
