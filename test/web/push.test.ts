import type { BrowserContext, CDPSession, Page, Worker } from 'playwright-core';
import { beforeAll, expect, it, vi } from 'vitest';
import type { AwayWithdrawal } from 'im-platform';
import { PushService } from 'im-test/push-service';
import { desktop, entry, keepPages, newPlace, say, signIn, type Place } from './place.ts';

// Browsers take long to start on a machine that is busy with other tests, and a page may have to be built.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });
keepPages();
const slowly = { timeout: 30_000 };

// The service of Chromium itself cannot be reached by tests. So the page subscribes at one of ours, which reads what the platform encrypts for the
// browser, and hands it to the browser's service worker as the browser does.

interface Registered {
  readonly registrationId: string;
  readonly scopeURL: string;
  readonly isDeleted: boolean;
}

/** Chromium's own end: what comes from its push service. */
class Deliverer {
  readonly #session: CDPSession;
  readonly #registered: Promise<Registered>;

  private constructor(session: CDPSession, origin: string) {
    this.#session = session;
    this.#registered = new Promise((resolve) => {
      session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const found = registrations.find((one) => one.scopeURL.startsWith(origin) && !one.isDeleted);
        if (found) resolve(found);
      });
    });
  }

  static async of(context: BrowserContext, origin: string): Promise<Deliverer> {
    const session = await context.newCDPSession(await context.newPage());
    const deliverer = new Deliverer(session, origin);
    await session.send('ServiceWorker.enable');
    return deliverer;
  }

  async deliver(origin: string, message: object): Promise<void> {
    const { registrationId } = await this.#registered;
    const data = JSON.stringify(message);
    await this.#session.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data });
  }
}

async function subscribeAt(page: Page, service: PushService, path: string) {
  const browser = service.subscribe(path);
  const { address: endpoint, secrets: keys } = browser.registration;
  await page.evaluate(`{
    let subscription = null;
    PushManager.prototype.getSubscription = async () => subscription;
    PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
      if (!userVisibleOnly || applicationServerKey.length !== 87) throw new Error('not as browsers want it');
      return (subscription = {
        options: { applicationServerKey: null },
        unsubscribe: async () => true,
        toJSON: () => (${JSON.stringify({ endpoint, keys })}),
      });
    };
  }`);
  return browser;
}

/** Of Ann, who wants to be notified, and has closed her page. */
async function closedPageOf(url: string, service: PushService) {
  const ann = await signIn(url, 'Ann', desktop, 'whole');
  const context = ann.context();
  await ann.evaluate('navigator.serviceWorker.ready');
  await context.grantPermissions(['notifications']);
  const browser = await subscribeAt(ann, service, '/ann');
  await ann.goto(`${url}/#/settings/notifications`);
  // Nobody is registered until they say so.
  await ann.getByRole('switch', { name: /^Notify me/ }).check();
  await ann.getByRole('switch', { name: /^Show who wrote/ }).waitFor();
  const deliverer = await Deliverer.of(context, url);
  const isRegistered = `Object.keys(localStorage).some((key) => key.startsWith('im-web:push:'))`;
  await vi.waitFor(async () => expect(await ann.evaluate(isRegistered)).toBe(true), slowly);
  await ann.close();
  return { context, browser, deliverer };
}

/** Chromium ends a worker that has nothing to do, and begins another one. */
async function workerOf(context: BrowserContext): Promise<Worker> {
  return context.serviceWorkers().at(-1) ?? (await context.waitForEvent('serviceworker'));
}

async function shownBy(context: BrowserContext): Promise<string[]> {
  return (await workerOf(context)).evaluate<string[]>(
    `registration.getNotifications().then((all) => all.map(({ title, body }) => title + ': ' + body))`,
  );
}

/**
 * Presses the notification that is shown. Nobody can do that from outside of Chromium, and what is pressed from inside may open no window: so its
 * event is made in the worker, and what the worker opens then is the answer.
 */
async function press(context: BrowserContext): Promise<string> {
  return (await workerOf(context)).evaluate<string>(`(async () => {
    const [notification] = await registration.getNotifications();
    const event = new NotificationEvent('notificationclick', { notification });
    const opened = new Promise((resolve) => {
      clients.openWindow = async (url) => resolve(new URL(url, location.href).href);
    });
    event.waitUntil = () => undefined;
    dispatchEvent(event);
    return opened;
  })()`);
}

