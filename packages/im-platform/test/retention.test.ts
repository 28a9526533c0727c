import { expect, it } from 'vitest';
import { unwrap, type ApiClient } from '../src/client/index.ts';
import { openDatabase } from '../src/db/database.ts';
import { besideMessages } from '../src/retention/trimming.ts';
import { makeAdmin } from './support/admins.ts';
import { apiOf } from './support/api.ts';
import { unreadOf } from './support/conversations.ts';
import { upload } from './support/files.ts';
import { dice } from './support/dice.ts';
import { befriend } from './support/friends.ts';
import { migratedDatabase } from './support/migrated-database.ts';
import { openGroup } from './support/groups.ts';
import { messageTypes, say, sayInGroup } from './support/messages.ts';
import type { Person } from './support/person.ts';
import { allNoted, searchAll } from './support/search.ts';
import { startTestPlatform, type StoreKind, type TestPlatform } from './support/test-platform.ts';

async function scene(store: StoreKind, platform: { ownerRetentionDays?: number } = {}) {
  const test = await startTestPlatform({
    store,
    platform: {
      retentionDays: 30,
      sweepMs: 100,
      fileLinks: 'open',
      ...platform,
    },
  });
  const people: Person[] = [];
  for (const name of ['ann', 'bob', 'cleo']) people.push(await test.register(name));
  const [ann, bob, cleo] = people as [Person, Person, Person];
  await befriend(test, ann, bob, cleo);
  const { id: group } = await openGroup(ann, [bob, cleo]);
  return {
    test,
    ann,
    bob,
    cleo,
    group,
    club: `group:${group}`,
    pair: `private:${ann.id}:${bob.id}`,
  };
}

/** All that is too old now is gone afterwards. */
async function letRoundPass({ platform: { database } }: TestPlatform): Promise<void> {
  const round = database.sql('im_retention_round');
  const nextTime = async () => (await round.clone().first<{ nextTime: number }>('nextTime')).nextTime;
  await expect.poll(nextTime).toBeGreaterThan(Date.now() + 600_000);
  await round.clone().update({ nextTime: 0 });
  await expect.poll(nextTime).toBeGreaterThan(Date.now() + 600_000);
}

/** Up to that number it was said long ago. */
async function age({ platform: { database } }: TestPlatform, id: string, upTo: number): Promise<void> {
  const [kind, group] = id.split(':');
  const messages =
    kind === 'group'
      ? database.sql('im_group_message').where({ groupId: Number(group) })
      : database.sql('im_private_message').where({ conversation: id });
  await messages.where('number', '<=', upTo).update({ sendTime: 1 });
}

async function numbersOf(api: ApiClient, conversationId: string) {
  const params = { path: { conversationId }, query: { after: 0, limit: 200 } };
  const page = await unwrap(api.GET('/v1/conversations/{conversationId}/messages', { params }));
  return {
    numbers: page.items.map(({ number }) => number),
    first: page.first,
    nothing: page.nothing,
  };
}

interface Said {
  readonly number: number;
  readonly id: number;
  readonly by: Person;
  readonly counts: boolean;
  isRecalled: boolean;
}

/** A conversation as somebody keeps it who looks at every message each time. */
class Naive {
  said: Said[] = [];
  first = 1;
  readonly read = new Map<number, number>();

  get last(): number {
    return this.said.at(-1)?.number ?? this.first - 1;
  }

  note(by: Person, { number, id }: { number: number; id: number }, counts: boolean): void {
    this.said.push({ number, id, by, counts, isRecalled: false });
  }

  remove(upTo: number): void {
    this.said = this.said.filter(({ number }) => number > upTo);
    this.first = Math.max(this.first, upTo + 1);
  }

  unread({ id }: Person): number {
    const from = this.read.get(id) ?? 0;
    return this.said.filter(
      ({ number, by, counts, isRecalled }) => number > from && by.id !== id && counts && !isRecalled,
    ).length;
  }
}

