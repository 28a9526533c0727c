import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { unwrap, type ApiClient } from '../src/client/index.ts';
import { down, up } from '../src/db/migrations/027-file-links.ts';
import { FileLinks } from '../src/files/file-links.ts';
import { apiOf } from './support/api.ts';
import { upload, type UploadedImage } from './support/files.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { messageTypes, nextPrivate, pull, pullGroups, say, sayInGroup } from './support/messages.ts';
import type { Person } from './support/person.ts';
import {
  refreshSecret,
  startTestPlatform,
  type TestPlatform,
  type TestPlatformOptions,
} from './support/test-platform.ts';

const media = { type: messageTypes.IMAGE };
const [hourMs, dayMs] = [3_600_000, 86_400_000];

afterEach(() => void vi.useRealTimers());

/** Everything runs in this process, so all of it has this time; only what is waited for has not. */
function itIs(later: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + later });
}

interface Scene {
  readonly test: TestPlatform;
  readonly ann: Person;
  readonly bob: Person;
  readonly carl: Person;
  readonly group: number;
}

/** ann and bob are friends, and in a group; carl is ann's friend alone. */
async function begin(options: Partial<TestPlatformOptions> = {}): Promise<Scene> {
  const test = await startTestPlatform({ store: 'sqlite', ...options });
  const [ann, bob] = [await test.register('ann'), await test.register('bob')];
  const carl = await test.register('carl');
  await befriend(test, ann, bob, carl);
  const { id: group } = await openGroup(ann, [bob]);
  return { test, ann, bob, carl, group };
}

async function uploadPicture({ url }: { readonly url: string }, who: Person): Promise<UploadedImage> {
  const bytes = await sharp(randomBytes(300 * 200 * 3), { raw: { width: 300, height: 200, channels: 3 } })
    .jpeg()
    .toBuffer();
  return (await upload<UploadedImage>(`${url}/image/upload`, who, { name: 'a.jpg', bytes })).data;
}

function between(one: Person, other: Person): string {
  return `private:${Math.min(one.id, other.id)}:${Math.max(one.id, other.id)}`;
}

const plain = (url: string): string => url.replace(/\?.*/s, '');
const originIn = (content: string): string => (JSON.parse(content) as UploadedImage).originUrl;
const keyOf = (url: string): string => new URL(url).pathname.slice('/files/'.length);

/** What becomes of a request: its status, or the code of its problem. */
async function outcome(url: string, headers: Record<string, string> = {}): Promise<unknown> {
  const response = await fetch(url, { headers });
  if (response.status !== 403) return response.status;
  expect(response.headers.get('cache-control')).toBe('no-store');
  return ((await response.json()) as { code: string }).code;
}

async function history(api: ApiClient, conversationId: string): Promise<string[]> {
  const params = { path: { conversationId }, query: {} };
  const { items } = await unwrap(api.GET('/v1/conversations/{conversationId}/messages', { params }));
  return items.flatMap(({ content }) => (content.type === 'image' ? (content.url ?? []) : []));
}

/** Says a picture by `/v1` or by box-im's route. Resolves with 'said', or with why not. */
async function sayingOf({ test, ann }: Scene, who: Person, picture: UploadedImage): Promise<unknown[]> {
  const { originUrl: url, thumbUrl: thumbnail, width, height } = picture;
  const api = await apiOf(test, who, { language: 'en' });
  const conversationId = between(ann, who);
  const byApi = await api.POST('/v1/conversations/{conversationId}/messages', {
    params: { path: { conversationId }, header: {} },
    body: { content: { type: 'image', url, thumbnail, width, height } },
  });
  const said = { recvId: ann.id, content: JSON.stringify(picture), ...media };
  const byBoxIm = await who.ask('POST', '/message/private/send', said);
  return [byApi.response.ok ? 'said' : byApi.error?.code, byBoxIm.code === 200 ? 'said' : byBoxIm.message];
}

const said = ['said', 'said'];
const refused = ['FILE_REFUSED', '文件地址已失效，请重新上传文件'];

