import { createImServer } from 'im-server';
import { connectDevice, makeToken, onCleanup, testRedis, type TestRedis } from 'im-test/support';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';

// Nothing of ours on either side of the server: `ws` for the device, ioredis for what a Java backend would do.
const secret = 'MIIBIjANBgkq-test';

const privateEntry =
  '{"cmd":3,"data":{"content":"hi","id":101,"recvId":2,"sendId":1,"sendTime":1700000000123,"status":0,"tmpId":"1700000000000123","type":0},"receivers":[{"id":2,"terminal":0}],"sendResult":true,"sender":{"id":1,"terminal":0},"serviceName":"im-platform"}';

async function startServer({ url, prefix }: TestRedis): Promise<{ url: string; id: number }> {
  const server = createImServer({
    redis: { url, keyPrefix: prefix },
    host: '127.0.0.1',
    port: 0,
    jwtSecret: secret,
  });
  await server.start();
  onCleanup(() => server.close());
  return { url: server.url, id: server.id ?? 0 };
}

function connectBackend({ url, prefix }: TestRedis) {
  const redis = new Redis(url);
  onCleanup(() => redis.disconnect());
  return {
    get: (key: string) => redis.get(prefix + key),
    ttl: (key: string) => redis.ttl(prefix + key),
    push: (list: string, entry: string) => redis.rpush(prefix + list, entry),
    /** The next element of a list, as bytes: what a decoder might have smoothed over stays visible. */
    async pop(list: string): Promise<string> {
      const [, bytes] = (await redis.blpopBuffer(prefix + list, 5)) ?? [];
      return bytes?.toString('latin1') ?? 'nothing within 5 s';
    },
  };
}

test('a device logs in, gets what Java pushed, and the result is on the list', async () => {
  const bus = testRedis();
  const server = await startServer(bus);
  const backend = connectBackend(bus);
  const device = await connectDevice(server.url);
  await device.login({ token: await makeToken({ userId: 2, terminal: 0, secret }), devId: 642296 });
  expect(await backend.get('im:user:server_id:2:0')).toBe(String(server.id));
  expect(await backend.ttl('im:user:server_id:2:0')).toBeGreaterThan(590);

  await backend.push(`im:message:private:${server.id}`, privateEntry);

  expect(await device.nextText()).toBe(
    '{"cmd":3,"data":{"content":"hi","id":101,"recvId":2,"sendId":1,"sendTime":1700000000123,"status":0,"tmpId":"1700000000000123","type":0}}',
  );
  expect(JSON.parse(await backend.pop('im:result:private:im-platform'))).toMatchObject({
    code: 0,
    data: { content: 'hi', id: 101 },
    receiver: { id: 2, terminal: 0 },
    sender: { id: 1, terminal: 0 },
    stage: 'proved',
  });
});

test('a group entry gives one frame each and one result per code', async () => {
  const bus = testRedis();
  const server = await startServer(bus);
  const backend = connectBackend(bus);
  const [web, app] = [await connectDevice(server.url), await connectDevice(server.url)];
  await web.login({ token: await makeToken({ userId: 2, terminal: 0, secret }), devId: 1 });
  await app.login({ token: await makeToken({ userId: 3, terminal: 1, secret }), devId: 2 });

  await backend.push(
    `im:message:group:${server.id}`,
    '{"cmd":4,"data":{"content":"all","groupId":7},"receivers":[{"id":2,"terminal":0},{"id":3,"terminal":1},{"id":4,"terminal":0}],"sendResult":true,"sender":{"id":1,"terminal":0},"serviceName":"im-platform"}',
  );

  for (const device of [web, app]) {
    expect(await device.next(({ cmd }) => cmd === 4)).toEqual({
      cmd: 4,
      data: { content: 'all', groupId: 7 },
    });
  }
  const results = [
    JSON.parse(await backend.pop('im:result:group:im-platform')) as object,
    JSON.parse(await backend.pop('im:result:group:im-platform')) as object,
  ];
  expect(results).toMatchObject([
    {
      code: 0,
      receivers: [
        { id: 2, terminal: 0 },
        { id: 3, terminal: 1 },
      ],
      sender: { id: 1, terminal: 0 },
    },
    { code: 2, receivers: [{ id: 4, terminal: 0 }], receiver: { id: 4, terminal: 0 } },
  ]);
});

test('a system entry has no sender, and its result has none either', async () => {
  const bus = testRedis();
  const server = await startServer(bus);
  const backend = connectBackend(bus);
  const device = await connectDevice(server.url);
  await device.login({ token: await makeToken({ userId: 2, terminal: 0, secret }), devId: 1 });

  await backend.push(
    `im:message:system:${server.id}`,
    '{"cmd":5,"data":{"content":"banned","type":50},"receivers":[{"id":2,"terminal":0}],"sendResult":true,"serviceName":"im-platform"}',
  );

  expect(await device.next(({ cmd }) => cmd === 5)).toEqual({
    cmd: 5,
    data: { content: 'banned', type: 50 },
  });
  const result = JSON.parse(await backend.pop('im:result:system:im-platform')) as object;
  expect(result).toMatchObject({ code: 0, receivers: [{ id: 2, terminal: 0 }] });
  expect(result).not.toHaveProperty('sender');
});

test('64-bit numbers, escapes and UTF-8 leave the socket byte for byte, and come back in the result', async () => {
  const bus = testRedis();
  const server = await startServer(bus);
  const backend = connectBackend(bus);
  const device = await connectDevice(server.url);
  await device.login({ token: await makeToken({ userId: 2, terminal: 0, secret }), devId: 1 });
  const data = String.raw`{"n":9007199254740993,"s":"\u003Cé"}`;

  await backend.push(
    `im:message:private:${server.id}`,
    `{"cmd":3,"data":${data},"receivers":[{"id":2,"terminal":0}],"sendResult":true,"sender":{"id":1,"terminal":0},"serviceName":"java"}`,
  );

  expect(await device.nextText()).toBe(`{"cmd":3,"data":${data}}`);
  const result = Buffer.from(await backend.pop('im:result:private:java'), 'latin1').toString('utf8');
  expect(result).toContain(`"data":${data}`);
});

test('a login on a second server kicks the device on the first', async () => {
  const bus = testRedis();
  const [first, second] = [await startServer(bus), await startServer(bus)];
  const backend = connectBackend(bus);
  const token = await makeToken({ userId: 2, terminal: 0, secret });
  const old = await connectDevice(first.url);
  await old.login({ token, devId: 642296 });

  const young = await connectDevice(second.url);
  await young.login({ token, devId: 777 });

  expect(await old.next(({ cmd }) => cmd === 2)).toEqual({
    cmd: 2,
    data: '您已在其他地方登录，将被强制下线',
  });
  expect((await old.closed).code).toBe(3000);
  expect(await backend.get('im:user:server_id:2:0')).toBe(String(second.id));
  await backend.push(`im:message:private:${second.id}`, privateEntry);
  expect(await young.next(({ cmd }) => cmd === 3)).toMatchObject({ data: { id: 101 } });
});
