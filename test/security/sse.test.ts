import { createServer, type Server as HttpServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { createMemoryBus } from 'im-common/bus';
import { createImClient, jsonText, type ImClient } from 'im-client';
import { createImServer, type ImServer, type ImServerOptions } from 'im-server';
import { makeToken, onCleanup } from 'im-test/support';
import { expect, test } from 'vitest';

// P-19 with nothing of ours in it: frames by hand, and what nobody should send.

const secret = 'for-tests';

interface World {
  readonly server: ImServer;
  readonly im: ImClient;
  readonly url: string;
}

async function startWorld(options: Partial<ImServerOptions> = {}): Promise<World> {
  const bus = createMemoryBus();
  await bus.start();
  onCleanup(() => bus.close());
  const server = createImServer({
    ...{ bus, host: '127.0.0.1', port: 0, jwtSecret: secret, drainMs: 0, sse: true },
    ...options,
  });
  onCleanup(() => server.close());
  await server.start();
  const im = createImClient({ service: 'shop', bus });
  onCleanup(() => im.close());
  await im.start();
  return { server, im, url: server.url.replace(/^ws/, 'http') };
}

interface Event {
  readonly name: string;
  readonly data: string;
}

/** What comes down, and a way up, as anybody might write them. */
class Stream {
  readonly response: Response;
  readonly events: Event[] = [];
  readonly #url: string;
  #isOver = false;

  constructor(url: string, response: Response) {
    this.#url = url;
    this.response = response;
    void this.#read()
      .catch(() => undefined)
      .finally(() => (this.#isOver = true));
  }

  static async open(url: string, body = '', headers: Record<string, string> = {}): Promise<Stream> {
    const end = new AbortController();
    onCleanup(() => end.abort());
    const response = await fetch(url, {
      ...{ method: 'POST', body, signal: end.signal, headers: { accept: 'text/event-stream', ...headers } },
    });
    return new Stream(url, response);
  }

  async next(name: string, count = 1): Promise<string> {
    const found = (): Event | undefined => this.events.filter((event) => event.name === name)[count - 1];
    await expect.poll(found).toBeDefined();
    return found()?.data ?? '';
  }

  async ended(): Promise<void> {
    await expect.poll(() => this.#isOver).toBe(true);
  }

  async id(): Promise<string> {
    return (JSON.parse(await this.next('open')) as { stream: string }).stream;
  }

  async post(number: number, ...frames: string[]): Promise<number> {
    return post(this.#url, `{"stream":"${await this.id()}","number":${number}}`, ...frames);
  }

  async #read(): Promise<void> {
    let text = '';
    for await (const piece of this.response.body as AsyncIterable<Uint8Array>) {
      text += Buffer.from(piece).toString();
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const lines = block.split('\n');
        const name = lines.find((line) => line.startsWith('event: '))?.slice(7) ?? 'frame';
        const data = lines.filter((line) => line.startsWith('data: ')).map((line) => line.slice(6));
        this.events.push({ name, data: data.join('\n') });
      }
    }
  }
}

async function post(url: string, ...lines: string[]): Promise<number> {
  return (await fetch(url, { method: 'POST', body: lines.join('\n') })).status;
}

async function login(userId: number): Promise<string> {
  const accessToken = await makeToken({ userId, terminal: 0, secret });
  return JSON.stringify({ cmd: 0, data: { accessToken } });
}

const beat = '{"cmd":1,"data":{}}';

test('one request opens it, and with the login in it is all that a listener needs', async () => {
  const { im, url } = await startWorld();
  const stream = await Stream.open(`${url}?ignored=1`, await login(2));

  expect(stream.response.headers.get('content-type')).toBe('text/event-stream');
  expect(stream.response.headers.get('cache-control')).toBe('no-store, no-transform');
  expect(stream.response.headers.get('x-accel-buffering')).toBe('no');
  expect(await stream.id()).toMatch(/^[\w-]{24}$/);
  expect(await stream.next('frame')).toBe('{"cmd":0,"data":null}');

  const data = jsonText('{"id":9007199254740993,\n  "text": "é\\n\\u2028"\n}');
  const receipt = await im.sendPrivateMessage({
    ...{ sender: { id: 1, terminal: 0 }, recvId: 2, recvTerminals: [0], data },
  });
  expect(await stream.next('frame', 2)).toBe(
    '{"cmd":3,"data":{"id":9007199254740993,\n  "text": "é\\n\\u2028"\n}}',
  );
  expect(await receipt.results()).toMatchObject([{ stage: 'written' }]); // P-3.1
});

test('what comes twice counts once, what comes too early is refused, and nobody else may speak', async () => {
  const { server, url } = await startWorld();
  const stream = await Stream.open(url, await login(2));
  await stream.next('frame');

  expect(await stream.post(1, beat)).toBe(204);
  expect(await stream.post(1, beat, beat)).toBe(204);
  expect(await stream.post(3, beat)).toBe(409);
  expect(await stream.post(2, beat)).toBe(204);
  await stream.next('frame', 3);
  expect(stream.events.filter(({ data }) => data === '{"cmd":1,"data":null}')).toHaveLength(2);

  const other = (await stream.id()).replace(/^./, (first) => (first === 'A' ? 'B' : 'A'));
  expect(await post(url, `{"stream":"${other}","number":3}`, beat)).toBe(404);
  for (const head of ['', '[]', '{"stream":"x","number":1}', `{"stream":"${other}","number":0}`, beat])
    expect([head, await post(url, head, beat)]).toEqual([head, 400]);
  expect(await post(url, 'x'.repeat(70_000))).toBe(413);
  expect(await post(url.replace(/im$/, 'in'), beat)).toBe(426);
  expect((await fetch(url)).status).toBe(426);
  const metrics = await server.metrics.text();
  expect(metrics).toContain('im_sse_posts_total{answer="gap"} 1\n');
  expect(metrics).toContain('im_sse_posts_total{answer="unknown"} 1\n');

  const close = `{"stream":"${await stream.id()}","number":3,"close":1000}`;
  expect(await post(url, close)).toBe(204);
  expect(await stream.next('close')).toBe('{"code":1000,"reason":""}');
  await stream.ended();
  expect(await post(url, close)).toBe(404);
});

test('it is closed with the codes of a WebSocket', async () => {
  const { url } = await startWorld({ loginTimeoutMs: 300, maxFramesPerSecond: 5 });
  const [silent, wrong, loud] = [
    await Stream.open(url),
    await Stream.open(url, '{"cmd":0,"data":{"accessToken":"x"}}'),
    await Stream.open(url, await login(2)),
  ];

  expect(await wrong.next('close')).toBe('{"code":4401,"reason":"token refused"}');
  await loud.next('frame');
  await loud.post(1, ...Array.from({ length: 20 }, () => beat));
  expect(await loud.next('close')).toBe('{"code":4429,"reason":"too many frames"}');
  expect(await silent.next('close')).toBe('{"code":4408,"reason":"login timeout"}');
  for (const stream of [silent, wrong, loud]) await stream.ended();
});

test('limits of connections and origins are those of a WebSocket', async () => {
  const { url } = await startWorld({
    maxConnectionsPerAddress: 1,
    allowedOrigins: ['https://chat.example.com'],
  });
  const foreign = await Stream.open(url, '', { origin: 'https://chat.example.com.evil.org' });
  expect([foreign.response.status, foreign.response.headers.get('access-control-allow-origin')]).toEqual([
    ...[403, null],
  ]);
  const ours = await Stream.open(url, '', { origin: 'https://chat.example.com' });
  expect(ours.response.headers.get('access-control-allow-origin')).toBe('https://chat.example.com');
  expect((await Stream.open(url)).response.status).toBe(429);
});

test('a device that reads nothing is cut off, and holds no more memory than others', async () => {
  const { im, url } = await startWorld({ maxBufferedBytes: 100_000 });
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  onCleanup(() => socket.destroy());
  const body = await login(2);
  socket.write(
    `POST /im HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  await expect.poll(() => im.isOnline(2, 0)).toBe(true);
  socket.pause();

  const data = 'x'.repeat(500_000);
  const reasons: unknown[] = [];
  while (!reasons.includes('SLOW_READER')) {
    const receipt = await im.sendPrivateMessage({
      ...{ sender: { id: 1, terminal: 0 }, recvId: 2, recvTerminals: [0], data },
    });
    reasons.push((await receipt.results({ timeoutMs: 2_000 }))[0]?.reason);
  }
  await expect.poll(() => im.isOnline(2, 0)).toBe(false);
});

test('nothing else is asked over the connection of a stream', async () => {
  const { server, url } = await startWorld();
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  onCleanup(() => socket.destroy());
  socket.on('error', () => undefined);
  const open = 'POST /im HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nContent-Length: 0\r\n\r\n';
  socket.write(open + open);
  let text = '';
  socket.on('data', (piece) => (text += String(piece)));
  await new Promise((resolve) => socket.once('close', resolve));

  expect(text.match(/HTTP\/1\.1 200/g)?.length ?? 0).toBeLessThanOrEqual(1);
  await expect.poll(async () => server.metrics.text()).toContain('im_closes_total{code="1006"} 1\n');
});

test('a body that does not come is waited for no longer than a handshake, and strangers are counted', async () => {
  const { url } = await startWorld({ maxUnauthenticatedPerAddress: 3 });
  const port = Number(new URL(url).port);
  const half = 'POST /im HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{';
  const closed: number[] = [];
  for (let n = 0; n < 6; n++) {
    const socket = connect(port, '127.0.0.1');
    onCleanup(() => socket.destroy());
    socket.on('error', () => undefined);
    socket.on('close', () => closed.push(n));
    socket.write(half);
  }
  await expect.poll(() => closed.length).toBe(3);
});

test('on a server of somebody else it is offered what comes, and takes what is for devices', async () => {
  const httpServer: HttpServer = createServer((request, response) => {
    if (!server.takeRequest(request, response)) response.end('mine');
  });
  await new Promise<void>((resolve) => httpServer.listen(0, '127.0.0.1', resolve));
  onCleanup(() => {
    httpServer.closeAllConnections();
    httpServer.close();
  });
  const { server } = await startWorld({ httpServer });
  const url = `http://127.0.0.1:${(httpServer.address() as AddressInfo).port}`;

  const stream = await Stream.open(`${url}/im`, await login(2));
  expect(await stream.next('frame')).toBe('{"cmd":0,"data":null}');
  expect(await stream.post(1, beat)).toBe(204);
  expect(await (await fetch(`${url}/im`)).text()).toBe('mine');
  expect(await (await fetch(url, { method: 'POST' })).text()).toBe('mine');
});

test('off, as it is by default, a POST is answered as any other request', async () => {
  const { url } = await startWorld({ sse: false });
  expect((await Stream.open(url)).response.status).toBe(426);
});