/** By the API, as somebody who is signed in on that page. */
async function ask<Answer>(page: Page, method: string, path: string, body?: object): Promise<Answer> {
  return page.evaluate<Answer>(`(async () => {
    const { tokens } = JSON.parse(localStorage.getItem('im-web:account:bob'));
    const headers = { authorization: 'Bearer ' + tokens.accessToken, 'content-type': 'application/json' };
    const body = ${JSON.stringify(body === undefined ? null : JSON.stringify(body))};
    const answer = await fetch('/v1' + ${JSON.stringify(path)}, {
      method: ${JSON.stringify(method)},
      ...(body === null ? { headers: { authorization: headers.authorization } } : { headers, body }),
    });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  })()`);
}

let here: Place;
/** He writes to Ann, and is an admin. */
let bob: Page;
let closed: Awaited<ReturnType<typeof closedPageOf>>;
beforeAll(async () => {
  const service = await PushService.start();
  here = await newPlace();
  await here.start({
    campaigns: true,
    away: {
      webPushContact: 'mailto:ops@example.com',
      webPushHosts: [service.host],
      awayAfterMs: 100,
    },
  });
  await here.makeAdmin('bob');
  bob = await signIn(here.url, 'Bob');
  await entry(bob, /^Ann/).click();
  closed = await closedPageOf(here.url, service);
});

it('tells Ann of a message while her page is closed, takes it away once she has read it elsewhere, and asks before', async () => {
  const { context, browser, deliverer } = closed;
  await say(bob, 'Wake up, Ann');
  const [told] = await browser.told();
  if (told?.is !== 'message') throw new Error('No message was told');
  expect(told).toMatchObject({ is: 'message', title: 'Bob', body: 'Wake up, Ann' });
  await deliverer.deliver(here.url, told);
  await expect.poll(() => shownBy(context), slowly).toEqual(['Bob: Wake up, Ann']);
  // Once more, as after a crash: in place of the first.
  await deliverer.deliver(here.url, told);
  await deliverer.deliver(here.url, { ...told, number: 1, body: 'late' });
  await expect.poll(() => shownBy(context), slowly).toEqual(['Bob: Wake up, Ann']);

  const elsewhere = await signIn(here.url, 'Ann');
  await entry(elsewhere, /^Bob/).click();
  const withdrawal = (await browser.told(2)).find((one): one is AwayWithdrawal => one.is === 'withdrawal');
  expect(withdrawal).toMatchObject({ conversationId: told.conversationId });
  await deliverer.deliver(here.url, withdrawal ?? {});
  await expect.poll(() => shownBy(context), slowly).toEqual([]);
});

it('a campaign is shown while the page is closed, and a press on it opens the page, and counts as opened', async () => {
  const { context, browser, deliverer } = closed;
  const { id } = await ask<{ id: string }>(bob, 'POST', '/admin/campaigns', {
    ...{ name: 'Spring', segment: { everybody: true }, language: 'en' },
    variants: [
      { name: 'A', share: 100, texts: { en: { title: 'Hello {{nickName}}', body: 'It is spring' } } },
    ],
  });
  await ask(bob, 'POST', `/admin/campaigns/${id}/orders`, { order: 'start' });
  // After the message and its withdrawal.
  const told = (await browser.told(3)).at(-1);
  expect(told).toMatchObject({ is: 'campaign', campaignId: id, title: 'Hello Ann' });
  // However often it comes, it is shown once; a worker that just ends may miss one.
  const deliver = async (): Promise<string[]> => {
    await deliverer.deliver(here.url, told ?? {});
    return shownBy(context);
  };
  await expect.poll(deliver, slowly).toEqual(['Hello Ann: It is spring']);

  const address = await press(context);
  expect(address).toBe(`${here.url}/#/chats?campaign=${id}`);
  const ann = await context.newPage();
  // As where nobody tries things out: a new tab is whoever used the last one, and asks for nobody.
  await ann.addInitScript(`sessionStorage.setItem('im-web:account', 'ann')`);
  await ann.goto(address);
  const report = () =>
    ask<{ report: { opened: number } }>(bob, 'GET', `/admin/campaigns/${id}`).then(
      (one) => one.report.opened,
    );
  await expect.poll(report, slowly).toBe(1);
  // Not again when the page is loaded anew.
  await expect.poll(() => ann.url(), slowly).not.toContain('campaign');
});
