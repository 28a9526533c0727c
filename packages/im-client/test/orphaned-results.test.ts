import { createMemoryBus, type Bus } from 'im-common/bus';
import { deadKeptMs, resultList, serviceGroup } from 'im-common/internal/bus';
import { beforeEach, describe, expect, it } from 'vitest';
import { imClientDefaults } from '../src/options.ts';
import { Pause } from '../src/results/pause.ts';
import { OrphanedResults } from '../src/results/orphaned-results.ts';
import { put } from './support/scripted-server.ts';

const group = serviceGroup('shop');
const own = resultList('private', 'shop@other');
const leaseMs = 1_000;

let now: number;
let bus: Bus;
let taken: string[];
let orphaned: OrphanedResults;

/** One look at how the group is now, to its end. */
async function look(): Promise<void> {
  orphaned.look(await bus.registry.view(group));
  await orphaned.whenIdle();
}

async function join(id: string): Promise<void> {
  await bus.registry.renew(group, { id, boot: id, leaseMs, info: '{}' });
}

async function isDead(id: string): Promise<boolean> {
  return (await bus.registry.view(group)).dead.some((member) => member.id === id);
}

beforeEach(async () => {
  now = 1_000_000;
  taken = [];
  bus = createMemoryBus({ now: () => now });
  orphaned = new OrphanedResults({
    lists: bus.lists,
    registry: bus.registry,
    service: 'shop',
    instanceId: () => 'me',
    leaseMs,
    pause: new Pause(() => false),
    onOrphaned: (_kind, _list, { seq, text }, origin) => {
      taken.push(text);
      origin.done(seq);
    },
    logger: imClientDefaults.logger,
  });
  await join('me');
  await join('other');
});

describe('an instance that fell silent', () => {
  it('is declared dead at the second look that finds it so', async () => {
    now += leaseMs + 1;
    await join('me');

    await look();
    expect(await isDead('other')).toBe(false);
    await look();
    expect(await isDead('other')).toBe(true);
  });

  it('is spared when the bus was away between two looks, or it came back', async () => {
    now += leaseMs + 1;
    await look();
    orphaned.look(undefined);
    await look();
    expect(await isDead('other')).toBe(false);

    await join('other');
    await look();
    now += leaseMs + 1;
    await look();
    expect(await isDead('other')).toBe(false);
  });

  it('has its results taken, those in its hands first, and later ones at later looks', async () => {
    await put(bus, own, 'in hand', 'waiting');
    await bus.lists.open(own, 'other');
    await bus.lists.take(own, 'other', 0, 1);
    await bus.registry.leave(group, 'other', 'other');

    await look();
    await put(bus, own, 'later');
    await look();

    expect(taken).toEqual(['in hand', 'waiting', 'later']);
    expect(await bus.lists.consumers(own)).toEqual([]);
  });

  it('gives back what it had in hand of the shared list', async () => {
    const shared = resultList('group', 'shop');
    await put(bus, shared, 'a', 'b');
    await bus.lists.open(shared, 'other');
    await bus.lists.take(shared, 'other', 0, 2);
    await bus.registry.leave(group, 'other', 'other');

    await look();

    expect(await bus.lists.length(shared)).toBe(2);
    expect(taken).toEqual([]);
  });

  it('is left to the one who holds the lock', async () => {
    await put(bus, own, 'waiting');
    await bus.registry.leave(group, 'other', 'other');
    await bus.registry.lock(`take-over:${group}`, 'somebody else', leaseMs);

    await look();
    expect(taken).toEqual([]);
    now += leaseMs + 1;
    await look();
    expect(taken).toEqual(['waiting']);
  });

  it('is found by an instance that comes hours later', async () => {
    await put(bus, own, 'waiting');
    await bus.registry.leave(group, 'other', 'other');
    now += 8 * 3_600_000;

    await look();
    expect(taken).toEqual(['waiting']);
  });

  it('has its lists dropped when the registry has forgotten it', async () => {
    await bus.registry.leave(group, 'other', 'other');
    await look();

    now += deadKeptMs(group) + 1;
    await put(bus, own, 'too late for anybody');
    await look();

    expect(await bus.lists.length(own)).toBe(0);
    expect(taken).toEqual([]);
  });
});

describe('an instance that took over and dies in turn', () => {
  it('leaves what it had in hand to the next', async () => {
    await put(bus, own, 'passed on');
    await bus.registry.leave(group, 'other', 'other');
    await bus.lists.open(own, 'second');
    await bus.lists.take(own, 'second', 0, 1);
    await join('second');
    await bus.registry.leave(group, 'second', 'second');

    await look();

    expect(taken).toEqual(['passed on']);
  });
});
