import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { unwrap, type ApiClient, type components, type operations } from '../src/client/index.ts';
import { apiOf } from './support/api.ts';
import { upload, type UploadedImage } from './support/files.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { nextInGroup, nextPrivate, pull, pullGroups, say, sayInGroup } from './support/messages.ts';
import { sharedPlatform, startTestPlatform, storeKinds } from './support/test-platform.ts';

type Page = components['schemas']['MessagePage'];
type Message = components['schemas']['Message'];
type SentContent = operations['sendMessage']['requestBody']['content']['application/json']['content'];
interface Wanted {
  readonly before?: number;
  readonly after?: number;
  readonly around?: number;
  readonly limit?: number;
}

function list(api: ApiClient, conversationId: string, query: Wanted = {}): Promise<Page> {
  const path = { conversationId };
  return unwrap(api.GET('/v1/conversations/{conversationId}/messages', { params: { path, query } }));
}

function write(api: ApiClient, conversationId: string, text: string, key?: string): Promise<Message> {
  const header = key === undefined ? {} : { 'idempotency-key': key };
  return unwrap(
    api.POST('/v1/conversations/{conversationId}/messages', {
      params: { path: { conversationId }, header },
      body: { content: { type: 'text', text } },
    }),
  );
}

function recall(api: ApiClient, conversationId: string, number: number): Promise<unknown> {
  const path = { conversationId, number };
  return unwrap(api.DELETE('/v1/conversations/{conversationId}/messages/{number}', { params: { path } }));
}

function markRead(api: ApiClient, conversationId: string, number: number): Promise<unknown> {
  const params = { path: { conversationId } };
  return unwrap(api.PUT('/v1/conversations/{conversationId}/read', { params, body: { number } }));
}

function textsOf({ items }: Page): string[] {
  return items.map(({ content }) => (content.type === 'text' ? content.text : content.type));
}

function refusal(code: string): object {
  return expect.objectContaining({ code }) as object;
}

