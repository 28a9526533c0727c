import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import {
  connectDevice,
  makeToken,
  onCleanup,
  type RawDevice,
  type RawDeviceOptions,
} from './support/index.ts';

test('a frame that came before the call is not missed, nor one that another call skipped', async () => {
  const { device, peer } = await connected();
  peer.send('{"cmd":3,"data":{"id":1}}');
  peer.send('{"cmd":4,"data":{"id":2}}');

  expect(await device.next((frame) => frame.cmd === 4)).toEqual({ cmd: 4, data: { id: 2 } });
  expect(await device.next()).toEqual({ cmd: 3, data: { id: 1 } });
  expect(device.frames).toHaveLength(2);
});

test('a frame that comes after the call is handed to the first call that wants it', async () => {
  const { device, peer } = await connected();
  const four = device.next((frame) => frame.cmd === 4);
  const any = device.next();
  peer.send('{"cmd":1,"data":null}');
  peer.send('{"cmd":4,"data":null}');
  expect(await any).toEqual({ cmd: 1, data: null });
  expect(await four).toEqual({ cmd: 4, data: null });
});

test('raw text is kept character for character', async () => {
  const { device, peer } = await connected();
  peer.send('{"cmd":3, "data":{"id":9007199254740993}}');
  expect(await device.nextText()).toBe('{"cmd":3, "data":{"id":9007199254740993}}');
});

test('waiting ends with a reason', async () => {
  const { device, peer } = await connected();
  peer.send('{"cmd":1,"data":null}');
  await expect(device.next((frame) => frame.cmd === 9, { timeoutMs: 50 })).rejects.toThrow(
    'within 50 ms; unread: [{"cmd":1,"data":null}]',
  );
  await device.next();
  const waiting = expect(device.next()).rejects.toThrow('before the socket closed with 3000 "elsewhere"');
  peer.close(3000, 'elsewhere');
  await waiting;
  expect(await device.closed).toEqual({ code: 3000, reason: 'elsewhere' });
  await expect(device.next()).rejects.toThrow('closed with 3000');
});

test('a message that is no frame is an error', async () => {
  const { device, peer } = await connected();
  const waiting = expect(device.next()).rejects.toThrow('received: hello');
  peer.send('hello');
  await waiting;
  peer.send(Buffer.from('{"cmd":1,"data":null}'));
  await expect(device.next()).rejects.toThrow('binary message of 21 bytes');
});

test('login sends the token and resolves on cmd 0', async () => {
  const { device, peer } = await connected();
  const [received] = await Promise.all([
    once(peer, 'message').then(([data]) => {
      peer.send('{"cmd":0,"data":null}');
      return String(data);
    }),
    device.login({ token: 'T', devId: 'D' }),
  ]);
  expect(received).toBe('{"cmd":0,"data":{"accessToken":"T","devId":"D"}}');
});

test('pings are answered, unless autoPong is false or the device is paused', async () => {
  const answering = await connected();
  answering.peer.ping();
  await once(answering.peer, 'pong');
  expect(answering.device.pings).toBe(1);
  answering.device.ping();
  await once(answering.peer, 'ping');
  await expect.poll(() => answering.device.pongs).toBe(1);

  const silent = await connected({ autoPong: false });
  let pongs = 0;
  silent.peer.on('pong', () => (pongs += 1));
  silent.peer.ping();
  silent.peer.send('{"cmd":1,"data":null}');
  await silent.device.next();
  silent.device.send('still here');
  await once(silent.peer, 'message');
  expect(silent.device.pings).toBe(1);

  silent.device.pause();
  silent.peer.send('{"cmd":2,"data":null}');
  await expect(silent.device.next(undefined, { timeoutMs: 50 })).rejects.toThrow('within 50 ms');
  silent.device.resume();
  expect(await silent.device.next()).toEqual({ cmd: 2, data: null });
  expect(pongs).toBe(0);
});

test('connecting fails loudly where nobody listens', async () => {
  await expect(connectDevice('ws://127.0.0.1:1/im')).rejects.toThrow('ECONNREFUSED');
});

test('a token is what box-im makes', async () => {
  const token = await makeToken({
    userId: '9007199254740993',
    terminal: 0,
    secret: 'MIIBIjANBgkq',
    nickName: '张三',
  });
  const [header = '', payload = '', signature] = token.split('.');
  expect(decode(header)).toBe('{"typ":"JWT","alg":"HS256"}');
  const claims = JSON.parse(decode(payload)) as Record<string, unknown>;
  expect(claims).toEqual({
    aud: '9007199254740993',
    exp: expect.closeTo(Date.now() / 1_000 + 1_800, -1) as number,
    info: '{"nickName":"张三","terminal":0,"userId":9007199254740993,"userName":"user"}',
  });
  expect(signature).toBe(
    createHmac('sha256', 'MIIBIjANBgkq').update(`${header}.${payload}`).digest('base64url'),
  );
});

function decode(part: string): string {
  return Buffer.from(part, 'base64url').toString();
}

async function connected(options?: RawDeviceOptions): Promise<{ device: RawDevice; peer: WebSocket }> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  onCleanup(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const [[peer], device] = await Promise.all([
    once(server, 'connection') as Promise<[WebSocket]>,
    connectDevice(`ws://127.0.0.1:${port}`, options),
  ]);
  return { device, peer };
}
