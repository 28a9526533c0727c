import { setTimeout as sleep } from 'node:timers/promises';
import { createMemoryBus, type Bus } from 'im-common/bus';
import { startAdmin } from 'im-common/internal/program';
import { onCleanup } from 'im-test/support';
import { expect, test } from 'vitest';
import { RecentMedian } from '../src/cluster/recent-median.ts';
import { startServer, until } from './support.ts';

test('of the last five answers three make a bus slow, or quick again, however long it was the other', () => {
  const latency = new RecentMedian(5);
  const after = (...values: number[]): number => {
    for (const value of values) latency.add(value);
    return latency.value;
  };

  expect(latency.value).toBe(0);
  expect(after(...Array<number>(1_000).fill(1))).toBe(1);
  expect(after(900, 1, 900)).toBe(1);
  expect(after(900)).toBe(900);
  expect(after(...Array<number>(1_000).fill(900))).toBe(900);
  expect(after(1, 1)).toBe(900);
  expect(after(1)).toBe(1);
});

test('a bus that answers slowly degrades the health, which stays ready and gets well again', async () => {
  const bus = createMemoryBus();
  let delayMs = 0;
  const registry: Bus['registry'] = {
    nextServerId: () => bus.registry.nextServerId(),
    renew: async (...args) => {
      await sleep(delayMs);
      return bus.registry.renew(...args);
    },
    view: (group) => bus.registry.view(group),
    declareDead: (...args) => bus.registry.declareDead(...args),
    post: (...args) => bus.registry.post(...args),
    leave: (...args) => bus.registry.leave(...args),
    lock: (...args) => bus.registry.lock(...args),
  };
  const server = await startServer({ url: '', prefix: '' }, { bus: { ...bus, registry }, leaseMs: 900 });
  const admin = await startAdmin({
    port: 0,
    health: () => server.health(),
    metricsText: () => server.metrics.text(),
  });
  onCleanup(() => admin.close());
  const readyz = async (): Promise<{ status: number; health: unknown }> => {
    const answer = await fetch(`http://127.0.0.1:${admin.port}/readyz`);
    return { status: answer.status, health: await answer.json() };
  };
  const good = { live: true, ready: true, degraded: false, reasons: [] };
  expect(await readyz()).toEqual({ status: 200, health: good });

  delayMs = 300;
  await until('it says so', () => server.health().degraded);
  expect(await readyz()).toEqual({
    status: 200,
    health: {
      live: true,
      ready: true,
      degraded: true,
      reasons: [expect.stringMatching(/^the bus is slow: it takes \d{3} ms to answer$/)],
    },
  });

  delayMs = 0;
  await until('it is well again', () => !server.health().degraded);
  expect(await readyz()).toEqual({ status: 200, health: good });
});
