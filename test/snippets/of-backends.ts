import { createServer, type Server } from 'node:http';
import type { ImClient } from 'im-client';
import { createDevice } from 'im-device';
import { withUplink } from 'im-device/uplink';
import type { Im } from 'im-embedded';
import type { Gateway } from 'im-gateway';
import type { ImServer } from 'im-server';
import { connectDevice, onCleanup } from 'im-test/support';
import { register } from 'prom-client';
import { expect } from 'vitest';
import { WebSocket } from 'ws';
import type { Row } from './snippet.ts';
import {
  clientOf,
  deviceOf,
  listening,
  putBadResult,
  redisHere,
  secret,
  started,
  tokenOf,
  untilOnline,
  type World,
} from './world.ts';

// What back ends do: im-client, im-server and what stands on them.

const readme = 'packages/im-client/README.md';
const sender = { id: 1, terminal: 0 };
const ours = { "'redis://127.0.0.1:6379'": redisHere };

/** Of Fastify's what is looked at. */
interface App {
  close(): Promise<void>;
  inject(request: object): Promise<{ json(): unknown }>;
}

export function backendRows(world: () => World): Row[] {
  const closing = (im: ImClient): void => onCleanup(() => im.close());
  return [
    {
      ...{ file: 'README.md', has: 'recvIds: [2, 3, 4]' },
      async run(start) {
        const { got } = await deviceOf(world().server, 3);
        const { im } = await start<{ im: ImClient }>({ swaps: ours, shown: ['im'] });
        closing(im);
        await expect.poll(() => got).toEqual([{ text: 'hello' }]);
      },
    },
    ...[
      { file: 'docs/features.md', has: 'for who is between two connections' },
      { file: readme, has: "topics.remove('room-7', [4])" },
    ].map((which) => ({
      ...which,
      async run(start: Parameters<Row['run']>[0]) {
        const { got } = await deviceOf(world().server, 3);
        const { console, said } = listening();
        await start({ given: { im: await clientOf(), sender, console } });
        await expect.poll(() => got).toEqual([{ text: 'hello' }]);
        expect(said.flat(2)).toContainEqual(expect.objectContaining({ code: 0, count: 1 }));
      },
    })),
    {
      ...{ file: 'docs/features.md', has: 'baskets.add(id' },
      async run(start) {
        const baskets = { add: () => Promise.resolve(3) };
        await start({ given: { im: await clientOf(), baskets } });
        const { device } = await asking(world());
        expect(await device.request('shop', { add: 'tea' })).toEqual({ total: 3 });
        await expect(device.request('shop', {})).rejects.toThrow(/nothing to add/);
      },
    },
    ...[
      { file: 'docs/features.md', has: "replaces: 'order-7'", waiting: { order: 7, state: 'shipped' } },
      { file: readme, has: 'delivered after all', waiting: { late: true } },
    ].map(({ waiting, ...which }) => ({
      ...which,
      async run(start: Parameters<Row['run']>[0]) {
        const { console, said } = listening();
        await start({ given: { im: await clientOf(), sender, data: waiting, console } });
        const { got } = await deviceOf(world().server, 2, 1);
        await expect.poll(() => got).toEqual([waiting]);
        await expect.poll(() => said.flat()).toContain('delivered after all');
      },
    })),
    {
      ...{ file: 'docs/features.md', has: 'im.onlineUsers([2, 3, 4])' },
      async run(start) {
        const { console, said } = listening();
        await start({ given: { im: await clientOf(), console } });
        expect(said[0]?.[0]).toBe(false);
        await deviceOf(world().server, 4);
        await expect.poll(() => said).toContainEqual(['came', '4']);
      },
    },
    {
      ...{ file: readme, has: 'devices.clear()' },
      async run(start) {
        const devices = new Map<string, { readonly online: boolean }>();
        await start({ given: { im: await clientOf(), devices } });
        await deviceOf(world().server, 4);
        await expect.poll(() => devices.get('4:0')?.online).toBe(true);
      },
    },
    {
      ...{ file: readme, has: 'await im.capacity();' },
      async run(start) {
        const { got } = await deviceOf(world().server, 2);
        const report = (error: unknown): never => {
          throw error;
        };
        const given = { im: await clientOf(), manyUsers: ['2', '2'], sender, data: { n: 1 }, report };
        await start({ given });
        await expect.poll(() => got).toEqual([{ n: 1 }, { n: 1 }]);
      },
    },
    {
      ...{ file: readme, has: 'await im.endSession(oldest' },
      async run(start) {
        const { device } = await deviceOf(world().server, 5);
        const kicked: unknown[] = [];
        device.on('kicked', (_, why) => void kicked.push(why));
        await start({ given: { im: await clientOf(), userId: '5' } });
        await expect.poll(() => kicked).toHaveLength(1);
      },
    },
    {
      ...{ file: readme, has: 'issuedBefore: new Date()' },
      async run(start) {
        const { device } = await deviceOf(world().server, 6);
        const kicked: unknown[] = [];
        device.on('kicked', (_, why) => void kicked.push(why));
        const endOfTheLastToken = new Date(Date.now() + 60_000);
        await start({ given: { im: await clientOf(), userId: '6', session: 'other', endOfTheLastToken } });
        await expect.poll(() => kicked).toHaveLength(1);
      },
    },
    {
      ...{ file: readme, has: 'class MarkDelivered' },
      async run(start) {
        const marked: unknown[] = [];
        const database = {
          markDelivered: (results: unknown[]) => Promise.resolve(void marked.push(...results)),
        };
        const im = await clientOf();
        await start({ given: { im, database } });
        await im.sendGroupMessage({ sender, recvIds: [77], recvTerminals: [0], data: {} });
        await expect.poll(() => JSON.stringify(marked)).toContain('"77"');
      },
    },
    {
      ...{ file: readme, has: "data: 'how are you'" },
      async run(start) {
        const { device } = await asking(world(), 2, 1);
        device.onRequest(() => ({ battery: 80 }));
        const database = { addOnce: () => Promise.resolve(4) };
        const { battery } = await start<{ battery: number }>({
          given: { im: await clientOf(), database },
          shown: ['battery'],
        });
        expect(battery).toBe(80);
        expect(await device.request('shop', { add: 'tea' })).toEqual({ total: 4 });
      },
    },
    {
      ...{ file: readme, has: 'im.deadLetters.read({ limit: 100 })' },
      async run(start) {
        const im = await clientOf();
        im.on('private', () => undefined);
        await putBadResult('shop');
        await expect.poll(async () => (await im.deadLetters.read()).total).toBe(1);
        const { console, said } = listening();
        const { letters } = await start<{ letters: object[] }>({
          given: { im, console },
          shown: ['letters'],
        });
        expect(letters).toHaveLength(1);
        expect(said[0]).toContain('no result');
      },
    },
    {
      ...{ file: readme, has: 'metrics: register' },
      async run(start) {
        const { im } = await start<{ im: ImClient }>({ swaps: ours, shown: ['im'] });
        closing(im);
        onCleanup(() => {
          register.clear();
        });
        expect(await register.metrics()).toMatch(/^im_client_/m);
      },
    },
    {
      ...{ file: readme, has: 'tracing: true' },
      async run(start) {
        const { im } = await start<{ im: ImClient }>({ swaps: ours, shown: ['im'] });
        closing(im);
        await im.start();
        expect(await im.isOnline(9)).toBe(false);
      },
    },
    {
      ...{ file: readme, has: "im.breakBus('answer-lost')" },
      async run(start) {
        class Orders {
          readonly #im: ImClient;
          constructor(im: ImClient) {
            this.#im = im;
          }
          async ship(order: number): Promise<void> {
            await this.#im.sendPrivateMessage({
              sender,
              recvId: 2,
              messageId: `order-${order}`,
              data: { order },
            });
          }
        }
        const tests: (() => Promise<void>)[] = [];
        const given = { Orders, expect, test: (_: string, body: () => Promise<void>) => tests.push(body) };
        await start({ given, swaps: { "import { expect, test } from 'vitest';": '' } });
        expect(tests).toHaveLength(1);
        await tests[0]?.();
      },
    },
    {
      ...{ file: 'packages/im-common/README.md', has: 'createToken(secret' },
      async run(start) {
        const { accessToken } = await start<{ accessToken: string }>({
          given: { secret },
          shown: ['accessToken'],
        });
        const device = await connectDevice(world().server.url);
        await device.login({ token: accessToken, devId: 1 });
      },
    },
    {
      ...{ file: 'docs/nextjs.md', has: 'globalThis as { im?: ImClient }' },
      async run(start) {
        const swaps = { "process.env.IM_REDIS ?? 'redis://127.0.0.1:6379'": redisHere };
        const { im } = await start<{ im: ImClient }>({ swaps, shown: ['im'] });
        closing(im);
        onCleanup(() => Reflect.deleteProperty(globalThis, 'im'));
        const again = await start<{ im: ImClient }>({ swaps, shown: ['im'] });
        expect(again.im).toBe(im);
      },
    },
    {
      ...{ file: 'docs/nextjs.md', has: 'export async function GET' },
      async run(start) {
        const userOf = (request: Request) => Promise.resolve(request.headers.get('x-user') ?? undefined);
        const swaps = { "process.env.IM_JWT_SECRET ?? ''": `'${secret}'` };
        const { GET } = await start<{ GET: (request: Request) => Promise<Response> }>({
          given: { userOf },
          swaps,
          shown: ['GET'],
        });
        expect((await GET(new Request('http://here/token'))).status).toBe(401);
        const given = await GET(new Request('http://here/token', { headers: { 'x-user': '2' } }));
        const device = await connectDevice(world().server.url);
        await device.login({ token: await given.text(), devId: 1 });
      },
    },
    {
      ...{ file: 'docs/nextjs.md', has: 'export async function ship' },
      async run(start) {
        const { got } = await deviceOf(world().server, 2);
        const saved: unknown[] = [];
        const save = (order: unknown) => Promise.resolve(void saved.push(order));
        const { ship } = await start<{ ship: (order: object) => Promise<void> }>({
          given: { im: await clientOf(), save },
          shown: ['ship'],
        });
        await ship({ id: '7', buyer: '2' });
        await expect.poll(() => got).toEqual([{ order: '7', state: 'shipped' }]);
        expect(saved).toHaveLength(1);
      },
    },
    {
      ...{ file: 'packages/im-embedded/README.md', has: 'createIm({ httpServer, jwtSecret })' },
      async run(start) {
        const httpServer = createServer();
        const { im } = await start<{ im: Im }>({ given: { httpServer, jwtSecret: secret }, shown: ['im'] });
        onCleanup(() => im.close());
        onCleanup(() => void httpServer.close());
        await new Promise<void>((resolve) => httpServer.listen(0, '127.0.0.1', resolve));
        await im.start();
        await canLogIn(im.server.url);
      },
    },
    {
      ...{ file: 'tools/site/index.md', has: 'createIm({ port: 8878' },
      async run(start) {
        const swaps = {
          'port: 8878, jwtSecret: process.env.JWT_SECRET': `port: 0, host: '127.0.0.1', jwtSecret: '${secret}'`,
        };
        const { console, said } = listening();
        const { im } = await start<{ im: Im }>({ given: { console }, swaps, shown: ['im'] });
        onCleanup(() => im.close());
        await expect
          .poll(() => said.flat(2))
          .toContainEqual(expect.objectContaining({ reason: 'NOT_ONLINE' }));
      },
    },
    {
      ...{ file: 'packages/im-fastify/README.md', has: 'app.register(imPlugin' },
      async run(start) {
        const swaps = {
          'logger: true': 'logger: false',
          "'redis://localhost:6379'": redisHere,
          "process.env.JWT_SECRET ?? ''": `'${secret}'`,
          'port: 3000': "port: 0, host: '127.0.0.1'",
          "process.once('SIGTERM', () => app.close());": '',
        };
        const { app } = await start<{ app: App }>({ swaps, shown: ['app'] });
        onCleanup(() => app.close());
        const { got } = await deviceOf(world().server, 2);
        const hello = await app.inject({ method: 'POST', url: '/hello', query: { to: '2' } });
        expect(hello.json()).toMatchObject({ queued: [{ id: '2', terminal: 0 }] });
        await expect.poll(() => got).toEqual([{ text: 'hello' }]);
      },
    },
    {
      ...{ file: 'packages/im-gateway/README.md', has: 'await gateway.start();' },
      async run(start) {
        const swaps = {
          ...ours,
          'apiKey: process.env.IM_GATEWAY_API_KEY': "apiKey: 'only-for-tests-0123456789-abcdefgh', port: 0",
          "process.once('SIGTERM', () => void gateway.close());": '',
        };
        const { console, said } = listening();
        const { gateway } = await start<{ gateway: Gateway }>({
          given: { console },
          swaps,
          shown: ['gateway'],
        });
        onCleanup(() => gateway.close());
        expect(said[0]?.[0]).toMatch(/^http:/);
      },
    },
    {
      ...{ file: 'packages/im-server/README.md', has: "protocol: 'im.notes'" },
      async run(start) {
        const swaps = {
          ...ours,
          "jwtSecret: 'secret'": `jwtSecret: '${secret}', port: 0, host: '127.0.0.1'`,
        };
        const { server } = await start<{ server: ImServer }>({ swaps, shown: ['server'] });
        onCleanup(() => server.close());
        await server.start();
        const socket = new WebSocket(server.url, 'im.notes');
        onCleanup(() => socket.terminate());
        await new Promise((resolve) => socket.once('open', resolve));
        expect(socket.protocol).toBe('im.notes');
      },
    },
    {
      ...{ file: 'packages/im-server/README.md', has: 'server.takeRequest(request, response)' },
      async run(start) {
        const swaps = { ...ours, 'process.env.JWT_SECRET': `'${secret}'` };
        const app = (_: unknown, response: { end(text: string): void }): void => response.end('the app');
        const { server, httpServer } = await start<{ server: ImServer; httpServer: Server }>({
          given: { app },
          swaps,
          shown: ['server', 'httpServer'],
        });
        onCleanup(() => server.close());
        onCleanup(() => void httpServer.close());
        await new Promise<void>((resolve) => httpServer.listen(0, '127.0.0.1', resolve));
        await server.start();
        const { origin } = new URL(server.url.replace('ws:', 'http:'));
        expect(await (await fetch(origin)).text()).toBe('the app');
        await canLogIn(server.url);
      },
    },
  ];
}

async function canLogIn(url: string): Promise<void> {
  const device = await connectDevice(url);
  await device.login({ token: await tokenOf(2), devId: 1 });
}

async function asking({ server }: World, userId = 2, terminal = 0) {
  const device = withUplink(
    createDevice({ url: server.url, token: () => tokenOf(userId, terminal), WebSocket }),
  );
  started(device);
  await untilOnline(device);
  return { device };
}
