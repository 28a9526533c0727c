import { once } from 'node:events';
import type { ImServer } from 'im-server';
import { connectDevice, onCleanup, type RawDevice } from 'im-test/support';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { corner, entry, firstWord, logIn, push, startServer, tokenOf, until } from './support.ts';

// P-3.1, P-3.3.

const both = '[{"id":2,"terminal":0},{"id":3,"terminal":0}]';

/** A logged-in device that acknowledges, with the answer to its login. */
async function logInAcknowledging(server: ImServer, userId: number): Promise<RawDevice> {
  const device = await connectDevice(server.url);
  const accessToken = await tokenOf(userId);
  device.send({ cmd: 0, data: { accessToken, devId: 1, ack: true } });
  const { data } = await device.next();
  expect(data).toMatchObject({ ack: true });
  return device;
}

function identified(messageId: string, userId = 2): string {
  return entry(userId, { data: `"${messageId}"`, more: `,"messageId":"${messageId}"` });
}

test('a message without a pong is no success: the device is closed with 4409, the message reported', async () => {
  const at = corner();
  const server = await startServer(at, { proofTimeoutMs: 300 });
  const device = await logIn(server, 2, { autoPong: false });

  await push(at, server, 'private', entry(2));

  expect((await device.next()).cmd).toBe(3);
  expect(await at.nextResult()).toMatchObject({ code: 2, stage: 'written', reason: 'CLOSED_BEFORE_PROOF' });
  expect((await device.closed).code).toBe(4409);
  expect(await at.redis.llen(at.key('im:result:private:app'))).toBe(0);
});

test('other devices are served while one owes its pong', async () => {
  const at = corner();
  const server = await startServer(at, { proofTimeoutMs: 60_000 });
  await logIn(server, 2, { autoPong: false });
  await logIn(server, 3);

  await push(at, server, 'private', entry(2), entry(3));

  expect(await at.nextResult()).toMatchObject({ code: 0, receiver: { id: 3, terminal: 0 } });
});

test('of a group the proved receivers are reported while one owes its pong, each receiver once', async () => {
  const at = corner();
  const server = await startServer(at, { proofTimeoutMs: 2_000 });
  const owing = await logIn(server, 2, { autoPong: false });
  await logIn(server, 3);

  await push(at, server, 'group', entry(0, { receivers: both }));

  expect(await at.nextResult('group')).toMatchObject({ code: 0, receivers: [{ id: 3, terminal: 0 }] });
  await owing.close(1000);
  expect(await at.nextResult('group')).toMatchObject({
    code: 2,
    reason: 'CLOSED_BEFORE_PROOF',
    receivers: [{ id: 2, terminal: 0 }],
  });
  expect(await at.redis.llen(at.key('im:result:group:app'))).toBe(0);
});

test('the entry stays in flight until its last receiver is done', async () => {
  const at = corner();
  const server = await startServer(at, { proofTimeoutMs: 60_000 });
  const owing = await logIn(server, 2, { autoPong: false });
  await logIn(server, 3);

  await push(at, server, 'group', entry(0, { receivers: both }));
  await at.nextResult('group');

  const [inFlight] = await at.redis.keys(`{${at.key(`im:message:group:${server.id}`)}}:inflight:*`);
  expect(await at.redis.hlen(inFlight!)).toBe(2);
  owing.terminate();
  await until('it is acknowledged', async () => (await at.redis.hlen(inFlight!)) === 1);
});

test.each([
  ['closes', (device: RawDevice) => void device.close(1000)],
  ['breaks off', (device: RawDevice) => device.terminate()],
])('a device that %s before its pong has not proved anything', async (_name, leave) => {
  const at = corner();
  const server = await startServer(at, { proofTimeoutMs: 60_000 });
  const device = await logIn(server, 2, { autoPong: false });

  await push(at, server, 'private', entry(2));
  await device.next();
  leave(device);

  expect(await at.nextResult()).toMatchObject({ code: 2, reason: 'CLOSED_BEFORE_PROOF', stage: 'written' });
});

test('pongs with other bytes than the ping’s prove nothing', async () => {
  const at = corner();
  const server = await startServer(at, { proofTimeoutMs: 500 });
  const socket = new WebSocket(server.url, { autoPong: false });
  onCleanup(() => socket.terminate());
  await once(socket, 'open');
  socket.send(JSON.stringify({ cmd: 0, data: { accessToken: await tokenOf(2), devId: 1 } }));
  await once(socket, 'message');
  for (const payload of ['', '0', '1', '2', '3', 'x']) socket.pong(payload); // before anything was sent

  const pinged = once(socket, 'ping') as Promise<[Buffer]>;
  await push(at, server, 'private', entry(2));
  const [payload] = await pinged;
  for (const forged of [
    '',
    `${payload.toString()} `,
    `0${payload.toString()}`,
    String(Number(payload) + 1),
    '999',
  ]) {
    socket.pong(forged);
  }

  expect(await at.nextResult()).toMatchObject({ code: 2, reason: 'CLOSED_BEFORE_PROOF' });
});

