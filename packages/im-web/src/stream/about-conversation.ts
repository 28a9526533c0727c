import type { ConversationSummary } from 'im-chat';
import { computed, type ComputedRef } from 'vue';
import { chat, conversations, isSignedIn, myId } from '../chat/chat.ts';
import {
  contacts,
  groupOf,
  isBlocked,
  isFriend,
  systemAccountId,
  user,
  type GroupDetails,
} from '../chat/people.ts';
import type { Group } from '../chat/shapes.ts';
import { t } from '../text/i18n.ts';
import { isAhead } from '../text/times.ts';

export interface About {
  readonly id: string;
  readonly isGroup: boolean;
  readonly name: string;
  readonly thumbnail: string | null;
  /** The other one, of two. */
  readonly userId: string | undefined;
  readonly groupId: string | undefined;
  readonly group: GroupDetails | undefined;
  readonly summary: ConversationSummary | undefined;
  /** Why nothing can be said here; empty when it can. */
  readonly whyNot:
    'not-friends' | 'not-in-group' | 'only-admins' | 'muted' | 'blocked' | 'system' | undefined;
}

/** All that a page knows of a conversation, also of one where nothing was said yet. */
export function useAbout(id: () => string): ComputedRef<About> {
  return computed(() => describe(id()));
}

function describe(id: string): About {
  const [kind, ...ids] = id.split(':');
  const isGroup = kind === 'group';
  const groupId = isGroup ? ids[0] : undefined;
  const userId = isGroup ? undefined : ids.find((one) => one !== myId.value);
  // Those that are hidden are not in the list.
  const listed = conversations.value.items.find((item) => item.id === id);
  const summary = listed ?? (isSignedIn.value ? chat.conversation(id).summary : undefined);
  const group = groupId === undefined ? undefined : groupOf(groupId);
  const listedGroup = contacts.groups.find((one) => one.id === groupId);
  const friend = contacts.friends.find((one) => one.userId === userId);
  const who = userId === undefined || userId === systemAccountId ? undefined : user(userId);
  const name =
    userId === systemAccountId
      ? t('systemAccount')
      : summary?.name ||
        (group?.group.myNameForIt ??
          group?.group.name ??
          listedGroup?.name ??
          friend?.nickName ??
          who?.nickName ??
          '…');
  return {
    ...{ id, isGroup, name, userId, groupId, group, summary },
    thumbnail: summary?.thumbnail ?? group?.group.thumbnail ?? friend?.thumbnail ?? who?.thumbnail ?? null,
    whyNot: userId === undefined ? whyNotInGroup(summary, group?.group ?? listedGroup) : whyNot(userId),
  };
}

/** As far as it is known without asking for anything. */
export function mayWriteIn({
  userId,
  groupId,
  canWrite,
}: Pick<ConversationSummary, 'userId' | 'groupId'> & Partial<ConversationSummary>): boolean {
  if (userId !== null) return whyNot(userId) === undefined;
  const group = groupOf(groupId ?? '')?.group ?? contacts.groups.find((one) => one.id === groupId);
  return canWrite !== false && whyNotInGroup(undefined, group) === undefined;
}

function whyNotInGroup(summary: ConversationSummary | undefined, group: Group | undefined): About['whyNot'] {
  if (group?.isMember === false || summary?.canWrite === false) return 'not-in-group';
  if (group?.whoMayWrite === 'admins' && group.myRole === 'member') return 'only-admins';
  return group?.mayWriteFrom != null && isAhead(group.mayWriteFrom) ? 'muted' : undefined;
}

function whyNot(userId: string): About['whyNot'] {
  if (userId === systemAccountId) return 'system';
  if (isBlocked(userId)) return 'blocked';
  if (!contacts.isLoaded || isFriend(userId)) return undefined;
  return 'not-friends';
}
