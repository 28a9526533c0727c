import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import type { createDevice, Device, DeviceOptions, DeviceState } from 'im-device';
import type { orSse } from 'im-device/sse';
import { newChromiumContext, onCleanup } from 'im-test/support';
import type { Page } from 'playwright-core';

/** What a page of ours has on its `window`. */
export interface PageGlobals {
  readonly im: { readonly createDevice: typeof createDevice; readonly orSse: typeof orSse };
  device: Device<{ private: number }>;
  seen: number[];
  states: DeviceState[];
  dropped: { double: number; late: number };
  readonly navigator: object;
}

/** Pages of one origin in one Chromium; all of it ends with the test. */
export interface Site {
  /** A page that has im-device as `window.im`, bundled from source as an application would. */
  openPage(): Promise<Page>;
}

/** From a server on loopback: Chromium lets no other pages connect to loopback. Web Locks want a secure origin, which it is. */
export async function openSite(): Promise<Site> {
  const html = `<!doctype html><title>im-device</title><script>${await bundle()}</script>`;
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(html));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onCleanup(() => server.close());
  const { port } = server.address() as AddressInfo;
  const context = await newChromiumContext();
  return {
    async openPage() {
      const page = await context.newPage();
      page.on('pageerror', (error) => console.error('page:', error));
      await page.goto(`http://127.0.0.1:${port}/`);
      return page;
    },
  };
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `export * from 'im-device'; export { orSse } from 'im-device/sse';`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    format: 'iife',
    globalName: 'im',
    target: 'chrome120',
    conditions: ['im-source'],
    write: false,
  });
  return outputFiles.map(({ text }) => text).join('');
}

type PageDeviceOptions = Omit<DeviceOptions, 'token' | 'WebSocket' | 'random' | 'locate' | 'signal'> & {
  readonly token: string;
  /** Falls back to SSE. */
  readonly orSse?: boolean;
  /** What chance always gives. @default chance */
  readonly chance?: number;
};

/** Starts a device in the page, whose application keeps what it has seen: at once, or after a moment now and then. */
export async function startDevice(page: Page, options: PageDeviceOptions): Promise<void> {
  await page.evaluate((given) => {
    const window = globalThis as unknown as PageGlobals;
    const { chance, orSse, token, ...options } = given;
    const WebSocket = orSse ? window.im.orSse() : undefined;
    const random = chance === undefined ? undefined : () => chance;
    const device = window.im.createDevice<{ private: number }>({
      ...{ ...options, token: () => token, random, WebSocket },
    });
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
