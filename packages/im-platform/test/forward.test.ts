import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { unwrap, type ApiClient, type components } from '../src/client/index.ts';
import { forwardOrderIn } from '../src/erasure/forward-order.ts';
import { orderForwards } from '../src/erasure/unknown-forwards.ts';
import { LinkPreviewStore } from '../src/link-previews/link-preview-store.ts';
import { linksIn } from '../src/link-previews/links-in.ts';
import { password } from './support/accounts.ts';
import { apiOf } from './support/api.ts';
import { upload, type UploadedImage } from './support/files.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { messageTypes, nextPrivate, pull, say, sayInGroup } from './support/messages.ts';
import type { Person } from './support/person.ts';
import { sharedPlatform, startTestPlatform, storeKinds, type TestPlatform } from './support/test-platform.ts';

type Message = components['schemas']['Message'];

async function forward(
  api: ApiClient,
  conversationId: string,
  body: { numbers: number[]; to: string[] },
  key?: string,
): Promise<Message[]> {
  const params = { path: { conversationId }, header: key === undefined ? {} : { 'idempotency-key': key } };
  return (await unwrap(api.POST('/v1/conversations/{conversationId}/forwards', { params, body }))).items;
}

function shortly(messages: readonly Message[]): object[] {
  return messages.map(({ conversationId, content, forwarded }) => ({ conversationId, content, forwarded }));
}

function refusal(code: string): object {
  return expect.objectContaining({ code }) as object;
}

interface Scene {
  readonly test: TestPlatform;
  readonly people: readonly [Person, Person, Person, Person];
  readonly group: number;
  readonly between: (one: Person, other: Person) => string;
}

/** ann's friends are bob and cleo, bob's dora as well; ann and bob are in the group. */
async function createScene(store: (typeof storeKinds)[number], start = sharedPlatform): Promise<Scene> {
  const test = await start({ store });
  const people = [
    ...[await test.register('ann'), await test.register('bob')],
    ...[await test.register('cleo'), await test.register('dora')],
  ] as [Person, Person, Person, Person];
  const [ann, bob, cleo, dora] = people;
  await befriend(test, ann, bob, cleo);
  await befriend(test, bob, dora, cleo);
  const { id: group } = await openGroup(ann, [bob]);
  const between = (one: Person, other: Person): string =>
    `private:${Math.min(one.id, other.id)}:${Math.max(one.id, other.id)}`;
  return { test, people, group, between };
}

