import { expect, it } from 'vitest';
import { toByteText } from '../../src/bus/byte-text.ts';
import type { AppendedToTopic, FoundBeside, TopicPosition } from '../../src/bus.ts';
import { freshName, freshNumber, type Connections } from './subject.ts';

// P-13.1, P-13.9.

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

  it('tells a login whose user is in topics: a change finds the route, or is told of', async () => {
    const { bus, second } = connections();
    const room = freshName('room');
    const users = Array.from({ length: 60 }, () => freshName('user'));
    const isTold = async (id: string): Promise<boolean> => {
      let isIn = false;
      const onFound = ({ mayHaveTopics }: FoundBeside): void => {
        isIn = mayHaveTopics;
      };
      await bus.presence.bind({ id, terminal: 0 }, 5, {}, onFound);
      return isIn;
    };

    const met = await Promise.all(
      users.map(async (id, index) => {
        const add = async (): Promise<unknown> => {
          await (index % 2 === 0 ? bus : second).topics.add(room, [id]);
          const [server] = await second.presence.locate([{ id, terminal: 0 }]);
          return server;
        };
        const [found, told] = await Promise.all([add(), isTold(id)]);
        return told || found === 5;
      }),
    );

    expect(met).not.toContain(false);
    expect(await isTold(users[0] ?? '')).toBe(true);
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

  const keep = async (room: string, text: string, given: { most?: number; forMs?: number } = {}) => {
    const { most = 10, forMs = 60_000 } = given;
    const id = text.replace(/\W/g, '').slice(0, 64);
    return connections().bus.topics.history.append(room, { id, text: toByteText(text), most, forMs });
  };
  const missed = async (room: string, from: TopicPosition | undefined): Promise<string[] | undefined> => {
    const found = await connections().second.topics.history.since(room, from);
    return found?.messages?.map(({ text }) => text);
  };

  it('keeps the last messages of a topic, and says what came after a position', async () => {
    const { bus, second } = connections();
    const room = freshName('room');
    expect(await bus.topics.history.since(room, undefined)).toBeUndefined();
    await bus.topics.tell(room, [7]);

    const first = await keep(room, 'a ü { }');
    const again = await keep(room, 'a ü { }');
    expect(again).toEqual(first);
    expect(first.servers).toEqual([7]);
    const [two, three] = [await keep(room, 'b'), await keep(room, 'c')];
    expect(two.number).toBeGreaterThan(first.number);

    // With what may have been overtaken.
    expect(await missed(room, first)).toEqual([toByteText('b'), toByteText('c')]);
    expect(await missed(room, three)).toEqual([toByteText('a ü { }'), toByteText('b')]);
    expect(await missed(room, undefined)).toBeUndefined();
    expect(await missed(room, { ...first, epoch: 'another' })).toBeUndefined();
    expect(await missed(room, { ...first, number: first.number + 1 })).toBeUndefined();
    const { position } = (await second.topics.history.since(room, undefined)) ?? {};
    expect(position).toEqual({ epoch: first.epoch, number: three.number });
  });

  it('forgets the oldest messages of a topic, and says of older positions that more is missing', async () => {
    const room = freshName('room');
    const sent: AppendedToTopic[] = [];
    for (const id of ['a', 'b', 'c', 'd', 'e']) sent.push(await keep(room, id, { most: 3 }));
    const [a, b, c, , e] = sent;

    expect(await missed(room, a)).toBeUndefined();
    expect(await missed(room, b)).toEqual(['c', 'd', 'e']);
    expect(await missed(room, c)).toEqual(['d', 'e']);

    const large = 'x'.repeat(200_000);
    for (let index = 0; index < 7; index += 1) await keep(room, `${index}-${large}`);
    expect(await missed(room, e)).toBeUndefined();
    const last = await keep(room, 'last');
    expect((await missed(room, last))?.length ?? 0).toBeLessThan(6);
  });

  it('numbers a message once by its id as long as that is to be known, also when others have taken its place', async () => {
    const { bus, second } = connections();
    const room = freshName('room');
    const append = (id: string, rememberMs: number | undefined): Promise<AppendedToTopic> =>
      second.topics.history.append(room, { id, text: toByteText(id), most: 1, forMs: 60_000, rememberMs });
    const [mine, brief] = [await append('mine', 60_000), await append('brief', 1)];
    await append('other', undefined);

    expect(await append('mine', 60_000)).toEqual(mine);
    await expect.poll(async () => (await append('brief', 1)).number, { interval: 10 }).not.toBe(brief.number);
    const { position } = (await bus.topics.history.since(room, undefined)) ?? {};
    expect(position?.number).toBeGreaterThan(mine.number);
  });

  it('keeps a message of a topic only for its time', async () => {
    const room = freshName('room');
    const first = await keep(room, 'a', { forMs: 50 });
    const second = await keep(room, 'b', { forMs: 50 });

    await expect.poll(() => missed(room, first)).toBeUndefined();
    expect(await missed(room, second)).toEqual([]);
    const third = await keep(room, 'c');
    expect(await missed(room, second)).toEqual(['c']);
    expect(await missed(room, first)).toBeUndefined();
    expect(third.epoch).toBe(first.epoch);
  });
}
