import type { DeviceMessage } from 'im-device';
import { expect, test } from 'vitest';
import { makeDevice, online, push, reached, startIm, statesOf } from './support/devices.ts';
import { startPlainServer } from './support/plain-server.ts';

test('what the handler took is acknowledged; what it threw at or rejected is refused, and an error', async () => {
  const im = await startIm();
  const device = makeDevice<{ private: string }>({ url: im.server.url });
  const errors: unknown[] = [];
  device.on('error', (error) => errors.push([error.code, error.cause]));
  device.on('message', ({ data }) => {
    if (data === 'throw') throw new TypeError('sync');
  });
  device.on('message', async ({ data }) => {
    await Promise.resolve();
    if (data === 'reject') throw new TypeError('async');
  });
  await online(device);

  expect(await push(im, 'take')).toBe('acknowledged');
  expect(await push(im, 'throw')).toBe('REFUSED');
  expect(await push(im, 'reject')).toBe('REFUSED');
  expect(await push(im, 'take')).toBe('acknowledged');
  expect(errors).toEqual([
    ['HANDLER_FAILED', new TypeError('sync')],
    ['HANDLER_FAILED', new TypeError('async')],
  ]);
});

test('success is not before the promise of the handler has resolved, and the next message waits for it', async () => {
  const im = await startIm();
  const device = makeDevice({ url: im.server.url });
  const happened: string[] = [];
  let release: () => void = () => undefined;
  const began = new Promise<void>((resolve) => {
    device.on('message', async ({ data }) => {
      happened.push(`begin ${String(data)}`);
      resolve();
      if (data === 1) await new Promise<void>((go) => (release = go));
      happened.push(`end ${String(data)}`);
    });
  });
  await online(device);
  const first = push(im, 1).then((result) => happened.push(result));
  await began;
  const second = push(im, 2);
  const third = push(im, 3);
  await new Promise((resolve) => setTimeout(resolve, 100)); // nothing may happen
  release();
  await Promise.all([first, second, third]);
  expect(happened.filter((what) => what !== 'acknowledged')).toEqual([
    ...['begin 1', 'end 1', 'begin 2', 'end 2', 'begin 3', 'end 3'],
  ]);
  expect(happened.indexOf('acknowledged')).toBeGreaterThan(happened.indexOf('end 1'));
});

test('without a handler a message is refused: nobody has it', async () => {
  const im = await startIm();
  await online(makeDevice({ url: im.server.url }));
  expect(await push(im, 'hello')).toBe('REFUSED');
});

test('all three kinds come typed, with the id that the sender knows', async () => {
  const im = await startIm();
  const device = makeDevice<{ private: { text: string }; system: number }>({ url: im.server.url });
  const messages: DeviceMessage<{ private: { text: string }; system: number }>[] = [];
  device.on('message', (message) => messages.push(message));
  await online(device);
  const sender = { id: 1, terminal: 0 };
  const receipts = [
    await im.client.sendPrivateMessage({ sender, recvId: 2, data: { text: 'hi' } }),
    await im.client.sendGroupMessage({ sender, recvIds: [2, 3], data: ['all'] }),
    await im.client.sendSystemMessage({ recvIds: [2], data: 7 }),
  ];
  await Promise.all(receipts.map((receipt) => receipt.results()));
  const [privately, group, system] = receipts.map(({ messageId }) => messageId);
  expect(messages).toEqual(
    expect.arrayContaining([
      { kind: 'private', id: privately, attempt: 1, kept: false, data: { text: 'hi' } },
      { kind: 'group', id: group, attempt: 1, kept: false, data: ['all'] },
      { kind: 'system', id: system, attempt: 1, kept: false, data: 7 },
    ]),
  );
});

test('in a loop a message is taken when the loop asks for the next; leaving the loop refuses the one in hand', async () => {
  const im = await startIm();
  const device = makeDevice<{ private: number }>({ url: im.server.url });
  await online(device);
  const results = new Map<number, string>();
  const looping = (async () => {
    for await (const { data } of device) {
      if (data === 2) expect(results.get(1)).toBeUndefined(); // still on its way: it was taken a moment ago
      if (data === 3) break;
    }
  })();
  await Promise.all([1, 2, 3].map(async (number) => results.set(number, await push(im, number))));
  await looping;
  expect([...results.entries()].sort()).toEqual([
    [1, 'acknowledged'],
    [2, 'acknowledged'],
    [3, 'REFUSED'],
  ]);
});

test('a loop ends when the device is closed', async () => {
  const im = await startIm();
  const device = await online(makeDevice({ url: im.server.url }));
  const looping = (async () => {
    let count = 0;
    for await (const message of device) count += message.attempt;
    return count;
  })();
  await device.close();
  expect(await looping).toBe(0);
  for await (const { id } of device) throw new Error(`a closed device has no messages, but ${id}`);
});

