import { expect, test } from 'vitest';
import { makeDevice, online, push, startIm, statesOf, tokenOf } from './support/devices.ts';
import { startPlainServer } from './support/plain-server.ts';

test('a token that ends in mid-session goes unnoticed: no gap, no missed message', async () => {
  const im = await startIm();
  const lifeS = 3;
  const wishes: boolean[] = [];
  const device = makeDevice<{ private: number }>({
    url: im.server.url,
    token: ({ refresh }) => {
      wishes.push(refresh);
      return tokenOf(2, { expiresInS: lifeS });
    },
  });
  const seen: number[] = [];
  device.on('message', ({ data }) => seen.push(data as number));
  const states = statesOf(await online(device));

  // The server closes 5 s after the end of a token, so without a fresh one this device would be out after 8 s.
  const sent: Promise<string>[] = [];
  const until = performance.now() + 11_000;
  while (performance.now() < until) {
    sent.push(push(im, sent.length));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const results = await Promise.all(sent);

  expect(new Set(results)).toEqual(new Set(['acknowledged']));
  expect(seen).toEqual(results.map((_, number) => number));
  expect(states).toEqual([]);
  expect(wishes.length).toBeGreaterThan(3);
  expect(wishes.slice(1).every((refresh) => refresh)).toBe(true);
});

test('a fresh token that cannot be had is asked for again before the old one ends', async () => {
  const im = await startIm();
  let asked = 0;
  const device = makeDevice({
    url: im.server.url,
    token: ({ refresh }) => {
      asked += 1;
      if (refresh && asked < 4) throw new Error('The backend is away.');
      return tokenOf(2, { expiresInS: asked === 1 ? 4 : 600 });
    },
  });
  const errors: string[] = [];
  device.on('error', ({ code }) => errors.push(code));
  const states = statesOf(await online(device));
  await expect.poll(() => asked).toBeGreaterThanOrEqual(4);
  expect(errors).toEqual(['TOKEN_FAILED', 'TOKEN_FAILED']);
  // On a busy machine a heartbeat may be answered too late; at the end of a token it is the server that closes.
  expect(states.filter((state) => state.kind === 'waiting' && state.reason !== 'no-answer')).toEqual([]);
});

test('where the answer to the login has no end, that of the token counts', async () => {
  const server = await startPlainServer({ ack: true });
  let asked = 0;
  const device = makeDevice({
    url: server.url,
    token: () => {
      asked += 1;
      return tokenOf(2, { expiresInS: asked === 1 ? 3 : 600 });
    },
  });
  await online(device);
  await expect.poll(() => server.received.filter(({ cmd }) => cmd === 0)).toHaveLength(2);
  expect(server.sockets.size).toBe(1);
});

test('a clock that is a day ahead does not make the device ask for token after token', async () => {
  const server = await startPlainServer({ ack: true, expiresAt: Date.now() - 86_400_000 });
  let asked = 0;
  const device = makeDevice({
    url: server.url,
    token: () => {
      asked += 1;
      return tokenOf(2, { expiresInS: -86_400 });
    },
    ...{ heartbeatFloorMs: 50, heartbeatCeilingMs: 50 },
  });
  const states = statesOf(device);
  await online(device);
  await expect.poll(() => server.received.filter(({ cmd }) => cmd === 1).length).toBeGreaterThan(3);
  // One for each connection: on a busy machine an answer may be later than the next heartbeat, which ends it.
  expect(asked).toBe(states.filter(({ kind }) => kind === 'connecting').length);
});
