import { useEventListener } from '@vueuse/core';
import type { Message } from 'im-chat';
import { watch } from 'vue';
import { conversations, myId } from '../chat/chat.ts';
import { isSeen } from '../layout/screen.ts';
import { router } from '../router.ts';
import { inShort } from '../text/in-short.ts';
import { allowSound, ring } from './sound.ts';
import { lookAgain, notifies, wantsSound } from './wishes.ts';

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
  if (!(await isMineToTell(message))) return;
  if (wantsSound.value) ring();
  if (!notifies.value) return;
  const who = message.senderName ?? summary.name;
  const body = summary.kind === 'group' ? `${who}: ${inShort(message)}` : inShort(message);
  await show(summary.name || who, body, conversationId, summary.thumbnail);
}

async function show(title: string, body: string, id: string, icon: string | null): Promise<void> {
  const data: Data = { userId: myId.value, path: `/c/${id}` };
  // The page sounds by itself. Those of one conversation take each other's place.
  const options = { body, data, tag: `${data.userId} ${id}`, silent: true, icon: icon ?? 'icon-192.png' };
  const registration = await navigator.serviceWorker.getRegistration();
  if (registration?.active) {
    await registration.showNotification(title, options);
    return;
  }
  const shown = new Notification(title, options);
  shown.onclick = () => {
    window.focus();
    shown.close();
    void router.push(data.path);
  };
}

/** Of all tabs of one person the first that hears of it tells it, and none while one of them is looked at. */
async function isMineToTell({ conversationId, number }: Message): Promise<boolean> {
  // Pages that did not come by TLS have none, and do not notify.
  const locks = navigator.locks as LockManager | undefined;
  if (!locks) return true;
  const { held = [] } = await locks.query();
  if (held.some(({ name }) => name === seenBy(myId.value))) return false;
  const name = `im-web:news:${myId.value}:${conversationId}:${number}`;
  return new Promise((resolve) => {
    void locks.request(name, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock && new Promise<void>((end) => setTimeout(end, heardWithinMs));
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
  if (!('serviceWorker' in navigator)) return;
  const registration = await navigator.serviceWorker.getRegistration();
  for (const shown of (await registration?.getNotifications()) ?? [])
    if ((shown.data as Data | null)?.userId === userId) shown.close();
}
