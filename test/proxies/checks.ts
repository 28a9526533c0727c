import { createDevice, type Device } from 'im-device';
import { createToken } from 'im-common/token';
import { createApiClient, unwrap, type ApiClient, type ApiTokens } from 'im-platform/client';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { startClient } from '../faults/kit/few.ts';
import type { Scope } from '../faults/kit/scope.ts';
import { accessSecret, type Restartable, type Site } from './sites.ts';

// Each throws with what is wrong, or says what it has seen.

const forged = '203.0.113.9';

/** Somebody who says in a header that they come from elsewhere is not believed. */
export async function whereFrom(url: string): Promise<string> {
  const ann = await signIn(url, 'ann', { 'x-forwarded-for': forged });
  const { items } = await unwrap(ann.GET('/v1/sessions'));
  const networks = new Set(items.map(({ network }) => network));
  if (networks.size !== 1 || !networks.has('127.0.0.0/24'))
    throw new Error(`A forged address is believed: ${[...networks].join(', ')}`);
  return 'an address that the client wrote itself is not believed';
}

/** The largest file that comes in one request. */
export async function uploadWhole(url: string): Promise<string> {
  const { accessToken } = await tokensOf(url, 'bob', {});
  const form = new FormData();
  const size = 20 * 1024 * 1024 - 1_000;
  form.append('file', new Blob([new Uint8Array(size).fill(65)]), 'large.txt');
  const answer = await fetch(`${url}/file/upload`, {
    method: 'POST',
    headers: { accesstoken: accessToken },
    body: form,
  });
  const text = await answer.text();
  if (!answer.ok || !text.includes('"code":200'))
    throw new Error(`A file of 20 MB: ${answer.status} ${text}`);
  return 'a file of 20 MB is taken';
}

const devices = 60;

/** Each push server is ended politely and started again, while devices are told things all the time. */
export async function restartPushServers(
  scope: Scope,
  url: string,
  { redisUrl, push }: Site,
): Promise<string> {
  const got = new Map<number, Set<number>>();
  const all: Device[] = [];
  for (let user = 1; user <= devices; user++) {
    const heard = new Set<number>();
    got.set(user, heard);
    const device = createDevice({
      url: `${url.replace('https', 'wss')}/im`,
      token: () => tokenOf(user),
      WebSocket,
      backoffBaseMs: 200,
    });
    device.on('message', ({ data }) => void heard.add((data as { number: number }).number));
    device.start();
    all.push(device);
  }
  scope.onEnd(() => Promise.all(all.map((device) => device.close())));
  const client = await startClient(scope, redisUrl);
  await Promise.all(all.map(untilOnline));
  const before = await Promise.all(push.map(connectionsOf));
  if (before.some((count) => count === 0))
    throw new Error(`Devices are on one server: ${before.join(' and ')}`);
  const end = new AbortController();
  let number = 0;
  const missed: string[] = [];
  const telling = (async () => {
    while (!end.signal.aborted) {
      number += 1;
      const recvId = 1 + (number % devices);
      const { offline } = await client.sendPrivateMessage({
        ...{ sender: { id: 0, terminal: 0 }, recvId, data: { number } },
      });
      if (offline.length > 0) missed.push(`message ${number}: user ${recvId} was not found`);
      await sleep(5);
    }
  })();
  for (const server of push) {
    await server.end();
    await Promise.all(all.map(untilOnline));
    await server.start();
    // Until the proxy gives it devices again.
    await sleep(6_000);
  }
  end.abort();
  await telling;
  await Promise.all(all.map(untilOnline));
  const isThere = (one: number): boolean => got.get(1 + (one % devices))?.has(one) === true;
  const numbers = Array.from({ length: number }, (_, index) => index + 1);
  const limit = Date.now() + 10_000;
  while (!numbers.every(isThere) && Date.now() < limit) await sleep(50);
  for (const one of numbers) if (!isThere(one)) missed.push(`message ${one} never came`);
  if (missed.length > 0) throw new Error(`${missed.length} of ${number}: ${missed.slice(0, 5).join('; ')}`);
  return `both push servers restarted: ${number} messages to ${devices} devices (${before.join(' and ')}), none lost`;
}

/** Each platform is ended politely and started again, while somebody writes and reads. */
export async function restartPlatforms(url: string, { platforms }: Site): Promise<string> {
  const ann = await signIn(url, 'ann', {});
  const { items } = await unwrap(ann.GET('/v1/conversations', { params: { query: { limit: 1 } } }));
  const path = { conversationId: items[0]?.id ?? '' };
  const end = new AbortController();
  const failed: string[] = [];
  const sent: number[] = [];
  let read = 0;
  const write = async (): Promise<void> => {
    while (!end.signal.aborted) {
      const body = { content: { type: 'text' as const, text: `message ${sent.length}` } };
      await unwrap(ann.POST('/v1/conversations/{conversationId}/messages', { params: { path }, body })).then(
        (message) => sent.push(message.number),
        (error: unknown) => failed.push(`a message: ${String(error)}`),
      );
      await unwrap(ann.GET('/v1/conversations/{conversationId}', { params: { path } })).then(
        () => (read += 1),
        (error: unknown) => failed.push(`a read: ${String(error)}`),
      );
    }
  };
  const writing = [write(), write(), write()];
  for (const platform of platforms) {
    await platform.end();
    await sleep(1_000);
    await platform.start();
    await sleep(6_000);
  }
  end.abort();
  await Promise.all(writing);
  if (failed.length > 0)
    throw new Error(
      `${failed.length} of ${sent.length + read + failed.length} failed: ${failed.slice(0, 5).join('; ')}`,
    );
  if (new Set(sent).size !== sent.length) throw new Error('A message was stored twice');
  return `both platforms restarted: ${sent.length} messages and ${read} reads, none failed`;
}

export async function tokensOf(
  url: string,
  userName: string,
  headers: Record<string, string>,
): Promise<ApiTokens> {
  const answer = await fetch(`${url}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ userName, password: 'demo-1234', device: 'web' }),
  });
  if (!answer.ok) throw new Error(`Signing in: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as ApiTokens;
}

async function signIn(url: string, userName: string, headers: Record<string, string>): Promise<ApiClient> {
  let tokens: ApiTokens | undefined = await tokensOf(url, userName, headers);
  return createApiClient({ url, tokens: { read: () => tokens, write: (fresh) => void (tokens = fresh) } });
}

function tokenOf(userId: number): Promise<string> {
  const user = { userId, terminal: 0, userName: `u${userId}`, nickName: 'x', expiresInS: 600 };
  return createToken(accessSecret, { ...user, issuedAt: Date.now(), session: `session-${userId}` });
}

export function untilOnline(device: Device): Promise<void> {
  return new Promise((resolve) => {
    if (device.state.kind === 'online') {
      resolve();
      return;
    }
    const off = device.on('state', ({ kind }) => {
      if (kind !== 'online') return;
      off();
      resolve();
    });
  });
}

/** Devices and strangers on it, by its metrics. */
export async function connectionsOf({ ports }: Pick<Restartable, 'ports'>): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${ports.operations}/metrics`)).text();
  const samples = text.split('\n').filter((line) => line.startsWith('im_connections{'));
  return samples.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}
