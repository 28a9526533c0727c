import { once } from 'node:events';
import { connect as connectPlain } from 'node:net';
import { connect } from 'node:tls';
import { onCleanup, selfSigned } from 'im-test/support';
import { beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { corner, entry, push, startServer, tokenOf } from './support.ts';

let tls: { readonly cert: Buffer; readonly key: Buffer };

beforeAll(async () => {
  tls = await selfSigned();
});

test('with a certificate WebSocket is wss, from login to result', async () => {
  const at = corner();
  const server = await startServer(at, { tls });
  expect(server.url).toMatch(/^wss:/);
  const socket = new WebSocket(server.url, { ca: tls.cert });
  onCleanup(() => socket.terminate());
  await once(socket, 'open');

  socket.send(JSON.stringify({ cmd: 0, data: { accessToken: await tokenOf(2), devId: 1 } }));
  expect(String((await once(socket, 'message'))[0])).toBe('{"cmd":0,"data":null}');
  const pushed = once(socket, 'message');
  await push(at, server, 'private', entry(2, { data: '"é"' }));

  expect(String((await pushed)[0])).toBe('{"cmd":3,"data":"é"}');
  expect(await at.nextResult()).toMatchObject({ code: 0, stage: 'proved' });
});

test('with a certificate the TCP variant is TLS', async () => {
  const at = corner();
  const server = await startServer(at, { tls, tcpPort: 0 });
  const socket = connect({ port: server.tcpPort!, host: '127.0.0.1', ca: tls.cert });
  onCleanup(() => socket.destroy());
  await once(socket, 'secureConnect');
  const body = Buffer.from('{"cmd":1,"data":{}}');

  socket.write(Buffer.concat([Buffer.from([0, 0, 0, 0, 0, 0, 0, body.length]), body]));

  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.subarray(8).toString()).toBe('{"cmd":1,"data":null}');
});

test('peers that speak no TLS disturb nobody', async () => {
  const server = await startServer(corner(), { tls, tcpPort: 0 });
  const ports = [Number(new URL(server.url).port), server.tcpPort!];

  for (const port of ports) {
    const stranger = connectPlain(port, '127.0.0.1');
    stranger.on('error', () => undefined);
    const closed = new Promise((resolve) => stranger.once('close', resolve));
    stranger.write('GET /im HTTP/1.1\r\n\r\n');
    await closed;
  }

  const socket = new WebSocket(server.url, { ca: tls.cert });
  onCleanup(() => socket.terminate());
  await once(socket, 'open');
});

test.each(['web', 'tcp'])(
  'a %s peer in the middle of its TLS handshake does not outlive the server',
  async (kind) => {
    const server = await startServer(corner(), { tls, tcpPort: 0 });
    const port = kind === 'web' ? Number(new URL(server.url).port) : server.tcpPort!;
    const silent = connectPlain(port, '127.0.0.1');
    onCleanup(() => silent.destroy());
    silent.on('error', () => undefined);
    await once(silent, 'connect');
    const witness = connect({ port, host: '127.0.0.1', ca: tls.cert });
    onCleanup(() => witness.destroy());
    await once(witness, 'secureConnect'); // accepted after the silent one
    const closed = new Promise((resolve) => silent.once('close', resolve));

    await server.close();

    await closed;
  },
);
