import { once } from 'node:events';
import { createServer, get } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { createImServer, type ImServer } from 'im-server';
import { connectDevice, onCleanup } from 'im-test/support';
import { expect, test } from 'vitest';
import { corner, startServer, until } from './support.ts';

interface Answer {
  readonly status: number;
  readonly socket: Socket;
}

/** A WebSocket handshake by hand: what HTTP status it is answered with. */
async function handshake(
  server: ImServer,
  target = '/im',
  headers: Record<string, string> = {},
): Promise<Answer> {
  const { hostname, port } = new URL(server.url);
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
  onCleanup(() => socket.destroy());
  socket.on('error', () => undefined);
  const fields = {
    Host: `${hostname}:${port}`,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET ${target} HTTP/1.1\r\n${lines.join('')}\r\n`);
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(chunk.toString())?.[1]), socket };
}

/** Resolves when it is closed, by an error or not. */
function ending(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
  });
}

test.each([
  ['/im', 101],
  ['/', 404],
  ['/im/', 404],
  ['/IM', 404],
  ['/other', 404],
])('a handshake for %s is answered with %i', async (target, status) => {
  const server = await startServer(corner());

  expect((await handshake(server, target)).status).toBe(status);
});

test.each(['//', '//im', '///', 'http://[', '//[', '*', '/%', '/im%00', '/\\', '/../im/..'])(
  'a handshake for %s is refused and the server lives',
  async (target) => {
    const server = await startServer(corner());

    expect((await handshake(server, target)).status).toBeGreaterThanOrEqual(400);

    await connectDevice(server.url);
  },
);

test('a query does not matter', async () => {
  const server = await startServer(corner());

  expect((await handshake(server, '/im?x=1&y=//')).status).toBe(101);
});

test('the path is an option', async () => {
  const server = await startServer(corner(), { path: '/ws/v2' });

  expect((await handshake(server, '/ws/v2')).status).toBe(101);
  expect((await handshake(server, '/im')).status).toBe(404);
  expect(server.url).toMatch(/\/ws\/v2$/);
});

test.each([
  ['https://chat.example.com', 101],
  ['https://chat.example.com.evil.org', 403],
  ['https://evil.org/https://chat.example.com', 403],
  ['http://chat.example.com', 403],
  ['https://chat.example.com:8443', 403],
  ['null', 403],
])('with a list of origins, %s is answered with %i', async (origin, status) => {
  const server = await startServer(corner(), { allowedOrigins: ['https://chat.example.com'] });

  expect((await handshake(server, '/im', { Origin: origin })).status).toBe(status);
});

test('no Origin (no browser) may come in, and without a list every origin may', async () => {
  const strict = await startServer(corner(), { allowedOrigins: ['https://chat.example.com'] });
  const open = await startServer(corner());

  expect((await handshake(strict)).status).toBe(101);
  expect((await handshake(open, '/im', { Origin: 'https://anywhere.example' })).status).toBe(101);
});

test('more connections than allowed are refused with 503, and come in when one has left', async () => {
  const server = await startServer(corner(), { maxConnections: 2 });
  const first = await connectDevice(server.url);
  await connectDevice(server.url);

  expect((await handshake(server)).status).toBe(503);

  await first.close();
  await until('there is room again', async () => (await handshake(server)).status === 101);
});

test('more connections from one address than allowed are refused with 429', async () => {
  const server = await startServer(corner(), { maxConnectionsPerAddress: 2, trustProxy: true });
  const from = (address: string): Promise<Answer> => handshake(server, '/im', { 'X-Forwarded-For': address });

  expect((await from('10.0.0.1')).status).toBe(101);
  expect((await from('10.0.0.1')).status).toBe(101);
  expect((await from('10.0.0.1')).status).toBe(429);
  expect((await from('10.0.0.2')).status).toBe(101);
});

test('what a client writes into X-Forwarded-For before the proxy does changes nothing', async () => {
  const server = await startServer(corner(), { maxConnectionsPerAddress: 1, trustProxy: true });

  expect((await handshake(server, '/im', { 'X-Forwarded-For': '1.1.1.1, 10.0.0.1' })).status).toBe(101);
  expect((await handshake(server, '/im', { 'X-Forwarded-For': '2.2.2.2, 10.0.0.1' })).status).toBe(429);
});

test.each([
  ['two proxies', 2, (n: number) => `${n}.1.1.1, 198.51.100.1, 10.0.0.1`],
  ['networks', ['loopback', '10.0.0.0/8'], (n: number) => `${n}.1.1.1, 198.51.100.1, 10.0.0.1, 10.0.0.2`],
  ['networks of IPv6', ['127.0.0.1', 'fc00::/7'], (n: number) => `${n}.1.1.1, 198.51.100.1, fd00::7`],
  ['somebody else’s network', ['192.0.2.0/24'], (n: number) => `198.51.100.${n}`],
] as const)('where a device comes from is what our own proxies wrote: %s', async (_, trustProxy, entries) => {
  const server = await startServer(corner(), { maxConnectionsPerAddress: 1, trustProxy });
  const statuses: number[] = [];
  for (let n = 1; n <= 3; n += 1)
    statuses.push((await handshake(server, '/im', { 'X-Forwarded-For': entries(n) })).status);

  expect(statuses).toEqual([101, 429, 429]);
});

test('networks of proxies that are none are refused', () => {
  for (const trustProxy of [0, 33, 1.5, [], ['nonsense'], ['10.0.0.0/33'], 'all'] as never[])
    expect(() => createImServer({ jwtSecret: 'x', redis: 'redis://x', trustProxy })).toThrow(/trustProxy/);
});

test('a port, which some proxies add, makes no other address, and what is none counts for the proxy', async () => {
  const server = await startServer(corner(), { maxConnectionsPerAddress: 2, trustProxy: true });
  const from = async (address: string): Promise<number> =>
    (await handshake(server, '/im', { 'X-Forwarded-For': address })).status;
  const groups = [
    ['192.0.2.7:4000', '192.0.2.7:4001', '192.0.2.7'],
    ['[2001:db8::1]:44', '[2001:db8::2]:45', '[2001:db8::3]'],
    ['unknown', 'somebody-1', '1.2.3.4.5:6'],
  ];

  for (const [first = '', second = '', third = ''] of groups)
    expect([await from(first), await from(second), await from(third)]).toEqual([101, 101, 429]);
});

test('X-Forwarded-For is not believed unless told to', async () => {
  const server = await startServer(corner(), { maxConnectionsPerAddress: 1 });

  expect((await handshake(server, '/im', { 'X-Forwarded-For': '10.0.0.1' })).status).toBe(101);
  expect((await handshake(server, '/im', { 'X-Forwarded-For': '10.0.0.2' })).status).toBe(429);
});

test('refused connections are counted by reason', async () => {
  const server = await startServer(corner(), { maxConnections: 1 });

  await handshake(server);
  await handshake(server);
  await handshake(server, '/elsewhere');

  const metrics = await server.metrics.text();
  expect(metrics).toMatch(/im_refused_connections_total\{reason="full"\} 1/);
  expect(metrics).toMatch(/im_refused_connections_total\{reason="path"\} 1/);
});

test('a plain HTTP request is answered with 426 and what to upgrade to', async () => {
  const server = await startServer(corner());

  const [response] = (await once(get(server.url.replace('ws:', 'http:')), 'response')) as [
    { statusCode: number; headers: Record<string, string>; resume(): void },
  ];
  response.resume();

  expect(response.statusCode).toBe(426);
  expect(response.headers['upgrade']).toBe('websocket');
});

test('a refused peer that does not close its half is closed all the same', async () => {
  const server = await startServer(corner());
  const { status, socket } = await handshake(server, '/elsewhere');
  expect(status).toBe(404);
  const closed = ending(socket);

  // Writing to a socket that is closed on the other side is answered with a reset; to a half-open one, with nothing.
  const writing = setInterval(() => socket.write('x'), 20);
  onCleanup(() => clearInterval(writing));

  await closed;
});

test.each([
  ['says nothing', ''],
  ['sends half a handshake', 'GET /im HTTP/1.1\r\nHost: x\r\n'],
])('a peer that %s does not outlive the server', async (_name, text) => {
  const server = await startServer(corner());
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  onCleanup(() => socket.destroy());
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(text);
  await connectDevice(server.url); // accepted after the other one
  const closed = ending(socket);

  await server.close();

  await closed;
});

test('on an HTTP server of yours, other paths and requests stay yours', async () => {
  const http = createServer((_request, response) => response.end('mine'));
  http.on('upgrade', (request, socket) => {
    if (request.url === '/mine') socket.end('HTTP/1.1 418 mine\r\n\r\n');
  });
  http.listen(0, '127.0.0.1');
  onCleanup(() => http.close());
  await once(http, 'listening');
  const server = await startServer(corner(), { httpServer: http });
  expect(server.url).toContain(`:${(http.address() as AddressInfo).port}/im`);

  expect((await handshake(server)).status).toBe(101);
  expect((await handshake(server, '/mine')).status).toBe(418);
  const response = await fetch(server.url.replace('ws:', 'http:'));
  expect(await response.text()).toBe('mine');

  await server.close();
  expect(http.listening).toBe(true);
});
