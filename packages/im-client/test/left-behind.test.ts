import { resultList } from 'im-common/internal/bus';
import { startRedis } from 'im-test/support';
import { describe, expect, it } from 'vitest';
import type { PrivateResult } from '../src/index.ts';
import { Inbox } from './support/inbox.ts';
import { redisWorld } from './support/world.ts';

const message = { sender: { id: 1, terminal: 0 }, recvId: 2, recvTerminals: [0] };

describe('on Redis, a client', () => {
  it('leaves nothing behind that does not end by itself', async () => {
    const redis = await startRedis();
    const world = await redisWorld(redis.url);
    const server = await world.server();
    await server.connect('2');
    const im = world.client();
    const inbox = new Inbox<PrivateResult>();
    im.on('private', inbox.listener);
    for (let n = 0; n < 20; n += 1) await im.sendPrivateMessage({ ...message, data: n });
    for (let n = 0; n < 20; n += 1) await server.serve('private');
    await inbox.take(20);

    await im.close();

    const client = redis.client();
    const keys = await client.keys('*');
    const forEver = [];
    for (const key of keys) if ((await client.ttl(key)) < 0) forEver.push(key);
    expect(forEver).toEqual(['im:max_server_id']);
    expect(keys.filter((key) => key.includes('inflight') || key.includes('consumers'))).toEqual([]);
    await expect.poll(async () => String(await client.client('LIST')).match(/^id=/gm)).toHaveLength(2);
  });

  it('waits on a list only when it needs to', async () => {
    const redis = await startRedis();
    const world = await redisWorld(redis.url);
    const server = await world.server();
    await server.connect('2');
    const im = world.client();
    const own = async (): Promise<string | undefined> => {
      const keys = await redis.client().keys('{im:result:private:shop@*');
      return keys[0];
    };

    await im.sendPrivateMessage({ ...message, sendResult: false, data: 1 });
    expect(await own()).toBeUndefined();
    expect(await world.bus.lists.consumers(resultList('private', 'shop'))).toEqual([]);

    await im.sendPrivateMessage({ ...message, data: 2 });
    im.on('private', () => undefined);
    await expect.poll(own).toBeDefined();
    await expect.poll(() => world.bus.lists.consumers(resultList('private', 'shop'))).toHaveLength(1);
  });
});