it('what is unread is what is there, whatever was said, read, taken back and removed', async () => {
  const { test, ann, bob, cleo, group, club, pair } = await scene('mariadb');
  const people = [ann, bob, cleo];
  const [asAnn, asBob] = [await apiOf(test, ann), await apiOf(test, bob)];
  const [inClub, inPair] = [new Naive(), new Naive()];
  const { last } = await unwrap(
    asAnn.GET('/v1/conversations/{conversationId}', {
      params: { path: { conversationId: club } },
    }),
  );
  for (let number = 1; number <= last; number++) inClub.note(ann, { number, id: 0 }, false);
  for (const { id } of people) inClub.read.set(id, 0);
  const roll = dice(11);
  const pick = <T>(list: readonly T[]): T => list[roll(list.length)] as T;

  for (let step = 0; step < 45; step++) {
    switch (roll(7)) {
      case 0:
      case 1: {
        const who = pick(people);
        inClub.note(who, await sayInGroup(who, group, `${step}`), true);
        break;
      }
      case 2:
      case 3: {
        const [from, to] = pick([[ann, bob] as const, [bob, ann] as const]);
        inPair.note(from, await say(from, to, `${step}`), true);
        break;
      }
      case 4: {
        const mine = pick([undefined, ...inClub.said.filter((one) => one.counts && !one.isRecalled)]);
        // Those of long ago are not taken back any more.
        const old: unknown = await test.platform.database
          .sql('im_group_message')
          .where({ id: mine?.id ?? 0, sendTime: 1 })
          .first('id');
        if (!mine || old !== undefined) break;
        const note = await mine.by.delete<{ number: number; id: number }>(`/message/group/recall/${mine.id}`);
        inClub.note(mine.by, note, false);
        mine.isRecalled = true;
        break;
      }
      case 5: {
        const [api, who] = pick([[asAnn, ann] as const, [asBob, bob] as const]);
        const [naive, conversationId] = pick([[inClub, club] as const, [inPair, pair] as const]);
        if (naive.last === 0) break;
        const number = roll(naive.last + 1);
        const params = { path: { conversationId } };
        await unwrap(
          api.PUT('/v1/conversations/{conversationId}/read', {
            params,
            body: { number },
          }),
        );
        naive.read.set(who.id, Math.max(naive.read.get(who.id) ?? 0, number));
        break;
      }
      default: {
        const [naive, id] = pick([[inClub, club] as const, [inPair, pair] as const]);
        if (naive.last === 0) break;
        const upTo = naive.first - 1 + roll(naive.last - naive.first + 2);
        await age(test, id, upTo);
        await letRoundPass(test);
        naive.remove(upTo);
      }
    }
    for (const person of people) {
      const unread = await unreadOf(test.platform.database, person.id);
      expect(unread[club], `step ${step}, ${person.userName} in the club`).toBe(inClub.unread(person));
      if (person !== cleo && inPair.last > 0)
        expect(unread[pair], `step ${step}, ${person.userName} of the pair`).toBe(inPair.unread(person));
    }
  }
  const { items, unread } = await unwrap(asBob.GET('/v1/conversations', { params: { query: {} } }));
  expect(unread).toBe(items.reduce((sum, one) => sum + one.unread, 0));
  const { numbers, first } = await numbersOf(asBob, club);
  expect(first).toBe(inClub.first);
  expect(numbers.every((number) => number >= first)).toBe(true);
  expect(numbers).toEqual(
    inClub.said
      .filter(({ counts, number }) => counts || numbers.includes(number))
      .map(({ number }) => number),
  );
});

it('what belongs to a message goes with it, is said by the next sync, and stays while it is reported or held', async () => {
  const { test, ann, bob, pair } = await scene('sqlite');
  const { sql } = test.platform.database;
  const [asAnn, asBob] = [await apiOf(test, ann), await apiOf(test, bob)];
  const { data: url } = await upload(`${test.url}/file/upload`, ann, {
    ...{ name: 'plan.txt', bytes: Buffer.from('a plan') },
  });
  const file = JSON.stringify({ name: 'plan.txt', size: 6, url });
  await say(ann, bob, file, { type: messageTypes.FILE });
  await say(ann, bob, 'the pelican');
  await say(ann, bob, 'reported words');
  await say(ann, bob, 'held words');
  await say(ann, bob, 'young words');
  const path = { conversationId: pair, number: 2 };
  const params = { path: { ...path, emoji: '👍' } };
  await unwrap(
    asBob.PUT('/v1/conversations/{conversationId}/messages/{number}/reactions/{emoji}', { params }),
  );
  const body = { content: { type: 'text' as const, text: 'the walrus' } };
  await unwrap(
    asAnn.PATCH('/v1/conversations/{conversationId}/messages/{number}', {
      params: { path },
      body,
    }),
  );
  const deleted = {
    params: { path: { conversationId: pair } },
    body: { numbers: [2] },
  };
  await unwrap(asBob.POST('/v1/conversations/{conversationId}/deleted', deleted));
  await allNoted(test);
  const report = { conversationId: pair, number: 3, reason: 'spam' as const };
  await unwrap(asBob.POST('/v1/reports', { body: report }));
  expect((await fetch(url)).status).toBe(200);
  const { cursor } = await unwrap(asBob.POST('/v1/sync', { body: {} }));

  await age(test, pair, 4);
  await letRoundPass(test);

  expect(await numbersOf(asBob, pair)).toEqual({
    numbers: [3, 4, 5],
    first: 3,
    nothing: [],
  });
  expect((await fetch(url)).status).toBe(404);
  for (const word of ['pelican', 'walrus']) expect(await searchAll(asAnn, word)).toEqual([]);
  for (const table of ['im_message_detail', 'im_message_edit', 'im_reaction', 'im_message_deleted'])
    expect(await sql(table).where({ conversation: pair }).where('number', '<', 3)).toEqual([]);
  const postings = await sql('im_search_posting').where('number', '<', 3).select();
  expect(postings).toEqual([]);
  const synced = await unwrap(asBob.POST('/v1/sync', { body: { cursor } }));
  expect(synced.conversations).toMatchObject([{ id: pair, first: 3, last: 5, unread: 3 }]);

  // What was reported was looked at; now somebody wants it to be kept.
  await sql('im_report').update({ isClosed: 1 });
  await makeAdmin(test, ann);
  const asAdmin = await apiOf(test, ann);
  const at = { params: { path: { conversationId: pair } } };
  const set = (given: { days?: number | null; isHeld?: boolean }) =>
    unwrap(
      asAdmin.PUT('/v1/admin/conversations/{conversationId}/retention', {
        ...at,
        body: given,
      }),
    );
  expect(await set({ isHeld: true })).toEqual({
    days: null,
    adminDays: null,
    isHeld: true,
    ownerDays: null,
  });
  await letRoundPass(test);
  expect(await numbersOf(asBob, pair)).toMatchObject({ numbers: [3, 4, 5] });
  expect(await unwrap(asBob.GET('/v1/conversations/{conversationId}/retention', at))).toEqual({
    ...{ days: 30, choice: null },
  });
  await set({ isHeld: false, days: 0 });
  await letRoundPass(test);
  expect(await numbersOf(asBob, pair)).toMatchObject({ numbers: [3, 4, 5] });
  await set({ days: null });
  await letRoundPass(test);
  expect(await numbersOf(asBob, pair)).toEqual({
    numbers: [5],
    first: 5,
    nothing: [],
  });
});

