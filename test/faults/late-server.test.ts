import { setTimeout as sleep } from 'node:timers/promises';
import { onCleanup } from 'im-test/support';
import { expect, test } from 'vitest';
import { enter, sender, startClient, startOwnRedis, startProgram } from './kit/few.ts';
import { Scope } from './kit/scope.ts';
import { lateServer } from './rows/late-server.ts';
import { rowTests } from './rows/row-tests.ts';

// A server whose process is stopped, or whose event loop is blocked, for longer than its lease.

const everyMs = 100;

async function world() {
  const scope = new Scope();
  onCleanup(() => scope.end());
  const redis = await startOwnRedis(scope);
  const client = await startClient(scope, redis.url);
  const send = async (data: number) => {
    const receipt = await client.sendPrivateMessage({ sender, recvId: 7, recvTerminals: [0], data });
    const [result] = await receipt.results();
    return result?.reason ?? result?.stage;
  };
  return { scope, redis, client, send };
}

rowTests(lateServer);

test('the only server, stopped for longer than its lease, keeps its users, and what was sent meanwhile arrives with its first breath', async () => {
  const { scope, redis, client, send } = await world();
  const server = await startProgram(scope, redis.url);
  const device = await enter(scope, server.port, 7);

  server.pause();
  const sent: Promise<string | undefined>[] = [];
  const stoppedAt = performance.now();
  while (performance.now() - stoppedAt < 3_500) {
    sent.push(send(sent.length));
    await sleep(everyMs);
  }
  server.resume();
  sent.push(send(sent.length));

  expect(new Set(await Promise.all(sent))).toEqual(new Set(['proved']));
  expect(device.seen.map(({ data }) => data)).toEqual(sent.map((_, n) => n));
  expect(device.isOpen).toBe(true);
  expect(await client.isOnline(7)).toBe(true);
});

test('a server that was declared dead sends its devices elsewhere with its first breath, and they miss nothing from then on', async () => {
  const { scope, redis, client, send } = await world();
  const [server, other] = [await startProgram(scope, redis.url), await startProgram(scope, redis.url)];
  const device = await enter(scope, server.port, 7);

  server.pause();
  const sent = Array.from({ length: 10 }, (_, n) => send(n));
  // What was sent to the dead one has a result that says that it may not have arrived: so others know that it is dead.
  expect(new Set(await Promise.all(sent))).toEqual(new Set(['SERVER_LOST']));
  server.resume();
  const code = await device.closed;
  const then = Array.from({ length: 10 }, (_, n) => send(100 + n));
  const back = await enter(scope, other.port, 7);

  expect(code).toBe(1012);
  expect(new Set(await Promise.all(then))).toEqual(new Set(['proved']));
  expect(back.seen.map(({ data }) => data)).toEqual(then.map((_, n) => 100 + n));
  expect(await client.isOnline(7)).toBe(true);
});
