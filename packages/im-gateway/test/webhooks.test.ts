import { createHmac, randomBytes } from 'node:crypto';
import { createRedisBus, type Bus, type PutBatch } from 'im-common/bus';
import { createImServer } from 'im-server';
import { onCleanup, testRedis } from 'im-test/support';
import { expect, test } from 'vitest';
import {
  apiKey,
  Caller,
  logIn,
  receiveHooks,
  secret,
  startGateway,
  startWorld,
  type Hook,
} from './support.ts';

// P-17.4 to P-17.8.

const sender = { id: 1, terminal: 0 };
const webhookSecret = `whsec_${randomBytes(32).toString('base64')}`;

function bodyOf({ body }: Hook): {
  id: string;
  type: string;
  service: string;
  results: Record<string, unknown>[];
} {
  return JSON.parse(body) as ReturnType<typeof bodyOf>;
}

/** Of all results that came, what each says of its message. */
function told(hooks: readonly Hook[]): unknown[] {
  return hooks.flatMap((hook) => bodyOf(hook).results.map(({ data }) => data));
}

test('results are posted, signed, with the payload byte for byte', async () => {
  const { bus, server } = await startWorld();
  await logIn(server, 2);
  const receiver = await receiveHooks();
  const old = randomBytes(24).toString('base64');
  const gateway = await startGateway({
    ...{ bus, service: 'shop', webhookUrl: receiver.url, webhookSecret: [webhookSecret, old] },
  });
  const caller = await Caller.of(gateway);

  const { body } = await caller.post(
    '/v1/push/private',
    '{"sender":{"id":1,"terminal":0},"recvId":2,"recvTerminals":[0],"data":{"n":9007199254740993, "x":1.0}}',
  );

  const hook = await receiver.next();
  expect(hook.body).toContain('"data":{"n":9007199254740993, "x":1.0}}');
  expect(bodyOf(hook)).toMatchObject({
    ...{ type: 'results', service: 'shop' },
    results: [
      {
        ...{
          kind: 'private',
          messageId: body['messageId'],
          code: 0,
          stage: 'proved',
          sender: { id: '1', terminal: 0 },
        },
        receiver: { id: '2', terminal: 0 },
      },
    ],
  });
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signatures } = hook.headers;
  expect(id).toBe(bodyOf(hook).id);
  expect(Math.abs(Date.now() / 1_000 - Number(at))).toBeLessThan(10);
  const expected = [webhookSecret.replace('whsec_', ''), old].map((key) => {
    const signed = `${String(id)}.${String(at)}.${hook.body}`;
    return `v1,${createHmac('sha256', Buffer.from(key, 'base64')).update(signed).digest('base64')}`;
  });
  expect(String(signatures).split(' ')).toEqual(expected);
});

test('what is not taken comes again, the same and in order; what is refused becomes a dead letter', async () => {
  const { bus } = await startWorld();
  const receiver = await receiveHooks(({ body }, count) => {
    if (count === 1) return 500;
    return body.includes('"data":"bad"') ? 422 : 200;
  });
  const gateway = await startGateway({ bus, webhookUrl: receiver.url, webhookSecret });
  const caller = await Caller.of(gateway);
  const push = async (data: string): Promise<void> => {
    await caller.post('/v1/push/private', { sender, recvId: 2, recvTerminals: [0], data });
  };

  await push('first');
  const [one, again] = [await receiver.next(), await receiver.next()];
  expect(again.body).toBe(one.body);
  expect(again.headers['webhook-id']).toBe(one.headers['webhook-id']);

  await push('bad');
  await push('last');
  const hooks = [await receiver.next(), await receiver.next(), await receiver.next(), await receiver.next()];
  expect(told(hooks)).toEqual(['bad', 'bad', 'bad', 'last']);

  const { body } = await caller.post('/v1/dead-letters/read', {});
  expect(body).toMatchObject({ total: 1, letters: [{ by: 'im-gateway', why: 'it answered 422' }] });
  expect((await caller.post('/v1/dead-letters/replay', { which: 'all' })).body).toMatchObject({
    replayed: 1,
    kept: 0,
  });
  expect(told([await receiver.next()])).toEqual(['bad']);
  expect(await gateway.metricsText()).toContain('im_gateway_webhooks_total{outcome="dead"} 1\n');
});

test('results that may be on the list after all come again with the same id', async () => {
  const { bus } = await startWorld();
  const receiver = await receiveHooks();
  let puts = 0;
  const forgetful: Bus = {
    ...bus,
    lists: new Proxy(bus.lists, {
      get(lists, key) {
        const member: unknown = Reflect.get(lists, key, lists);
        if (key !== 'put') return typeof member === 'function' ? (member.bind(lists) as unknown) : member;
        return async (list: string, batch: PutBatch) => {
          const outcome = await lists.put(list, batch);
          puts += Number(list.startsWith('im:queue:webhook:'));
          if (puts === 1 && list.startsWith('im:queue:webhook:')) throw new Error('The answer was lost.');
          return outcome;
        };
      },
    }),
    start: () => bus.start(),
    close: () => bus.close(),
    ping: () => bus.ping(),
  };
  const gateway = await startGateway({ bus: forgetful, webhookUrl: receiver.url, webhookSecret });
  const caller = await Caller.of(gateway);

  await caller.post('/v1/push/private', { sender, recvId: 2, recvTerminals: [0], data: 'once' });

  const [one, again] = [await receiver.next(), await receiver.next()];
  expect(again.headers['webhook-id']).toBe(one.headers['webhook-id']);
  expect(again.body).toBe(one.body);
});

