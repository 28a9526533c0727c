import type { Presence, Typist } from 'im-chat';
import { t } from './i18n.ts';
import { ago } from './times.ts';

/** Online, or last seen 5 minutes ago; empty where it is not known. */
export function presenceText(presence: Presence | undefined): string {
  if (!presence) return '';
  if (presence.isOnline) return t('online');
  return presence.lastSeenAt === null ? t('offline') : t('lastSeen', { when: ago(presence.lastSeenAt) });
}

/** Who writes, where it has to be said who; empty: nobody. */
export function typingText(typists: readonly Typist[] | undefined, isGroup: boolean): string {
  const [one, other] = typists ?? [];
  if (!one) return '';
  if (!isGroup) return t('typing');
  if (!other) return t('isTyping', { name: one.name });
  const n = typists?.length ?? 0;
  return n === 2 ? t('twoTyping', { name: one.name, other: other.name }) : t('severalTyping', { n });
}
