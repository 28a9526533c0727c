import { setTimeout as sleep } from 'node:timers/promises';
import { createMemoryBus } from 'im-common/bus';
import { messageList, serverGroup, toByteText } from 'im-common/internal/bus';
import { createImServer } from 'im-server';
import { leastMs, msOf, onCleanup } from 'im-test/support';
import { expect, test } from 'vitest';
import { waitUntil } from '../support/wait-until.ts';
import { aroundBus } from './kit/around.ts';
import { secret } from './kit/im-server.ts';

test('a death is seen to in time, however many died before it', async () => {
  const bus = createMemoryBus();
  const lease = (id: number, leaseMs: number) => ({ id: String(id), boot: `boot ${id}`, leaseMs, info: '' });
  // What a few deploys of a large cluster leave, a minute ago as the server sees it.
  for (let id = 1; id <= 300; id++) {
    await bus.registry.renew(serverGroup, lease(id, 60_000));
    await bus.registry.leave(serverGroup, String(id), `boot ${id}`);
  }
  const server = createImServer({
    bus: aroundBus(bus, async (method, _, call) => {
      await sleep(5); // a network with a length
      const answer = await call();
      if (method !== 'registry.view') return answer;
      const view = answer as Awaited<ReturnType<typeof bus.registry.view>>;
      return { ...view, dead: view.dead.map(({ id, agoMs }) => ({ id, agoMs: agoMs + 60_000 })) };
    }),
    host: '127.0.0.1',
    port: 0,
    jwtSecret: secret,
    leaseMs: 900,
  });
  onCleanup(() => server.close());
  await server.start();
  await sleep(6_000); // it looks after all of them every 5 s

  let deaths = 0;
  const dieAndWait = async (): Promise<number> => {
    deaths += 1;
    const id = 1_000 + deaths;
    await bus.registry.renew(serverGroup, lease(id, 300));
    const entry = toByteText(
      '{"data":1,"messageId":"m","receivers":[{"id":7,"terminal":0}],"sendResult":true,"serviceName":"shop"}',
    );
    await bus.lists.put(messageList('private', id), {
      entries: [entry],
      producer: 'p',
      batchNumber: 1,
      maxLength: 10,
      whenFull: 'refuse',
    });
    return msOf(() =>
      waitUntil(
        'its entry has its result',
        async () => (await bus.lists.length('im:result:private:shop')) === deaths,
      ),
    );
  };
  expect(await leastMs(4_000, dieAndWait)).toBeLessThan(4_000);
});
