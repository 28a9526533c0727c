import { useEventListener } from '@vueuse/core';
import type { Call, Message } from 'im-chat';
import { watch } from 'vue';
import { conversations, myId } from '../chat/chat.ts';
import { contacts } from '../chat/people.ts';
import { isSeen } from '../layout/screen.ts';
import { router } from '../router.ts';
import { language, t } from '../text/i18n.ts';
import { inShort } from '../text/in-short.ts';
import { allowSound, ring } from './sound.ts';
import { canNotify, lookAgain, notifies, wantsSound } from './wishes.ts';

/** What comes back when somebody clicks on it. */
interface Data {
  readonly userId: string;
  readonly path: string;
}

/** What the service worker asks and says. */
type Order = { readonly is: 'who'; readonly userId: string } | { readonly is: 'open'; readonly path: string };

/** So long the other tabs have to hear of the same message. */
const heardWithinMs = 5_000;
const seenBy = (userId: string): string => `im-web:seen:${userId}`;

/** Of a message that has just come: shown by the system when nobody looks at the page, and heard. */
export async function notifyOf(message: Message): Promise<void> {
  const { conversationId } = message;
  const summary = conversations.value.items.find(({ id }) => id === conversationId);
  if (!summary || summary.isMuted) return;
  if (isSeen.value) {
    const isOpen = router.currentRoute.value.params['id'] === conversationId;
    if (!isOpen && wantsSound.value) ring();
    return;
  }
  const heard = new Promise<void>((resolve) => setTimeout(resolve, heardWithinMs));
  if (!(await isMineToTell(`${conversationId}:${message.number}`, heard))) return;
  if (wantsSound.value) ring();
  if (!notifies.value) return;
  const who = message.senderName ?? summary.name;
  const body = summary.kind === 'group' ? `${who}: ${inShort(message)}` : inShort(message);
  await show(summary.name || who, {
    body,
    about: conversationId,
    path: `/c/${conversationId}`,
    icon: summary.thumbnail,
  });
}

/** Of a call that rings while nobody looks at the page. It goes when the call rings no more. */
export async function notifyOfCall({ userId, mode }: Call, isOver: Promise<void>): Promise<void> {
  if (isSeen.value || !(await isMineToTell(`call:${userId}`, isOver)) || !notifies.value) return;
  const friend = contacts.friends.find((one) => one.userId === userId);
  const title = t(mode === 'video' ? 'videoCallFrom' : 'voiceCallFrom', { name: friend?.nickName ?? '…' });
  const id = conversations.value.items.find((one) => one.userId === userId)?.id;
  const path = id === undefined ? '/chats' : `/c/${id}`;
  // It stays until somebody has seen it.
  const close = await show(title, {
    about: 'call',
    path,
    icon: friend?.thumbnail ?? null,
    requireInteraction: true,
  });
  await isOver;
  await close();
}

interface Shown extends Pick<NotificationOptions, 'body' | 'requireInteraction'> {
  /** Those about the same take each other's place. */
  readonly about: string;
  readonly path: string;
  readonly icon: string | null;
}

/** Returns what takes it away. */
async function show(
  title: string,
  { about, path, icon, ...more }: Shown,
): Promise<() => void | Promise<void>> {
  const data: Data = { userId: myId.value, path };
  const tag = `${data.userId} ${about}`;
  // The page sounds by itself.
  const options = { ...more, data, tag, silent: true, icon: icon ?? 'icon-192.png' };
  const registration = await navigator.serviceWorker.getRegistration();
  if (registration?.active) {
    await registration.showNotification(title, options);
    return async () => {
      for (const one of await registration.getNotifications({ tag })) one.close();
    };
  }
  const shown = new Notification(title, options);
  shown.onclick = () => {
    window.focus();
    shown.close();
    void router.push(path);
  };
  return () => shown.close();
}

/** Of all tabs of one person the first that hears of it tells it, and none while one of them is looked at. */
async function isMineToTell(what: string, isHeard: Promise<void>): Promise<boolean> {
  // Pages that did not come by TLS have none, and do not notify.
  const locks = navigator.locks as LockManager | undefined;
  if (!locks) return true;
  const { held = [] } = await locks.query();
  if (held.some(({ name }) => name === seenBy(myId.value))) return false;
  return new Promise((resolve) => {
    void locks.request(`im-web:news:${myId.value}:${what}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock && isHeard;
    });
  });
}

/** What has to do with it as long as somebody is signed in. */
export function watchNotifications(): void {
  let unseen = new AbortController();
  watch(
    [isSeen, myId],
    ([isLookedAt, userId]) => {
      lookAgain();
      unseen.abort();
      unseen = new AbortController();
      const { signal } = unseen;
      const locks = navigator.locks as LockManager | undefined;
      if (!isLookedAt || userId === '') return;
      void closeAll(userId);
      locks
        ?.request(seenBy(userId), { mode: 'shared', signal }, () => {
          return new Promise((resolve) => signal.addEventListener('abort', resolve));
        })
        .catch(() => undefined);
    },
    { immediate: true },
  );
  // Each session registers anew, and whoever turns it off is not told any more.
  watch(
    [notifies, myId, language],
    ([isWanted, userId], [wasWanted]) => {
      if (userId === '' || !canNotify || !(isWanted || wasWanted)) return;
      import('./away.ts')
        .then(({ registerAway, unregisterAway }) => (isWanted ? registerAway() : unregisterAway()))
        .catch((error: unknown) => console.warn(error));
    },
    { immediate: true },
  );
  useEventListener(window, 'pointerdown', allowSound, { once: true });
  useEventListener(window, 'keydown', allowSound, { once: true });
  if (!('serviceWorker' in navigator)) return;
  useEventListener(navigator.serviceWorker, 'message', ({ data, ports }: MessageEvent<Order>) => {
    if (data.is === 'open') void router.push(data.path);
    else if (data.userId === myId.value) ports[0]?.postMessage(true);
  });
}

/** Who looks at the page has seen them. */
async function closeAll(userId: string): Promise<void> {
  if ('clearAppBadge' in navigator) void navigator.clearAppBadge().catch(() => undefined);
  if (!('serviceWorker' in navigator)) return;
  const registration = await navigator.serviceWorker.getRegistration();
  for (const shown of (await registration?.getNotifications()) ?? [])
    if ((shown.data as Data | null)?.userId === userId) shown.close();
}