describe.each(storeKinds)('forwarding on %s', (store) => {
  it('says messages again elsewhere, in order and once, with whose they were', async () => {
    const { test, people, group, between } = await createScene(store);
    const [ann, bob, , dora] = people;
    const [asBob, asDora] = [await apiOf(test, bob), await apiOf(test, dora)];
    const ofAnn = { senderId: String(ann.id), senderName: 'ann' };
    const device = await dora.connect();
    const numbers: number[] = [];
    for (let index = 0; index < 30; index++)
      numbers.push((await sayInGroup(ann, group, `message ${index}`)).number);
    const own = await sayInGroup(bob, group, 'mine');
    const to = [between(bob, dora), between(ann, bob)];
    const body = { numbers: [own.number, ...numbers.toReversed()], to };

    const sent = await forward(asBob, `group:${group}`, body, 'once');
    const again = await forward(asBob, `group:${group}`, body, 'once');

    const words = [...numbers.map((_, index) => `message ${index}`), 'mine'];
    const expected = to.flatMap((conversationId) =>
      words.map((text) => ({
        ...{ conversationId, content: { type: 'text', text } },
        forwarded: text === 'mine' ? { senderId: String(bob.id), senderName: 'bob' } : ofAnn,
      })),
    );
    expect(shortly(sent)).toEqual(expected);
    expect(again.map(({ id }) => id)).toEqual(sent.map(({ id }) => id));
    expect((await pull(dora)).map(({ content }) => content)).toEqual(words);
    expect(await nextPrivate(device)).toMatchObject({
      ...{ content: 'message 0', message: { forwarded: ofAnn, senderId: String(bob.id) } },
    });
    await expect(
      forward(asBob, `group:${group}`, { ...body, numbers: [own.number] }, 'once'),
    ).rejects.toEqual(refusal('IDEMPOTENCY_KEY_REUSED'));
    // What is forwarded on stays its first author's.
    await befriend(test, dora, people[2]);
    const on = await forward(asDora, to[0]!, { numbers: [1], to: [between(dora, people[2])] });
    expect(on).toMatchObject([{ senderId: String(dora.id), forwarded: ofAnn }]);
  });

  it('does not name who has blocked somebody or is gone, and needs every right that a send needs', async () => {
    const { test, people, group, between } = await createScene(store);
    const [ann, bob, cleo, dora] = people;
    const [asAnn, asBob] = [await apiOf(test, ann), await apiOf(test, bob)];
    const { number } = await sayInGroup(ann, group, 'hello');
    const one = { numbers: [number] };
    const unnamed = { senderId: null, senderName: null };
    await test.platform.database
      .sql('im_block')
      .insert({ userId: ann.id, blockedId: dora.id, createdTime: 0 });

    const [toDora, toCleo] = [
      await forward(asBob, `group:${group}`, { ...one, to: [between(bob, dora)] }),
      await forward(asBob, `group:${group}`, { ...one, to: [between(bob, cleo)] }),
    ];
    expect([toDora[0]?.forwarded, toCleo[0]?.forwarded?.senderId]).toEqual([unnamed, String(ann.id)]);

    const sentBefore = await pull(cleo);
    const refusedWith = async (code: string, from: string, body: { numbers: number[]; to: string[] }) =>
      expect(forward(asBob, from, body)).rejects.toEqual(refusal(code));
    // In one of them they may not: nothing goes to the others either.
    const stranger = await test.register('stranger');
    const both = [between(bob, cleo), between(bob, stranger)];
    await refusedWith('NOT_FRIENDS', `group:${group}`, { ...one, to: both });
    await refusedWith('NOT_FOUND', `group:${group}`, { ...one, to: ['group:999'] });
    await refusedWith('NOT_FOUND', `group:${group}`, { ...one, to: [between(ann, cleo)] });
    await refusedWith('NOT_FOUND', between(ann, cleo), { ...one, to: [between(bob, cleo)] });
    await refusedWith('NOT_FOUND', `group:${group}`, { numbers: [99], to: [between(bob, cleo)] });
    // The first one says who came.
    await refusedWith('INVALID_ARGUMENT', `group:${group}`, { numbers: [1], to: [between(bob, cleo)] });
    const hundred = Array.from({ length: 60 }, (_, index) => index + 1);
    await refusedWith('INVALID_ARGUMENT', `group:${group}`, { numbers: hundred, to: both });
    const { sql } = test.platform.database;
    await sql('im_group_member')
      .where({ userId: bob.id })
      .update({ mutedUntil: Date.now() + 60_000 });
    await say(bob, cleo, 'private');
    const fromPrivate = { numbers: [1], to: [between(bob, dora), `group:${group}`] };
    await refusedWith('MUTED', between(bob, cleo), fromPrivate);
    await sql('im_block').insert({ userId: bob.id, blockedId: cleo.id, createdTime: 0 });
    await refusedWith('BLOCKED_BY_YOU', `group:${group}`, { ...one, to: [between(bob, cleo)] });
    expect(await pull(cleo)).toHaveLength(sentBefore.length + 1);
    const { id } = await sayInGroup(ann, group, 'regretted');
    await ann.delete(`/message/group/recall/${id}`);
    const recalled = { numbers: [number, number + 1], to: [between(bob, dora)] };
    await refusedWith('RECALLED', `group:${group}`, recalled);

    await unwrap(asAnn.POST('/v1/me/deletion', { body: { password } }));
    const left = await forward(asBob, `group:${group}`, { ...one, to: [between(bob, dora)] });
    expect(left[0]?.forwarded).toEqual(unnamed);
    // The name goes from what was forwarded before.
    const asCleo = await apiOf(test, cleo);
    const read = async () => {
      const params = { path: { conversationId: between(bob, cleo) }, query: {} };
      const page = await unwrap(asCleo.GET('/v1/conversations/{conversationId}/messages', { params }));
      return page.items[0]?.forwarded;
    };
    await expect.poll(read, { timeout: 30_000, interval: 200 }).toEqual(unnamed);
  });

  it('of before it was noted whose words they are is traced where one person can have said it, and removed', async () => {
    const { test, people, group, between } = await createScene(store, startTestPlatform);
    const [ann, bob, cleo] = people;
    const { database } = test.platform;
    const lines: string[] = [];
    const order = async (...words: string[]): Promise<string[]> => {
      lines.length = 0;
      await orderForwards(database, forwardOrderIn(words), (line) => lines.push(line));
      return [...lines];
    };
    const link = 'https://ann.example/about-me';
    const previews = new LinkPreviewStore(database);
    await previews.keep(link, null, 60_000);
    const long = 'A sentence that only ann would say, letter by letter.';
    const { number } = await sayInGroup(ann, group, long);
    await sayInGroup(ann, group, 'ok');
    await sayInGroup(ann, group, `Look at ${link}, it is about me and my dogs.`);
    await sayInGroup(bob, group, `Look at ${link}, it is about me and my dogs.`);
    const numbers = [0, 1, 2].map((more) => number + more);
    await forward(await apiOf(test, bob), `group:${group}`, { numbers, to: [between(bob, cleo)] });
    // As a deletion left it then.
    await database.sql('im_message_detail').update({ originId: null, originName: null, authorId: null });

    expect((await order('list')).slice(0, 1)).toEqual([
      expect.stringContaining(`${between(bob, cleo)}/1  forwarded by ${bob.id}, `) as string,
    ]);
    expect(await order('trace')).toEqual(['1 forwarded messages have their author now.']);
    expect(await database.sql('im_message_detail').where({ authorId: ann.id }).select('number')).toEqual([
      { number: 1 },
    ]);
    expect(await order('remove', `${between(bob, cleo)}/2`)).toEqual(['1 forwarded messages are removed.']);
    expect(await previews.find(link)).toBeNull();
    expect(await order('remove', 'all')).toEqual(['1 forwarded messages are removed.']);
    expect(await previews.find(link)).toBeUndefined();
    expect(await order('list')).toEqual(['0 forwarded messages have no author that is known.']);
    const params = { path: { conversationId: between(bob, cleo) }, query: {} };
    const { items } = await unwrap(
      (await apiOf(test, cleo)).GET('/v1/conversations/{conversationId}/messages', { params }),
    );
    expect(items.map(({ status }) => status)).toEqual(['sent', 'recalled', 'recalled']);
    for (const bad of [['remove'], ['remove', 'group:1'], ['x'], ['list', 'x']])
      expect(() => forwardOrderIn(bad)).toThrow(/expected list/);
  });

  it('leaves files to new readers when the first message is taken back', async () => {
    const { test, people, between } = await createScene(store);
    const [ann, bob, , dora] = people;
    const bytes = await sharp(randomBytes(300 * 200 * 3), { raw: { width: 300, height: 200, channels: 3 } })
      .jpeg()
      .toBuffer();
    const { data: picture } = await upload<UploadedImage>(`${test.url}/image/upload`, ann, {
      ...{ name: 'a.jpg', bytes },
    });
    const sent = await say(ann, bob, JSON.stringify(picture), { type: messageTypes.IMAGE });
    const [message] = await forward(await apiOf(test, bob), between(ann, bob), {
      ...{ numbers: [sent.number], to: [between(bob, dora)] },
    });

    await ann.delete(`/message/private/recall/${sent.id}`);

    const { url = '' } = message?.content.type === 'image' ? message.content : {};
    expect(new URL(url).pathname).toBe(new URL(picture.originUrl).pathname);
    expect((await fetch(url)).status).toBe(200);
  });

  it('refuses what is recalled at the same moment, or keeps its files', async () => {
    const { test, people, between } = await createScene(store);
    const [ann, bob, , dora] = people;
    const asBob = await apiOf(test, bob);
    for (let round = 0; round < 4; round++) {
      const { data: url } = await upload(`${test.url}/file/upload`, ann, {
        ...{ name: 'a.txt', bytes: randomBytes(20) },
      });
      const content = JSON.stringify({ name: 'a.txt', size: 20, url });
      const { id, number } = await say(ann, bob, content, { type: messageTypes.FILE });
      const [forwarded] = await Promise.allSettled([
        forward(asBob, between(ann, bob), { numbers: [number], to: [between(bob, dora)] }),
        ann.delete(`/message/private/recall/${id}`),
      ]);
      if (forwarded.status === 'fulfilled') expect((await fetch(url)).status).toBe(200);
      else expect(forwarded.reason).toEqual(refusal('RECALLED'));
    }
  });
});

it('finds the links of which a page may have asked for a preview', () => {
  expect(linksIn('See https://a.example/b(c). And HTTP://B.example#x, or ftp://no.example')).toEqual([
    ...['https://a.example/b(c).', 'https://a.example/b(c)', 'https://a.example/b(c', 'http://b.example/'],
  ]);
  expect(linksIn('https:// and nothing')).toEqual([]);
});
