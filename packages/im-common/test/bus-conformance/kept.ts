import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { DeviceAddress } from '../../src/address.ts';
import type { Bus, Kept, KeepOutcome, MessageToKeep } from '../../src/bus.ts';
import { mostKeptBytes } from '../../src/bus/kept.ts';
import { toByteText } from '../../src/bus/byte-text.ts';
import { freshName, type Connections } from './subject.ts';

// P-15.2.

export function kept(connections: () => Connections): void {
  it('keeps what is sent, in the order of the sending, until it is acknowledged', async () => {
    const { bus, second } = connections();
    const address = freshAddress();

    expect(await keep(bus, address, 'b', { sentAt: 2_000 })).toBe('kept');
    expect(await keep(second, address, 'a', { sentAt: 1_000 })).toBe('kept');
    expect(await keep(bus, address, 'c', { sentAt: 2_000 })).toBe('kept');

    expect(await idsOf(second.kept, address)).toEqual(['a', 'b', 'c']);
    await bus.kept.acknowledge(address, ['b', 'unknown']);
    expect(await idsOf(bus.kept, address)).toEqual(['a', 'c']);
    await second.kept.acknowledge(address, ['c', 'a']);
    expect(await bus.kept.take(address, 10, 1_000)).toEqual([]);
    expect(await overOf(bus.kept, address)).toEqual([]);
  });

  it('keeps a message once by its id, and counts how often it is taken', async () => {
    const { bus, second } = connections();
    const address = freshAddress();
    const text = toByteText('{"cmd":3,"data":"grüß dich\\n 你好"}');

    expect(await keep(bus, address, 'a', { text })).toBe('kept');
    expect(await keep(second, address, 'a', { text })).toBe('kept');

    expect(await bus.kept.take(address, 10, 1_000)).toEqual([{ id: 'a', text, takes: 1 }]);
    expect(await second.kept.take(address, 10, 1_000)).toEqual([{ id: 'a', text, takes: 2 }]);
  });

  it('knows the ids of messages that it has kept, also of those that have been delivered since', async () => {
    const { bus, second } = connections();
    const address = freshAddress();
    await keep(bus, address, 'a', { rememberMs: 60_000 });
    await keep(bus, address, 'b', { rememberMs: 60_000 });
    await bus.kept.acknowledge(address, ['a']);
    await bus.presence.bind(address, 7);

    expect(await keep(second, address, 'a')).toBe('kept');
    expect(await keep(second, address, 'b')).toBe('kept');
    expect(await keep(second, address, 'c')).toBe(7);
    expect(await idsOf(bus.kept, address)).toEqual(['b']);
  });

  it('knows an id for as long as is wanted, and of one address the last thousand', async () => {
    const { bus } = connections();
    const [address, busy] = [freshAddress(), freshAddress()];
    await keep(bus, address, 'a', { rememberMs: 50 });
    await bus.kept.acknowledge(address, ['a']);
    await Promise.all(
      Array.from({ length: 1_001 }, (_, n) => keep(bus, busy, `m${n}`, { most: 1, rememberMs: 60_000 + n })),
    );
    const over = await overOf(bus.kept, busy);
    await bus.kept.acknowledge(busy, [...over.map(([id]) => id), 'm1000']);
    expect(await bus.kept.over(busy, 1)).toEqual([]);
    await bus.presence.bind(busy, 7);

    expect(await keep(bus, busy, 'm0')).toBe(7);
    expect(await keep(bus, busy, 'm1')).toBe('kept');
    await bus.presence.bind(address, 7);
    await expect.poll(() => keep(bus, address, 'a'), { interval: 20 }).toBe(7);
  });

  it('keeps nothing for who is somewhere, but tells where', async () => {
    const { bus, second } = connections();
    const address = freshAddress();
    await bus.presence.bind(address, 7);

    expect(await keep(second, address, 'a')).toBe(7);
    expect(await keep(second, address, 'a', {}, [8, 77])).toBe(7);
    expect(await second.kept.take(address, 10, 1_000)).toEqual([]);
    expect(await keep(second, address, 'a', {}, [8, 7])).toBe('kept');
    expect(await idsOf(bus.kept, address)).toEqual(['a']);
  });

  it('tells a login of what is kept: a message meets its device, however they come', async () => {
    const { bus, second } = connections();
    const addresses = Array.from({ length: 60 }, freshAddress);

    const met = await Promise.all(
      addresses.map(async (address, index) => {
        let isTold = false;
        const [outcome] = await Promise.all([
          keep(index % 2 === 0 ? bus : second, address, 'a'),
          bus.presence.bind(address, 5, {}, ({ hasKept }) => (isTold = hasKept)),
        ]);
        return outcome === 'kept' ? isTold : outcome === 5 && !isTold;
      }),
    );

    expect(met).not.toContain(false);
    let isTold = false;
    await bus.presence.bind(freshAddress(), 5, {}, ({ hasKept }) => (isTold = hasKept));
    expect(isTold).toBe(false);
  });

  it('knows for whom something waits', async () => {
    const { bus, second } = connections();
    const addresses = Array.from({ length: 1_100 }, freshAddress);
    expect(await bus.kept.waiting(addresses)).toEqual([]);
    const [first, last] = [addresses[0], addresses[1_099]];
    if (!first || !last) throw new Error('unreachable');
    await keep(bus, first, 'a');
    await keep(bus, last, 'a');

    expect(await second.kept.waiting(addresses)).toEqual([first, last]);
    await bus.kept.acknowledge(first, ['a']);
    expect(await second.kept.waiting(addresses)).toEqual([last]);
  });

  it('takes as many and as much as is wanted', async () => {
    const { bus } = connections();
    const address = freshAddress();
    const text = toByteText('x'.repeat(100));
    for (let n = 1; n <= 5; n += 1) await keep(bus, address, `m${n}`, { sentAt: n, text });

    expect((await bus.kept.take(address, 2, 1_000)).map(({ id }) => id)).toEqual(['m1', 'm2']);
    expect((await bus.kept.take(address, 9, 250)).map(({ id }) => id)).toEqual(['m1', 'm2', 'm3']);
  });

  it('drops the oldest when there is no room, in number and in bytes, and says so', async () => {
    const { bus, second } = connections();
    const [address, large] = [freshAddress(), freshAddress()];
    for (let n = 1; n <= 4; n += 1) await keep(bus, address, `m${n}`, { sentAt: n, most: 2 });
    const text = toByteText('x'.repeat(mostKeptBytes / 2 + 1));

    await keep(bus, large, 'm1', { sentAt: 1, text });
    await keep(bus, large, 'm2', { sentAt: 2, text });
    expect(await keep(bus, large, 'm3', { text: toByteText(`${text}${text}x`) })).toBe('too-large');

    expect(await idsOf(second.kept, address)).toEqual(['m3', 'm4']);
    expect(await overOf(second.kept, address)).toEqual([
      ['m1', 'DROPPED'],
      ['m2', 'DROPPED'],
    ]);
    expect(await idsOf(second.kept, large)).toEqual(['m2']);
    expect(await overOf(second.kept, large)).toEqual([['m1', 'DROPPED']]);
  });

  it('drops older ones with the same key, and a late one itself', async () => {
    const { bus } = connections();
    const address = freshAddress();
    await keep(bus, address, 'one', { sentAt: 1, replaces: 'price' });
    await keep(bus, address, 'other', { sentAt: 2, replaces: 'weather' });

    expect(await keep(bus, address, 'two', { sentAt: 4, replaces: 'price' })).toBe('kept');
    expect(await keep(bus, address, 'late', { sentAt: 3, replaces: 'price' })).toBe('replaced');

    expect(await idsOf(bus.kept, address)).toEqual(['other', 'two']);
    expect(await overOf(bus.kept, address)).toEqual([['one', 'REPLACED']]);
    await bus.kept.acknowledge(address, ['two']);
    expect(await keep(bus, address, 'new', { sentAt: 3, replaces: 'price' })).toBe('kept');
  });

  it('ends what nobody has fetched in time, and tells of it until it was reported', async () => {
    const { bus, second } = connections();
    const address = freshAddress();
    const now = await bus.kept.now();
    await keep(bus, address, 'short', { sentAt: 1, forMs: 50 });
    // On a slow machine it may be too late already when it comes.
    const soon = async (): Promise<Partial<MessageToKeep>> => ({ expiresAt: (await bus.kept.now()) + 60 });
    await expect
      .poll(async () => keep(bus, address, 'expires', { sentAt: 2, forMs: 60_000, ...(await soon()) }))
      .toBe('kept');
    await keep(bus, address, 'long', { sentAt: 3, forMs: 60_000 });
    expect(await keep(bus, address, 'never', { expiresAt: now - 1 })).toBe('outdated');

    await expect
      .poll(() => overOf(second.kept, address), { interval: 20 })
      .toEqual([
        ['expires', 'OUTDATED'],
        ['short', 'OUTDATED'],
      ]);
    expect(await untilDue(second.kept, address)).toBe(true);
    expect(await second.kept.due(100)).not.toContainEqual(address);
    expect(await idsOf(bus.kept, address)).toEqual(['long']);
    await second.kept.lookedAfter(address, ['short']);
    // One is left to be told of.
    expect(await untilDue(bus.kept, address)).toBe(true);
    expect(await overOf(bus.kept, address)).toEqual([['expires', 'OUTDATED']]);
    await bus.kept.lookedAfter(address, ['expires']);
    expect(await bus.kept.due(100)).not.toContainEqual(address);
    expect(await idsOf(bus.kept, address)).toEqual(['long']);
  });
}

