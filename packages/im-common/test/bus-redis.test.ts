import { freePort, startRedis, testRedis } from 'im-test/support';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Terminal } from '../src/address.ts';
import type { Bus } from '../src/bus/bus.ts';
import { toByteText } from '../src/bus/byte-text.ts';
import { endOfUnknownLists } from '../src/bus/list-ends.ts';
import { messageList, serverGroup } from '../src/bus/names.ts';
import { Producer } from '../src/bus/produce.ts';
import { createRedisBus } from '../src/bus/redis/redis-bus.ts';
import { ImError } from '../src/errors.ts';
import { busConformance } from './bus-conformance.ts';
import {
  batchOf,
  drain,
  freshList,
  freshName,
  numbered,
  openConsumer,
  put,
  soon,
} from './bus-conformance/subject.ts';
import { losesNothing } from './bus-properties.ts';

busConformance('the bus on one Redis', async () => {
  const { url, prefix: keyPrefix } = testRedis();
  const another = async (): Promise<Bus> => {
    const bus = createRedisBus({ url, keyPrefix });
    await bus.start();
    return bus;
  };
  return { bus: await another(), another };
});

describe('the lists on one Redis', () => {
  it('lose nothing, whatever happens in whatever order', async () => {
    const { url, prefix } = testRedis();
    const { lists } = await connect(url, prefix);

    await losesNothing(lists, 40);
  });
});

