import type { Conversation, Message } from 'im-chat';
import { compose } from '../composer/composing.ts';
import { forward } from './forwarding.ts';
import type { Here } from './here.ts';
import { copy, deleteForMe, mayEdit } from './message-menu.ts';
import { select, selectedIn } from './selection.ts';

interface Focused {
  readonly conversation: Conversation;
  readonly message: Message;
  readonly rights: Pick<Here, 'mayWrite'>;
}

/** What a key does with the message that has the focus; false: nothing. */
export function actByKey(event: KeyboardEvent, { conversation, message, rights }: Focused): boolean {
  const { number, content, state } = message;
  if (event.ctrlKey || event.metaKey || event.altKey || number === undefined || state === 'recalled')
    return false;
  const isSelecting = selectedIn(conversation.id) !== undefined;
  if (event.key === 'x' || (event.key === ' ' && isSelecting)) {
    select(conversation, message);
    return true;
  }
  // What the others do they do with one.
  if (isSelecting) return false;
  switch (event.key) {
    case 'r':
      if (rights.mayWrite()) compose({ is: 'reply', message });
      return true;
    case 'e':
      if (rights.mayWrite() && mayEdit(message)) compose({ is: 'edit', message });
      return true;
    case 'c':
      if (content.type === 'text' || content.type === 'custom') void copy(content.text);
      return true;
    case 'f':
      forward(conversation, [message]);
      return true;
    case 'Delete':
      void deleteForMe(conversation, [number]);
      return true;
    default:
      return false;
  }
}
