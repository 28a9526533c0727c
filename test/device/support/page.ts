import { build } from 'esbuild';
import type { Device, DeviceOptions, DeviceState } from 'im-device';
import type { BrowserContext, Page } from 'playwright-core';

/** What a page of ours has on its `window`. */
export interface PageGlobals {
  readonly im: typeof import('im-device');
  device: Device<{ private: number }>;
  seen: number[];
  states: DeviceState[];
  dropped: { double: number; late: number };
}

/** A site of its own; Web Locks want a secure one, which localhost is. */
const site = 'http://localhost/';

let script: Promise<string> | undefined;

/** A page that has im-device as `window.im`, bundled from source as an application would. */
export async function openPage(context: BrowserContext): Promise<Page> {
  script ??= bundle();
  const body = `<!doctype html><title>im-device</title><script>${await script}</script>`;
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error('page:', error));
  await page.route(`${site}**`, (route) => route.fulfill({ contentType: 'text/html', body }));
  await page.goto(site);
  return page;
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: `export * from 'im-device';`, resolveDir: import.meta.dirname },
    bundle: true,
    format: 'iife',
    globalName: 'im',
    target: 'chrome120',
    conditions: ['im-source'],
    write: false,
  });
  return outputFiles[0].text;
}

export type PageDeviceOptions = Omit<
  DeviceOptions,
  'token' | 'WebSocket' | 'random' | 'locate' | 'signal'
> & {
  readonly token: string;
};

/** Starts a device in the page, whose application keeps what it has seen: at once, or after a moment now and then. */
export async function startDevice(page: Page, options: PageDeviceOptions): Promise<void> {
  await page.evaluate((given) => {
    const window = globalThis as unknown as PageGlobals;
    const device = window.im.createDevice<{ private: number }>({ ...given, token: () => given.token });
    window.device = device;
    window.seen = [];
    window.states = [];
    window.dropped = { double: 0, late: 0 };
    device.on('message', async ({ data }) => {
      window.seen.push(data as number);
      if (Math.random() < 0.2) await new Promise((resolve) => setTimeout(resolve, Math.random() * 30));
    });
    device.on('dropped', (_, why) => (window.dropped[why] += 1));
    device.on('state', (state) => window.states.push(state));
    device.start();
  }, options);
}

/** Resolves when the device of the page is in this state, with the time of day at which it came to it. */
export function pageReached(page: Page, kind: DeviceState['kind']): Promise<number> {
  return page.evaluate(
    (wanted) =>
      new Promise<number>((resolve) => {
        const { device } = globalThis as unknown as PageGlobals;
        const look = (state: DeviceState): void => {
          if (state.kind === wanted) resolve(Date.now());
        };
        device.on('state', look);
        look(device.state);
      }),
    kind,
  );
}

export function inPage<Result>(page: Page, read: (window: PageGlobals) => Result): Promise<Result> {
  return page.evaluate(`(${String(read)})(globalThis)`);
}
