import { computed } from 'vue';
import { me, user } from '../chat/people.ts';
import { myId } from '../chat/chat.ts';
import { t } from '../text/i18n.ts';
import { useAbout } from './about-conversation.ts';

export interface PersonIn {
  readonly name: string;
  readonly thumbnail: string | null;
}

/** What somebody is called in a conversation, and looks like. */
export function usePeopleIn(conversationId: () => string): (userId: string) => PersonIn {
  const about = useAbout(conversationId);
  const members = computed(
    () => new Map(about.value.group?.members.map((member) => [member.userId, member]) ?? []),
  );
  return (userId) => {
    const member = members.value.get(userId);
    if (userId === myId.value)
      return { name: t('you'), thumbnail: member?.thumbnail ?? me.value?.thumbnail ?? null };
    if (member) return member;
    if (userId === about.value.userId) return about.value;
    const stranger = user(userId);
    return { name: stranger?.nickName ?? '…', thumbnail: stranger?.thumbnail ?? null };
  };
}