describe('files of messages', () => {
  it('are loaded by those alone who are shown the message, wherever it is shown', async () => {
    const { test, ann, bob, carl } = await begin();
    const { sql } = test.platform.database;
    const device = await bob.connect();
    const picture = await uploadPicture(test, ann);
    const sent = await say(ann, bob, JSON.stringify(picture), media);
    const api = await apiOf(test, bob);

    const stored = await sql('im_private_message').where({ id: sent.id }).first<{ content: string }>();
    expect(stored.content).not.toContain('?');
    const [listed] = (await unwrap(api.POST('/v1/sync', { body: {} }))).conversations;
    const [synced] = listed!.messages;
    const shown = [
      picture.originUrl,
      picture.thumbUrl,
      originIn(sent.content),
      originIn((await nextPrivate(device)).content),
      ...(await pull(bob)).map(({ content }) => originIn(content)),
      ...(
        await bob.get<{ content: string }[]>(`/message/private/history?friendId=${ann.id}&page=1&size=9`)
      ).map(({ content }) => originIn(content)),
      ...(await history(api, between(ann, bob))),
      ...(synced?.content.type === 'image' ? [synced.content.url!, synced.content.thumbnail!] : []),
    ];
    expect(shown).toHaveLength(9);
    for (const url of shown) {
      expect(await outcome(url), url).toBe(200);
      expect(await outcome(plain(url)), url).toBe('LINK_WRONG');
    }
    // What `/v1` answers ends within a day.
    const [ofApi] = await history(api, between(ann, bob));
    const { headers } = await fetch(ofApi!);
    const [, seconds] = /^private, max-age=(\d+), immutable$/.exec(headers.get('cache-control')!)!;
    expect(Number(seconds)).toBeGreaterThan(23 * 3_600);
    expect(Number(seconds)).toBeLessThanOrEqual(25 * 3_600);
    expect(await outcome(ofApi!, { range: 'bytes=0-9' })).toBe(206);
    expect(await outcome(ofApi!, { 'if-none-match': headers.get('etag')! })).toBe(304);
    // Who sees nothing of it learns no address, nor does what they remember help.
    expect(JSON.stringify(await pull(carl))).not.toContain('/files/');
    expect(await outcome(plain(ofApi!), { 'if-none-match': headers.get('etag')! })).toBe('LINK_WRONG');
  });

  it('are not loaded by links that somebody has altered', async () => {
    const { test, ann, bob } = await begin();
    const [one, other] = [await uploadPicture(test, ann), await uploadPicture(test, ann)];
    const url = new URL(originIn((await say(ann, bob, JSON.stringify(one), media)).content));
    const foreign = new URL(other.originUrl);
    const altered = (change: Record<string, string>): string => {
      const changed = new URL(url);
      for (const [name, value] of Object.entries(change)) changed.searchParams.set(name, value);
      return changed.href;
    };
    const signature = url.searchParams.get('s')!;
    const end = url.searchParams.get('e')!;

    for (const bad of [
      foreign.origin + foreign.pathname + url.search,
      altered({ c: `private:${ann.id}:${bob.id + 1}` }),
      altered({ e: String(Number(end) + 3_600) }),
      altered({ e: `0${end}` }),
      altered({ e: `${end}\n`, c: '' }),
      altered({ s: signature.slice(0, -1) }),
      altered({ s: '' }),
      altered({ s: 'A'.repeat(22) }),
      altered({ s: foreign.searchParams.get('s')! }),
      `${url.href}&s=${signature}`,
      `${url.origin}${url.pathname}?s=${signature}`,
    ])
      expect(await outcome(bad), bad).toBe('LINK_WRONG');
    for (const path of [`..%2f${keyOf(url.href)}`, `image/..%2f${keyOf(url.href)}`, `${keyOf(url.href)}%00`])
      expect(await outcome(`${url.origin}/files/${path}${url.search}`), path).toBe(404);
  });

  it('are loaded to the last second of a link, and by a fresh one after that', async () => {
    const { test, ann, bob } = await begin();
    await say(ann, bob, JSON.stringify(await uploadPicture(test, ann)), media);
    const api = await apiOf(test, bob);
    const [url] = await history(api, between(ann, bob));
    const endMs = Number(new URL(url!).searchParams.get('e')) * 1_000;

    vi.useFakeTimers({ toFake: ['Date'], now: endMs - 1_000 });
    expect(await outcome(url!)).toBe(200);
    vi.setSystemTime(endMs);
    expect(await outcome(url!)).toBe('LINK_EXPIRED');

    const again = await test.logIn('bob');
    const [fresh] = await history(await apiOf(test, again), between(ann, bob));
    expect(await outcome(fresh!)).toBe(200);
    // Box-im's pages have what they keep for longer.
    const [pulled] = await pull(again);
    vi.setSystemTime(endMs + 178 * dayMs);
    expect(await outcome(originIn(pulled!.content))).toBe(200);
    expect(await outcome(fresh!)).toBe('LINK_EXPIRED');
  });

  it('are gone with the message, whatever link somebody kept; who left a group has what was said before alone', async () => {
    const { test, ann, bob, group } = await begin();
    const api = await apiOf(test, bob);
    const first = await sayInGroup(ann, group, JSON.stringify(await uploadPicture(test, ann)), media);
    const taken = await sayInGroup(ann, group, JSON.stringify(await uploadPicture(test, ann)), media);
    const kept = await history(api, `group:${group}`);
    await ann.delete(`/message/group/recall/${taken.id}`);
    await bob.delete(`/group/quit/${group}`);
    const after = await sayInGroup(ann, group, JSON.stringify(await uploadPicture(test, ann)), media);

    expect(await Promise.all(kept.map((url) => outcome(url)))).toEqual([200, 404]);
    expect((await history(api, `group:${group}`)).map(plain)).toEqual([plain(originIn(first.content))]);
    expect(JSON.stringify(await pullGroups(bob))).not.toContain(keyOf(originIn(after.content)));
  });

  it('are said again by those alone who were shown them lately: a link cannot be had anew by saying it', async () => {
    const scene = await begin();
    const { test, ann, bob, carl, group } = scene;
    const { sql } = test.platform.database;
    const secret = await uploadPicture(test, ann);
    const toBob = JSON.parse((await say(ann, bob, JSON.stringify(secret), media)).content) as UploadedImage;
    const inGroup = JSON.parse(
      (await sayInGroup(ann, group, JSON.stringify(await uploadPicture(test, ann)), media)).content,
    ) as UploadedImage;
    const remembered = { ...secret, originUrl: plain(secret.originUrl), thumbUrl: plain(secret.thumbUrl) };
    const own = await uploadPicture(test, bob);

    expect(await sayingOf(scene, bob, remembered)).toEqual(refused);
    // As its uploader had it.
    expect(await sayingOf(scene, bob, secret)).toEqual(refused);
    expect(await sayingOf(scene, carl, toBob)).toEqual(refused);
    expect(await sayingOf(scene, bob, { ...own, originUrl: remembered.originUrl })).toEqual(refused);
    const hidden = { ...own, name: toBob.originUrl, more: { deep: [plain(inGroup.originUrl)] } };
    expect(await say(bob, ann, JSON.stringify({ ...own, name: remembered.originUrl }), media)).toMatchObject({
      content: expect.stringContaining(`"name":"${remembered.originUrl}"`) as string,
    });
    const answer = await bob.ask('POST', '/message/private/send', {
      ...{ recvId: ann.id, content: JSON.stringify(hidden), ...media },
    });
    expect(answer.message).toBe(refused[1]);

    expect(await sayingOf(scene, bob, toBob)).toEqual(said);
    expect(await sayingOf(scene, bob, inGroup)).toEqual(said);
    // Their own they say under any signature, and with none.
    expect(
      await sayingOf(scene, bob, {
        ...own,
        originUrl: plain(own.originUrl) + new URL(toBob.originUrl).search,
        thumbUrl: plain(own.thumbUrl),
      }),
    ).toEqual(said);
    const contents = await sql('im_private_message').where(media).select<{ content: string }[]>('content');
    expect(contents.map(({ content }) => content).join('')).not.toContain('?');

    await bob.delete(`/group/quit/${group}`);
    expect(await sayingOf(scene, bob, inGroup)).toEqual(refused);
  });

  it('are said again up to a week after the end of a link, as drafts and outboxes wait', async () => {
    const scene = await begin();
    const { test, ann, bob } = scene;
    const sent = await say(ann, bob, JSON.stringify(await uploadPicture(test, ann)), media);
    const links = new FileLinks({
      ...{ fileLinks: 'signed', fileLinkHours: 24, boxImFileLinkDays: 1, refreshSecret },
    });
    const { originUrl, thumbUrl } = JSON.parse(sent.content) as UploadedImage;
    const signed = (): UploadedImage => ({
      ...{ width: 3, height: 2, originUrl: links.v1.of(originUrl, between(ann, bob)) },
      thumbUrl: links.v1.of(thumbUrl, between(ann, bob)),
    });
    itIs(-7 * dayMs);
    const waited = signed();
    vi.setSystemTime(Date.now() - dayMs - 2 * hourMs);
    const tooOld = signed();
    vi.useRealTimers();

    expect(await outcome(waited.originUrl)).toBe('LINK_EXPIRED');
    expect(await sayingOf(scene, bob, waited)).toEqual(said);
    expect(await sayingOf(scene, bob, tooOld)).toEqual(refused);
  });

  it('are loaded at every instance, whichever secret signed, as long as one of them has it', async () => {
    const { test, ann, bob } = await begin({ platform: { refreshSecret: ['a'.repeat(32), 'b'.repeat(32)] } });
    const other = await test.startAnother({ refreshSecret: ['b'.repeat(32), 'a'.repeat(32)] });
    const newer = await test.startAnother({ refreshSecret: ['c'.repeat(32), 'b'.repeat(32)] });
    await say(ann, bob, JSON.stringify(await uploadPicture(test, ann)), media);
    const at = async ({ url }: { readonly url: string }): Promise<string> => {
      const who = await test.logIn('bob');
      const [found] = await history(await apiOf({ url }, who), between(ann, bob));
      const { pathname, search } = new URL(found!);
      return pathname + search;
    };
    const [ofA, ofB, ofC] = [await at(test), await at(other), await at(newer)];

    const outcomes = async ({ url }: { readonly url: string }): Promise<unknown[]> =>
      Promise.all([ofA, ofB, ofC].map((path) => outcome(url + path)));
    expect(await outcomes(test)).toEqual([200, 200, 'LINK_WRONG']);
    expect(await outcomes(other)).toEqual([200, 200, 'LINK_WRONG']);
    expect(await outcomes(newer)).toEqual(['LINK_WRONG', 200, 200]);
  });

  it('have plain addresses for all where the operator says so, and links of before are taken', async () => {
    const scene = await begin({ platform: { fileLinks: 'open' } });
    const { test, ann, bob } = scene;
    const picture = await uploadPicture(test, ann);
    expect(picture.originUrl).not.toContain('?');
    const ended = {
      ...picture,
      originUrl: `${picture.originUrl}?c=private:1:2&e=1&s=AAAAAAAAAAAAAAAAAAAAAA`,
    };

    expect(await outcome(ended.originUrl)).toBe(200);
    expect((await fetch(picture.originUrl)).headers.get('cache-control')).toContain('max-age=31536000');
    expect(await sayingOf(scene, bob, ended)).toEqual(said);
    expect((await history(await apiOf(test, bob), between(ann, bob)))[0]).toBe(picture.originUrl);
  });
});