it('knows all tables of what belongs to a message', async () => {
  const database = openDatabase({ url: await migratedDatabase('sqlite') });
  const rows = await database.sql.raw<{ readonly name: string }[]>(
    `select m.name from sqlite_master m join pragma_table_info(m.name) c
     where m.type = 'table' and c.name in ('conversation', 'number') group by m.name having count(*) = 2`,
  );
  await database.close();

  // How far something is, what is removed by itself, and copies.
  const others = ['im_away_place', 'im_private_message', 'im_report', 'im_search_conversation'];
  expect(rows.map(({ name }) => name).toSorted()).toEqual([...besideMessages, ...others].toSorted());
});

it('the owner of a group chooses within what the operator allows, and an admin has the last word', async () => {
  const { test, ann, bob, cleo, group, club } = await scene('sqlite', {
    ownerRetentionDays: 7,
  });
  const set = async (who: Person, days: number | null) =>
    unwrap(
      (await apiOf(test, who)).PUT('/v1/groups/{groupId}/retention', {
        ...{ params: { path: { groupId: String(group) } }, body: { days } },
      }),
    );
  const choice = { least: 7, most: 30 };

  expect(await set(ann, 10)).toEqual({ days: 10, choice });
  await expect(set(bob, 10)).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
  for (const days of [6, 31])
    await expect(set(ann, days)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  const stranger = await test.register('stranger');
  await expect(set(stranger, 10)).rejects.toMatchObject({ code: 'NOT_FOUND' });

  const { last } = await unwrap(
    (await apiOf(test, cleo)).GET('/v1/conversations/{conversationId}', {
      params: { path: { conversationId: club } },
    }),
  );
  // No round between these messages growing old and what the admin says of them: the owner's ten days would have them.
  await letRoundPass(test);
  await test.platform.database
    .sql('im_group_message')
    .where({ groupId: group })
    .update({ sendTime: Date.now() - 20 * 86_400_000 });
  await sayInGroup(bob, group, 'young');
  await makeAdmin(test, cleo);
  const asAdmin = await apiOf(test, cleo);
  const at = { params: { path: { conversationId: club } } };
  const setByAdmin = (days: number | null) =>
    unwrap(
      asAdmin.PUT('/v1/admin/conversations/{conversationId}/retention', {
        ...at,
        body: { days },
      }),
    );
  await setByAdmin(25);
  await letRoundPass(test);
  expect(await numbersOf(asAdmin, club)).toMatchObject({
    first: expect.any(Number) as number,
  });
  expect((await numbersOf(asAdmin, club)).numbers).toContain(last);
  await setByAdmin(null);
  await letRoundPass(test);
  expect(await numbersOf(asAdmin, club)).toEqual({
    numbers: [last + 1],
    first: last + 1,
    nothing: [],
  });
});
