import { ImError } from 'im-common';
import type { Bus, Kept } from 'im-common/bus';
import { onCleanup } from 'im-test/support';
import { expect, it } from 'vitest';
import { createImClient, type ImClient } from '../src/index.ts';
import { failureOf } from './support/inbox.ts';
import { newMemoryWorld } from './support/world.ts';

// Nobody is at home, so that each send keeps its message.

const message = { sender: { id: 1, terminal: 0 }, recvId: 2, keep: { forMs: 60_000 }, data: 'later' };

const nothingDone = (): ImError => new ImError('BUS_UNAVAILABLE', 'Not asked.', { effect: 'none' });

/** A client on a bus that keeps messages in this way. */
async function clientThatKeeps(
  keep: (real: Kept['keep'], ...args: Parameters<Kept['keep']>) => ReturnType<Kept['keep']>,
): Promise<{ im: ImClient; bus: Bus }> {
  const { bus } = await newMemoryWorld();
  const kept = new Proxy(bus.kept, {
    get(target, key) {
      const method: unknown = Reflect.get(target, key, target);
      if (typeof method !== 'function') return method;
      if (key !== 'keep') return method.bind(target) as unknown;
      return (...args: Parameters<Kept['keep']>) => keep(target.keep.bind(target), ...args);
    },
  });
  const behind = new Proxy(bus, {
    get: (target, key) => {
      if (key === 'kept') return kept;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  const im = createImClient({ service: 'shop', bus: behind, sendTimeoutMs: 150 });
  onCleanup(() => im.close());
  return { im, bus };
}

it('does not say that nothing happened when an attempt before may have kept the message', async () => {
  let attempts = 0;
  const { im, bus } = await clientThatKeeps(async (real, ...args) => {
    attempts += 1;
    if (attempts > 1) throw nothingDone();
    await real(...args);
    throw new ImError('BUS_UNAVAILABLE', 'No answer.', { effect: 'unknown' });
  });

  const failure = await failureOf(im.sendPrivateMessage({ ...message, recvTerminals: [0] }));

  expect(attempts).toBeGreaterThan(1);
  expect(await bus.kept.waiting([{ id: '2', terminal: 0 }])).toHaveLength(1);
  expect(failure).toMatchObject({ code: 'BUS_UNAVAILABLE', effect: 'unknown' });
});

it('waits for those that are being kept before it says that some were not', async () => {
  let fail = (): void => undefined;
  const { im, bus } = await clientThatKeeps(async (real, address, ...rest) => {
    if (address.terminal === 0) {
      queueMicrotask(fail);
      throw new ImError('BUS_REFUSED', 'It has no room.', { effect: 'none' });
    }
    await new Promise<void>((resolve) => (fail = () => setImmediate(resolve)));
    return real(address, ...rest);
  });

  const failure = await failureOf(im.sendPrivateMessage({ ...message, recvTerminals: [1, 0] }));

  expect(await bus.kept.waiting([{ id: '2', terminal: 1 }])).toHaveLength(1);
  expect(failure).toMatchObject({ code: 'BUS_REFUSED', effect: 'partial' });
});
