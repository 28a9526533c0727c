import { onCleanup } from 'im-test/support';
import { describe, expect, it, vi } from 'vitest';
import { befriend } from './support/friends.ts';
import { openGroup, pushTypes } from './support/groups.ts';
import { nextInGroup, sayInGroup } from './support/messages.ts';
import type { Person } from './support/person.ts';
import { sharedPlatform, storeKinds, type StoreKind, type TestPlatform } from './support/test-platform.ts';

interface Club {
  readonly test: TestPlatform;
  /** The owner. */
  readonly ann: Person;
  readonly bob: Person;
  readonly cleo: Person;
  readonly dan: Person;
  readonly groupId: number;
}

/** Three in a group that is large enough for a topic, and one who is not in it. */
async function startClub(store: StoreKind): Promise<Club> {
  const test = await sharedPlatform({ store, platform: { topicsFrom: 3, sweepMs: 300 } });
  const ann = await test.register('ann');
  const [bob, cleo, dan] = [
    await test.register('bob'),
    await test.register('cleo'),
    await test.register('dan'),
  ];
  await befriend(test, ann, bob, cleo, dan);
  const { id: groupId } = await openGroup(ann, [bob, cleo]);
  return { test, ann, bob, cleo, dan, groupId };
}

interface TopicRow {
  readonly version: number;
  readonly memberVersion: number;
}

/** Resolves when messages to the group go to its topic. */
async function untilTopicIsRight({ test, groupId }: Pick<Club, 'test' | 'groupId'>): Promise<void> {
  const look = async (): Promise<void> => {
    const row = await test.platform.database
      .sql('im_group_topic as t')
      .join('im_group as g', 'g.id', 't.groupId')
      .where({ groupId })
      .first<TopicRow | undefined>('t.version', 'g.memberVersion');
    expect(row?.version).toBe(row?.memberVersion ?? -1);
  };
  await vi.waitFor(look, { timeout: 20_000, interval: 20 });
}

/** What went to topics from now on. */
function topicsOf({ platform }: TestPlatform): unknown[] {
  const sends = vi.spyOn(platform.im, 'sendGroupMessage');
  onCleanup(async () => {
    sends.mockRestore();
  });
  return sends.mock.calls;
}

function invite(owner: Person, groupId: number, ...friends: Person[]): Promise<unknown> {
  return owner.post('/group/invite', { groupId, friendIds: friends.map(({ id }) => id) });
}

describe.each(storeKinds)('messages to a large group on %s', (store) => {
  it('go to its topic: to all other members, the other terminals of the sender, and not back', async () => {
    const club = await startClub(store);
    const { test, ann, bob, groupId } = club;
    await sayInGroup(ann, groupId, 'the first one');
    await untilTopicIsRight(club);
    const annOnApp = await test.logIn('ann', { terminal: 1 });
    const [page, app, bobs] = [await ann.connect(), await annOnApp.connect(), await bob.connect()];
    const sends = topicsOf(test);

    const sent = await sayInGroup(ann, groupId, 'hi');
    const after = await sayInGroup(annOnApp, groupId, 'and again');

    expect(sends).toHaveLength(2);
    expect(JSON.stringify(sends)).toContain(`"topic":"group:${groupId}"`);
    expect(await nextInGroup(bobs)).toMatchObject({ id: sent.id, number: sent.number, content: 'hi' });
    expect(await nextInGroup(bobs)).toMatchObject({ id: after.id });
    expect(await nextInGroup(app)).toMatchObject({ id: sent.id });
    expect(await nextInGroup(page)).toMatchObject({ id: after.id });
    const pending = () =>
      test.platform.database.sql('im_pending_push').whereIn('messageId', [sent.id, after.id]).select();
    await expect.poll(pending).toEqual([]);
  });

  it('reach who has come, and not who has gone, from the moment on', async () => {
    const club = await startClub(store);
    const { test, ann, bob, cleo, dan, groupId } = club;
    await sayInGroup(ann, groupId, 'the first one');
    await untilTopicIsRight(club);
    const [bobs, cleos, dans] = [await bob.connect(), await cleo.connect(), await dan.connect()];

    await invite(ann, groupId, dan);
    const toFour = await sayInGroup(ann, groupId, 'welcome, dan');
    await untilTopicIsRight(club);
    const toTopic = await sayInGroup(ann, groupId, 'all four');
    await ann.delete(`/group/members/remove`, { groupId, userIds: [cleo.id] });
    const toThree = await sayInGroup(ann, groupId, 'without cleo');
    await untilTopicIsRight(club);
    const sends = topicsOf(test);
    const last = await sayInGroup(ann, groupId, 'still without her');

    expect(JSON.stringify(sends)).toContain('"topic"');
    const seenBy = async (device: Awaited<ReturnType<Person['connect']>>, upTo: number) => {
      const seen: number[] = [];
      while (seen.at(-1) !== upTo) {
        const { id, type } = await nextInGroup(device);
        if (type === 0) seen.push(id);
      }
      return seen;
    };
    const all = [toFour.id, toTopic.id, toThree.id, last.id];
    expect(await seenBy(bobs, last.id)).toEqual(all);
    expect(await seenBy(dans, last.id)).toEqual(all);
    expect(await seenBy(cleos, toTopic.id)).toEqual([toFour.id, toTopic.id]);
    // What she gets then is that she is out, and nothing that was said afterwards.
    await invite(ann, groupId, cleo);
    const types: number[] = [];
    while (types.at(-1) !== pushTypes.NEW) types.push((await nextInGroup(cleos)).type);
    expect(types).not.toContain(0);
  });

  it('go to each member while nobody has told the topic, which the sweeper does', async () => {
    const club = await startClub(store);
    const { test, ann, bob, cleo, groupId } = club;
    await sayInGroup(ann, groupId, 'the first one');
    await untilTopicIsRight(club);
    const { sql } = test.platform.database;
    const [bobs, cleos] = [await bob.connect(), await cleo.connect()];
    // What an instance leaves behind that dies after its commit.
    await sql('im_group_topic')
      .where({ groupId })
      .update({ nextAt: Date.now() + 1_000 });
    await sql('im_group_member')
      .where({ groupId, userId: cleo.id })
      .update({ quit: 1, quitTime: Date.now() });
    await sql('im_group').where({ id: groupId }).increment('memberVersion');

    const before = await sayInGroup(ann, groupId, 'without her');
    await untilTopicIsRight(club);
    const after = await sayInGroup(ann, groupId, 'again');

    expect((await nextInGroup(bobs)).id).toBe(before.id);
    expect((await nextInGroup(bobs)).id).toBe(after.id);
    expect(await test.platform.im.topics.topicsOf(cleo.id)).toEqual([]);
    await invite(ann, groupId, cleo);
    expect((await nextInGroup(cleos)).type).toBe(pushTypes.NEW);
  });
});

it('topics that the bus has forgotten while nobody was there are declared at the start', async () => {
  const club = await startClub('mariadb');
  const { test, ann, groupId } = club;
  await sayInGroup(ann, groupId, 'the first one');
  await untilTopicIsRight(club);
  const { topics } = test.platform.im;
  await topics.replace(`group:${groupId}`, []);

  await test.startAnother();

  await expect.poll(() => topics.topicsOf(ann.id)).toEqual([`group:${groupId}`]);
  await untilTopicIsRight(club);
});
