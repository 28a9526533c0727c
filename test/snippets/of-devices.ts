import { createElement, type FunctionComponent } from 'react';
import { renderToString } from 'react-dom/server';
import { createDevice, type Device } from 'im-device';
import { withUplink } from 'im-device/uplink';
import { createGateway } from 'im-gateway';
import { onCleanup } from 'im-test/support';
import { expect } from 'vitest';
import { WebSocket } from 'ws';
import type { Row } from './snippet.ts';
import { clientOf, deviceOf, listening, redis, started, tokenOf, untilOnline, type World } from './world.ts';

// What devices do: im-device, and those that are plain WebSockets.

const readme = 'packages/im-device/README.md';
const sender = { id: 1, terminal: 0 };

export function deviceRows(world: () => World): Row[] {
  const ourUrl = (theirs: string) => ({ [theirs]: `'${world().server.url}'` });
  const push = async (data: object, recvId = 2): Promise<void> => {
    const im = await clientOf('pusher');
    await im.sendPrivateMessage({ sender, recvId, data, sendResult: false });
  };
  const endSessionOf = async (userId: number): Promise<void> => {
    const im = await clientOf('pusher');
    const [session] = await im.sessions(userId);
    if (!session) throw new Error(`User ${userId} is not signed in`);
    await im.endSession(session);
  };
  const asGlobal = (): void => {
    const before = Object.getOwnPropertyDescriptor(globalThis, 'WebSocket');
    Object.assign(globalThis, { WebSocket });
    onCleanup(() => {
      if (before) Object.defineProperty(globalThis, 'WebSocket', before);
      else Reflect.deleteProperty(globalThis, 'WebSocket');
    });
  };
  return [
    ...[
      ['README.md', "'ws://localhost:8878/im'"],
      ['docs/browser.md', "'wss://push.example.com/im'"],
    ].map(([file = '', theirs = '']) => ({
      ...{ file, has: 'socket.onmessage' },
      async run(start: Parameters<Row['run']>[0]) {
        const { console, said } = listening();
        const given = { accessToken: await tokenOf(2), WebSocket, console };
        const { socket } = await start<{ socket: WebSocket }>({
          given,
          swaps: ourUrl(theirs),
          shown: ['socket'],
        });
        onCleanup(() => socket.terminate());
        await expect.poll(() => said.flat()).toContainEqual(expect.objectContaining({ cmd: 0 }));
        await push({ text: 'hello' });
        await expect.poll(() => said.flat()).toContainEqual({ cmd: 3, data: { text: 'hello' } });
      },
    })),
    {
      ...{ file: 'docs/browser.md', has: 'share: true' },
      async run(start) {
        const { console, said } = listening();
        const document = { title: '' };
        const { host } = new URL(world().server.url);
        const given = { console, document, location: { host }, fetch: world().fetch, WebSocket };
        // No TLS here, and no other tabs.
        const swaps = { 'wss:': 'ws:', 'share: true,': 'WebSocket,' };
        const { device } = await start<{ device: Device }>({ given, swaps, shown: ['device'] });
        onCleanup(() => device.close());
        await expect.poll(() => document.title).toBe('online');
        await push({ order: 7, state: 'packed' });
        await expect.poll(() => said).toContainEqual(['order 7 is packed']);
      },
    },
    {
      ...{ file: 'docs/browser.md', has: "fetch('/orders')" },
      async run(start) {
        const device = createDevice({ url: world().server.url, token: () => tokenOf(2), WebSocket });
        const shown: unknown[] = [];
        await start({ given: { device, fetch: world().fetch, show: (what: unknown) => shown.push(what) } });
        started(device);
        await expect.poll(() => shown).toEqual([{ orders: [7] }]);
      },
    },
    {
      ...{ file: 'docs/browser.md', has: "location.assign('/login')" },
      async run(start) {
        const { device } = await deviceOf(world().server, 2);
        const [asked, left] = [[] as string[], [] as string[]];
        const ask = (text: string) => Promise.resolve(asked.push(text) > 0);
        await start({ given: { device, ask, location: { assign: (to: string) => left.push(to) } } });
        started(createDevice({ url: world().server.url, token: () => tokenOf(2), WebSocket }));
        await expect.poll(() => asked).toHaveLength(1);
        await untilOnline(device);
        await endSessionOf(2);
        await expect.poll(() => left).toEqual(['/login']);
      },
    },
    {
      ...{ file: 'docs/from-socket-io.md', has: "{ type: 'add', item: 'tea' }" },
      async run(start) {
        (await clientOf()).onUplink('shop', () => Promise.resolve({ basket: ['tea'] }));
        const shown: unknown[] = [];
        const given = { WebSocket, fetch: world().fetch, show: (what: unknown) => shown.push(what) };
        const swaps = { ...ourUrl("'wss://push.example.com/im'"), 'token: async': 'WebSocket, token: async' };
        const { device } = await start<{ device: Device }>({ given, swaps, shown: ['device'] });
        onCleanup(() => device.close());
        expect(shown).toEqual([{ basket: ['tea'] }]);
      },
    },
    {
      ...{ file: 'docs/features.md', has: "device.request<{ total: number }>('shop', { add: 'milk' })" },
      async run(start) {
        let total = 0;
        (await clientOf()).onUplink('shop', () => Promise.resolve({ total: ++total }));
        const device = withUplink(
          createDevice({ url: world().server.url, token: () => tokenOf(2), WebSocket }),
        );
        started(device);
        const { console, said } = listening();
        await start({ given: { device, console } });
        expect(said).toEqual([[2]]);
      },
    },
    {
      ...{ file: 'docs/react-native.md', has: 'AppState.addEventListener' },
      async run(start) {
        const states: ((state: string) => void)[] = [];
        const AppState = {
          addEventListener: (_: string, listener: (state: string) => void) => {
            states.push(listener);
            return { remove: () => void states.pop() };
          },
        };
        const shown: unknown[] = [];
        const given = {
          ...{ AppState, WebSocket, signIn: { token: () => tokenOf(2, 1) } },
          show: (what: unknown) => shown.push(what),
        };
        const swaps = { ...ourUrl("'wss://push.example.com/im'"), 'terminal: 1,': 'terminal: 1, WebSocket,' };
        const { startDevice } = await start<{ startDevice: () => Device }>({
          given,
          swaps,
          shown: ['startDevice'],
        });
        const device = startDevice();
        onCleanup(() => device.close());
        await untilOnline(device);
        states[0]?.('active');
        await push({ text: 'hello' });
        await expect.poll(() => shown).toContainEqual({ text: 'hello' });
        await device.close();
        await expect.poll(() => states).toEqual([]);
      },
    },
    {
      ...{ file: readme, has: "console.log('put out:'" },
      async run(start) {
        const { console, said } = listening();
        const swaps = { ...ourUrl("'wss://push.example.com/im'"), 'token: async': 'WebSocket, token: async' };
        const { device } = await start<{ device: Device }>({
          ...{ given: { WebSocket, fetch: world().fetch, console }, swaps, shown: ['device'] },
        });
        onCleanup(() => device.close());
        await untilOnline(device);
        await push({ text: 'hello' });
        await expect.poll(() => said).toContainEqual(['private', { text: 'hello' }]);
        await endSessionOf(2);
        await expect.poll(() => said.flat()).toContain('put out:');
      },
    },
    {
      ...{ file: readme, has: 'createDevice({ url, token, WebSocket })' },
      async run(start) {
        const given = { url: world().server.url, token: () => tokenOf(2) };
        const { device } = await start<{ device: Device }>({ given, shown: ['device'] });
        started(device);
        await untilOnline(device);
      },
    },
    {
      ...{ file: readme, has: 'for await (const { data } of device)' },
      async run(start) {
        const device = createDevice({ url: world().server.url, token: () => tokenOf(2), WebSocket });
        const saved: unknown[] = [];
        const taken = start({
          given: {
            // It begins when it is listened to.
            get device() {
              started(device);
              return device;
            },
            save: (data: unknown) => Promise.resolve(saved.push(data)),
          },
        });
        await untilOnline(device);
        await push({ text: 'hello' });
        await expect.poll(() => saved).toEqual([{ text: 'hello' }]);
        await device.close();
        await taken;
      },
    },
    {
      ...{ file: readme, has: "sessionStorage.getItem('outbox')" },
      async run(start) {
        const im = await clientOf();
        im.onUplink('shop', () => Promise.resolve({ total: 3 }));
        const kept = new Map<string, string>();
        const sessionStorage = {
          getItem: (name: string) => kept.get(name) ?? null,
          setItem: (name: string, text: string) => void kept.set(name, text),
        };
        const shown: unknown[] = [];
        const given = {
          ...{ url: world().server.url, token: () => tokenOf(2), sessionStorage, WebSocket },
          show: (what: unknown) => shown.push(what),
        };
        const swaps = { 'createDevice({ url, token })': 'createDevice({ url, token, WebSocket })' };
        const { device } = await start<{ device: Device }>({ given, swaps, shown: ['device'] });
        onCleanup(() => device.close());
        expect(shown).toEqual([3]);
        expect(await im.request({ userId: 2, terminal: 0, data: 7 })).toEqual({ you: 7 });
      },
    },
    {
      ...{ file: readme, has: 'device.onReload(' },
      async run(start) {
        const im = await clientOf();
        await im.topics.add('room-9', [2]);
        const { console, said } = listening();
        const shown: unknown[] = [];
        const given = {
          ...{ url: world().server.url, token: () => tokenOf(2), WebSocket, console },
          loadMessages: (topic: string) => Promise.resolve([`of ${topic}`]),
          show: (topic: string, messages: unknown) => shown.push([topic, messages]),
        };
        const swaps = { 'createDevice({ url, token })': 'createDevice({ url, token, WebSocket })' };
        const { device } = await start<{ device: Device }>({ given, swaps, shown: ['device'] });
        onCleanup(() => device.close());
        await expect.poll(() => said.flat(2)).toContain('room-9');
      },
    },
    ...[
      ['overProtobuf()', 'im-device/protobuf'],
      ['orSse()', 'im-device/sse'],
    ].map(([call = '', door = '']) => ({
      ...{ file: readme, has: `from '${door}'` },
      async run(start: Parameters<Row['run']>[0]) {
        asGlobal();
        const swaps = ourUrl("'wss://push.example.com/im'");
        const { device } = await start<{ device: Device }>({
          given: { fetch: world().fetch },
          swaps,
          shown: ['device'],
        });
        started(device);
        await untilOnline(device);
        await push({ by: call });
      },
    })),
    {
      ...{ file: readme, has: 'export function Notices()' },
      async run(start) {
        const given = { url: world().server.url, token: () => tokenOf(2) };
        const { Notices } = await start<{ Notices: FunctionComponent }>({ given, shown: ['Notices'] });
        expect(renderToString(createElement(Notices))).toContain('<button disabled');
      },
    },
    {
      ...{ file: 'packages/im-gateway/README.md', has: '/v1/where' },
      async run(start) {
        const gateway = createGateway({ redis, apiKey: 'only-for-tests-0123456789-abcdefgh', port: 0 });
        onCleanup(() => gateway.close());
        await gateway.start();
        const swaps = {
          'https://gateway.example.com': gateway.url,
          '  token,': '  token, WebSocket,',
        };
        const { device } = await start<{ device: Device }>({
          given: { token: await tokenOf(2), WebSocket },
          swaps,
          shown: ['device'],
        });
        started(device);
        await untilOnline(device);
      },
    },
    {
      ...{ file: 'tools/site/index.md', has: "createDevice({ url: 'ws://localhost:8878/im'" },
      async run(start) {
        asGlobal();
        const { console, said } = listening();
        const given = { token: await tokenOf(2), console };
        const { device } = await start<{ device: Device }>({
          given,
          swaps: ourUrl("'ws://localhost:8878/im'"),
          shown: ['device'],
        });
        onCleanup(() => device.close());
        await untilOnline(device);
        await push({ text: 'hello' });
        await expect.poll(() => said).toContainEqual([{ text: 'hello' }]);
      },
    },
  ];
}
