import { createImServer } from 'im-server';
import { connectDevice, makeToken, onCleanup, testRedis } from 'im-test/support';
import { Redis } from 'ioredis';
import { expect, inject, test } from 'vitest';

// Nothing of ours on either side of the server: `ws` for the device, ioredis for what a Java backend would do.
const secret = 'MIIBIjANBgkq-test';

async function startServer(options: object = {}) {
  const { url, prefix } = testRedis();
  const server = createImServer({
    redis: { url, keyPrefix: prefix },
    host: '127.0.0.1',
    port: 0,
    jwtSecret: secret,
    ...options,
  });
  await server.start();
  onCleanup(() => server.close());
  const redis = new Redis(url);
  onCleanup(() => redis.disconnect());
  return { server, redis, prefix };
}

test('a device logs in, gets what Java pushed, and the result is on the list', async () => {
  const { server, redis, prefix } = await startServer();
  const device = await connectDevice(server.url);
  await device.login({ token: await makeToken({ userId: 2, terminal: 0, secret }), devId: 642296 });
  expect(await redis.get(`${prefix}im:user:server_id:2:0`)).toBe(String(server.id));

  await redis.rpush(
    `${prefix}im:message:private:${server.id}`,
    '{"cmd":3,"data":{"content":"hi","id":101,"recvId":2,"sendId":1,"sendTime":1700000000123,"status":0,"tmpId":"1700000000000123","type":0},"receivers":[{"id":2,"terminal":0}],"sendResult":true,"sender":{"id":1,"terminal":0},"serviceName":"im-platform"}',
  );
  expect(await device.nextText()).toBe(
    '{"cmd":3,"data":{"content":"hi","id":101,"recvId":2,"sendId":1,"sendTime":1700000000123,"status":0,"tmpId":"1700000000000123","type":0}}',
  );
  const [, result] = (await redis.blpop(`${prefix}im:result:private:im-platform`, 5)) ?? [];
  expect(JSON.parse(result ?? 'null')).toMatchObject({
    code: 0,
    data: { content: 'hi', id: 101 },
    receiver: { id: 2, terminal: 0 },
    sender: { id: 1, terminal: 0 },
    stage: 'proved',
  });
});
