import { isLinkOver, type Conversation, type Message } from 'im-chat';
import { attempt } from '../parts/toasts.ts';

/** The message as it is now, with addresses that can be loaded: they end after some hours, and a page may be open for days. */
export async function withFreshLinks(conversation: Conversation, message: Message): Promise<Message> {
  const { content, number } = message;
  const isOver = 'url' in content && isLinkOver(content.url);
  if (!isOver || number === undefined) return message;
  await conversation.renewLinks(number);
  return conversation.get().messages.find((one) => one.number === number) ?? message;
}

/** Saves the file of a message. */
export async function download(conversation: Conversation, message: Message): Promise<void> {
  let fresh = message;
  await attempt(async () => (fresh = await withFreshLinks(conversation, message)));
  const { content } = fresh;
  if (!('url' in content)) return;
  const name = content.type === 'file' ? (content.name ?? '') : '';
  const link = document.createElement('a');
  Object.assign(link, { href: content.url, download: name, target: '_blank', rel: 'noopener' });
  link.click();
}
