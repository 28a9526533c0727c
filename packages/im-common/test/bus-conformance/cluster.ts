import { expect, it, onTestFinished, vi } from 'vitest';
import type { Bus, GroupView } from '../../src/bus/bus.ts';
import { FailureDetector } from '../../src/bus/cluster/failure-detector.ts';
import { Membership, type MembershipOptions } from '../../src/bus/cluster/membership.ts';
import { putBack, takeOver } from '../../src/bus/cluster/take-over.ts';
import { serviceGroup } from '../../src/bus/names.ts';
import { batchOf, freshList, freshName, soon, type Connections } from './subject.ts';

// P-10.3, P-10.5.

/** Not over while a test runs, unless it is declared so. */
const longMs = 30_000;

export function cluster(connections: () => Connections): void {
  it('a member takes an id that nobody has, and is seen by the others', async () => {
    const { bus, second } = connections();
    const group = freshGroup();
    const taken = { id: freshName('member'), boot: 'somebody else' };
    await bus.registry.renew(group, { ...taken, leaseMs: longMs, info: '' });
    const ids = [taken.id, freshName('member')];
    const member = memberOf(second, group, { newIdentity: () => ({ id: ids.shift()!, boot: 'mine' }) });

    await member.join();

    expect(member.isValid).toBe(true);
    const { live } = await bus.registry.view(group);
    expect(live).toContainEqual({ id: member.id, boot: 'mine', info: 'info' });
    expect(live).toContainEqual({ ...taken, info: '' });
    await vi.waitFor(() => expect([taken.id, member.id].every((id) => member.knows(id))).toBe(true), soon);
  });

  it('a member that leaves is dead at once, and one that stops is not', async () => {
    const { bus, second } = connections();
    const group = freshGroup();
    const [leaving, stopping] = [memberOf(bus, group), memberOf(bus, group)];
    await Promise.all([leaving.join(), stopping.join()]);

    await Promise.all([leaving.leave(), stopping.stop()]);

    const { live, dead } = await second.registry.view(group);
    expect(dead.map(({ id }) => id)).toEqual([leaving.id]);
    expect(live.map(({ id }) => id)).toEqual([stopping.id]);
  });

  it('a member that was declared dead finds out when it looks, and is over', async () => {
    const { bus, second } = connections();
    const group = freshGroup();
    const onDeclaredDead = vi.fn<(former: unknown) => void>();
    const member = memberOf(bus, group, { onDeclaredDead });
    await member.join();
    const { id, boot } = member;
    const certain = vi.fn<() => void>();

    await second.registry.leave(group, id, boot);
    await member.renewNow();
    void member.whenCertain().then(certain);
    await member.renewNow();

    expect([member.isOver, member.isValid, await member.isOwner()]).toEqual([true, false, false]);
    expect(onDeclaredDead.mock.calls).toEqual([[{ id, boot }]]);
    expect(certain).toHaveBeenCalled();
    expect((await second.registry.view(group)).live).toEqual([]);
  });

  it('a member that joins again has another id and a valid lease after that', async () => {
    const { bus, second } = connections();
    const group = freshGroup();
    const seen: string[] = [];
    const member: Membership = memberOf(bus, group, {
      joinsAgain: true,
      onDeclaredDead: ({ id }) => seen.push(id, member.id),
    });
    await member.join();
    const { id: former, boot } = member;

    await second.registry.leave(group, former, boot);
    await member.renewNow();

    expect([member.isOver, member.isValid]).toEqual([false, true]);
    expect(seen).toEqual([former, member.id]);
    expect(member.id).not.toBe(former);
    const { live, dead } = await second.registry.view(group);
    expect([live.map(({ id }) => id), dead.map(({ id }) => id)]).toEqual([[member.id], [former]]);
  });

  it('a member that nobody lets renew loses its lease by its own clock, and has it again when it asks', async () => {
    const { bus } = connections();
    const member = memberOf(bus, freshGroup(), { leaseMs: 100 });
    await member.join();
    await member.stop();
    await vi.waitFor(() => expect(member.isValid).toBe(false), soon);

    expect(await member.isOwner()).toBe(true);
  });

  it('is declared dead by one of several at the second look that finds the lease over', async () => {
    const { bus, second } = connections();
    const group = freshGroup();
    const dead = memberOf(bus, group, { leaseMs: 50 });
    await dead.join();
    await dead.stop();
    const looks = [lookFrom(bus, group, 'one'), lookFrom(second, group, 'other')];
    await vi.waitFor(async () => expect((await bus.registry.view(group)).expired).toHaveLength(1), soon);
    const view = await bus.registry.view(group);

    for (const { look } of looks) await look(view);
    expect((await bus.registry.view(group)).dead).toEqual([]);
    for (const { look } of looks) await look(view);

    expect(looks.map(({ died }) => died)).toEqual([[dead.id], []]);
    await dead.renewNow();
    expect(dead.isOver).toBe(true);
  });

  it('is spared when the bus could not be asked between two looks, and never declares itself dead', async () => {
    const { bus } = connections();
    const group = freshGroup();
    const member = memberOf(bus, group, { leaseMs: 50 });
    await member.join();
    await member.stop();
    await vi.waitFor(async () => expect((await bus.registry.view(group)).expired).toHaveLength(1), soon);
    const view = await bus.registry.view(group);
    const [other, itself] = [lookFrom(bus, group, 'other'), lookFrom(bus, group, member.id)];

    await other.look(view);
    other.detector.forget();
    await other.look(view);
    for (let look = 0; look < 3; look++) await itself.look(view);

    expect([...other.died, ...itself.died]).toEqual([]);
  });

  it('what a dead consumer had in flight and what it never took is taken over, in order, once', async () => {
    const { bus, second } = connections();
    const list = freshList();
    await bus.lists.put(list, batchOf(['1', '2', '3', '4', '5']));
    await bus.lists.open(list, 'dead');
    await bus.lists.take(list, 'dead', 0, 2);
    const handled: string[] = [];

    const first = await takeOverWith(second, list, handled, { goesOnFor: 1 });
    expect(await second.lists.consumers(list)).toEqual([]);
    const then = await takeOverWith(bus, list, handled);

    expect([first, then]).toEqual([2, 3]);
    expect(handled).toEqual(['1', '2', '3', '4', '5']);
    expect([await bus.lists.length(list), await bus.lists.consumers(list)]).toEqual([0, []]);
  });

  it('what was not dealt with in a take-over stays on the list', async () => {
    const { bus } = connections();
    const list = freshList();
    await bus.lists.put(list, batchOf(['1', '2', '3']));

    await takeOver(bus.lists, {
      list,
      consumer: 'me',
      isGone: () => true,
      mayGoOn: () => Promise.resolve(true),
      maxBatch: 10,
      handle: (batch) => Promise.resolve(batch.filter(({ text }) => text !== '2').map(({ seq }) => seq)),
    });

    expect(await takeOverWith(bus, list, [])).toBe(1);
  });

  it('a take-over breaks off when somebody else puts back what it has', async () => {
    const { bus, second } = connections();
    const list = freshList();
    await bus.lists.put(list, batchOf(['1', '2', '3', '4']));
    const handled: string[] = [];
    await takeOver(bus.lists, {
      list,
      consumer: 'slow',
      isGone: () => false,
      mayGoOn: () => Promise.resolve(true),
      maxBatch: 2,
      async handle(batch) {
        handled.push(...batch.map(({ text }) => text));
        await putBack(second.lists, list, (consumer) => consumer === 'slow');
        return batch.map(({ seq }) => seq);
      },
    });

    expect(handled).toEqual(['1', '2']);
    expect(await bus.lists.length(list)).toBe(4);
  });
}

