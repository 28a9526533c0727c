import type { Message } from 'im-chat';
import { onScopeDispose } from 'vue';
import { chat, conversations } from '../chat/chat.ts';
import { announce } from '../parts/announcer.ts';
import { say } from '../parts/toasts.ts';
import { t } from '../text/i18n.ts';
import { inShort } from '../text/in-short.ts';

/** Who has said what, for those who cannot see it. */
function describe(message: Message): string {
  const summary = conversations.value.items.find(({ id }) => id === message.conversationId);
  const text = inShort(message);
  if (summary?.kind === 'group')
    return t('newMessageIn', { name: message.senderName ?? '', group: summary.name, text });
  return t('newMessageFrom', { name: summary?.name || (message.senderName ?? ''), text });
}

export function hearNews(): void {
  onScopeDispose(chat.on('message', (message) => announce(describe(message))));
  // Also of what was done before the page was loaded. Whoever changes a conversation waits for it.
  onScopeDispose(
    chat.on('refused', ({ deed, error }) => {
      if (deed.is !== 'change') say(error.message, true);
    }),
  );
  onScopeDispose(chat.on('error', (error) => console.warn(error)));
}
