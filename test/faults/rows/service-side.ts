import { setTimeout as sleep } from 'node:timers/promises';
import { ImError, type ImResult } from 'im-client';
import { mostPerPack } from 'im-common/internal/bus';
import { waitUntil } from '../../support/wait-until.ts';
import { enter, percentile, sender, startClient, startOwnRedis, startProgram } from '../kit/few.ts';
import { Scope } from '../kit/scope.ts';
import type { Row } from './row.ts';

/** Row 23. `times` is the number of results that nobody takes. */
export const awayConsumer: Row = {
  name: 'away-consumer',
  numbers: [23],
  holds:
    'results of a service that is away wait for it, pushing goes on, and when it is back all are handled',
  inTest: 3_000,
  inFull: 300_000,
  async run({ times, scope }) {
    const redis = await startOwnRedis(scope);
    const server = await startProgram(scope, redis.url);
    const device = await enter(scope, server.port, 1);
    const admin = redis.client();
    // An instance that sends and listens to nothing, and is gone before the results come: they lie on its own list.
    const first = new Scope();
    scope.onEnd(() => first.end());
    const gone = await startClient(first, redis.url, { service: 'shop' });
    const sent: string[] = [];
    const latencies: [number[], number[]] = [[], []];
    await gone.sendPrivateMessage({ sender, recvId: 1, data: -1, sendToSelf: false });
    const own = (await admin.keys('{im:result:private:shop@*}:inflight:*'))[0] ?? '';
    const instance = /shop@([^}]+)\}/.exec(own)?.[1] ?? '';
    await first.end();

    // What servers put for it from now on: entries as it would have sent them.
    const list = `im:message:private:${server.id}`;
    const inOneCommand = 500;
    for (let at = 0; at < times; at += inOneCommand) {
      const ids = Array.from(
        { length: Math.min(inOneCommand, times - at) },
        (_, i) => `${instance}-${at + i}x`,
      );
      sent.push(...ids);
      const entries = ids.map(
        (id) =>
          `{"cmd":3,"messageId":"${id}","receivers":[{"id":1,"terminal":0}],"sendResult":true,"sender":{"id":1,"terminal":0},"serviceName":"shop@${instance}","data":1}`,
      );
      const startedAt = performance.now();
      const count = device.seen.length;
      await admin.rpush(list, ...entries);
      await device.hasSeen(count + ids.length);
      const half = at < times / 2 ? 0 : 1;
      latencies[half].push(performance.now() - startedAt);
    }
    const waiting = `im:result:private:shop@${instance}`;
    await waitUntil('all results wait', async () => {
      if ((await admin.llen(waiting)) < times / mostPerPack) return false;
      return (
        (await admin.lrange(waiting, 0, -1)).flatMap((entry) => JSON.parse(entry) as unknown).length >= times
      );
    });
    // An hour later the registry has forgotten who was there: as much as it forgets by then.
    const [died] = await admin.zrange('{im:service:shop}:dead', '0', '0');
    const setBack = `redis.call('ZINCRBY', KEYS[1], -3600000, ARGV[1])`;
    await admin.eval(setBack, 1, '{im:service:shop}:dead', String(died));

    const back = await startClient(scope, redis.url, { service: 'shop', leaseMs: 900 });
    const heard = new Set<string>();
    back.on('private', (results) => {
      for (const { messageId = '' } of results) heard.add(messageId);
    });
    const wanted = new Set(sent);
    const missing = (): number => [...wanted].filter((id) => !heard.has(id)).length;
    await waitUntil(
      'all are handled',
      () => Promise.resolve(heard.size >= times && missing() === 0),
      120_000,
    ).catch(() => undefined);
    return {
      faults: 1,
      checked: times,
      figures: {
        'results that were never handled': { value: missing(), unit: '', atMost: 0 },
        'a batch of 500 pushes with few results waiting, median': {
          value: percentile(latencies[0], 0.5),
          unit: 'ms',
        },
        'the same with many waiting': { value: percentile(latencies[1], 0.5), unit: 'ms' },
      },
    };
  },
};