function freshAddress(): DeviceAddress {
  return { id: freshName('kept-user'), terminal: 1 };
}

function keep(
  bus: Bus,
  address: DeviceAddress,
  id: string,
  rest: Partial<MessageToKeep> = {},
  notAt?: readonly number[],
): Promise<KeepOutcome> {
  const message = {
    id,
    text: toByteText(`text of ${id}`),
    sentAt: 1,
    forMs: 60_000,
    most: 100,
    rememberMs: 1,
    ...rest,
  };
  return bus.kept.keep(address, message, notAt);
}

async function idsOf(kept: Kept, address: DeviceAddress): Promise<string[]> {
  return (await kept.take(address, 1_000, 10_000_000)).map(({ id }) => id);
}

async function overOf(kept: Kept, address: DeviceAddress): Promise<[string, string][]> {
  const over = await kept.over(address, 1_000);
  return over.map(({ id, reason }): [string, string] => [id, reason]).toSorted();
}

/** Others' addresses may be due as well. */
async function untilDue(kept: Kept, address: DeviceAddress): Promise<boolean> {
  for (let look = 1; look <= 20; look += 1) {
    const due = await kept.due(1_000);
    if (due.some(({ id }) => id === address.id)) return true;
    await sleep(20);
  }
  return false;
}
