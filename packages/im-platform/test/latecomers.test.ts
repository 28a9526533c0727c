import { describe, expect, it } from 'vitest';
import { chunksOf } from '../src/db/chunks.ts';
import { laneOf, laneOfId } from '../src/db/lanes.ts';
import { idsWithin, nextId } from '../src/message-log/ids.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { holdRows, untilWaiting } from './support/locks.ts';
import { messageTypes, pull, pullGroups, say, sayInGroup, statuses } from './support/messages.ts';
import type { Person } from './support/person.ts';
import { startTestPlatform, storeKinds, type TestPlatform } from './support/test-platform.ts';

// Box-im's page keeps the highest id that it has, and pulls what is above. What other lanes hand over after that is told all the same.

interface World {
  readonly test: TestPlatform;
  readonly ann: Person;
  readonly bob: Person;
  /** Two groups of both, in two lanes. */
  readonly groups: readonly [number, number];
}

async function meet(store: (typeof storeKinds)[number], sweepMs = 60_000): Promise<World> {
  const test = await startTestPlatform({ store, platform: { sweepMs } });
  const [ann, bob] = [await test.register('ann'), await test.register('bob')];
  await befriend(test, ann, bob);
  const groups = [(await openGroup(ann, [bob])).id, (await openGroup(ann, [bob], 'other')).id] as const;
  expect(laneOf(`group:${groups[0]}`)).not.toBe(laneOf(`group:${groups[1]}`));
  return { test, ann, bob, groups };
}

async function textsOf(person: Person, minId: number): Promise<(string | null)[]> {
  return (await pullGroups(person, minId)).map(({ content }) => content);
}

/** As if the clock of the database had been ahead for a moment, when what was said so far is in everybody's hands. */
async function stepClock({ test }: World, conversation: string, ms: number): Promise<void> {
  const pending = (): Promise<unknown[]> => test.platform.database.sql('im_pending_push').select();
  await expect.poll(pending).toEqual([]);
  await test.platform.database
    .sql('im_lane')
    .where({ lane: laneOf(conversation) })
    .increment('lastId', idsWithin(ms));
}

/** What an instance leaves behind that dies after it stored a message, when others have gone on since. */
async function storeWithoutPush(
  { test, ann, groups: [groupId] }: World,
  id: number,
  more: object = {},
): Promise<void> {
  await test.platform.database.transaction(async (sql) => {
    await sql('im_group_message').insert({
      ...{ id, groupId, number: 1_000, sendId: ann.id, content: 'last words', type: messageTypes.TEXT },
      ...{ status: statuses.PENDING, sendTime: Date.now(), ...more },
    });
    await sql('im_pending_push').insert({ kind: 'group', messageId: id, nextAt: Date.now() - 1 });
  });
}

describe.each(storeKinds)('a page that has a higher id, on %s', (store) => {
  it('is told what is a few seconds below it in other lanes, and no more', async () => {
    const world = await meet(store);
    const { ann, bob, groups } = world;
    const [first, second] = [
      await sayInGroup(ann, groups[0], 'one'),
      await sayInGroup(ann, groups[1], 'two'),
    ];

    expect(await textsOf(bob, second.id)).toContain('one');
    expect(await textsOf(bob, second.id)).not.toContain('two');
    expect(await textsOf(bob, first.id)).toEqual(expect.arrayContaining(['two']));
    expect(await textsOf(bob, first.id)).not.toContain('one');
    expect(await textsOf(bob, second.id + idsWithin(6_000))).toEqual([]);
    const told = await say(ann, bob, 'hello');
    expect(await pull(bob, told.id + 1)).toMatchObject([{ content: 'hello', status: statuses.PENDING }]);
    expect(await pull(bob, told.id + idsWithin(6_000))).toEqual([]);
  });

  it('is told what was pushed only now, as its instance died before, and for a while', async () => {
    const world = await meet(store, 100);
    const { ann, bob, groups, test } = world;
    const before = await sayInGroup(ann, groups[0], 'before');
    await stepClock(world, `group:${groups[1]}`, 3_600_000);
    const after = await sayInGroup(ann, groups[1], 'after');
    expect(after.id - before.id).toBeGreaterThan(idsWithin(3_500_000));

    const lane = laneOf(`group:${groups[0]}`);
    const id = nextId(lane, { last: before.id, highest: before.id, time: 0 });
    expect(laneOfId(id)).toBe(lane);
    await storeWithoutPush(world, id);

    await expect.poll(() => textsOf(bob, after.id)).toEqual(['last words']);
    expect(await textsOf(bob, after.id + idsWithin(600_000))).toEqual([]);
    const stranger = await test.register('stranger');
    expect(await textsOf(stranger, after.id)).toEqual([]);
  });

  it('is told all of it when it has none, whichever lane was first', async () => {
    const { test, ann, bob, groups } = await meet(store);
    const first = await sayInGroup(ann, groups[0], 'one');
    const second = await sayInGroup(ann, groups[1], 'two');
    // By the clock of its instance it was said later.
    await test.platform.database
      .sql('im_group_message')
      .where({ id: first.id })
      .update({ sendTime: second.sendTime + 4_000 });
    await test.platform.database
      .sql('im_group_message')
      .whereNot({ content: 'one' })
      .whereNot({ content: 'two' })
      .delete();

    expect(await textsOf(bob, 0)).toEqual(['one', 'two']);
  });

  it('is told nothing of what it may not see', async () => {
    const world = await meet(store, 100);
    const { ann, bob, groups } = world;
    const before = await sayInGroup(ann, groups[0], 'before');
    await stepClock(world, `group:${groups[1]}`, 3_600_000);
    const after = await sayInGroup(ann, groups[1], 'after');

    await storeWithoutPush(world, before.id + 1, { recvIds: `${ann.id}` });

    await expect.poll(() => textsOf(ann, after.id)).toEqual(['last words']);
    expect(await textsOf(bob, after.id)).toEqual([]);
  });
});

