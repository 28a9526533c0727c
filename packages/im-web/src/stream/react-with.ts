import type { Conversation, Message } from 'im-chat';
import { remember } from '../composer/emoji.ts';

/** Reacts, or no longer, when I have. That it was refused is told by the chat. */
export function reactWith(conversation: Conversation, { number, reactions }: Message, emoji: string): void {
  if (number === undefined) return;
  const isMine = reactions.some((one) => one.emoji === emoji && one.isMine);
  if (!isMine) remember(emoji);
  void conversation.react(number, emoji, !isMine);
}
