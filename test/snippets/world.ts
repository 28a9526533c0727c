import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createImClient, type ImClient } from 'im-client';
import { createDevice, type Device } from 'im-device';
import { createImServer, type ImServer } from 'im-server';
import { makeToken, onCleanup, onFileCleanup, testRedis } from 'im-test/support';
import { Redis } from 'ioredis';
import { expect } from 'vitest';
import { WebSocket } from 'ws';

// What readers of the documents have: a push server, a Redis, and a site that gives tokens. One for all snippets.

export const secret = 'secret-of-at-least-32-bytes-for-tests';
const { url, prefix: keyPrefix } = testRedis();
export const redis = { url, keyPrefix };
/** The same in a program. */
export const redisHere: string = JSON.stringify(redis);

export interface World {
  readonly server: ImServer;
  /** `/token` is for user 2 on terminal 0. */
  readonly site: string;
  /** As a page has it, whose addresses have no host. */
  readonly fetch: (path: string) => Promise<Response>;
}

export async function buildWorld(): Promise<World> {
  const server = createImServer({
    ...{ host: '127.0.0.1', port: 0, jwtSecret: secret, redis, sse: true },
    ...{ uplinkTo: ['shop', 'log'], sessions: 'newest' },
  });
  await server.start();
  onFileCleanup(() => server.close());
  const web = createServer((request, response) => {
    void tokenOf(2).then((token) => response.end(request.url === '/token' ? token : '{"orders":[7]}'));
  });
  await once(web.listen(0, '127.0.0.1'), 'listening');
  onFileCleanup(() => void web.close());
  const site = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  return { server, site, fetch: (path) => fetch(new URL(path, site)) };
}

export function tokenOf(userId: number | string, terminal = 0): Promise<string> {
  return makeToken({ userId, terminal, secret });
}

/** What no service can read, on the list of its results. */
export async function putBadResult(service: string): Promise<void> {
  const connection = new Redis(url);
  await connection.rpush(`${keyPrefix}im:result:private:${service}`, 'no result');
  connection.disconnect();
}

/** Of a service of its own or of one that listens alone; closed with the test. */
export async function clientOf(service = 'shop'): Promise<ImClient> {
  const im = createImClient({ service, redis });
  onCleanup(() => im.close());
  await im.start();
  return im;
}

/** Online, with what it got. */
export async function deviceOf(
  server: ImServer,
  userId: number,
  terminal = 0,
): Promise<{ readonly device: Device; readonly got: unknown[] }> {
  const device = createDevice({ url: server.url, token: () => tokenOf(userId, terminal), WebSocket });
  const got: unknown[] = [];
  device.on('message', ({ data }) => void got.push(data));
  started(device);
  await untilOnline(device);
  return { device, got };
}

/** What a snippet has started ends with the test. */
export function started(device: Device): void {
  onCleanup(() => device.close());
  device.start();
}

export async function untilOnline(device: Device): Promise<void> {
  await expect.poll(() => device.state.kind).toBe('online');
}

/** A console that one can read. */
export function listening(): { readonly console: Pick<Console, 'log'>; readonly said: unknown[][] } {
  const said: unknown[][] = [];
  return { said, console: { log: (...what: unknown[]) => void said.push(what) } };
}