describe('pictures of people and groups', () => {
  it("are everybody's, and only one's own become one", async () => {
    const { test, ann, bob, group } = await begin();
    const [mine, secret] = [await uploadPicture(test, ann), await uploadPicture(test, ann)];
    const toBob = JSON.parse((await say(ann, bob, JSON.stringify(secret), media)).content) as UploadedImage;
    const setFace = (who: Person, { originUrl: headImage, thumbUrl: headImageThumb }: UploadedImage) =>
      who.ask('PUT', '/user/update', {
        ...{ id: who.id, userName: who.userName, nickName: who.userName, headImage, headImageThumb },
      });

    expect(await outcome(plain(mine.originUrl))).toBe('LINK_WRONG');
    expect(await setFace(ann, mine)).toMatchObject({ code: 200 });
    const { headImage, headImageThumb } = await ann.get<Record<string, string>>('/user/self');
    expect([headImage, headImageThumb]).toEqual([plain(mine.originUrl), plain(mine.thumbUrl)]);
    for (const url of [headImage!, headImageThumb!]) {
      const response = await fetch(url);
      expect(response.headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
    }

    expect(await setFace(bob, toBob)).toMatchObject({ code: 500, message: refused[1] });
    expect(await outcome(plain(toBob.originUrl))).toBe('LINK_WRONG');
    // A group has its picture by whoever runs it, and keeps it when another one of them changes something else.
    const api = await apiOf(test, ann);
    const params = { path: { groupId: String(group) } };
    const body = { picture: secret.originUrl, thumbnail: secret.thumbUrl };
    const changed = await unwrap(api.PATCH('/v1/groups/{groupId}', { params, body }));
    expect(changed.picture).toBe(plain(secret.originUrl));
    expect(await outcome(changed.picture!)).toBe(200);
    await test.platform.database.sql('im_group_member').where({ userId: bob.id }).update({ role: 1 });
    const kept = { params, body: { name: 'renamed', picture: changed.picture! } };
    expect(await unwrap((await apiOf(test, bob)).PATCH('/v1/groups/{groupId}', kept))).toMatchObject({
      ...{ name: 'renamed', picture: changed.picture },
    });
  });

  it('of before there were links are found by the migration', async () => {
    const { test, ann, bob } = await begin();
    const [face, other] = [await uploadPicture(test, ann), await uploadPicture(test, ann)];
    await say(ann, bob, JSON.stringify(other), media);
    const { sql } = test.platform.database;
    await sql('im_user')
      .where({ id: ann.id })
      .update({ headImageThumb: plain(face.thumbUrl) });
    await down(sql);
    await up(sql);

    expect(await outcome(plain(face.originUrl))).toBe(200);
    expect(await outcome(plain(other.originUrl))).toBe('LINK_WRONG');
  });
});