test('doubles are dropped and acknowledged; late ones are refused, or delivered when that is asked for', async () => {
  for (const late of ['refuse', 'deliver'] as const) {
    const server = await startPlainServer({ ack: true });
    const device = makeDevice({ url: server.url, late });
    const seen: unknown[] = [];
    const dropped: unknown[] = [];
    device.on('message', ({ data }) => seen.push(data));
    device.on('dropped', ({ data }, why) => dropped.push([data, why]));
    await online(device);
    server.send({ cmd: 3, id: 'some-process-5', data: 'five' });
    server.send({ cmd: 3, id: 'some-process-5', data: 'five again' });
    server.send({ cmd: 3, id: 'some-process-4', attempt: 2, data: 'four' });
    server.send({ cmd: 3, id: 'some-process-6', attempt: 2, data: 'six' });
    await expect.poll(() => acknowledged(server.received)).toHaveLength(4);
    expect(acknowledged(server.received)).toEqual([true, true, late === 'deliver', true]);
    expect(seen).toEqual(late === 'deliver' ? ['five', 'four', 'six'] : ['five', 'six']);
    expect(dropped).toEqual([['five again', 'double'], ...(late === 'deliver' ? [] : [['four', 'late']])]);
  }
});

test('a burst is acknowledged in a few frames, far below what servers allow', async () => {
  const im = await startIm();
  const device = makeDevice({ url: im.server.url });
  let count = 0;
  device.on('message', async () => {
    await Promise.resolve();
    count += 1;
  });
  const states = statesOf(await online(device));
  const results = await Promise.all(Array.from({ length: 2_000 }, (_, number) => push(im, number)));
  expect(count).toBe(2_000);
  expect(new Set(results)).toEqual(new Set(['acknowledged']));
  expect(states).toEqual([]); // 50 frames a second are allowed, and more would have closed it
});

test('what waits behind a handler when the connection is lost is not handed over any more: it was reported lost', async () => {
  const server = await startPlainServer({ ack: true });
  const device = makeDevice({ url: server.url });
  const seen: unknown[] = [];
  let release: () => void = () => undefined;
  device.on('message', async ({ data }) => {
    seen.push(data);
    if (data === 'first') await new Promise<void>((go) => (release = go));
  });
  await online(device);
  server.send({ cmd: 3, id: 'p-1', data: 'first' });
  server.send({ cmd: 3, id: 'p-2', data: 'second' });
  await expect.poll(() => seen).toEqual(['first']);
  const lost = reached(device, 'waiting');
  for (const socket of server.sockets) socket.terminate();
  await lost;
  await reached(device, 'online');
  // The one in hand is repeated, the other comes again with a later connection.
  server.send({ cmd: 3, id: 'p-1', attempt: 2, data: 'first' });
  server.send({ cmd: 3, id: 'p-3', data: 'third' });
  release();
  await expect.poll(() => acknowledged(server.received)).toEqual([true, true]);
  expect(seen).toEqual(['first', 'third']);
});

test('a plain box-im server: no acknowledgements, no ids, and what came before a loss is still handed over', async () => {
  const server = await startPlainServer();
  const device = makeDevice({ url: server.url });
  const seen: unknown[] = [];
  let release: () => void = () => undefined;
  device.on('message', async ({ data, id }) => {
    seen.push([data, id]);
    if (seen.length === 1) await new Promise<void>((go) => (release = go));
  });
  await online(device);
  expect(device.state).toEqual({ kind: 'online', url: server.url, acknowledges: false, features: [] });
  for (const data of ['a', 'a', 'b']) server.send({ cmd: 3, data });
  await expect.poll(() => seen).toHaveLength(1);
  const lost = reached(device, 'waiting');
  for (const socket of server.sockets) socket.terminate();
  await lost;
  release();
  await expect
    .poll(() => seen)
    .toEqual([
      ['a', undefined],
      ['a', undefined],
      ['b', undefined],
    ]);
  expect(server.received.filter(({ cmd }) => cmd === 6)).toEqual([]);
});

/** By place: whether it was taken. */
function acknowledged(received: readonly { cmd: number; data: unknown }[]): boolean[] {
  const places: boolean[] = [];
  for (const { cmd, data } of received) {
    if (cmd === 0) places.length = 0; // another connection
    if (cmd !== 6) continue;
    const { count, refused = [] } = data as { count: number; refused?: number[] };
    for (let place = places.length + 1; place <= count; place++) places.push(!refused.includes(place));
  }
  return places;
}
