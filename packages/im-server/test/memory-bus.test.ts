import { EventEmitter, once } from 'node:events';
import { ImError } from 'im-common';
import { createMemoryBus, type Bus, type ByteText } from 'im-common/bus';
import { decodeResult, forceLogoutList, messageList, resultList, type Result } from 'im-common/internal/bus';
import type { ImServer } from 'im-server';
import { connectDevice, onCleanup, type RawDevice } from 'im-test/support';
import { expect, test } from 'vitest';
import { entry, logIn, startServer, tokenOf } from './support.ts';

// What the other files show over Redis, in one breath over the bus in memory: the server must not know the difference.

const nowhere = { url: '', prefix: '' };

async function startOn(bus: Bus, options: object = {}): Promise<ImServer> {
  return await startServer(nowhere, { bus, ...options });
}

async function put(bus: Bus, list: string, ...texts: string[]): Promise<void> {
  const entries = texts as ByteText[];
  await bus.lists.put(list, {
    entries,
    producer: 'test',
    batchNumber: ++batchNumber,
    maxLength: 1e6,
    whenFull: 'refuse',
  });
}
let batchNumber = 0;

/** The next `count` results of the service `app`. */
async function results(bus: Bus, kind: 'private' | 'group', count: number): Promise<Result[]> {
  const list = resultList(kind, 'app');
  const found: Result[] = [];
  await bus.lists.open(list, 'test');
  for (let seen = 0; found.length < count;) {
    const batch = (await bus.lists.take(list, 'test', seen, 100)) ?? [];
    seen = batch.at(-1)?.seq ?? seen;
    found.push(...batch.map(({ text }) => decodeResult(text)));
    if (batch.length === 0) await bus.lists.wait(list, 5_000, AbortSignal.timeout(5_000));
  }
  return found;
}

test('login, push and result', async () => {
  const bus = createMemoryBus();
  const server = await startOn(bus);
  const device = await logIn(server, '9007199254740993');
  const data = String.raw`{"n":9007199254740993,"s":"\u003C"}`;

  await put(bus, messageList('private', server.id!), entry('9007199254740993', { data }));

  expect(await device.nextText()).toBe(`{"cmd":3,"data":${data}}`);
  const [result] = await results(bus, 'private', 1);
  expect(result).toMatchObject({ code: 0, dataText: data, outcomes: [{ stage: 'proved' }] });
});

test('metrics say how long it waited, how many bytes went out, and that the server is ready', async () => {
  const bus = createMemoryBus();
  const server = await startOn(bus);
  const device = await logIn(server, 2);
  const before = await sample(server, 'im_sent_bytes_total');
  const minuteAgo = Date.now() - 60_000;

  const [fresh, rerouted] = [`,"queuedAt":${minuteAgo}`, `,"attempt":2,"queuedAt":${minuteAgo}`];
  await put(bus, messageList('private', server.id!), entry(2, { more: fresh }), entry(2, { more: rerouted }));
  const texts = [await device.nextText(), await device.nextText()];
  await results(bus, 'private', 2);

  expect(await sample(server, 'im_queue_wait_seconds_count')).toBe(1);
  expect(await sample(server, 'im_queue_wait_seconds_sum')).toBeGreaterThanOrEqual(60);
  const sent = (await sample(server, 'im_sent_bytes_total')) - before;
  expect(sent).toBeGreaterThanOrEqual(texts.join('').length);
  expect([await sample(server, 'im_ready'), await sample(server, 'im_bus_up')]).toEqual([1, 1]);
  await server.close();
  expect(await sample(server, 'im_ready')).toBe(0);
});

async function sample(server: ImServer, name: string): Promise<number> {
  const lines = (await server.metrics.text()).split('\n');
  return Number(lines.find((line) => line.startsWith(`${name} `))?.slice(name.length));
}

test('the route comes with the login and goes with the close', async () => {
  const bus = createMemoryBus();
  const server = await startOn(bus);
  const address = { id: '2', terminal: 0 };

  const device = await logIn(server, 2);
  expect(await bus.presence.locate([address])).toEqual([server.id]);
  await device.close();

  await expect.poll(() => bus.presence.locate([address])).toEqual([undefined]);
});

test('two servers on one bus kick, hand on, and hand over when one closes', async () => {
  const bus = createMemoryBus();
  const [one, two] = [await startOn(bus, { kickGraceMs: 0 }), await startOn(bus)];
  const first = await logIn(one, 2, { devId: 'a' });
  const second = await logIn(two, 2, { devId: 'b' });
  expect((await first.closed).code).toBe(3000);

  await put(bus, messageList('private', one.id!), entry(2, { data: '1' }), entry(404, { data: '2' }));

  expect((await second.next()).data).toBe(1);
  const found = await results(bus, 'private', 2);
  expect(found.find(({ dataText }) => dataText === '1')).toMatchObject({
    code: 0,
    attempt: 2,
    serverId: two.id,
  });
  expect(found.find(({ dataText }) => dataText === '2')).toMatchObject({
    code: 2,
    outcomes: [{ reason: 'NO_CHANNEL' }],
  });
});