describe('a Redis that fails', () => {
  it('is named when it cannot be reached', async () => {
    const url = `redis://127.0.0.1:${await freePort()}`;
    const bus = createRedisBus({ url });
    const before = performance.now();

    const problem: unknown = await bus.start().catch((error: unknown) => error);

    expect(problem).toBeInstanceOf(ImError);
    expect(problem).toMatchObject({ code: 'BUS_UNAVAILABLE' });
    expect((problem as ImError).message).toContain(url);
    expect(performance.now() - before).toBeLessThan(boundMs);
    await bus.close();
  });

  it('is reached by two starts at once', async () => {
    const bus = createRedisBus({ url: testRedis().url });
    onTestFinished(() => bus.close());

    await Promise.all([bus.start(), bus.start()]);

    expect(await bus.lists.length(freshList())).toBe(0);
  });

  it('is reached by a later start, when it is there by then', async () => {
    const port = await freePort();
    const bus = createRedisBus({ url: `redis://127.0.0.1:${port}` });
    onTestFinished(() => bus.close());
    expect(await unavailability(bus.start())).toBe('BUS_UNAVAILABLE');

    await startRedis({ port });
    await bus.start();

    expect(await bus.lists.length(freshList())).toBe(0);
  });

  it('is asked in few calls for all of a crowd that logs in at once, and refuses all of them together', async () => {
    const redis = await startRedis();
    const { presence } = await connect(redis.url);
    const admin = redis.client();
    const crowd = Array.from({ length: 250 }, (_, id) => ({ id: String(id), terminal: Terminal.WEB }));
    const bindAll = (): Promise<unknown[]> => Promise.all(crowd.map((address) => presence.bind(address, 7)));
    await bindAll();
    await admin.config('RESETSTAT');

    expect(new Set(await bindAll())).toEqual(new Set([7]));

    const calls = /cmdstat_evalsha:calls=(\d+)/.exec(await admin.info('commandstats'))?.[1];
    expect(Number(calls)).toBe(6); // three to find where they are, three to stay there
    await redis.stop();
    const refused = await Promise.allSettled(crowd.map((address) => presence.bind(address, 7)));
    expect(refused.filter(({ status }) => status === 'rejected')).toHaveLength(250);
  });

  it('gives large entries in several answers, so that none is more than a reader can hold', async () => {
    const redis = await startRedis();
    const { lists } = await connect(redis.url);
    const list = freshList();
    const consumer = await openConsumer(lists, list);
    const large = ['a', 'b', 'c', 'd', 'e', 'f'].map((letter) => letter.repeat(1_500_000));
    for (const entry of large) await put(lists, list, [entry]);

    const first = await lists.take(list, consumer, 0, 100);
    const again = await lists.take(list, consumer, 0, 100);
    const second = await lists.take(list, consumer, 3, 100);

    expect(first?.map(({ text }, index) => text === large[index])).toEqual([true, true, true]);
    expect(again?.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(second?.map(({ seq, text }) => [seq, text[0]])).toEqual([
      [4, 'd'],
      [5, 'e'],
      [6, 'f'],
    ]);
  });

  it('that is full takes no entries, but gives them', async () => {
    const redis = await startRedis({ args: ['--maxmemory-policy', 'noeviction'] });
    const { lists } = await connect(redis.url);
    const [list, admin] = [freshList(), redis.client()];
    const consumer = await openConsumer(lists, list);
    await put(lists, list, numbered(3));
    const batch = batchOf(numbered(2, 4));

    await admin.config('SET', 'maxmemory', '1');
    expect(await unavailability(lists.put(list, batch))).toBe('BUS_FULL');
    expect(await lists.take(list, consumer, 0, 2)).toHaveLength(2);
    await lists.acknowledge(list, consumer, [1]);
    await admin.config('SET', 'maxmemory', '0');

    await lists.put(list, batch);
    expect(await lists.requeue(list, consumer)).toBe(1);
    expect(await drain(lists, list)).toEqual(numbered(4, 2));
  });

  it('that is full still keeps leases, routes and locks, and hands lists over', async () => {
    const redis = await startRedis({ args: ['--maxmemory-policy', 'noeviction'] });
    const { lists, presence, registry } = await connect(redis.url);
    const [list, consumer, admin] = [freshList(), freshName('consumer'), redis.client()];
    const [address, lease] = [
      { id: '7', terminal: 0 },
      { id: '1', boot: 'a', leaseMs: 60_000, info: '' },
    ];
    await put(lists, list, ['a']);
    await registry.renew(serverGroup, lease);

    await admin.config('SET', 'maxmemory', '1');

    expect(await registry.nextServerId()).toBeGreaterThan(1);
    expect(await registry.renew(serverGroup, lease)).toBe('renewed');
    expect(await registry.lock('undertaker', 'me', 1_000)).toBe(true);
    expect(await presence.bind(address, 1)).toBeUndefined();
    expect(await presence.bind(address, 2)).toBe(1);
    expect(await presence.refresh([address, { id: '8', terminal: 0 }], 2)).toEqual([]);
    await presence.revoke(address, { expiringBefore: Date.now() + 60_000 });
    expect(await presence.bind(address, 1)).toBe('revoked');
    await lists.open(list, consumer);
    expect(await lists.take(list, consumer, 0, 1)).toEqual([{ seq: 1, text: 'a' }]);
    await lists.closeList(list);
    expect(await lists.requeue(list, consumer)).toBe(1);
    expect(await lists.put(list, batchOf(['b']))).toEqual({ status: 'closed' });
    await registry.leave(serverGroup, '1', 'a');
    expect((await registry.view(serverGroup)).dead).toMatchObject([{ id: '1' }]);
  });

  it('that hangs fails calls in time, and repeating them takes effect once', async () => {
    const redis = await startRedis();
    const { lists } = await connect(redis.url);
    const list = freshList();
    const consumer = await openConsumer(lists, list);
    await put(lists, list, ['before']);
    const batch = batchOf(numbered(2));

    redis.pause();
    const [putProblem, takeProblem] = await Promise.all([
      unavailability(lists.put(list, batch)),
      unavailability(lists.take(list, consumer, 0, 1)),
    ]);
    redis.resume();

    expect([putProblem, takeProblem]).toEqual(['BUS_UNAVAILABLE', 'BUS_UNAVAILABLE']);
    await eventually(() => lists.put(list, batch));
    const first = await eventually(() => lists.take(list, consumer, 0, 1));
    expect(first).toEqual([{ seq: 1, text: 'before' }]);
    expect(await drain(lists, list)).toEqual(numbered(2));
  });

  it('that is killed ends waits and calls in time, and is used again when it is back', async () => {
    const redis = await startRedis({ appendonly: true });
    const { lists } = await connect(redis.url);
    const list = freshList();
    await put(lists, list, numbered(2));
    const { signal } = new AbortController();
    const waiting = unavailability(lists.wait(freshList(), 60_000, signal));

    await redis.kill();
    await waiting;
    expect(await unavailability(lists.length(list))).toBe('BUS_UNAVAILABLE');
    await redis.start();

    expect(await eventually(() => lists.length(list))).toBe(2);
    await lists.wait(list, 60_000, signal);
    expect(await drain(lists, list)).toEqual(numbered(2));
  });

  it.for(['under way', 'about to begin'])('that hangs ends a wait that is %s in time', async (state) => {
    const redis = await startRedis();
    const { lists } = await connect(redis.url);
    const [list, { signal }] = [freshList(), new AbortController()];
    if (state === 'under way') await lists.wait(list, 20, signal); // then its connection is there
    const before = performance.now();
    const waiting = unavailability(lists.wait(list, 500, signal));
    await lists.length(list);

    redis.pause();
    await waiting;

    expect(performance.now() - before).toBeLessThan(500 + boundMs);
    redis.resume();
    await eventually(() => put(lists, list, numbered(1)));
    await eventually(() => lists.wait(list, 60_000, signal));
  });

  it('that cuts connections costs no entry', async () => {
    const redis = await startRedis();
    const { lists } = await connect(redis.url);
    const list = freshList();
    const admin = redis.client();
    const consumer = await openConsumer(lists, list);
    const seen: string[] = [];

    for (let turn = 1; turn <= 30; turn += 1) {
      const batch = batchOf(numbered(1, turn), { producer: 'producer', batchNumber: turn });
      const putting = eventually(() => lists.put(list, batch));
      if (turn % 3 === 0) await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      await putting;
      const taking = eventually(() => lists.take(list, consumer, seen.length, 10));
      if (turn % 3 === 1) await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      seen.push(...((await taking) ?? []).map(({ text }) => text));
    }

    expect(seen).toEqual(numbered(30));
  });
});

describe('a Redis that lost its memory', () => {
  it('is told again of consumers, which go on with their numbers', async () => {
    const redis = await startRedis();
    const { lists } = await connect(redis.url);
    const list = messageList('group', 1);
    const consumer = await openConsumer(lists, list);
    await put(lists, list, numbered(3));
    await lists.take(list, consumer, 0, 3);

    await redis.client().flushall();

    await put(lists, list, ['afterwards']);
    expect(await lists.take(list, consumer, 3, 10)).toBeUndefined();
    await lists.open(list, consumer);
    expect(await lists.take(list, consumer, 3, 10)).toEqual([{ seq: 4, text: 'afterwards' }]);
  });

  it('lets go of what is put for a server that it has forgotten, a week after', async () => {
    const redis = await startRedis();
    const client = redis.client();
    const { lists } = await connect(redis.url);
    const list = messageList('private', 1);
    const ttlMs = endOfUnknownLists(() => true);
    const producer = new Producer(lists, {
      ...{ maxLength: 100, whenFull: 'refuse', timeoutMs: 3_000, maxBatch: 10 },
      ttlMs,
    });
    onTestFinished(() => producer.close());
    await producer.put(list, toByteText('lost'));
    const almostAWeek = 604_800 - 60;

    await client.flushall();
    await producer.put(list, toByteText('a'));
    expect(await client.ttl(list)).toBeGreaterThan(almostAWeek);
    // Others knew of no such server.
    await lists.put(list, batchOf(['b'], { ttlMs: 60_000 }));
    await producer.put(list, toByteText('c'));
    await producer.put(list, toByteText('d'));
    expect(await client.ttl(list)).toBeGreaterThan(almostAWeek);

    expect(await drain(lists, list)).toEqual(['a', 'b', 'c', 'd']);
    // Somebody takes from it after all.
    await producer.put(list, toByteText('e'));
    expect(await client.ttl(list)).toBe(-1);
  });

  it('is told again of routes', async () => {
    const redis = await startRedis();
    const { presence } = await connect(redis.url);
    const addresses = numbered(700).map((_, index) => ({ id: `${index}`, terminal: Terminal.APP }));
    await presence.refresh(addresses, 4);

    await redis.client().flushall();
    expect(await presence.refresh(addresses, 4)).toEqual([]);

    expect(new Set(await presence.locate(addresses))).toEqual(new Set([4]));
  });

  it('is told again of servers, and gives their ids to nobody', async () => {
    const redis = await startRedis();
    const { registry } = await connect(redis.url);
    const ids = [await registry.nextServerId(), await registry.nextServerId(), await registry.nextServerId()];
    const lease = { id: String(ids[2]), boot: 'boot', leaseMs: 60_000, info: '' };
    await registry.renew(serverGroup, lease);

    await redis.client().flushall();

    expect(await registry.renew(serverGroup, lease)).toBe('new');
    expect(ids).not.toContain(await registry.nextServerId());
  });

  it('gives no id that a server of box-im may have, which has no lease to tell of itself', async () => {
    const redis = await startRedis();
    const client = redis.client();
    const { registry } = await connect(redis.url);
    // A minute ago the counter was here; then came a server of ours, and after it one of box-im.
    const aMinuteAgo = (await registry.nextServerId()) - 60;
    const [ours, java] = [aMinuteAgo + 1, aMinuteAgo + 2];
    const lease = { id: String(ours), boot: 'boot', leaseMs: 60_000, info: '' };

    // Lost, an old snapshot, a server of box-im that was the first to count again, and nonsense.
    for (const counter of [undefined, String(aMinuteAgo), '1', 'nonsense']) {
      await client.flushall();
      if (counter !== undefined) await client.set('im:max_server_id', counter);
      const next = await registry.nextServerId();
      expect(next).toBeGreaterThan(java);
      expect(next).toBeLessThan(2 ** 31);
    }

    await client.flushall();
    expect(await registry.renew(serverGroup, lease)).toBe('new');
    expect(await client.incr('im:max_server_id')).toBeGreaterThan(java); // the next one of box-im
  });

  it('knows its scripts again', async () => {
    const redis = await startRedis();
    const { lists } = await connect(redis.url);
    const list = freshList();
    await put(lists, list, numbered(1));

    await redis.client().script('FLUSH');

    expect(await put(lists, list, numbered(1, 2))).toMatchObject({ status: 'put' });
    expect(await drain(lists, list)).toEqual(numbered(2));
  });
});

describe('keys on Redis', () => {
  it('all begin with the prefix, and a bus with another prefix sees none of them', async () => {
    const redis = await startRedis();
    const { lists, presence, registry } = await connect(redis.url, 'mine:');
    const other = await connect(redis.url, 'other:');
    const list = freshList();
    await put(lists, list, numbered(2));
    await lists.take(list, await openConsumer(lists, list), 0, 1);
    await lists.closeList(list);
    await presence.bind({ id: '1', terminal: 0 }, 1);
    await presence.revoke({ id: '1', terminal: 0 }, { expiringBefore: Date.now() + 60_000 });
    await registry.renew(serverGroup, { id: '1', boot: 'boot', leaseMs: 60_000, info: '' });
    await registry.nextServerId();
    await registry.lock('name', 'holder', 60_000);

    const keys = await redis.client().keys('*');
    expect(keys.length).toBeGreaterThan(8);
    expect(keys.filter((key) => !/^\{?mine:/.test(key))).toEqual([]);
    expect(await other.lists.length(list)).toBe(0);
    expect(await other.presence.locate([{ id: '1', terminal: 0 }])).toEqual([undefined]);
    expect(await other.registry.lock('name', 'another', 60_000)).toBe(true);
  });

  it('may begin with what is special in a pattern', async () => {
    const redis = await startRedis();
    const { presence } = await connect(redis.url, 'a*[b]?\\é:');
    const other = await connect(redis.url, 'axb?\\é:');
    const address = { id: '7', terminal: 0 };
    await presence.bind(address, 1);
    await other.presence.bind({ id: '8', terminal: 0 }, 1);
    await redis.client().set('a*[b]?\\é:im:user:server_id:nobody', '1');

    const pages = [];
    for await (const page of presence.routes()) pages.push(...page);

    expect(pages).toEqual([{ address, serverId: 1 }]);
  });

  it('are those of box-im', async () => {
    const redis = await startRedis();
    const { lists, presence, registry } = await connect(redis.url);
    const client = redis.client();
    const id = await registry.nextServerId();
    await put(lists, messageList('private', id), ['{"cmd":3}', '{"data":"你好"}']);
    await presence.bind({ id: '9007199254740993', terminal: -1 }, id);

    expect(await client.get('im:max_server_id')).toBe(String(id));
    expect(await client.lrange(`im:message:private:${id}`, 0, -1)).toEqual(['{"cmd":3}', '{"data":"你好"}']);
    expect(await client.get('im:user:server_id:9007199254740993:-1')).toBe(String(id));
    const ttl = await client.ttl('im:user:server_id:9007199254740993:-1');
    expect(ttl).toBeGreaterThan(590);
    expect(ttl).toBeLessThanOrEqual(600);
  });

  it('say where many are, whatever a route holds, and also where no script may run', async () => {
    const redis = await startRedis();
    const client = redis.client();
    await client.call('ACL', 'SETUSER', 'reader', 'on', '>pw', '~*', '&*', '+@all', '-eval', '-evalsha');
    const reader = await connect(redis.url.replace('//', '//reader:pw@'));
    const addresses = Array.from({ length: 600 }, (_, index) => ({ id: String(index), terminal: 0 }));
    const { presence } = await connect(redis.url);
    await presence.refresh(addresses.slice(0, 590), 2_147_483_647);
    const [first, , third] = addresses.map(({ id }) => `im:user:server_id:${id}:0`);
    await client.set(first ?? '', '5 6');
    await client.lpush('im:user:server_id:595:0', '7');
    await client.set(`{${third}}:moving`, 1);
    await client.del(third ?? '');

    const places = addresses.map((_, index) => (index < 590 && index > 0 ? 2_147_483_647 : undefined));
    const expected = places.toSpliced(2, 1, 'moving' as never);
    for (const bus of [{ presence }, reader, reader]) {
      expect(await bus.presence.locate(addresses)).toEqual(expected);
    }
  });

  it('hold a revocation until the verifier takes none of its tokens any more', async () => {
    const redis = await startRedis();
    const { presence } = await connect(redis.url);
    const [client, endsAt] = [redis.client(), Date.now() + 1_800_000];

    await presence.revoke({ id: '7', terminal: 0 }, { expiringBefore: endsAt });

    const key = '{im:user:server_id:7:0}:revoked';
    expect(await client.get(key)).toBe(String(endsAt));
    const before = Date.now();
    const left = await client.pttl(key);
    // Redis reads a clock of its own, which may tick a moment later.
    expect(left).toBeGreaterThan(endsAt + 60_000 - Date.now() - 50);
    expect(left).toBeLessThan(endsAt + 60_000 - before + 50);
  });
});

/** The limit of the wait until a call says that Redis is away. It takes half a second or two; without a bound it takes for ever. */
const boundMs = 20_000;

async function connect(url: string, keyPrefix = ''): Promise<Bus> {
  const bus = createRedisBus({ url, keyPrefix, commandTimeoutMs: 500 });
  await bus.start();
  onTestFinished(() => bus.close());
  return bus;
}

/** The code that a call is rejected with, in time; `answered` when it is not. */
async function unavailability(call: Promise<unknown>): Promise<string> {
  const before = performance.now();
  const code = await call.then(
    () => 'answered',
    (error: unknown) => {
      expect(error).toBeInstanceOf(ImError);
      return (error as ImError).code;
    },
  );
  expect(performance.now() - before).toBeLessThan(boundMs);
  return code;
}

/** Repeats a call until the bus is back. */
function eventually<T>(repeat: () => Promise<T>): Promise<T> {
  return vi.waitFor(repeat, soon);
}
