import type { Message } from 'im-chat';
import { onScopeDispose, watch } from 'vue';
import { chat, conversations, session } from '../chat/chat.ts';
import { contacts } from '../chat/people.ts';
import { notifyOf, watchNotifications } from '../notify/notifications.ts';
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

/** What was written without a connection has gone out. */
function tellWhatWasSent(): void {
  let waited = 0;
  watch(
    () => (session.value.kind === 'signed-in' ? session.value.connection.kind : undefined),
    (kind, before) => {
      if (kind === 'online' && before === 'offline') waited = chat.waiting;
    },
  );
  let sent = 0;
  onScopeDispose(
    chat.on('sent', () => {
      if (waited === 0 || (sent += 1) < waited) return;
      say(t('sentLater', { n: waited }));
      waited = sent = 0;
    }),
  );
}

export function hearNews(): void {
  tellWhatWasSent();
  watchNotifications();
  onScopeDispose(
    chat.on('message', (message) => {
      announce(describe(message));
      notifyOf(message).catch((error: unknown) => console.warn(error));
    }),
  );
  // Also of what was done before the page was loaded. Whoever changes a conversation waits for it.
  onScopeDispose(
    chat.on('refused', ({ deed, error }) => {
      if (deed.is !== 'change') say(error.message, true);
    }),
  );
  onScopeDispose(
    chat.on('joinRequest', ({ groupId, name }) => {
      const group = contacts.groups.find(({ id }) => id === groupId)?.name ?? '';
      say(t('asksToJoin', { name, group }));
    }),
  );
  onScopeDispose(chat.on('error', (error) => console.warn(error)));
}