test('a pong proves what was written before its ping, not what came after', async () => {
  const at = corner();
  const server = await startServer(at, { proofTimeoutMs: 60_000 });
  const socket = new WebSocket(server.url, { autoPong: false });
  onCleanup(() => socket.terminate());
  await once(socket, 'open');
  socket.send(JSON.stringify({ cmd: 0, data: { accessToken: await tokenOf(2), devId: 1 } }));
  await once(socket, 'message');

  const pinged = once(socket, 'ping') as Promise<[Buffer]>;
  await push(at, server, 'private', entry(2, { data: '1' }));
  const [payload] = await pinged;
  const second = once(socket, 'message');
  await push(at, server, 'private', entry(2, { data: '2' }));
  await second;
  const pingedAgain = once(socket, 'ping') as Promise<[Buffer]>;
  socket.pong(payload);

  expect(await at.nextResult()).toMatchObject({ code: 0, data: 1 });
  const [next] = await pingedAgain;
  expect(await at.redis.llen(at.key('im:result:private:app'))).toBe(0);
  socket.pong(next);
  expect(await at.nextResult()).toMatchObject({ code: 0, data: 2, stage: 'proved' });
});

test('many messages are covered by few pings', async () => {
  const at = corner();
  const server = await startServer(at);
  const device = await logIn(server, 2);

  await push(at, server, 'private', ...Array.from({ length: 500 }, (_, n) => entry(2, { data: String(n) })));

  for (let n = 0; n < 500; n += 1) expect(await at.nextResult()).toMatchObject({ code: 0, stage: 'proved' });
  expect(device.pings).toBeLessThan(20);
});

test('with proof "written" the operating system’s word is enough, and no ping is sent', async () => {
  const at = corner();
  const server = await startServer(at, { proof: 'written' });
  const device = await logIn(server, 2, { autoPong: false });

  await push(at, server, 'private', entry(2));

  expect(await at.nextResult()).toMatchObject({ code: 0, stage: 'written' });
  expect((await device.next()).cmd).toBe(3);
  expect(device.pings).toBe(0);
});

test('with proof "written" a message that the operating system never took is no success', async () => {
  const at = corner();
  const server = await startServer(at, { proof: 'written', maxBufferedBytes: 1_000_000_000 });
  const device = await logIn(server, 2);
  const witness = await logIn(server, 3);
  const count = 30; // of a megabyte each: more than the buffers of both ends take
  const big = entry(2, { data: `"${'x'.repeat(1_000_000)}"` });

  device.pause();
  for (let n = 0; n < count; n += 1) await push(at, server, 'private', big);
  await push(at, server, 'private', entry(3));
  await witness.next(); // the server has taken them all
  device.terminate();

  const results = [];
  for (let n = 0; n <= count; n += 1) results.push(await at.nextResult());
  const lost = results.filter(({ reason }) => reason === 'CLOSED_BEFORE_PROOF');
  expect(lost.length).toBeGreaterThan(count / 3);
});

test('a device that acknowledges gets its messages’ identities, and success is its word', async () => {
  const at = corner();
  const server = await startServer(at);
  const device = await logInAcknowledging(server, 2);

  await push(at, server, 'private', identified('m-1'), identified('m-2'), identified('m-3'));

  for (const id of ['m-1', 'm-2', 'm-3']) {
    expect(await device.nextText()).toBe(`{"cmd":3,"id":"${id}","data":"${id}"}`);
  }
  await until('the stack has answered a ping', () => device.pings > 0);
  expect(await at.redis.llen(at.key('im:result:private:app'))).toBe(0);
  device.send('{"cmd":6,"data":{"count":2}}');
  expect(await at.nextResult()).toMatchObject({ code: 0, stage: 'acknowledged', messageId: 'm-1' });
  expect(await at.nextResult()).toMatchObject({ code: 0, stage: 'acknowledged', messageId: 'm-2' });
  device.send('{"cmd":6,"data":{"count":3}}');
  expect(await at.nextResult()).toMatchObject({ code: 0, stage: 'acknowledged', messageId: 'm-3' });
});

test('the answer to a login with ack says when the token ends', async () => {
  const server = await startServer(corner());
  const device = await connectDevice(server.url);
  const before = Date.now();

  device.send({ cmd: 0, data: { accessToken: await tokenOf(2, 0, { expiresInS: 600 }), ack: true } });

  const { data } = (await device.next()) as unknown as { data: { ack: boolean; expiresAt: number } };
  expect(data.ack).toBe(true);
  expect(data.expiresAt).toBeGreaterThan(before + 598_000);
  expect(data.expiresAt).toBeLessThanOrEqual(Date.now() + 600_000);
});

test('an identity of any letters stands readable in the frame', async () => {
  const at = corner();
  const server = await startServer(at);
  const device = await logInAcknowledging(server, 2);

  await push(at, server, 'private', entry(2, { data: '1', more: ',"messageId":"消息-😀-\\"q\\""' }));

  expect(JSON.parse(await device.nextText())).toEqual({ cmd: 3, id: '消息-😀-"q"', data: 1 });
});