test('a request that is repeated with its messageId sends once; what is kept is told later, and who comes', async () => {
  const { bus, server } = await startWorld();
  const receiver = await receiveHooks();
  const options = { bus, webhookUrl: receiver.url, webhookSecret, webhookPresence: true };
  const caller = await Caller.of(await startGateway(options));
  const push = {
    sender,
    recvId: 2,
    recvTerminals: [0],
    messageId: 'order-7',
    keep: { forMs: 60_000 },
    data: 'hi',
  };

  const { body } = await caller.post('/v1/push/private', push);
  expect(body).toMatchObject({ messageId: 'order-7', kept: [{ id: '2', terminal: 0 }] });
  await caller.post('/v1/push/private', push);
  const device = await logIn(server, 2);

  expect(await device.next()).toEqual({ cmd: 3, data: 'hi' });
  const events: Record<string, unknown>[] = [];
  const hasAll = (): boolean =>
    events.some(({ kind }) => kind === 'kept') && events.some(({ event }) => event === 'came');
  while (!hasAll()) {
    const hook = JSON.parse((await receiver.next()).body) as Record<string, unknown>;
    events.push(...(hook[String(hook['type'])] as Record<string, unknown>[]));
  }
  expect(events.filter(({ kind }) => kind === 'kept')).toMatchObject([
    { messageKind: 'private', messageId: 'order-7', code: 0, receiver: { id: '2', terminal: 0 }, data: 'hi' },
  ]);
  expect(events.find(({ event }) => event === 'came')).toMatchObject({
    userId: '2',
    terminal: 0,
    online: true,
  });
  expect(device.frames.filter(({ cmd }) => cmd === 3)).toHaveLength(1);
});

test('what a gateway left is posted by another one of its service, and health says what is wrong', async () => {
  const { url, prefix } = testRedis();
  const redis = { url, keyPrefix: prefix };
  const server = createImServer({ redis, host: '127.0.0.1', port: 0, jwtSecret: secret, drainMs: 0 });
  onCleanup(() => server.close());
  await server.start();
  let isAway = true;
  const receiver = await receiveHooks(() => (isAway ? 503 : 200));
  const options = { redis, webhookUrl: receiver.url, webhookSecret };
  const first = await startGateway(options);
  const caller = await Caller.of(first);
  await caller.post('/v1/push/private', { sender, recvId: 2, recvTerminals: [0], data: 1 });
  const tried = await receiver.next();
  await caller.post('/v1/push/private', { sender, recvId: 2, recvTerminals: [0], data: 2 });
  expect(await first.health()).toMatchObject({ ready: true, degraded: true });

  const second = await startGateway(options);
  await first.close();
  isAway = false;
  const fromNowOn: Hook[] = [];
  while (told(fromNowOn).length < 2) {
    const hook = await receiver.next();
    // Attempts of the first one, that were answered with 503.
    if (receiver.hooks.indexOf(hook) > 0 && !fromNowOn.some(({ body }) => body === hook.body))
      fromNowOn.push(hook);
  }

  expect(told(fromNowOn)).toEqual([1, 2]);
  expect(fromNowOn[0]?.headers['webhook-id']).toBe(tried.headers['webhook-id']);
  const bus = createRedisBus(redis);
  await bus.start();
  onCleanup(() => bus.close());
  await expect.poll(() => bus.lists.length('im:queue:webhook:gateway')).toBe(0);
  expect(await second.health()).toMatchObject({ ready: true, degraded: false });
});

test('what waits for a receiver that is away is bounded in bytes, and comes when it is back (P-17.8)', async () => {
  const { bus, server } = await startWorld();
  await logIn(server, 2);
  let isAway = true;
  const receiver = await receiveHooks(() => (isAway ? 503 : 200));
  const most = 20_000;
  const options = { bus, webhookUrl: receiver.url, webhookSecret, webhookMaxBytes: most };
  const caller = await Caller.of(await startGateway(options));
  for (let n = 0; n < 40; n += 1) {
    const data = `${n}`.padEnd(1_000, '.');
    await caller.post('/v1/push/private', {
      sender,
      recvId: 2,
      recvTerminals: [0],
      sendToSelf: false,
      data,
      waitMs: 1_000,
    });
  }
  const texts = await bus.lists.range('im:queue:webhook:gateway', 0, 1_000);
  expect(texts.reduce((sum, { length }) => sum + length, 0)).toBeLessThanOrEqual(most);
  expect(texts.length).toBeGreaterThan(5);

  isAway = false;
  const taken = async (): Promise<number> => {
    await Promise.resolve();
    return new Set(told(receiver.hooks)).size;
  };
  await expect.poll(taken).toBe(40);
});

test('a gateway without webhooks leaves no results behind', async () => {
  const { bus } = await startWorld();
  const caller = await Caller.of(await startGateway({ bus }));

  const { body } = await caller.post('/v1/push/private', { sender, recvId: 2, data: 1, waitMs: 1_000 });

  expect(body['results']).toHaveLength(4);
  expect(await bus.lists.length('im:result:private:gateway')).toBe(0);
});

test.each([
  [{ webhookUrl: 'http://127.0.0.1:1' }, /expected both or none/],
  [{ webhookUrl: 'http://127.0.0.1:1', webhookSecret: 'short' }, /whsec_/],
  [{ webhookUrl: 'ftp://x', webhookSecret }, /webhookUrl/],
  [{ webhookUrl: 'http://ann:secret@x', webhookSecret }, /^The webhookUrl has a user name/],
  [{ apiKey: 'short' }, /can be guessed/],
  [{ keys: [`shop:push:${apiKey}`] }, /The option keys is not usable/],
])('options that cannot work are named: %o', async (options, message) => {
  const { bus } = await startWorld();
  const starting = startGateway({ bus, ...options });
  await expect(starting).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    message: expect.stringMatching(message) as string,
  });
});
