import { createImClient, type ImClient } from 'im-client';
import { createImServer, type ImServer, type ImServerOptions } from 'im-server';
import {
  connectDevice,
  makeToken,
  onCleanup,
  testRedis,
  type RawDevice,
  type TestRedis,
} from 'im-test/support';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';

const secret = 'for-tests';
const sender = { id: 1, terminal: 0 };

async function startServer({ url, prefix }: TestRedis, options: Partial<ImServerOptions> = {}) {
  const server = createImServer({
    redis: { url, keyPrefix: prefix },
    host: '127.0.0.1',
    port: 0,
    jwtSecret: secret,
    ...options,
  });
  await server.start();
  onCleanup(() => server.close());
  return server;
}

async function startClient({ url, prefix }: TestRedis, service: string): Promise<ImClient> {
  const client = createImClient({ service, redis: { url, keyPrefix: prefix } });
  await client.start();
  onCleanup(() => client.close());
  return client;
}

async function logIn(server: ImServer, userId: number, options?: { autoPong: boolean }): Promise<RawDevice> {
  const device = await connectDevice(server.url, options);
  await device.login({ token: await makeToken({ userId, terminal: 0, secret }), devId: userId });
  return device;
}

/** Counts what a client's listeners hear, by message. */
function listen(client: ImClient): Map<string, number> {
  const heard = new Map<string, number>();
  client.on('private', (results) => {
    for (const { messageId = '', code } of results) {
      if (code === 0) heard.set(messageId, (heard.get(messageId) ?? 0) + 1);
    }
  });
  return heard;
}

test('messages cross servers, and results go to the service that sent them', async () => {
  const bus = testRedis();
  const [first, second] = [await startServer(bus), await startServer(bus)];
  const [shop, mail] = [await startClient(bus, 'shop'), await startClient(bus, 'mail')];
  const [heardByShop, heardByMail] = [listen(shop), listen(mail)];
  const devices = [await logIn(first, 2), await logIn(second, 3)];

  const sent: { service: string; messageId: string }[] = [];
  for (const [service, client] of [
    ['shop', shop],
    ['mail', mail],
  ] as const) {
    for (const recvId of [2, 3]) {
      const receipt = await client.sendPrivateMessage({ sender, recvId, data: { from: service } });
      expect(receipt.queued).toEqual([{ id: String(recvId), terminal: 0 }]);
      sent.push({ service, messageId: receipt.messageId });
    }
  }

  for (const device of devices) {
    const from = [(await device.next()).data, (await device.next()).data];
    expect(from).toEqual([{ from: 'shop' }, { from: 'mail' }]);
  }
  const messagesOf = (name: string) =>
    sent.filter(({ service }) => service === name).map(({ messageId }) => messageId);
  await expect.poll(() => [...heardByShop.keys()].sort()).toEqual(messagesOf('shop').sort());
  await expect.poll(() => [...heardByMail.keys()].sort()).toEqual(messagesOf('mail').sort());
  expect([...heardByShop.values(), ...heardByMail.values()]).toEqual([1, 1, 1, 1]);
});

test('a logout by the backend meets a device that is on its way from one server to the next', async () => {
  const bus = testRedis();
  const [first, second] = [await startServer(bus, { drainMs: 0 }), await startServer(bus)];
  const im = await startClient(bus, 'shop');
  const device = await logIn(first, 2);
  await first.close();
  expect((await device.closed).code).toBe(1012);

  const ending = im.forceLogout(2);
  expect(await im.isOnline(2)).toBe(false); // the bus has answered
  const again = await logIn(second, 2);

  expect(await ending).toEqual([0]);
  expect(await again.closed).toEqual({ code: 3000, reason: 'login ended' });
});

test('two instances of a service share its results: each is heard once, by one of them', async () => {
  const bus = testRedis();
  const server = await startServer(bus);
  const device = await logIn(server, 2);
  const [one, two] = [await startClient(bus, 'shop'), await startClient(bus, 'shop')];
  const heard = [listen(one), listen(two)];

  const sent = await Promise.all(
    Array.from({ length: 100 }, (_, i) =>
      (i % 2 === 0 ? one : two).sendPrivateMessage({ sender, recvId: 2, data: { i } }),
    ),
  );

  for (let i = 0; i < 100; i++) await device.next();
  const all = () => heard.flatMap((counts) => [...counts.keys()]);
  await expect.poll(() => all().length).toBe(100);
  expect(new Set(all())).toEqual(new Set(sent.map(({ messageId }) => messageId)));
  expect(heard.flatMap((counts) => [...counts.values()]).every((count) => count === 1)).toBe(true);
});

test('entries that somebody else put under the service’s name are shared by its instances', async () => {
  const bus = testRedis();
  const server = await startServer(bus);
  await logIn(server, 2);
  const instances = [await startClient(bus, 'shop'), await startClient(bus, 'shop')];
  const heard: unknown[] = [];
  for (const instance of instances) {
    instance.on('private', (results) => {
      heard.push(...results.map(({ data }) => data));
    });
  }
  const redis = new Redis(bus.url);
  onCleanup(() => redis.disconnect());

  for (let id = 0; id < 20; id++) {
    await redis.rpush(
      `${bus.prefix}im:message:private:${server.id}`,
      `{"cmd":3,"data":{"id":${id}},"receivers":[{"id":2,"terminal":0}],"sendResult":true,"sender":{"id":1,"terminal":0},"serviceName":"shop"}`,
    );
  }

  await expect.poll(() => heard.length).toBe(20);
  expect(new Set(heard.map((data) => JSON.stringify(data))).size).toBe(20);
});

test('what a worker listens to, a web process may send', async () => {
  const bus = testRedis();
  await logIn(await startServer(bus), 2);
  const [web, worker] = [await startClient(bus, 'shop'), await startClient(bus, 'shop')];
  const heard = listen(worker);

  const { messageId } = await web.sendPrivateMessage({ sender, recvId: 2, data: {} });

  await expect.poll(() => heard.get(messageId)).toBe(1);
});

test('a device that stops answering is reported NOT_FIND_CHANNEL, never SUCCESS, and the others do not wait', async () => {
  const bus = testRedis();
  const server = await startServer(bus, { proofTimeoutMs: 1_500 });
  const client = await startClient(bus, 'shop');
  const silent = await logIn(server, 2, { autoPong: false });
  const lively = await logIn(server, 3);
  const order: string[] = [];

  const toSilent = await client.sendPrivateMessage({ sender, recvId: 2, data: { n: 0 } });
  const failed = toSilent.results().then((results) => {
    order.push('silent');
    return results;
  });
  for (let n = 1; n <= 20; n++) {
    const receipt = await client.sendPrivateMessage({ sender, recvId: 3, data: { n } });
    expect(await receipt.results()).toContainEqual({ id: '3', terminal: 0, code: 0, stage: 'proved' });
    expect(await lively.next()).toMatchObject({ data: { n } });
    order.push('lively');
  }

  expect(await failed).toContainEqual({
    id: '2',
    terminal: 0,
    code: 2,
    stage: 'written',
    reason: 'CLOSED_BEFORE_PROOF',
  });
  expect(order.at(-1)).toBe('silent'); // all twenty were through long before
  expect(await silent.next()).toMatchObject({ data: { n: 0 } }); // it had the frame, and nobody could know
  expect((await silent.closed).code).toBe(4409);
});