test('poison is kept and the next entry is pushed', async () => {
  const bus = createMemoryBus();
  const server = await startOn(bus);
  const device = await logIn(server, 2);

  await put(bus, messageList('group', server.id!), 'poison', entry(2));

  expect((await device.next()).cmd).toBe(4);
  await expect.poll(() => bus.lists.length('im:dead:group')).toBe(1);
});

test('a bus that was given stays open when the server closes', async () => {
  const bus = createMemoryBus();
  onCleanup(() => bus.close());
  const server = await startOn(bus);
  await logIn(server, 2);

  await server.close();

  expect(await bus.ping()).toBeGreaterThanOrEqual(0);
  expect(await bus.presence.locate([{ id: '2', terminal: 0 }])).toEqual(['moving']);
});

test('while the bus cannot say who logged in last, an order of another server leaves the device in', async () => {
  const bus = createMemoryBus();
  let isAway = false;
  const { presence } = bus;
  const flaky: Bus['presence'] = {
    bind: (...args) => presence.bind(...args),
    unbind: (...args) => presence.unbind(...args),
    unbindAll: (...args) => presence.unbindAll(...args),
    routes: () => presence.routes(),
    refresh: (...args) => presence.refresh(...args),
    revoke: (...args) => presence.revoke(...args),
    revocations: (...args) => presence.revocations(...args),
    locate: (...args) =>
      isAway ? Promise.reject(new ImError('BUS_UNAVAILABLE', 'away')) : presence.locate(...args),
  };
  const server = await startOn({ ...bus, presence: flaky }, { kickGraceMs: 0 });
  const device = await logIn(server, 2, { devId: 'a' });
  const list = forceLogoutList(server.id!);

  isAway = true;
  await put(bus, list, '{"devId":"b","terminal":0,"userId":2,"loginServer":77}');
  await put(bus, list, '{"devId":"b","terminal":1,"userId":2}');
  await expect.poll(() => bus.lists.length(list)).toBe(0);

  device.send('{"cmd":1,"data":{}}');
  expect((await device.next()).cmd).toBe(1);
  // Neither order is left in flight, and the next one is obeyed.
  await put(bus, list, '{"terminal":0,"userId":2}');
  expect((await device.next()).cmd).toBe(2);
  for (const consumer of await bus.lists.consumers(list)) {
    await expect.poll(() => bus.lists.requeue(list, consumer)).toBe(0);
  }
});

test('a device that is cut off while its route is being written counts as on its way, not as away', async () => {
  const bus = createMemoryBus();
  const { presence } = bus;
  const steps = new EventEmitter();
  const mayBind = once(steps, 'may bind');
  const binding = once(steps, 'binding');
  let unbound = 0;
  const slow: Bus['presence'] = {
    bind: async (...args) => {
      steps.emit('binding');
      await mayBind;
      return await presence.bind(...args);
    },
    unbind: async (...args) => {
      await presence.unbind(...args);
      unbound += 1;
    },
    unbindAll: (...args) => presence.unbindAll(...args),
    routes: () => presence.routes(),
    refresh: (...args) => presence.refresh(...args),
    revoke: (...args) => presence.revoke(...args),
    revocations: (...args) => presence.revocations(...args),
    locate: (...args) => presence.locate(...args),
  };
  const server = await startOn({ ...bus, presence: slow });
  const device = await connectDevice(server.url);
  device.send(JSON.stringify({ cmd: 0, data: { accessToken: await tokenOf(2) } }));
  await binding;

  device.terminate();
  await expect.poll(() => unbound).toBe(1);
  steps.emit('may bind');
  await expect.poll(() => unbound).toBe(2);

  expect(await presence.locate([{ id: '2', terminal: 0 }])).toEqual(['moving']);
});

test('what may have gone after its device is marked when the device is given it here after all', async () => {
  const bus = createMemoryBus();
  const there = await startOn(bus);
  const list = messageList('private', there.id!);
  let comeBack = (): void => undefined;
  const isBack = new Promise<void>((resolve) => (comeBack = resolve));
  // It takes effect, and its answer is lost.
  const lists = new Proxy(bus.lists, {
    get(target, key) {
      const method: unknown = Reflect.get(target, key, target);
      if (typeof method !== 'function') return method;
      if (key !== 'put') return method.bind(target) as unknown;
      return async (on: string, batch: Parameters<typeof target.put>[1]) => {
        const outcome = await target.put(on, batch);
        if (on !== list) return outcome;
        await isBack;
        throw new ImError('BUS_REFUSED', 'Nobody knows.', { effect: 'unknown' });
      };
    },
  });
  const here = await startOn({ ...bus, lists, close: () => Promise.resolve() });
  const first = await acknowledging(there.url);

  await put(bus, messageList('private', here.id!), entry(7, { more: ',"messageId":"m"' }));
  expect(await first.nextText()).toMatch(/^\{"cmd":3,"id":"m","attempt":2,/);
  const second = await acknowledging(here.url);
  comeBack();

  expect(await second.nextText()).toMatch(/^\{"cmd":3,"id":"m","attempt":2,/);
});

async function acknowledging(url: string): Promise<RawDevice> {
  const device = await connectDevice(url);
  device.send({ cmd: 0, data: { accessToken: await tokenOf(7), devId: 'd', ack: true } });
  await device.nextText();
  return device;
}
