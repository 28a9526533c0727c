import { api, ask } from '../chat/api.ts';
import { refreshContacts, refreshGroup } from '../chat/people.ts';
import type { Group, Member } from '../chat/shapes.ts';
import { confirm } from '../parts/confirm.ts';
import type { MenuItem } from '../parts/menu.ts';
import { report } from '../parts/report.ts';
import { attempt } from '../parts/toasts.ts';
import { router } from '../router.ts';
import { t } from '../text/i18n.ts';
import { conversationWith } from '../contacts/person-actions.ts';

type Changes = Partial<Pick<Group, 'name' | 'notice' | 'whoMayWrite' | 'joining'>> & {
  picture?: string;
  thumbnail?: string;
};

function change(groupId: string, act: () => Promise<unknown>): Promise<boolean> {
  return attempt(async () => {
    await act();
    await Promise.all([refreshGroup(groupId), refreshContacts()]);
  });
}

export function changeGroup(groupId: string, body: Changes): Promise<boolean> {
  return change(groupId, () =>
    ask(api.PATCH('/v1/groups/{groupId}', { params: { path: { groupId } }, body })),
  );
}

export function invite(groupId: string, userIds: string[]): Promise<boolean> {
  return change(groupId, () =>
    ask(api.POST('/v1/groups/{groupId}/members', { params: { path: { groupId } }, body: { userIds } })),
  );
}

export async function leaveGroup(groupId: string): Promise<void> {
  if (
    !(await confirm({
      title: t('leaveGroup'),
      text: t('leaveGroupSure'),
      yes: t('leaveGroup'),
      isDangerous: true,
    }))
  )
    return;
  const path = { groupId, userId: 'me' };
  if (
    await change(groupId, () =>
      ask(api.DELETE('/v1/groups/{groupId}/members/{userId}', { params: { path } })),
    )
  )
    await router.replace('/chats');
}

export async function dissolveGroup(groupId: string): Promise<void> {
  const asked = {
    title: t('dissolveGroup'),
    text: t('dissolveGroupSure'),
    yes: t('dissolveGroup'),
    isDangerous: true,
  };
  if (!(await confirm(asked))) return;
  if (await change(groupId, () => ask(api.DELETE('/v1/groups/{groupId}', { params: { path: { groupId } } }))))
    await router.replace('/chats');
}

/** What I may do with a member, by our roles. */
export function memberMenu(group: Group, member: Member): (MenuItem | false)[] {
  const { id: groupId, myRole } = group;
  const { userId, name, role, mayWriteFrom } = member;
  const path = { groupId, userId };
  const isOwner = myRole === 'owner';
  const isAbove = isOwner || (myRole === 'admin' && role === 'member');
  const does = (act: () => Promise<unknown>) => (): void => void change(groupId, act);
  const asks = (title: string, text: string, act: () => Promise<unknown>) => (): void =>
    void confirm({ title, text, yes: title, isDangerous: true }).then(
      (isSure) => isSure && change(groupId, act),
    );
  return [
    { label: t('profile'), act: () => void router.push(`/people/${userId}`) },
    { label: t('message'), act: () => void router.push(`/c/${conversationWith(userId)}`) },
    isOwner && {
      label: role === 'admin' ? t('dismissAdmin') : t('makeAdmin'),
      act: does(() =>
        role === 'admin'
          ? ask(api.DELETE('/v1/groups/{groupId}/admins/{userId}', { params: { path } }))
          : ask(api.PUT('/v1/groups/{groupId}/admins/{userId}', { params: { path } })),
      ),
    },
    isAbove && {
      label: mayWriteFrom ? t('unmuteMember') : t('muteMember'),
      act: does(() =>
        mayWriteFrom
          ? ask(api.DELETE('/v1/groups/{groupId}/mutes/{userId}', { params: { path } }))
          : ask(api.PUT('/v1/groups/{groupId}/mutes/{userId}', { params: { path }, body: { minutes: 60 } })),
      ),
    },
    isOwner && {
      label: t('makeOwner'),
      act: asks(t('makeOwner'), t('makeOwnerSure', { name }), () =>
        ask(api.PUT('/v1/groups/{groupId}/owner', { params: { path: { groupId } }, body: { userId } })),
      ),
    },
    { label: t('report'), act: () => report({ name, about: { userId } }) },
    isAbove && {
      label: t('removeMember'),
      isDangerous: true,
      act: asks(t('removeMember'), t('removeMemberSure', { name }), () =>
        ask(api.DELETE('/v1/groups/{groupId}/members/{userId}', { params: { path } })),
      ),
    },
  ];
}
