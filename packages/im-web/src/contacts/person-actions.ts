import { api, ask } from '../chat/api.ts';
import { myId } from '../chat/chat.ts';
import { refreshContacts } from '../chat/people.ts';
import { confirm } from '../parts/confirm.ts';
import { attempt, say } from '../parts/toasts.ts';
import { t } from '../text/i18n.ts';

/** The id of the conversation of two. */
export function conversationWith(userId: string): string {
  const [smaller, larger] = [userId, myId.value].sort((one, other) => Number(one) - Number(other));
  return `private:${smaller}:${larger}`;
}

/** Does it, and asks for the lists anew; tells what went wrong. */
async function change(act: () => Promise<unknown>, done: string): Promise<boolean> {
  return attempt(async () => {
    await act();
    await refreshContacts();
    say(done);
  });
}

export async function askToBeFriends(userId: string, name: string, text = ''): Promise<boolean> {
  return attempt(async () => {
    const { state } = await ask(api.POST('/v1/friend-requests', { body: { userId, ...(text && { text }) } }));
    await refreshContacts();
    say(state === 'friends' ? t('nowFriends', { name }) : t('requestSent', { name }));
  });
}

export function accept(userId: string, name: string): Promise<boolean> {
  return change(
    () => ask(api.PUT('/v1/friends/{userId}', { params: { path: { userId } } })),
    t('accepted', { name }),
  );
}

export function decline(userId: string, name: string): Promise<boolean> {
  return change(
    () => ask(api.DELETE('/v1/friend-requests/received/{userId}', { params: { path: { userId } } })),
    t('declined', { name }),
  );
}

export function withdraw(userId: string): Promise<boolean> {
  return change(
    () => ask(api.DELETE('/v1/friend-requests/sent/{userId}', { params: { path: { userId } } })),
    t('done'),
  );
}

export async function removeFriend(userId: string): Promise<void> {
  const isSure = await confirm({
    ...{ title: t('removeFriend'), text: t('removeFriendSure'), yes: t('removeFriend'), isDangerous: true },
  });
  if (isSure)
    await change(() => ask(api.DELETE('/v1/friends/{userId}', { params: { path: { userId } } })), t('done'));
}

export async function block(userId: string, name: string): Promise<void> {
  const isSure = await confirm({
    ...{ title: t('block'), text: t('blockSure', { name }), yes: t('block'), isDangerous: true },
  });
  if (isSure)
    await change(
      () => ask(api.PUT('/v1/blocks/{userId}', { params: { path: { userId } } })),
      t('blocked', { name }),
    );
}

export function unblock(userId: string, name: string): Promise<boolean> {
  return change(
    () => ask(api.DELETE('/v1/blocks/{userId}', { params: { path: { userId } } })),
    t('unblocked', { name }),
  );
}
