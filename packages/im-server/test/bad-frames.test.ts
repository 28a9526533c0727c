import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { runningMs } from 'im-common/internal/bus';
import { connectDevice, onCleanup, type RawDevice } from 'im-test/support';
import { afterAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { corner, entry, logIn, push, startServer, until } from './support.ts';

/** The server has read all that was sent before, and still answers. */
async function stillAnswers(device: RawDevice): Promise<void> {
  device.send('{"cmd":1,"data":{}}');
  expect(await device.nextText()).toBe('{"cmd":1,"data":null}');
}

test.each([
  ['an unknown cmd', '{"cmd":77,"data":{}}'],
  ['a negative cmd', '{"cmd":-1,"data":{}}'],
  ['a fraction for cmd', '{"cmd":1.5,"data":{}}'],
  ['a huge cmd', '{"cmd":1e400,"data":{}}'],
  ['null for cmd', '{"cmd":null,"data":{}}'],
  ['true for cmd', '{"cmd":true,"data":{}}'],
  ['an array for cmd', '{"cmd":[1],"data":{}}'],
  ['a padded string for cmd', '{"cmd":" 1","data":{}}'],
  ['a word for cmd', '{"cmd":"LOGIN","data":{}}'],
  ['no cmd', '{"data":{}}'],
  ['bad JSON', '{"cmd":1,'],
  ['no JSON at all', 'hello'],
  ['an empty text', ''],
  ['an array', '[{"cmd":1,"data":{}}]'],
  ['a string', '"cmd"'],
  ['null', 'null'],
  ['a number', '1'],
  ['a third key', '{"cmd":1,"data":{},"id":"x"}'],
  ['__proto__ as third key', '{"cmd":1,"data":{},"__proto__":{"x":1}}'],
  ['only prototype keys', '{"__proto__":{"cmd":1},"constructor":1}'],
  ['an acknowledgement without a login', '{"cmd":6,"data":{"count":1}}'],
  ['deep nesting of arrays', `{"cmd":1,"x":${'['.repeat(30_000)}${']'.repeat(30_000)}}`],
  ['deep nesting of objects', `{"cmd":9,"data":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`],
  ['a lone surrogate escape', '{"cmd":"\\ud800","data":{}}'],
])('a frame with %s is ignored and the socket stays open', async (_name, text) => {
  const server = await startServer(corner());
  const device = await connectDevice(server.url);

  device.send(text);

  await stillAnswers(device);
});

test.each([2, 3, 4, 5])('cmd %i from a device does nothing', async (cmd) => {
  const server = await startServer(corner());
  const device = await logIn(server, 2);

  device.send({ cmd, data: 'anything' });

  await stillAnswers(device);
});

test('a binary frame is ignored, also one that holds a login', async () => {
  const server = await startServer(corner());
  const device = await connectDevice(server.url);

  device.send(Buffer.from('{"cmd":0,"data":{}}'));

  await stillAnswers(device);
});

test('prototype keys inside data reach nobody', async () => {
  const server = await startServer(corner());
  const device = await connectDevice(server.url);

  device.send(
    '{"cmd":0,"data":{"__proto__":{"accessToken":"x"},"constructor":{"prototype":{"polluted":1}}}}',
  );

  expect((await device.closed).code).toBe(4401);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('malformed frames are counted', async () => {
  const server = await startServer(corner());
  const device = await connectDevice(server.url);

  device.send('nonsense');
  device.send('{"cmd":77,"data":{}}');
  await stillAnswers(device);

  const metrics = await server.metrics.text();
  expect(metrics).toMatch(/im_frames_in_total\{[^}]*outcome="malformed"[^}]*\} 2/);
});

test('more frames in a second than allowed close with 4429', async () => {
  const server = await startServer(corner(), { maxFramesPerSecond: 20 });
  const device = await connectDevice(server.url);

  for (let n = 0; n < 60; n += 1) device.send('{"cmd":1,"data":{}}');

  expect((await device.closed).code).toBe(4429);
  expect(device.frames.length).toBeLessThanOrEqual(40); // two windows at most
});

test.each([
  ['binary frames', (device: RawDevice) => device.send(Buffer.of(1))],
  ['pings', (device: RawDevice) => device.ping()],
  ['malformed frames', (device: RawDevice) => device.send('x')],
])('%s count against the limit too', async (_name, sendOne) => {
  const server = await startServer(corner(), { maxFramesPerSecond: 20 });
  const device = await connectDevice(server.url);

  for (let n = 0; n < 60; n += 1) sendOne(device);

  expect((await device.closed).code).toBe(4429);
});

test('pongs that nobody asked for count against the limit too', async () => {
  const server = await startServer(corner(), { maxFramesPerSecond: 20 });
  const socket = new WebSocket(server.url);
  onCleanup(() => socket.terminate());
  await once(socket, 'open');

  for (let n = 0; n < 60; n += 1) socket.pong('x');

  expect((await once(socket, 'close'))[0]).toBe(4429);
});

test('more bytes in a second than allowed close with 4429, however few the frames', async () => {
  const server = await startServer(corner(), { maxBytesPerSecond: 100_000 });
  const device = await connectDevice(server.url);

  for (let n = 0; n < 5; n += 1) device.send(`{"cmd":1,"data":"${'x'.repeat(50_000)}"}`);

  expect(await device.closed).toEqual({ code: 4429, reason: 'too many bytes' });
  expect(device.frames.length).toBeLessThanOrEqual(3); // two windows at most
});

test('the bytes of each second count for themselves', async () => {
  const server = await startServer(corner(), { maxBytesPerSecond: 100_000 });
  const device = await connectDevice(server.url);

  for (let second = 0; second < 3; second += 1) {
    device.send(`{"cmd":1,"data":"${'x'.repeat(60_000)}"}`);
    expect((await device.next()).cmd).toBe(1);
    await secondOfTheServer();
  }
});

/** A window of the limit, whose end nothing announces. The server's clock leaves out what blocked its loop. */
async function secondOfTheServer(): Promise<void> {
  const end = runningMs() + 1_010;
  while (runningMs() < end) await sleep(20);
}

test('the pieces of a message count before the message is there, and what a device reads does not', async () => {
  const at = corner();
  const server = await startServer(at, { maxBytesPerSecond: 100_000 });
  const device = await logIn(server, 2);
  await push(at, server, 'private', entry(2, { data: `"${'x'.repeat(300_000)}"` }));
  expect((await device.next()).cmd).toBe(3);
  await stillAnswers(device);
  const socket = new WebSocket(server.url);
  onCleanup(() => socket.terminate());
  await once(socket, 'open');

  socket.send(Buffer.alloc(50_000), { fin: false });
  socket.send('{"cmd":1,"data":null}', { fin: true });
  socket.send(Buffer.alloc(60_000), { fin: false });
  socket.ping(); // in between, and the first whole frame after more than the limit

  expect((await once(socket, 'close'))[0]).toBe(4429);
});

test('a frame over maxFrameBytes closes with 1009, one of just that size is read', async () => {
  const server = await startServer(corner(), { maxFrameBytes: 1_000 });
  const fits = await connectDevice(server.url);
  const tooLong = await connectDevice(server.url);
  const frame = '{"cmd":1,"data":"';

  fits.send(`${frame}${'x'.repeat(1_000 - frame.length - 2)}"}`);
  tooLong.send(`${frame}${'x'.repeat(1_001 - frame.length - 2)}"}`);

  expect(await fits.nextText()).toBe('{"cmd":1,"data":null}');
  expect((await tooLong.closed).code).toBe(1009);
});

test('closes are counted by the code that ended them', async () => {
  const server = await startServer(corner(), { maxFrameBytes: 1_000 });
  const refused = await connectDevice(server.url);
  const leaves = await logIn(server, 2);

  refused.send('{"cmd":0,"data":{}}');
  await refused.closed;
  await leaves.close(3000);

  await until('both are counted', async () => {
    const metrics = await server.metrics.text();
    return (
      /im_closes_total\{code="4401"\} 1/.test(metrics) && /im_closes_total\{code="3000"\} 1/.test(metrics)
    );
  });
});

// Anything at all, from a thousand strangers: none gets an answer, none disturbs the logged-in device.
const nonsense = fc.oneof(
  fc.string(),
  fc.json(),
  fc.record({ cmd: fc.anything(), data: fc.anything() }).map((frame) => {
    try {
      return JSON.stringify(frame);
    } catch {
      return '';
    }
  }),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
);

test('a thousand random frames leave the server answering', async () => {
  const server = await startServer(corner(), { maxFramesPerSecond: 1_000_000 });
  const device = await connectDevice(server.url);

  for (const frame of fc.sample(nonsense, 1_000)) {
    const text = String(frame);
    const isOurs = /"cmd":\s*"?[0-6]/.test(text); // those have an answer, or an end
    if (!isOurs) device.send(frame);
  }

  await stillAnswers(device);
});

const uncaught: unknown[] = [];
const collect = (error: unknown): void => void uncaught.push(error);
process.on('uncaughtException', collect);
afterAll(() => {
  process.off('uncaughtException', collect);
  expect(uncaught).toEqual([]);
});
