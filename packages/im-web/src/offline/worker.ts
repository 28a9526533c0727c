// The service worker of the page, a script of its own (vite.config.ts builds it). It opens the page without a network, and shows
// notifications. What the platform answers it never keeps: that is what im-chat does, who knows whose it is.
//
// The page itself always comes from the server where there is one, so nobody sees an old one after an upgrade; the files that it
// loads are named after what is in them, and come from here.

// What a worker has, and a page has not.
interface Lasting extends Event {
  waitUntil(until: Promise<unknown>): void;
}
interface Asked extends Lasting {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Pushed extends Lasting {
  readonly data: { json(): unknown } | null;
}
interface Clicked extends Lasting {
  readonly notification: Notification;
}
interface Page {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  focus(): Promise<unknown>;
}
interface Worker {
  readonly location: Location;
  readonly registration: ServiceWorkerRegistration;
  readonly navigator: { setAppBadge?(count: number): Promise<void> };
  readonly clients: {
    matchAll(which: { readonly type: 'window'; readonly includeUncontrolled: true }): Promise<Page[]>;
    claim(): Promise<void>;
    openWindow(url: string): Promise<unknown>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(name: 'install' | 'activate', act: (event: Lasting) => void): void;
  addEventListener(name: 'fetch', act: (event: Asked) => void): void;
  addEventListener(name: 'push', act: (event: Pushed) => void): void;
  addEventListener(name: 'notificationclick', act: (event: Clicked) => void): void;
}

/** Of the build: its files, and a name that is another one when one of them is. */
declare const __FILES__: readonly string[];
declare const __BUILD__: string;

const worker = self as unknown as Worker;
const prefix = 'im-web:';
const own = prefix + __BUILD__;
const shell = 'index.html';
const scope = new URL(worker.registration.scope).pathname;
/** A page that does not answer by then is none of who is looked for. */
const answersWithinMs = 500;

worker.addEventListener('install', (event) => {
  const files = __FILES__.map((file) => new Request(file, { cache: file === shell ? 'reload' : 'default' }));
  event.waitUntil(
    caches
      .open(own)
      .then((cache) => cache.addAll(files))
      .then(() => worker.skipWaiting()),
  );
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(forgetOldBuilds().then(() => worker.clients.claim()));
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== worker.location.origin || !pathname.startsWith(scope)) return;
  const path = pathname.slice(scope.length);
  if (request.mode === 'navigate') {
    if (path === '' || path === shell) event.respondWith(openPage(request.url));
  } else if (path.startsWith('assets/')) event.respondWith(giveFile(request));
});

worker.addEventListener('push', (event) => {
  if (event.data) event.waitUntil(tell(event.data.json() as Told));
});

worker.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(goTo(event.notification.data as { readonly userId: string; readonly path: string }));
});

/** What the platform tells while no page is there: docs/away-push.md. */
interface Told {
  readonly is: 'message' | 'withdrawal' | 'campaign';
  readonly userId: string;
  readonly conversationId: string;
  readonly badge?: number;
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly campaignId: string;
}

/** As the page does it (notify/notifications.ts), so that one about a conversation takes the place of the other, whoever shows it. */
async function tell(told: Told): Promise<void> {
  if (told.is === 'campaign') return tellCampaign(told);
  const { is, userId, conversationId, badge, number, title, body } = told;
  const tag = `${userId} ${conversationId}`;
  const shown = await worker.registration.getNotifications({ tag });
  if (is === 'withdrawal') for (const one of shown) one.close();
  // Push services may change the order.
  else if (!shown.some(({ data }) => ((data as { number?: number } | null)?.number ?? 0) > number)) {
    const data = { userId, path: `/c/${conversationId}`, number };
    const more = { renotify: true, icon: 'icon-192.png' } as NotificationOptions;
    await worker.registration.showNotification(title, { ...more, body, tag, data });
  }
  if (badge !== undefined) await worker.navigator.setAppBadge?.(badge);
}

/** Told again, after somebody died, it takes the place of the first. A press leads to the page. */
async function tellCampaign({ userId, campaignId, title, body }: Told): Promise<void> {
  const data = { userId, path: `/chats?campaign=${campaignId}`, campaignId };
  const tag = `${userId} campaign:${campaignId}`;
  await worker.registration.showNotification(title, { icon: 'icon-192.png', body, tag, data });
}

/** The build before this one stays: of a page that is open still, parts may not be loaded yet. */
async function forgetOldBuilds(): Promise<void> {
  const others = (await caches.keys()).filter((name) => name.startsWith(prefix) && name !== own);
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)));
}

async function openPage(url: string): Promise<Response> {
  const answer = await fetch(url, { cache: 'no-cache', redirect: 'manual' }).catch(() => undefined);
  // What stands between says so when the server is away.
  if (answer && answer.status < 500) return answer;
  const kept = await caches.open(own).then((cache) => cache.match(shell));
  return kept ?? answer ?? Response.error();
}

async function giveFile(request: Request): Promise<Response> {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

/** To the tab of whom it is for; a new one, when there is none. */
async function goTo({ userId, path }: { readonly userId: string; readonly path: string }): Promise<void> {
  const pages = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const page = await pageOf(pages, userId);
  if (!page) await worker.clients.openWindow(`./#${path}`);
  else {
    page.postMessage({ is: 'open', path });
    await page.focus();
  }
}

function pageOf(pages: readonly Page[], userId: string): Promise<Page | undefined> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(undefined), answersWithinMs);
    for (const page of pages) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve(page);
      page.postMessage({ is: 'who', userId }, [port2]);
    }
  });
}

// Its names are its own.
export {};