test('an entry without an identity, as Java writes them, can be acknowledged too', async () => {
  const at = corner();
  const server = await startServer(at);
  const device = await logInAcknowledging(server, 2);

  await push(at, server, 'private', entry(2));

  expect(await device.nextText()).toBe('{"cmd":3,"data":{"content":"hi","id":101}}');
  device.send('{"cmd":6,"data":{"count":1}}');
  expect(await at.nextResult()).toMatchObject({ code: 0, stage: 'acknowledged' });
});

test('one message serves devices that acknowledge and devices that do not', async () => {
  const at = corner();
  const server = await startServer(at);
  const plain = await logIn(server, 3);
  const acknowledging = await logInAcknowledging(server, 2);
  const text = entry(0, { receivers: both, data: '1', more: ',"messageId":"m"' });

  await push(at, server, 'group', text);

  expect(await plain.nextText()).toBe('{"cmd":4,"data":1}');
  expect(await acknowledging.nextText()).toBe('{"cmd":4,"id":"m","data":1}');
  acknowledging.send('{"cmd":6,"data":{"count":1}}');
  // In one result or two, as the pong and the acknowledgement fell.
  const seen: unknown[] = [];
  while (seen.length < 2) {
    const { code, stage, receivers } = await at.nextResult('group');
    expect(code).toBe(0);
    for (const receiver of receivers as { id: number; stage?: string }[]) {
      seen.push([receiver.id, receiver.stage ?? stage]);
    }
  }
  expect(seen.sort()).toEqual([
    [2, 'acknowledged'],
    [3, 'proved'],
  ]);
});

test('a device that does not acknowledge in time is closed with 4409 and its messages are reported', async () => {
  const at = corner();
  const server = await startServer(at, { ackTimeoutMs: 300 });
  const device = await logInAcknowledging(server, 2);

  await push(at, server, 'private', identified('m-1'));

  expect(await at.nextResult()).toMatchObject({ code: 2, reason: 'CLOSED_BEFORE_PROOF', messageId: 'm-1' });
  expect((await device.closed).code).toBe(4409);
});

test.each(['3', '-1', '1.5', '"2"', '9007199254740993', 'null', '{}', '[2]'])(
  'an acknowledgement of %s, where two were sent, is ignored and counted as malformed',
  async (count) => {
    const at = corner();
    const server = await startServer(at);
    const device = await logInAcknowledging(server, 2);
    await push(at, server, 'private', identified('m-1'), identified('m-2'));
    await device.next();
    await device.next();

    device.send(`{"cmd":6,"data":{"count":${count}}}`);
    device.send('{"cmd":1,"data":{}}');
    expect((await device.next()).cmd).toBe(1);

    expect(await server.metrics.text()).toMatch(/im_frames_in_total\{[^}]*outcome="malformed"[^}]*\} 1/);
    expect(await at.redis.llen(at.key('im:result:private:app'))).toBe(0);
    device.send('{"cmd":6,"data":{"count":2}}');
    for (const messageId of ['m-1', 'm-2']) {
      expect(await at.nextResult()).toMatchObject({ stage: 'acknowledged', messageId });
    }
  },
);

test('an acknowledgement that is repeated or goes back does nothing', async () => {
  const at = corner();
  const server = await startServer(at);
  const device = await logInAcknowledging(server, 2);
  await push(at, server, 'private', identified('m-1'), identified('m-2'));
  await device.next();
  await device.next();

  for (const count of [1, 1, 0, 1, 2]) device.send(`{"cmd":6,"data":{"count":${count}}}`);

  expect(await at.nextResult()).toMatchObject({ messageId: 'm-1' });
  expect(await at.nextResult()).toMatchObject({ messageId: 'm-2' });
  expect(await at.redis.llen(at.key('im:result:private:app'))).toBe(0);
});

test('a device that did not ask for acknowledgements cannot give any', async () => {
  const at = corner();
  const server = await startServer(at, { proofTimeoutMs: 500 });
  const device = await logIn(server, 2, { autoPong: false });
  await push(at, server, 'private', entry(2));
  await device.next();

  device.send('{"cmd":6,"data":{"count":1}}');

  expect(await at.nextResult()).toMatchObject({ code: 2, reason: 'CLOSED_BEFORE_PROOF' });
});

test('acknowledgements go on counting after a login with a fresh token', async () => {
  const at = corner();
  const server = await startServer(at);
  const device = await logInAcknowledging(server, 2);
  await push(at, server, 'private', identified('m-1'));
  await device.next();

  device.send({ cmd: 0, data: { accessToken: await tokenOf(2), ack: true } });
  expect(JSON.parse((await firstWord(device)) as string)).toMatchObject({ cmd: 0, data: { ack: true } });
  device.send('{"cmd":6,"data":{"count":1}}');

  expect(await at.nextResult()).toMatchObject({ stage: 'acknowledged', messageId: 'm-1' });
});
