import { myId } from '../chat/chat.ts';
import { api, ask } from '../chat/api.ts';
import type { AwayNotifications } from '../chat/shapes.ts';
import { language } from '../text/i18n.ts';

// Being told while no page is open: by the push service of the browser, which is told by the platform. Loaded by those who want it.

/** What of this browser's subscription the platform was told last, for each who uses it. */
const toldKey = (): string => `im-web:push:${myId.value}`;

/** Has the platform tell this browser, as far as both can. Asks the browser for nothing: whoever calls has its permission. */
export async function registerAway(): Promise<void> {
  const { channels, registeredBy } = await ask(api.GET('/v1/me/notifications'));
  const key = channels.find(({ name }) => name === 'web')?.publicKey;
  const worker = await navigator.serviceWorker.getRegistration();
  if (key === undefined || key === null || !worker?.pushManager) return;
  const subscription = await subscribe(worker.pushManager, key);
  const { endpoint: address = '', keys: { p256dh = '', auth = '' } = {} } = subscription.toJSON();
  const told = `${language.value} ${address}`;
  if (registeredBy === 'web' && localStorage.getItem(toldKey()) === told) return;
  const body = { channel: 'web', address, secrets: { p256dh, auth }, language: language.value };
  await ask(api.PUT('/v1/sessions/current/push', { body }));
  localStorage.setItem(toldKey(), told);
}

/** The subscription itself stays: others in this browser may have it, too. */
export async function unregisterAway(): Promise<void> {
  localStorage.removeItem(toldKey());
  await ask(api.DELETE('/v1/sessions/current/push'));
}

export function readAway(): Promise<AwayNotifications> {
  return ask(api.GET('/v1/me/notifications'));
}

export function changeAway(
  body: Partial<Pick<AwayNotifications, 'preview' | 'quietHours'>>,
): Promise<AwayNotifications> {
  return ask(api.PATCH('/v1/me/notifications', { body }));
}

/** Of a platform that has another key by now nothing comes any more. */
async function subscribe(manager: PushManager, key: string): Promise<PushSubscription> {
  const known = await manager.getSubscription();
  if (known && keyOf(known) === key) return known;
  await known?.unsubscribe();
  return manager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

function keyOf({ options }: PushSubscription): string {
  const bytes = new Uint8Array(options.applicationServerKey ?? new ArrayBuffer(0));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
