import type { Message } from 'im-chat';
import { computed, onScopeDispose, watch } from 'vue';
import { call } from '../calls/call.ts';
import { chat, conversations, session } from '../chat/chat.ts';
import { contacts } from '../chat/people.ts';
import { hearCampaigns } from '../notify/campaigns.ts';
import { notifyOf, notifyOfCall, watchNotifications } from '../notify/notifications.ts';
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

/** What was written without a connection has gone out: told when all of it has. */
function tellWhatWasSent(): void {
  const connection = computed(() =>
    session.value.kind === 'signed-in' ? session.value.connection.kind : undefined,
  );
  let wasOffline = false;
  let sent = 0;
  const tell = (): void => {
    if (!wasOffline || connection.value !== 'online' || chat.waiting > 0) return;
    if (sent > 0) say(t('sentLater', { n: sent }));
    wasOffline = false;
    sent = 0;
  };
  watch(
    connection,
    (kind) => {
      if (kind === 'offline') wasOffline = true;
      else tell();
    },
    { immediate: true },
  );
  onScopeDispose(
    chat.on('sent', () => {
      // Some go out before the push server is reached.
      if (wasOffline) sent += 1;
      tell();
    }),
  );
  onScopeDispose(chat.on('failed', tell));
}

export function hearNews(): void {
  tellWhatWasSent();
  watchNotifications();
  hearCampaigns();
  onScopeDispose(
    chat.on('message', (message) => {
      announce(describe(message));
      notifyOf(message).catch((error: unknown) => console.warn(error));
    }),
  );
  watch(call, (state, _before, onCleanup) => {
    if (state.kind !== 'ringing') return;
    const isOver = new Promise<void>((resolve) => onCleanup(resolve));
    notifyOfCall(state.call, isOver).catch((error: unknown) => console.warn(error));
  });
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
