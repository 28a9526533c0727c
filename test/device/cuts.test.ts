import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createImClient, type ImClient } from 'im-client';
import { freePort, onCleanup, startRedis } from 'im-test/support';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { tokenOf } from './support/devices.ts';
import { inPage, openSite, pageReached, startDevice } from './support/page.ts';
import { ServerProcess } from './support/server-process.ts';
import { startSilentProxy, type SilentProxy } from './support/silent-proxy.ts';

// Until each kind of fault has come, at least. IM_CUTS_S=… is another number of seconds.
const cutsMs = Number(process.env['IM_CUTS_S'] ?? 0) * 1_000;
const sendEveryMs = 10;
/** Longer than any result may take: the deadline of im-client, and its slack. */
const resultsMs = 20_000;

// IM_SEED=… repeats the faults of a run, as far as processes and networks repeat themselves.
const seed = Number(process.env['IM_SEED'] ?? randomInt(1, 2 ** 31));

test(
  'a page under random cuts: what was reported SUCCESS was seen once and in order, the rest reported as not delivered',
  { timeout: 240_000 },
  async () => {
    console.log(`IM_SEED=${seed}`);
    const redis = await startRedis();
    const servers = [
      new ServerProcess(await freePort(), redis.url),
      new ServerProcess(await freePort(), redis.url),
    ];
    await Promise.all(servers.map((server) => server.start()));
    const proxies = await Promise.all(servers.map(({ port }) => startSilentProxy(port)));
    const backend = await startBackend(redis.url);
    const page = await (await openSite()).openPage();
    await startDevice(page, {
      urls: proxies.map(({ port }) => `ws://127.0.0.1:${port}/im`),
      token: await tokenOf(2, { expiresInS: 3_600 }),
      ...{ backoffBaseMs: 200, backoffCeilingMs: 1_000, connectTimeoutMs: 1_000, loginTimeoutMs: 2_000 },
      ...{ heartbeatFloorMs: 500, heartbeatCeilingMs: 1_000, answerTimeoutMs: 500 },
    });
    await pageReached(page, 'online');

    const stop = new AbortController();
    const injecting = injectFaults(servers, proxies, performance.now() + cutsMs)
      .then(async (counts) => {
        await pageReached(page, 'online');
        const before = backend.results.size;
        await expect.poll(() => backend.results.size).toBeGreaterThan(before + 20); // some messages in peace
        return counts;
      })
      .finally(() => stop.abort());
    const [sent, faults] = await Promise.all([backend.send(stop.signal), injecting]);
    await expect.poll(() => backend.results.size, { timeout: resultsMs }).toBe(sent);
    await sleep(1_000); // a second result for one of them would be a surprise, and has its chance

    const counts = await report(page, faults, sent, backend.results);
    for (const [fault, count] of Object.entries(faults))
      expect(count, `${fault} injected`).toBeGreaterThan(0);
    const seen = await inPage(page, (window) => window.seen);
    expect(seen, 'once, and in order').toEqual([...new Set(seen)].sort((a, b) => a - b));
    const wasSeen = new Set(seen);
    for (const [number, outcomes] of backend.results) {
      expect(outcomes, `results of message ${number}`).toHaveLength(1);
      if (outcomes[0] === 'SUCCESS')
        expect(wasSeen, `message ${number}, reported as delivered`).toContain(number);
      if (!wasSeen.has(number)) expect(outcomes[0], `message ${number}, never seen`).not.toBe('SUCCESS');
    }
    expect(counts.get('SUCCESS') ?? 0).toBeGreaterThan(sent / 4);
  },
);

interface Backend {
  /** By number of the message: SUCCESS, or the reason why not; each result that came. */
  readonly results: ReadonlyMap<number, string[]>;
  /** Sends numbered messages to user 2 until it is told to stop; resolves with how many. */
  send(stop: AbortSignal): Promise<number>;
}

async function startBackend(redisUrl: string): Promise<Backend> {
  const client: ImClient<{ private: number }> = createImClient({ service: 'cuts', redis: redisUrl });
  onCleanup(() => client.close());
  const results = new Map<number, string[]>();
  client.on('private', (batch) => {
    for (const { data, reason } of batch) {
      results.set(data, [...(results.get(data) ?? []), reason ?? 'SUCCESS']);
    }
  });
  await client.start();
  return {
    results,
    async send(stop) {
      let sent = 0;
      while (!stop.aborted) {
        const pause = sleep(sendEveryMs);
        await client.sendPrivateMessage({
          sender: { id: 1, terminal: 0 },
          recvId: 2,
          recvTerminals: [0],
          data: sent,
        });
        sent += 1;
        await pause;
      }
      return sent;
    },
  };
}

type Fault = 'killed' | 'stopped' | 'cut' | 'silenced for a while' | 'silenced and cut';

async function injectFaults(
  servers: readonly ServerProcess[],
  proxies: readonly SilentProxy[],
  until: number,
): Promise<Record<Fault, number>> {
  const random = seeded(seed);
  const between = (from: number, to: number): number => from + random() * (to - from);
  const counts = { killed: 0, stopped: 0, cut: 0, 'silenced for a while': 0, 'silenced and cut': 0 };
  const kinds = Object.keys(counts) as Fault[];
  for (let round = 0; performance.now() < until || round < kinds.length; round++) {
    await sleep(between(300, 2_000));
    // Each kind in turn to begin with, so that each comes.
    const fault = kinds[round < kinds.length ? round : Math.floor(random() * kinds.length)]!;
    // Where the page is; a fault elsewhere would be none.
    const at = Math.max(
      0,
      proxies.findIndex(({ count }) => count > 0),
    );
    await inject(fault, servers[at]!, proxies[at]!, between);
    counts[fault] += 1;
  }
  return counts;
}

async function inject(
  fault: Fault,
  server: ServerProcess,
  proxy: SilentProxy,
  between: (from: number, to: number) => number,
): Promise<void> {
  switch (fault) {
    case 'killed':
      await server.kill();
      await sleep(between(0, 1_000));
      await server.start();
      break;
    case 'stopped':
      await server.stop();
      await server.start();
      break;
    case 'cut':
      proxy.cut();
      break;
    case 'silenced for a while':
    case 'silenced and cut':
      proxy.silence();
      await sleep(between(200, 2_500));
      if (fault === 'silenced and cut') proxy.cut();
      proxy.resume();
  }
}

async function report(
  page: Page,
  faults: Readonly<Record<Fault, number>>,
  sent: number,
  results: Backend['results'],
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const outcome of [...results.values()].flat()) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const there = await inPage(page, ({ seen, dropped, states }) => ({
    seen: seen.length,
    dropped,
    connected: states.filter(({ kind }) => kind === 'online').length,
  }));
  console.log('faults:', faults);
  console.log(`sent ${sent}, results:`, Object.fromEntries(counts), 'page:', there);
  return counts;
}

/** The same seed, the same chance (mulberry32). */
function seeded(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