/** Row 24. `times` is the number of results. */
export const badListeners: Row = {
  name: 'bad-listeners',
  numbers: [24],
  holds: 'a listener that throws, rejects or hangs loses nothing and holds nobody else up',
  inTest: 300,
  inFull: 20_000,
  async run({ times, scope }) {
    const redis = await startOwnRedis(scope);
    const server = await startProgram(scope, redis.url);
    await enter(scope, server.port, 1);
    const client = await startClient(scope, redis.url, {
      retryDelaysMs: [10, 20, 40],
      listenerTimeoutMs: 300,
    });
    const heardBy = new Map<string, Set<string>>();
    const note = (name: string, results: readonly ImResult[]): void => {
      const heard = heardBy.get(name) ?? new Set();
      heardBy.set(name, heard);
      for (const { messageId = '' } of results) heard.add(messageId);
    };
    const failures = new Map<string, number>();
    client.events.on('deadLetter', ({ listener, results }) => {
      failures.set(listener, (failures.get(listener) ?? 0) + results.length);
    });
    client.on('private', (results) => note('good', results), { name: 'good' });
    client.on(
      'private',
      (results, { attempt }) => {
        if (attempt === 1) throw new Error('at first');
        note('throws once', results);
      },
      { name: 'throws once' },
    );
    client.on(
      'private',
      async (results, { attempt }) => {
        await sleep(5);
        if (attempt < 3) throw new Error('later');
        note('rejects twice', results);
      },
      { name: 'rejects twice' },
    );
    client.on('private', () => Promise.reject(new Error('always')), { name: 'always fails' });
    client.on('private', () => new Promise(() => undefined), { name: 'hangs' });

    const startedAt = performance.now();
    for (let at = 0; at < times; at += 100) {
      const batch = Array.from({ length: Math.min(100, times - at) }, (_, i) => {
        return client.sendPrivateMessage({ sender, recvId: 1, data: at + i, sendToSelf: false });
      });
      await Promise.all(batch);
    }
    await waitUntil(
      'the good one has all',
      () => Promise.resolve(heardBy.get('good')?.size === times),
      60_000,
    );
    const goodAfterMs = performance.now() - startedAt;
    const complete = (): boolean =>
      ['good', 'throws once', 'rejects twice'].every((name) => heardBy.get(name)?.size === times) &&
      ['always fails', 'hangs'].every((name) => failures.get(name) === times);
    await waitUntil('every result is dealt with', () => Promise.resolve(complete()), 300_000).catch(
      () => undefined,
    );
    const letters = await redis.client().lrange('im:dead:result:shop', 0, -1);
    return {
      faults: 4,
      checked: times * 5,
      problems: complete()
        ? []
        : [
            `heard ${[...heardBy].map(([name, heard]) => `${name} ${heard.size}`).join(', ')}; dead ${[...failures].join(', ')}`,
          ],
      figures: {
        'dead letters': { value: letters.length, unit: '' },
        'the good listener had all after': { value: goodAfterMs, unit: 'ms' },
      },
    };
  },
};

/** Row 25. */
export const fullRedis: Row = {
  name: 'full-redis',
  numbers: [25],
  holds:
    'a Redis without memory, or that only reads, refuses sends with a typed error, and all goes on when it is well',
  inTest: 2,
  inFull: 20,
  async run({ times, scope }) {
    const redis = await startOwnRedis(scope);
    const server = await startProgram(scope, redis.url);
    const device = await enter(scope, server.port, 1);
    const client = await startClient(scope, redis.url, { sendTimeoutMs: 1_000 });
    const admin = redis.client();
    const problems: string[] = [];
    let refused = 0;
    let slowest = 0;
    const send = (): Promise<string> =>
      client.sendPrivateMessage({ sender, recvId: 1, data: 'x', sendToSelf: false }).then(
        ({ queued }) => (queued.length === 1 ? 'queued' : 'offline'),
        (error: unknown) => (error instanceof ImError ? error.code : String(error)),
      );

    for (let i = 0; i < times; i++) {
      const isFull = i % 2 === 0;
      if (isFull) await admin.config('SET', 'maxmemory', '1');
      else await admin.config('SET', 'min-replicas-to-write', '1');
      // Longer than a lease: the server must not fall out of it because of this.
      const until = performance.now() + 4_000;
      while (performance.now() < until) {
        const answer = await send();
        if (answer === (isFull ? 'BUS_FULL' : 'BUS_UNAVAILABLE')) refused += 1;
        // A Redis that writes nothing keeps no lease alive either: then nobody is online.
        else if (isFull || answer !== 'offline')
          problems.push(`a send into a Redis that is ${isFull ? 'full' : 'read-only'}: ${answer}`);
        await sleep(100);
      }
      await admin.config('SET', 'maxmemory', '0');
      await admin.config('SET', 'min-replicas-to-write', '0');
      const healedAt = performance.now();
      await waitUntil('sends go on', async () => (await send()) === 'queued');
      slowest = Math.max(slowest, performance.now() - healedAt);
    }
    const receipt = await client.sendPrivateMessage({ sender, recvId: 1, data: 'last', sendToSelf: false });
    const [result] = await receipt.results();
    if (result?.code !== 0) problems.push(`the last one ended ${result?.reason ?? ''}`);
    if (!device.isOpen) problems.push('the device was disconnected');
    return {
      faults: times,
      checked: refused,
      problems: [...new Set(problems)],
      figures: { 'sends go on after': { value: slowest, unit: 'ms', atMost: 3_000 } },
    };
  },
};
