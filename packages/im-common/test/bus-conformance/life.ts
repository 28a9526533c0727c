import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { Terminal } from '../../src/address.ts';
import type { Bus } from '../../src/bus/bus.ts';
import type { ByteText } from '../../src/bus/byte-text.ts';
import { ImError } from '../../src/errors.ts';
import {
  batchOf,
  freshList,
  freshName,
  numbered,
  put,
  soon,
  type Connections,
  type MakeBus,
} from './subject.ts';

export function life(makeBus: MakeBus): void {
  it('measures a round trip', async () => {
    const { bus } = await forThisTest(makeBus);

    const before = performance.now();

    const ms = await bus.ping();

    expect(ms).toBeGreaterThanOrEqual(0);
    expect(ms).toBeLessThanOrEqual(performance.now() - before);
  });

  it('may be started again while it runs', async () => {
    const { bus } = await forThisTest(makeBus);

    await bus.start();

    expect(await bus.lists.length(freshList())).toBe(0);
  });

  it('ends its waits when it closes, and may be closed twice', async () => {
    const { bus } = await forThisTest(makeBus);
    const { signal } = new AbortController();
    const waits = [freshList(), freshList()].map((list) => bus.lists.wait(list, 60_000, signal));
    await bus.ping();

    await bus.close();
    await bus.close();

    const outcomes = await Promise.allSettled(waits);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(ImError);
    }
  });

  it('leaves no socket behind', async () => {
    const sockets = collectSockets();
    const { bus, second } = await forThisTest(makeBus);
    const { signal } = new AbortController();
    await bus.lists.wait(freshList(), 10, signal);
    const waiting = second.lists.wait(freshList(), 60_000, signal).catch(() => undefined);
    await second.ping();

    await bus.close();
    await second.close();
    await waiting;

    await vi.waitFor(() => {
      expect(sockets.filter((socket) => !socket.destroyed)).toEqual([]);
    }, soon);
  });

  it('answers every call with CLOSED once it is closed', async () => {
    const { bus } = await forThisTest(makeBus);
    await bus.close();

    for (const [name, call] of Object.entries(calls)) {
      const problem: unknown = await call(bus).catch((error: unknown) => error);
      expect(problem, name).toBeInstanceOf(ImError);
      expect(problem, name).toMatchObject({ code: 'CLOSED' });
    }
  });

  it('keeps what is on it when one of two connections closes', async () => {
    const { bus, second } = await forThisTest(makeBus);
    const list = freshList();
    await put(bus.lists, list, numbered(2));

    await bus.close();

    // Within one process there is one connection, and it is closed now.
    const length = second.lists.length(list).catch((error: unknown) => error);
    expect(await length).toEqual(second === bus ? expect.objectContaining({ code: 'CLOSED' }) : 2);
  });
}

async function forThisTest(makeBus: MakeBus): Promise<Connections> {
  const { bus, another } = await makeBus();
  const second = await another();
  onTestFinished(async () => {
    await second.close();
    await bus.close();
  });
  return { bus, second };
}

/** Every socket that is opened from now until the test ends. */
function collectSockets(): Socket[] {
  const sockets: Socket[] = [];
  const collect = (message: unknown): void => {
    sockets.push((message as { socket: Socket }).socket); // as Node documents it
  };
  subscribe('net.client.socket', collect);
  onTestFinished(() => {
    unsubscribe('net.client.socket', collect);
  });
  return sockets;
}

const address = { id: '1', terminal: Terminal.WEB };
const lease = { id: '1', boot: 'boot', leaseMs: 1_000, info: '' };

const calls: Record<string, (bus: Bus) => Promise<unknown>> = {
  start: (bus) => bus.start(),
  ping: (bus) => bus.ping(),
  put: ({ lists }) => lists.put('list', batchOf(['late'])),
  length: ({ lists }) => lists.length('list'),
  range: ({ lists }) => lists.range('list', 0, 1),
  remove: ({ lists }) => lists.remove('list', 0, ['late' as ByteText]),
  open: ({ lists }) => lists.open('list', freshName('consumer')),
  take: ({ lists }) => lists.take('list', 'consumer', 0, 1),
  acknowledge: ({ lists }) => lists.acknowledge('list', 'consumer', [1]),
  wait: ({ lists }) => lists.wait('list', 60_000, new AbortController().signal),
  consumers: ({ lists }) => lists.consumers('list'),
  requeue: ({ lists }) => lists.requeue('list', 'consumer'),
  closeList: ({ lists }) => lists.closeList('list'),
  drop: ({ lists }) => lists.drop('list'),
  bind: ({ presence }) => presence.bind(address, 1),
  unbind: ({ presence }) => presence.unbind(address, 1),
  unbindAll: ({ presence }) => presence.unbindAll([{ address, serverId: 1 }]),
  routes: ({ presence }) => presence.routes()[Symbol.asyncIterator]().next(),
  refresh: ({ presence }) => presence.refresh([address], 1),
  locate: ({ presence }) => presence.locate([address]),
  revoke: ({ presence }) => presence.revoke(address, { expiringBefore: Date.now() + 1_000 }),
  revocations: ({ presence }) => presence.revocations([address]),
  nextServerId: ({ registry }) => registry.nextServerId(),
  renew: ({ registry }) => registry.renew('group', lease),
  view: ({ registry }) => registry.view('group'),
  declareDead: ({ registry }) => registry.declareDead('group', '1', 'boot'),
  leave: ({ registry }) => registry.leave('group', '1', 'boot'),
  lock: ({ registry }) => registry.lock('name', 'holder', 1_000),
};
