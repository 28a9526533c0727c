import { Bell, BellOff, EyeOff, Info, LockKeyhole, MailCheck, MailOpen, Pin, PinOff } from '@lucide/vue';
import type { ConversationSummary } from 'im-chat';
import { chat } from '../chat/chat.ts';
import { encryption, isReady, knownKeys } from '../encryption/encryption.ts';
import { confirm } from '../parts/confirm.ts';
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
    ...encryptionItems(summary),
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

/** To encrypt it, which has no way back; and to look who is at the other end. */
function encryptionItems({ id, userId, isEncrypted }: ConversationSummary): MenuItem[] {
  if (!encryption || !isReady()) return [];
  const keys = encryption;
  if (!isEncrypted)
    return [
      {
        label: t('encrypt'),
        icon: LockKeyhole,
        act: () => void askAndEncrypt(() => keys.encrypt(id)),
      },
    ];
  if (userId === null) return [];
  return [
    { label: t('compareCodes'), icon: LockKeyhole, act: () => void attempt(() => keys.verify(userId)) },
    ...(knownKeys.value.get(userId)?.hasChanged
      ? [{ label: t('approveKeys'), icon: LockKeyhole, act: () => void attempt(() => keys.approve(userId)) }]
      : []),
  ];
}

async function askAndEncrypt(act: () => Promise<void>): Promise<void> {
  const isSure = await confirm({ title: t('encrypt'), text: t('encryptAbout'), yes: t('encrypt') });
  if (isSure) await attempt(act);
}
