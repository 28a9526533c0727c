import { expect, it } from 'vitest';
import { freshName, freshNumber, type Connections } from './subject.ts';

// P-13.1.

export function topics(connections: () => Connections): void {
  const of = async (userId: string): Promise<string[]> => {
    const [found] = await connections().second.topics.of([userId]);
    return [...(found?.keys() ?? [])].toSorted();
  };
  const membersOf = async (topic: string): Promise<string[]> => {
    const all = new Set<string>();
    for (let cursor: string | undefined; ;) {
      const { userIds, next } = await connections().second.topics.members(topic, cursor);
      for (const userId of userIds) all.add(userId);
      if (next === undefined) return [...all].toSorted();
      cursor = next;
    }
  };

  it('knows who is in a topic, and what a user is in', async () => {
    const { bus } = connections();
    const [room, hall, anna, bob] = [
      freshName('room'),
      freshName('hall'),
      freshName('anna'),
      freshName('bob'),
    ];

    await bus.topics.add(room, [anna, bob]);
    await bus.topics.add(hall, [anna]);
    await bus.topics.remove(room, [bob, freshName('nobody')]);

    expect([await of(anna), await of(bob)]).toEqual([[hall, room], []]);
    expect([await membersOf(room), await membersOf(hall)]).toEqual([[anna], [anna]]);
    expect(await membersOf(freshName('none'))).toEqual([]);
  });

  it('numbers changes upwards, and says with which one a user came in', async () => {
    const { bus, second } = connections();
    const [room, anna] = [freshName('room'), freshName('anna')];

    const first = await bus.topics.add(room, [anna]);
    const left = await second.topics.remove(room, [anna]);
    const again = await bus.topics.add(room, [anna]);

    expect(left.number).toBeGreaterThan(first.number);
    expect(again.number).toBeGreaterThan(left.number);
    expect(await second.topics.of([anna])).toEqual([new Map([[room, again.number]])]);
  });

  it('lets the later one of two changes at once win, with the user as with the topic', async () => {
    const { bus, second } = connections();
    const [room, anna] = [freshName('room'), freshName('anna')];

    const changes = await Promise.all(
      Array.from({ length: 30 }, async (_, index) => {
        const { topics } = index % 2 === 0 ? bus : second;
        const isIn = index % 3 > 0;
        const { number } = await (isIn ? topics.add(room, [anna]) : topics.remove(room, [anna]));
        return { number, isIn };
      }),
    );

    const last = changes.toSorted((a, b) => a.number - b.number).at(-1);
    expect(await of(anna)).toEqual(last?.isIn ? [room] : []);
    expect(await membersOf(room)).toEqual(last?.isIn ? [anna] : []);
  });

  it('takes a crowd', async () => {
    const { bus } = connections();
    const room = freshName('room');
    const users = Array.from({ length: 2_300 }, () => freshName('user'));

    const { refused } = await bus.topics.add(room, users);

    expect(refused).toEqual([]);
    expect(await membersOf(room)).toEqual(users.toSorted());
    expect((await bus.topics.of(users)).every((found) => found.has(room))).toBe(true);
  });

  it('refuses a user who is in a thousand topics', async () => {
    const { bus } = connections();
    const [busy, calm, one] = [freshName('busy'), freshName('calm'), freshName('room')];
    const rooms = Array.from({ length: 1_000 }, () => freshName('room'));
    await Promise.all(rooms.map((room) => bus.topics.add(room, [busy])));

    expect(await bus.topics.add(one, [busy, calm])).toMatchObject({ refused: [busy] });
    expect(await membersOf(one)).toEqual([calm]);
    expect(await bus.topics.add(rooms[7] ?? '', [busy])).toMatchObject({ refused: [] });
  });

  it('knows which servers have members, until they say that they have none', async () => {
    const { bus, second } = connections();
    const [room, hall] = [freshName('room'), freshName('hall')];
    const [one, two] = [freshNumber(), freshNumber()];

    const toldAt = await bus.topics.tell(room, [one]);
    await second.topics.tell(room, [two]);
    await second.topics.tell(hall, [two]);
    expect((await second.topics.servers(room)).toSorted()).toEqual([one, two].toSorted());

    await bus.topics.leave(room, one, toldAt);
    await bus.topics.leave(hall, one, toldAt);
    expect(await Promise.all([second.topics.servers(room), second.topics.servers(hall)])).toEqual([
      [two],
      [two],
    ]);
  });

  it('keeps a server that was told of again since it meant to leave', async () => {
    const { bus, second } = connections();
    const [room, one] = [freshName('room'), freshNumber()];

    const toldAt = await bus.topics.tell(room, [one]);
    await expect.poll(() => second.topics.tell(room, [one])).toBeGreaterThan(toldAt);
    await bus.topics.leave(room, one, toldAt);

    expect(await second.topics.servers(room)).toEqual([one]);
  });

  it('takes back what it may have forgotten, unless a later change says otherwise', async () => {
    const { bus } = connections();
    const [room, anna, bob] = [freshName('room'), freshName('anna'), freshName('bob')];
    const { number } = await bus.topics.add(room, [bob]);
    await bus.topics.remove(room, [bob]);

    const members = [anna, bob].map((userId) => ({ userId, number }));
    expect(await bus.topics.restore(room, members)).toEqual({ left: [bob] });
    expect(await bus.topics.restore(room, members)).toEqual({ left: [bob] });

    expect([await of(anna), await of(bob)]).toEqual([[room], []]);
    expect(await membersOf(room)).toEqual([anna]);
  });
}
