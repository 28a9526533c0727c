import type { Conversation, Message } from 'im-chat';
import { nextTick, shallowRef } from 'vue';
import { say } from '../parts/toasts.ts';
import { t } from '../text/i18n.ts';
import { focusRow } from './focus-row.ts';
import { isBubble } from './rows.ts';

/** Several messages of one conversation, of which something is done with all. */
interface Selection {
  readonly conversation: Conversation;
  readonly messages: ReadonlyMap<number, Message>;
}

/** More are not forwarded at once. */
const most = 100;

const selection = shallowRef<Selection>();

/** What is selected in a conversation; undefined: nobody selects there. */
export function selectedIn(conversationId: string): ReadonlyMap<number, Message> | undefined {
  return selection.value?.conversation.id === conversationId ? selection.value.messages : undefined;
}

/** In their order, as they are now; without those that were taken back since. */
export function selectedMessages(): Message[] {
  if (!selection.value) return [];
  const { conversation, messages } = selection.value;
  const held = new Map(conversation.get().messages.map((message) => [message.number, message]));
  return [...messages]
    .sort(([one], [other]) => one - other)
    .map(([number, message]) => held.get(number) ?? message)
    .filter(isSelectable);
}

/** What the platform has, and was said by somebody. */
export function isSelectable(message: Message): boolean {
  return message.number !== undefined && isBubble(message);
}

/** Begins with this one; whoever selects already adds it, or takes it away. */
export function select(conversation: Conversation, message: Message): void {
  const { number } = message;
  if (number === undefined || !isSelectable(message)) return;
  const before = selectedIn(conversation.id);
  const messages = new Map(before);
  if (!messages.delete(number)) messages.set(number, message);
  if (messages.size > most) {
    say(t('mostSelected', { n: most }), true);
    return;
  }
  selection.value = { conversation, messages };
  // The button that was pressed is gone.
  if (!before) void nextTick(() => focusRow(message.key));
}

/** With the conversation that it is in. */
export function forgetSelection(): void {
  selection.value = undefined;
}

export function endSelection(): void {
  const last = [...(selection.value?.messages.values() ?? [])].at(-1);
  if (!selection.value) return;
  forgetSelection();
  void nextTick(() => focusRow(last?.key ?? ''));
}
