import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Device, DeviceState } from 'im-device';
import * as react from 'im-device/react';
import type { Topics } from 'im-device/topics';
import * as vue from 'im-device/vue';
import { newChromiumContext, onFileCleanup, runnable } from 'im-test/support';
import { createElement } from 'react';
import { renderToString as renderReact } from 'react-dom/server';
import { beforeAll, expect, test } from 'vitest';
import { createSSRApp, h } from 'vue';
import { renderToString as renderVue } from 'vue/server-renderer';
import { makeDevice, push, reached, startIm, statesOf } from './support/devices.ts';
import { visitShop } from './support/shop-page.ts';

// `im-device/react` and `im-device/vue`: what components share, and the example, whose pages have three of them.

const root = fileURLToPath(new URL('../../', import.meta.url));
let shop: string;

beforeAll(async () => {
  const args = runnable('examples/pages/pages.ts');
  const env = { PATH: process.env['PATH'], PORT: '0' };
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
  onFileCleanup(async () => {
    child.kill();
    await once(child, 'exit');
  });
  for await (const line of createInterface(child.stdout)) {
    shop = /React at (\S+)\/react/.exec(line)?.[1] ?? '';
    break;
  }
  child.stdout.resume();
});

test.each(['react', 'vue'])(
  '%s: components have one connection, which outlives a change of them, and ends after the last',
  async (framework) => {
    const page = await (await newChromiumContext()).newPage();

    expect(await visitShop(page, `${shop}/${framework}?user=${framework}`)).toEqual({
      notices: 1,
      connections: 1,
      connectionsAfterReturn: 2,
    });
  },
);

test('what is rendered on a server says "offline", and makes no device', async () => {
  const shared = react.sharedDevice((): Device & Topics => {
    throw new Error('A device was made.');
  });
  const ignored = (): void => undefined;

  const byReact = renderReact(
    createElement(() => {
      react.useMessages(shared, ignored);
      return `${react.useStatus(shared).kind} ${react.useTopics(shared).size}`;
    }),
  );
  const byVue = await renderVue(
    createSSRApp({
      setup() {
        vue.useMessages(shared, ignored);
        const [status, topics] = [vue.useStatus(shared), vue.useTopics(shared)];
        return () => h('p', `${status.value.kind} ${topics.value.size}`);
      },
    }),
  );

  expect([byReact, byVue]).toEqual(['offline 0', '<p>offline 0</p>']);
});

test('who was kicked stays out, whichever component comes, until the device is started', async () => {
  const im = await startIm();
  const shared = react.sharedDevice(() => makeDevice({ url: im.server.url }));
  const leave = shared.use(() => () => undefined);
  await reached(shared.device, 'online');
  await im.client.forceLogout(2);
  await reached(shared.device, 'kicked');
  const states = statesOf(shared.device);

  leave();
  shared.use(() => () => undefined);
  await new Promise(setImmediate); // a start would be told by now
  expect([shared.state.kind, states]).toEqual(['kicked', []]);

  shared.device.start();
  await reached(shared.device, 'online');
});

test('in place of a device that was closed for good, the next component brings one for all', async () => {
  const im = await startIm();
  const made: Device[] = [];
  const shared = react.sharedDevice(() => {
    made.push(makeDevice({ url: im.server.url }));
    return made.at(-1)!;
  });
  const seen: unknown[] = [];
  const heard: DeviceState['kind'][] = [];
  shared.use((device) => device.on('message', ({ data }) => seen.push(data)));
  await reached(shared.device, 'online');
  await shared.device.close();
  expect(shared.state.kind).toBe('closed');

  const leave = shared.use((device) => device.on('state', ({ kind }) => heard.push(kind)));
  await reached(shared.device, 'online');
  expect(await push(im, 'hello')).toBe('acknowledged');
  expect(seen).toEqual(['hello']);
  leave();
  leave(); // as if it had not been called
  expect(await push(im, 'again')).toBe('acknowledged');
  expect([made.length, heard]).toEqual([2, ['connecting', 'online']]);
});

test('a device that cannot be made is the error of whoever wants it', () => {
  let fails = true;
  const shared = react.sharedDevice(() => {
    if (fails) throw new Error('no address');
    return makeDevice({ url: 'ws://127.0.0.1:1' });
  });
  const attached: Device[] = [];
  const attach = (device: Device) => {
    attached.push(device);
    return () => undefined;
  };

  expect(() => shared.use(attach)).toThrow('no address');
  fails = false;
  shared.use(attach);
  expect(attached).toEqual([shared.device]); // and not for the one that had the error
});