describe.each(storeKinds)('messages at /v1 on %s', (store) => {
  it('are those of the other API, and are pushed in the same way', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    const api = await apiOf(test, ann);
    const device = await bob.connect();
    const conversation = `private:${ann.id}:${bob.id}`;

    const sent = await write(api, conversation, 'hello');

    expect(sent).toMatchObject({
      number: 1,
      senderId: String(ann.id),
      status: 'sent',
      conversationId: conversation,
    });
    expect(await nextPrivate(device)).toMatchObject({
      id: Number(sent.id),
      content: 'hello',
      type: 0,
      number: 1,
    });
    await say(bob, ann, 'hi');
    expect((await pull(ann)).map(({ content }) => content)).toEqual(['hello', 'hi']);
    expect(textsOf(await list(await apiOf(test, bob), conversation))).toEqual(['hello', 'hi']);
  });

  it('are read by numbers, forwards, backwards and around one, each once', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    for (let index = 1; index <= 11; index++) await say(ann, bob, `m${index}`);
    const api = await apiOf(test, bob);
    const page = async (wanted: Wanted): Promise<unknown> => {
      const { from, to, first, last, nothing, items } = await list(
        api,
        `private:${ann.id}:${bob.id}`,
        wanted,
      );
      expect([first, last, nothing]).toEqual([1, 11, []]);
      expect(items.map(({ number }) => number)).toEqual(Array.from(items, (_, index) => from + index));
      return [from, to];
    };

    expect(await page({})).toEqual([1, 11]);
    expect(await page({ limit: 4 })).toEqual([8, 11]);
    expect(await page({ limit: 4, before: 8 })).toEqual([4, 7]);
    expect(await page({ limit: 4, before: 3 })).toEqual([1, 2]);
    expect(await page({ limit: 4, before: 1 })).toEqual([1, 0]);
    expect(await page({ limit: 4, after: 0 })).toEqual([1, 4]);
    expect(await page({ limit: 4, after: 9 })).toEqual([10, 11]);
    expect(await page({ limit: 4, after: 11 })).toEqual([12, 11]);
    expect(await page({ limit: 5, around: 6 })).toEqual([4, 8]);
    expect(await page({ limit: 5, around: 1 })).toEqual([1, 5]);
    expect(await page({ limit: 5, around: 99 })).toEqual([7, 11]);
    await expect(page({ before: 3, after: 1 })).rejects.toEqual(refusal('INVALID_ARGUMENT'));
  });

  it('are stored once however often they are sent, and a key stands for one message', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    const group = await openGroup(ann, [bob]);
    const api = await apiOf(test, ann);

    for (const conversation of [`private:${ann.id}:${bob.id}`, `group:${group.id}`]) {
      const [first, ...others] = await Promise.all(
        Array.from({ length: 5 }, () => write(api, conversation, 'once', 'key-1')),
      );
      expect(new Set(others.map(({ id }) => id))).toEqual(new Set([first!.id]));
      expect(await write(api, conversation, 'once', 'key-1')).toEqual(first);
      await expect(write(api, conversation, 'twice', 'key-1')).rejects.toEqual(
        refusal('IDEMPOTENCY_KEY_REUSED'),
      );
      await write(api, conversation, 'once', 'key-2');
      await write(api, conversation, 'once');
      expect(textsOf(await list(api, conversation)).filter((text) => text === 'once')).toHaveLength(3);
    }
    await expect(write(api, `group:${group.id}`, 'x', 'a key')).rejects.toEqual(refusal('INVALID_ARGUMENT'));
  });

  it('of a group are seen from the join on and until the leave, and tips by those whom they are for', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob, cleo] = [
      await test.register('ann'),
      await test.register('bob'),
      await test.register('cleo'),
    ];
    await befriend(test, ann, bob, cleo);
    const { id } = await openGroup(ann, [bob]);
    const conversation = `group:${id}`;
    const [asAnn, asBob, asCleo] = [await apiOf(test, ann), await apiOf(test, bob), await apiOf(test, cleo)];
    await sayInGroup(ann, id, 'before');
    await expect(list(asCleo, conversation)).rejects.toEqual(refusal('NOT_FOUND'));
    await ann.post('/group/invite', { groupId: id, friendIds: [cleo.id] });
    await sayInGroup(ann, id, 'while');
    await cleo.delete(`/group/quit/${id}`);
    await sayInGroup(ann, id, 'after');

    const all = await list(asAnn, conversation);
    // 1 bob was invited, 2 before, 3 cleo was invited, 4 while, 5 cleo's tip, 6 after.
    expect(textsOf(all)).toEqual(['notice', 'before', 'notice', 'while', 'after']);
    expect(all).toMatchObject({ first: 1, last: 6, nothing: [{ from: 5, to: 5 }] });
    expect(await list(asBob, conversation, { after: 3 })).toMatchObject({
      first: 1,
      nothing: [{ from: 5, to: 5 }],
    });
    const hers = await list(asCleo, conversation);
    expect(textsOf(hers)).toEqual(['notice', 'while', 'notice']);
    expect(hers).toMatchObject({ first: 3, last: 5, nothing: [] });
    expect(textsOf(await list(asCleo, conversation, { before: 3 }))).toEqual([]);
    expect(textsOf(await list(asCleo, conversation, { after: 5 }))).toEqual([]);
    await expect(write(asCleo, conversation, 'hello?')).rejects.toEqual(refusal('NOT_A_MEMBER'));
    const again = { params: { path: { groupId: String(id) } }, body: { userIds: [String(cleo.id)] } };
    await unwrap(asAnn.POST('/v1/groups/{groupId}/members', again));
    expect(await list(asCleo, conversation)).toMatchObject({ first: 7, last: 7 });
  });

  it('that are recalled say nothing any more, in place', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    const { id } = await openGroup(ann, [bob]);
    const [asAnn, asBob] = [await apiOf(test, ann), await apiOf(test, bob)];

    for (const conversation of [`private:${ann.id}:${bob.id}`, `group:${id}`]) {
      const { number } = await write(asAnn, conversation, 'secret');
      await expect(recall(asBob, conversation, number)).rejects.toEqual(refusal('NOT_ALLOWED'));
      await recall(asAnn, conversation, number);
      await recall(asAnn, conversation, number);
      const page = await list(asBob, conversation);
      expect(page.items.at(-1)).toMatchObject({ number, status: 'recalled', content: { type: 'recalled' } });
      expect(page.nothing).toEqual([{ from: number + 1, to: number + 1 }]);
      expect(JSON.stringify(page)).not.toContain('secret');
      await expect(recall(asAnn, conversation, number + 1)).rejects.toEqual(refusal('NOT_FOUND'));
      await expect(recall(asAnn, conversation, 99)).rejects.toEqual(refusal('NOT_FOUND'));
    }
  });

  it('are read up to a number, and the sender learns it when that is all', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    const { id } = await openGroup(ann, [bob]);
    const conversation = `private:${ann.id}:${bob.id}`;
    const [asAnn, asBob] = [await apiOf(test, ann), await apiOf(test, bob)];
    for (const text of ['one', 'two', 'three']) await write(asAnn, conversation, text);
    const device = await ann.connect();
    const statuses = async (): Promise<string[]> =>
      (await list(asAnn, conversation)).items.map(({ status }) => status);

    await markRead(asBob, conversation, 2);
    expect(await statuses()).toEqual(['read', 'read', 'sent']);
    await markRead(asBob, conversation, 1);
    await markRead(asBob, conversation, 99);
    expect(await statuses()).toEqual(['read', 'read', 'read']);
    expect(await nextPrivate(device)).toMatchObject({ type: 12, sendId: bob.id });

    const receipt = await sayInGroup(ann, id, 'who reads this?', { receipt: true });
    await markRead(asBob, `group:${id}`, receipt.number - 1);
    expect((await pullGroups(ann)).at(-1)).toMatchObject({ readedCount: 0 });
    await markRead(asBob, `group:${id}`, receipt.number);
    expect(await nextInGroup(device)).toMatchObject({
      type: 12,
      id: receipt.id,
      readedCount: 1,
      receiptOk: true,
    });
  });

  it('say pictures, files and sounds in the form of each API', async () => {
    // Addresses that are the same for everybody.
    const test = await startTestPlatform({ store, platform: { fileLinks: 'open' } });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    const api = await apiOf(test, ann);
    const path = { conversationId: `private:${ann.id}:${bob.id}` };
    const url = `${test.url}/files/2026/11/x.png`;
    const bytes = await sharp({ create: { width: 8, height: 6, channels: 3, background: '#0a0' } })
      .jpeg()
      .toBuffer();
    const uploaded = await upload<UploadedImage>(`${test.url}/image/upload`, ann, { name: 'p.jpg', bytes });
    const poster = { url: uploaded.data.originUrl, width: 8, height: 6 };
    const contents: SentContent[] = [
      { type: 'image', url, thumbnail: url, width: 3, height: 2 },
      { type: 'file', url, name: 'a.pdf', size: 7 },
      { type: 'audio', url, durationS: 1.5 },
      { type: 'audio', url, durationS: 60, waveform: [0, 7, 100] },
      { type: 'file', url, name: 'a.mp4', size: 8, poster },
    ];

    for (const content of contents) {
      const sent = await unwrap(
        api.POST('/v1/conversations/{conversationId}/messages', { params: { path }, body: { content } }),
      );
      expect(sent.content).toEqual(content);
    }

    expect((await pull(bob)).map(({ type, content }) => [type, JSON.parse(content) as unknown])).toEqual([
      [1, { originUrl: url, thumbUrl: url, width: 3, height: 2 }],
      [2, { name: 'a.pdf', size: 7, url }],
      [3, { duration: 1.5, url }],
      [3, { duration: 60, url, waveform: [0, 7, 100] }],
      [2, { name: 'a.mp4', size: 8, url, poster }],
    ]);
    const refused = async (content: SentContent, code: string): Promise<void> => {
      const sent = api.POST('/v1/conversations/{conversationId}/messages', {
        params: { path },
        body: { content },
      });
      await expect(unwrap(sent)).rejects.toEqual(refusal(code));
    };
    await refused(
      { type: 'file', url: 'https://evil.example.com/x', name: 'a.pdf', size: 7 },
      'FILE_REFUSED',
    );
    // A poster is a picture that was uploaded as one, and a waveform is short.
    const film = { type: 'file', url, name: 'a.mp4', size: 8 } as const;
    const asFile = poster.url.replace('/image/', '/file/');
    for (const at of [asFile, url, 'https://evil.example.com/x.png'])
      await refused({ ...film, poster: { ...poster, url: at } }, 'INVALID_ARGUMENT');
    const abroad = poster.url.replace('localhost', 'evil.example.com');
    await refused({ ...film, poster: { ...poster, url: abroad } }, 'FILE_REFUSED');
    await refused({ ...film, poster: { ...poster, width: 0 } }, 'INVALID_ARGUMENT');
    for (const waveform of [Array.from({ length: 65 }, () => 1), [101], [-1], [0.5]])
      await refused({ type: 'audio', url, durationS: 1, waveform }, 'INVALID_ARGUMENT');
    // What a client of box-im wrote otherwise is shown as far as it can be.
    const odd: [number, string, object][] = [
      [1, '{"originUrl":7,"width":"3"}', { type: 'image' }],
      [2, '{"name":"a.mp4","poster":{"width":3,"height":"2"}}', { type: 'file', name: 'a.mp4' }],
      [3, '{"waveform":[1,101]}', { type: 'audio' }],
    ];
    for (const [type, content, shown] of odd) {
      await say(bob, ann, content, { type });
      expect((await list(api, path.conversationId)).items.at(-1)?.content).toEqual(shown);
    }
  });
});
