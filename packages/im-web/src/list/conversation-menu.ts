import { Bell, BellOff, EyeOff, Info, MailCheck, MailOpen, Pin, PinOff } from '@lucide/vue';
import type { ConversationSummary } from 'im-chat';
import { chat } from '../chat/chat.ts';
import type { MenuItem } from '../parts/menu.ts';
import { attempt, say } from '../parts/toasts.ts';
import { router } from '../router.ts';
import { t } from '../text/i18n.ts';

/** What can be done with a conversation as a whole. */
export function conversationMenu(summary: ConversationSummary): MenuItem[] {
  const { id, isPinned, isMuted, unread, isMarkedUnread, last } = summary;
  const change = (changes: Parameters<ReturnType<typeof chat.conversation>['change']>[0]): void =>
    void attempt(() => chat.conversation(id).change(changes));
  const isUnread = unread > 0 || isMarkedUnread;
  return [
    { label: t('info'), icon: Info, act: () => void router.push(`/c/${id}/info`) },
    {
      label: isPinned ? t('unpin') : t('pin'),
      icon: isPinned ? PinOff : Pin,
      act: () => change({ isPinned: !isPinned }),
    },
    {
      label: isMuted ? t('unmute') : t('mute'),
      icon: isMuted ? Bell : BellOff,
      act: () => change({ isMuted: !isMuted }),
    },
    isUnread
      ? {
          label: t('markRead'),
          icon: MailCheck,
          act() {
            chat.conversation(id).markRead(last);
            if (isMarkedUnread) change({ isMarkedUnread: false });
          },
        }
      : { label: t('markUnread'), icon: MailOpen, act: () => change({ isMarkedUnread: true }) },
    {
      label: t('hide'),
      icon: EyeOff,
      act() {
        void attempt(() => chat.conversation(id).change({ isHidden: true })).then((isDone) => {
          if (!isDone) return;
          say(t('hidden'));
          if (router.currentRoute.value.params['id'] === id) void router.replace('/chats');
        });
      },
    },
  ];
}
