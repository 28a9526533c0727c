import { connectDevice, onCleanup, type Closed } from 'im-test/support';
import { ImError } from 'im-common';
import { createMemoryBus, type Bus } from 'im-common/bus';
import type { ImServer } from 'im-server';
import { expect, test, vi } from 'vitest';
import { Quota } from 'im-common/internal/network';
import { corner, logIn, startServer, tokenOf } from './support.ts';

const turnedAway = { code: 1013, reason: 'too many logins' };
const refused = { code: 4401, reason: 'token refused' };

async function endOf(
  server: ImServer,
  accessToken: string,
  headers: Record<string, string> = {},
): Promise<Closed> {
  const device = await connectDevice(server.url, { headers });
  device.send({ cmd: 0, data: { accessToken } });
  return device.closed;
}

test('more logins of one user than allowed are closed with 1013, on whatever terminal; others come in', async () => {
  const at = corner();
  const server = await startServer(at, { maxLoginsPerUser: 3 });
  const devices = [await logIn(server, 2), await logIn(server, 2, { terminal: 1 })];
  devices[0]?.send({ cmd: 0, data: { accessToken: await tokenOf(2) } }); // in place
  await devices[0]?.next();
  const bound = await at.redis.get(at.key('im:user:server_id:2:0'));

  expect(await endOf(server, await tokenOf(2))).toEqual(turnedAway);
  expect(await endOf(server, await tokenOf(2, 2))).toEqual(turnedAway);

  await logIn(server, 3);
  devices[0]?.send({ cmd: 1, data: null });
  expect((await devices[0]?.next())?.cmd).toBe(1); // nobody was put out
  expect(await at.redis.get(at.key('im:user:server_id:2:0'))).toBe(bound);
  expect(await at.redis.exists(at.key('im:user:server_id:2:2'))).toBe(0);
  expect(await server.metrics.text()).toContain('im_logins_total{outcome="limited"} 2');
});

test('after too many refused logins the tokens of an address are not even checked', async () => {
  const checked: string[] = [];
  const server = await startServer(corner(), {
    maxFailedLoginsPerAddress: 2,
    trustProxy: true,
    authenticate: (token) => {
      checked.push(token);
      if (token === 'bad') throw new Error('nobody');
      return { userId: token, terminal: 0 };
    },
  });
  const [here, there] = [{ 'X-Forwarded-For': '10.0.0.1' }, { 'X-Forwarded-For': '10.0.0.2' }];
  const device = await connectDevice(server.url, { headers: here });
  await device.login({ token: '2', devId: 1 });

  expect(await endOf(server, 'bad', here)).toEqual(refused);
  expect(await endOf(server, '', here)).toEqual(refused);
  expect(await endOf(server, '3', here)).toEqual(turnedAway);
  expect(await endOf(server, 'bad', there)).toEqual(refused);

  await device.login({ token: '2', devId: 1 }); // whoever is in may show a fresh token
  expect(checked).toEqual(['2', 'bad', 'bad', '2']);
});

test('logins that the bus did not carry out are not held against the user', async () => {
  const bus = createMemoryBus();
  let isAway = true;
  const presence = new Proxy(bus.presence, {
    get: (target, key: keyof Bus['presence']) =>
      key === 'bind' && isAway
        ? () => Promise.reject(new ImError('BUS_UNAVAILABLE', 'away'))
        : target[key].bind(target),
  });
  const at = { url: '', prefix: '' };
  const server = await startServer(at, { bus: { ...bus, presence }, maxLoginsPerUser: 1 });
  for (let attempt = 0; attempt < 3; attempt += 1) {
    expect(await endOf(server, await tokenOf(2))).toEqual({ code: 1013, reason: 'try again later' });
  }

  isAway = false;

  await logIn(server, 2);
  expect(await endOf(server, await tokenOf(2))).toEqual(turnedAway);
});

test('a quota is there again after ten seconds, and does not grow with the names', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onCleanup(() => vi.useRealTimers());
  const quota = new Quota(2);
  for (const name of ['a', 'a', 'b']) quota.spend(name);
  expect([quota.isSpent('a'), quota.isSpent('b')]).toEqual([true, false]);

  vi.advanceTimersByTime(9_999);
  expect(quota.isSpent('a')).toBe(true);
  vi.advanceTimersByTime(1);
  expect(quota.isSpent('a')).toBe(false);

  for (const name of ['a', 'a']) quota.spend(name);
  for (let n = 0; n < 100_000; n += 1) quota.spend(`name ${n}`);
  expect(quota.isSpent('a')).toBe(false); // forgotten, to make room
});
