import { expect, it, vi } from 'vitest';
import type { Lease, Registry } from '../../src/bus/bus.ts';
import { serverGroup, serviceGroup } from '../../src/bus/names.ts';
import { freshName, soon, type Connections } from './subject.ts';

// P-10.4.

/** Over soon. */
const shortMs = 100;
/** Not over while a test runs. */
const longMs = 60_000;

export function registry(connections: () => Connections): void {
  it('gives a lease, and extends it', async () => {
    const { bus, second } = connections();
    const [group, member] = [freshGroup(), freshMember()];

    expect(await bus.registry.renew(group, member)).toBe('new');
    expect(await bus.registry.renew(group, member)).toBe('renewed');
    expect(await second.registry.renew(group, member)).toBe('renewed');
  });

  it('counts a lease from its last renewal', async () => {
    const { bus } = connections();
    const [group, member, canary] = [freshGroup(), freshMember(), freshMember({ leaseMs: 150 })];
    await bus.registry.renew(group, { ...member, leaseMs: shortMs });
    await bus.registry.renew(group, member);
    await bus.registry.renew(group, canary);

    await untilExpired(bus.registry, group, canary);

    expect(await idsOf(bus.registry, group, 'live')).toEqual([member.id]);
  });

  it('gives an id to one boot only', async () => {
    const { bus, second } = connections();
    const [group, member] = [freshGroup(), freshMember()];
    await bus.registry.renew(group, member);

    expect(await second.registry.renew(group, anotherBootOf(member))).toBe('taken');

    expect(await bus.registry.renew(group, member)).toBe('renewed');
    expect((await bus.registry.view(group)).live).toEqual([shown(member)]);
  });

  it('gives an id to one boot when many ask at once', async () => {
    const { bus, second } = connections();
    const [group, member] = [freshGroup(), freshMember()];

    const outcomes = await Promise.all(
      [bus, second, bus, second].map((each) => each.registry.renew(group, anotherBootOf(member))),
    );

    expect(outcomes.toSorted()).toEqual(['new', 'taken', 'taken', 'taken']);
  });

  it('keeps an id for its boot when the lease is over, until it is declared dead', async () => {
    const { bus } = connections();
    const [group, member] = [freshGroup(), freshMember({ leaseMs: shortMs })];
    await bus.registry.renew(group, member);
    await untilExpired(bus.registry, group, member);

    expect(await bus.registry.renew(group, anotherBootOf(member))).toBe('taken');
    expect(await bus.registry.renew(group, { ...member, leaseMs: longMs })).toBe('renewed');
    expect(await bus.registry.view(group)).toEqual({ live: [shown(member)], expired: [], dead: [] });
  });

  it('shows who lives, with what they last published', async () => {
    const { bus, second } = connections();
    const group = freshGroup();
    const [one, other] = [freshMember({ info: 'first' }), freshMember({ info: '' })];
    await bus.registry.renew(group, one);
    await second.registry.renew(group, other);
    const changed = { ...one, info: '{"url":"wss://bücher.example"}\n2. Zeile 👋' };
    await bus.registry.renew(group, changed);

    const { live, expired, dead } = await second.registry.view(group);

    expect(live.toSorted((a, b) => a.boot.localeCompare(b.boot))).toEqual([shown(changed), shown(other)]);
    expect(expired).toEqual([]);
    expect(dead).toEqual([]);
  });

  it('keeps groups apart', async () => {
    const { bus } = connections();
    const [group, other, member] = [freshGroup(), freshGroup(), freshMember()];
    await bus.registry.renew(group, member);

    expect(await bus.registry.view(other)).toEqual({ live: [], expired: [], dead: [] });
    expect(await bus.registry.renew(other, member)).toBe('new');
    await bus.registry.leave(group, member.id, member.boot);
    expect(await bus.registry.renew(other, member)).toBe('renewed');
  });

  it('shows a member whose lease is over as expired', async () => {
    const { bus, second } = connections();
    const [group, member, alive] = [freshGroup(), freshMember({ leaseMs: shortMs }), freshMember()];
    await bus.registry.renew(group, alive);
    await bus.registry.renew(group, member);

    await untilExpired(second.registry, group, member);

    expect(await bus.registry.view(group)).toEqual({
      live: [shown(alive)],
      expired: [{ ...shown(member), lateMs: expect.any(Number) as number }],
      dead: [],
    });
  });

  it('does not declare dead a member that lives', async () => {
    const { bus, second } = connections();
    const [group, member] = [freshGroup(), freshMember()];
    await bus.registry.renew(group, member);

    expect(await second.registry.declareDead(group, member.id, member.boot)).toBe(false);

    expect(await bus.registry.renew(group, member)).toBe('renewed');
    expect(await bus.registry.view(group)).toEqual({ live: [shown(member)], expired: [], dead: [] });
  });

  it('declares a member dead whose lease is over, for good', async () => {
    const { bus, second } = connections();
    const [group, member] = [freshGroup(), freshMember({ leaseMs: shortMs })];
    await bus.registry.renew(group, member);
    await untilExpired(bus.registry, group, member);

    expect(await second.registry.declareDead(group, member.id, member.boot)).toBe(true);
    expect(await bus.registry.declareDead(group, member.id, member.boot)).toBe(true);

    expect(await bus.registry.renew(group, { ...member, leaseMs: longMs })).toBe('dead');
    expect(await bus.registry.renew(group, { ...member, leaseMs: longMs })).toBe('dead');
    const { live, expired, dead } = await bus.registry.view(group);
    expect([live, expired]).toEqual([[], []]);
    expect(dead.map(({ id }) => id)).toEqual([member.id]);
  });

  it('knows how long ago a member died', async () => {
    const { bus } = connections();
    const [group, member] = [freshGroup(), freshMember()];
    await bus.registry.renew(group, member);
    const before = performance.now();
    await bus.registry.leave(group, member.id, member.boot);
    const agoMs = async (): Promise<number> => (await bus.registry.view(group)).dead[0]?.agoMs ?? NaN;

    expect(await agoMs()).toBeGreaterThanOrEqual(0);
    // Two clocks that tick in milliseconds.
    expect(await agoMs()).toBeLessThan(performance.now() - before + 2);
    await vi.waitFor(async () => {
      expect(await agoMs()).toBeGreaterThan(100);
    }, soon);
  });

  it('gives the id of a dead member to another boot, and not back', async () => {
    const { bus } = connections();
    const [group, member] = [freshGroup(), freshMember({ leaseMs: shortMs })];
    await bus.registry.renew(group, member);
    await untilExpired(bus.registry, group, member);
    await bus.registry.declareDead(group, member.id, member.boot);
    const successor = { ...anotherBootOf(member), leaseMs: longMs };

    expect(await bus.registry.renew(group, successor)).toBe('new');
    expect(await bus.registry.renew(group, member)).toBe('dead');
    await bus.registry.declareDead(group, member.id, member.boot);
    await bus.registry.leave(group, member.id, member.boot);

    expect(await bus.registry.renew(group, successor)).toBe('renewed');
    expect(await bus.registry.view(group)).toEqual({ live: [shown(successor)], expired: [], dead: [] });
  });

  it('tells boots apart for each id alone', async () => {
    const { bus } = connections();
    const [group, one] = [freshGroup(), freshMember()];
    const other = { ...one, id: freshName('member') };
    await bus.registry.renew(group, one);
    await bus.registry.renew(group, other);

    await bus.registry.leave(group, one.id, one.boot);

    expect(await bus.registry.renew(group, other)).toBe('renewed');
  });

  it('does not declare dead a boot that another holds the id of', async () => {
    const { bus } = connections();
    const [group, member] = [freshGroup(), freshMember()];
    await bus.registry.renew(group, member);

    await bus.registry.declareDead(group, member.id, freshName('boot'));
    await bus.registry.leave(group, member.id, freshName('boot'));

    expect(await bus.registry.view(group)).toEqual({ live: [shown(member)], expired: [], dead: [] });
  });

  it('counts a member that leaves among the dead at once', async () => {
    const { bus, second } = connections();
    const [group, member] = [freshGroup(), freshMember()];
    await bus.registry.renew(group, member);

    await bus.registry.leave(group, member.id, member.boot);
    await bus.registry.leave(group, member.id, member.boot);

    const { live, expired, dead } = await second.registry.view(group);
    expect([live, expired]).toEqual([[], []]);
    expect(dead.map(({ id }) => id)).toEqual([member.id]);
  });

  it('takes any characters in the names of groups and members', async () => {
    const { bus } = connections();
    const group = serviceGroup(freshName('客服 1'));
    const member = freshMember({ id: 'büro:1', boot: '☎ 1' });

    await bus.registry.renew(group, member);
    expect((await bus.registry.view(group)).live).toEqual([shown(member)]);
    await bus.registry.leave(group, member.id, member.boot);
    expect((await bus.registry.view(group)).dead).toMatchObject([{ id: member.id }]);
  });

  it('never gives out a server id twice', async () => {
    const { bus, second } = connections();

    const ids = await Promise.all(
      Array.from({ length: 200 }, (_, index) => (index % 2 === 0 ? bus : second).registry.nextServerId()),
    );

    expect(new Set(ids).size).toBe(200);
    expect(Math.min(...ids)).toBeGreaterThan(0);
  });

  it('never gives out the id of a live server', async () => {
    const { bus, second } = connections();
    const last = await bus.registry.nextServerId();
    const takenIds = [last + 1, last + 2, last + 4].map(String);
    for (const id of takenIds) await bus.registry.renew(serverGroup, freshMember({ id }));

    const ids = [await second.registry.nextServerId(), await second.registry.nextServerId()];

    expect(takenIds).not.toContain(String(ids[0]));
    expect(takenIds).not.toContain(String(ids[1]));
    expect(new Set([last, ...ids]).size).toBe(3);
  });

  it('locks for one holder, again and again', async () => {
    const { bus, second } = connections();
    const name = freshName('lock');

    expect(await bus.registry.lock(name, 'one', longMs)).toBe(true);
    expect(await second.registry.lock(name, 'other', longMs)).toBe(false);
    expect(await second.registry.lock(name, 'one', longMs)).toBe(true);
    expect(await bus.registry.lock(freshName('lock'), 'other', longMs)).toBe(true);
  });

  it('locks for one of many who ask at once', async () => {
    const { bus, second } = connections();
    const name = freshName('lock');

    const answers = await Promise.all(
      [bus, second, bus, second].map(({ registry }, index) => registry.lock(name, `holder ${index}`, longMs)),
    );

    expect(answers.filter(Boolean)).toHaveLength(1);
  });

  it('lets a lock go when its time is over', async () => {
    const { bus } = connections();
    const name = freshName('lock');
    await bus.registry.lock(name, 'one', shortMs);
    expect(await bus.registry.lock(name, 'other', longMs)).toBe(false);

    await vi.waitFor(async () => {
      expect(await bus.registry.lock(name, 'other', longMs)).toBe(true);
    }, soon);

    expect(await bus.registry.lock(name, 'one', longMs)).toBe(false);
  });

  it('counts the time of a lock from the last call of its holder', async () => {
    const { bus } = connections();
    const [name, canary] = [freshName('lock'), freshName('lock')];
    await bus.registry.lock(name, 'one', shortMs);
    await bus.registry.lock(name, 'one', longMs);
    await bus.registry.lock(canary, 'one', 150);

    await vi.waitFor(async () => {
      expect(await bus.registry.lock(canary, 'other', longMs)).toBe(true);
    }, soon);

    expect(await bus.registry.lock(name, 'other', longMs)).toBe(false);
  });
}

function freshGroup(): string {
  return serviceGroup(freshName('service'));
}

function freshMember(rest: Partial<Lease> = {}): Lease {
  return { id: freshName('member'), boot: freshName('boot'), leaseMs: longMs, info: 'here', ...rest };
}

function anotherBootOf(member: Lease): Lease {
  return { ...member, boot: freshName('boot') };
}

/** As `view` shows it. */
function shown({ id, boot, info }: Lease): { id: string; boot: string; info: string } {
  return { id, boot, info };
}

async function idsOf(registry: Registry, group: string, which: 'live' | 'expired'): Promise<string[]> {
  return (await registry.view(group))[which].map(({ id }) => id);
}

async function untilExpired(registry: Registry, group: string, member: Lease): Promise<void> {
  await vi.waitFor(async () => {
    expect(await idsOf(registry, group, 'expired')).toContain(member.id);
  }, soon);
}