function freshGroup(): string {
  return serviceGroup(freshName('service'));
}

function memberOf(bus: Bus, group: string, rest: Partial<MembershipOptions> = {}): Membership {
  const member = new Membership({
    registry: bus.registry,
    group,
    leaseMs: longMs,
    newIdentity: () => ({ id: freshName('member'), boot: freshName('boot') }),
    info: () => 'info',
    onDeclaredDead: () => undefined,
    onView: () => undefined,
    onBus: () => undefined,
    ...rest,
  });
  onTestFinished(() => member.stop());
  return member;
}

interface Look {
  readonly died: string[];
  readonly detector: FailureDetector;
  look(view: GroupView): Promise<void>;
}

function lookFrom({ registry }: Bus, group: string, me: string): Look {
  const died: string[] = [];
  const detector = new FailureDetector({
    registry,
    group,
    me: () => ({ id: me, boot: me }),
    lockMs: longMs,
    isWanted: () => false,
    lookAfter: (ids) => Promise.resolve(void died.push(...ids)),
    onError: (error) => expect.unreachable(String(error)),
  });
  const look = (view: GroupView): Promise<void> => {
    detector.look(view);
    return detector.whenIdle();
  };
  return { died, detector, look };
}

function takeOverWith(
  { lists }: Bus,
  list: string,
  handled: string[],
  { goesOnFor = Infinity } = {},
): Promise<number> {
  let batches = 0;
  return takeOver(lists, {
    list,
    consumer: freshName('successor'),
    isGone: () => true,
    mayGoOn: () => Promise.resolve(batches++ < goesOnFor),
    maxBatch: 2,
    handle(batch) {
      handled.push(...batch.map(({ text }) => text));
      return Promise.resolve(batch.map(({ seq }) => seq));
    },
  });
}