it('is told what was stored long before it was committed', async () => {
  const world = await meet('mariadb');
  const { ann, bob, groups, test } = world;
  await sayInGroup(ann, groups[0], 'before');
  const hold = await holdRows(test.platform);
  await hold('im_conversation')
    .where({ conversation: `group:${groups[0]}` })
    .forUpdate()
    .select('lane');

  const dawdling = sayInGroup(ann, groups[0], 'dawdling');
  await untilWaiting(test.platform, (waiting) => waiting > 0);
  await stepClock(world, `group:${groups[1]}`, 3_600_000);
  const ahead = await sayInGroup(ann, groups[1], 'ahead');
  expect(await textsOf(bob, ahead.id)).toEqual([]);
  await hold.rollback();

  expect((await dawdling).id).toBeLessThan(ahead.id - idsWithin(3_000_000));
  await expect.poll(() => textsOf(bob, ahead.id)).toEqual(['dawdling']);
  // Whatever comes next is above all of it, in every lane.
  expect((await sayInGroup(ann, groups[0], 'next')).id).toBeGreaterThan(ahead.id);
});

// Of a database that others write to between two statements of a pull.
it(
  'a page in four hundred groups gets all of a lane, whichever group is read first',
  { timeout: 60_000 },
  async () => {
    const test = await startTestPlatform({ store: 'mariadb' });
    const ann = await test.register('ann');
    const [first, last] = await twoOfOneLane(ann);
    await beBetween(test, ann, first);
    const pairs = 20;
    let minId = (await sayInGroup(ann, first, 'begin')).id;
    const told = new Set<string>();
    const read = async (): Promise<void> => {
      for (const { id, content } of await pullGroups(ann, minId)) {
        told.add(content);
        minId = Math.max(minId, id);
      }
    };
    const end = new AbortController();
    const write = async (): Promise<void> => {
      for (let pair = 0; pair < pairs; pair++) {
        await sayInGroup(ann, first, `first ${pair}`);
        await sayInGroup(ann, last, `last ${pair}`);
      }
    };
    const writing = write().finally(() => end.abort());
    while (!end.signal.aborted) await read();
    await writing;
    await read();
    const said = Array.from({ length: pairs }, (_, pair) => [`first ${pair}`, `last ${pair}`]).flat();
    expect([...told].toSorted()).toEqual(said.toSorted());
  },
);

/** Two groups of which the second one comes after the first one and its namesakes in the order of names. */
async function twoOfOneLane(owner: Person): Promise<[number, number]> {
  const known: number[] = [];
  for (;;) {
    const { id } = await openGroup(owner, [], `club ${known.length}`);
    const before = known.find(
      (other) =>
        laneOf(`group:${other}`) === laneOf(`group:${id}`) &&
        String(other) < String(id) &&
        !String(id).startsWith(String(other)),
    );
    if (before !== undefined) return [before, id];
    known.push(id);
  }
}

/** Makes the user a member of four hundred groups whose names begin as that of the group, and in which something seems to be new. */
async function beBetween(
  { platform: { database } }: TestPlatform,
  { id: userId }: Person,
  groupId: number,
): Promise<void> {
  const { sql } = database;
  const names = Array.from({ length: 400 }, (_, index) => `group:${groupId}${100_000 + index}`);
  const last = { lastNumber: 1, lastId: Number.MAX_SAFE_INTEGER, lastTime: Date.now() };
  for (const some of chunksOf(names, 200)) {
    await sql('im_conversation').insert(
      some.map((conversation) => ({ conversation, lane: laneOf(conversation), ...last })),
    );
    await sql('im_conversation_member').insert(some.map((conversation) => ({ userId, conversation })));
  }
}
