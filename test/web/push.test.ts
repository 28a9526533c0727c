import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { expect, it, vi } from 'vitest';
import type { AwayWithdrawal } from 'im-platform';
import { PushService } from 'im-test/push-service';
import { entry, newPlace, say, signIn } from './place.ts';

// Browsers take long to start on a machine that is busy with other tests, and a page may have to be built.
vi.setConfig({ testTimeout: 180_000 });
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

/** Chromium ends a worker that has nothing to do, and begins another one. */
async function shownBy(context: BrowserContext): Promise<string[]> {
  const worker = context.serviceWorkers().at(-1) ?? (await context.waitForEvent('serviceworker'));
  return worker.evaluate<string[]>(
    `registration.getNotifications().then((all) => all.map(({ title, body }) => title + ': ' + body))`,
  );
}

it('tells Ann of a message while her page is closed, takes it away once she has read it elsewhere, and asks before', async () => {
  const service = await PushService.start();
  const here = await newPlace();
  await here.start({
    away: {
      webPushContact: 'mailto:ops@example.com',
      webPushHosts: [service.host],
      awayAfterMs: 100,
    },
  });
  const bob = await signIn(here.url, 'Bob');
  await entry(bob, /^Ann/).click();
  const ann = await signIn(here.url, 'Ann');
  const context = ann.context();
  await ann.evaluate('navigator.serviceWorker.ready');
  await context.grantPermissions(['notifications']);
  const browser = await subscribeAt(ann, service, '/ann');
  await ann.goto(`${here.url}/#/settings/notifications`);
  // Nobody is registered until they say so.
  await ann.getByRole('switch', { name: /^Notify me/ }).check();
  await ann.getByRole('switch', { name: /^Show who wrote/ }).waitFor();
  const deliverer = await Deliverer.of(context, here.url);
  await expect
    .poll(
      () => ann.evaluate(`Object.keys(localStorage).some((key) => key.startsWith('im-web:push:'))`),
      slowly,
    )
    .toBe(true);
  await ann.close();

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
