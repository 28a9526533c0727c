import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { allowedAddresses } from '../src/files/file-addresses.ts';
import { MessageFiles, type MessageFileDeps } from '../src/files/message-files.ts';
import { LocalFileStore } from '../src/files/file-store.ts';
import { removeFile } from '../src/files/remove-file.ts';
import { Refusal } from '../src/http/refusal.ts';
import type { AuditEntry } from '../src/index.ts';
import { befriend } from './support/friends.ts';
import { filesFolder, upload, type UploadedImage } from './support/files.ts';
import { openGroup } from './support/groups.ts';
import { messageTypes, pull, say, sayInGroup } from './support/messages.ts';
import type { Person } from './support/person.ts';
import { sharedPlatform, startTestPlatform, storeKinds, type TestPlatform } from './support/test-platform.ts';

const IMAGE = messageTypes.IMAGE;
const media = { type: IMAGE };

async function picture(): Promise<Buffer> {
  return sharp(randomBytes(300 * 200 * 3), { raw: { width: 300, height: 200, channels: 3 } })
    .jpeg()
    .toBuffer();
}

async function uploadPicture(test: TestPlatform, who: Person | undefined, bytes: Buffer) {
  const { data } = await upload<UploadedImage>(`${test.url}/image/upload`, who, { name: 'a.jpg', bytes });
  return data;
}

async function statuses(...urls: string[]): Promise<number[]> {
  return Promise.all(urls.map(async (url) => (await fetch(url)).status));
}

describe.each(storeKinds)('pictures in messages on %s', (store) => {
  it('are gone when the message is taken back, and those of other messages stay', async () => {
    // Their addresses are told apart, and bob remembers one.
    const test = await sharedPlatform({ store, platform: { fileLinks: 'open' } });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    const group = await openGroup(ann, [bob]);
    const bytes = await picture();
    const [first, again] = [await uploadPicture(test, ann, bytes), await uploadPicture(test, ann, bytes)];
    expect(again).toEqual(first);
    const sent = await say(ann, bob, JSON.stringify(first), media);
    const second = await uploadPicture(test, ann, bytes);
    const inGroup = await sayInGroup(ann, group.id, JSON.stringify(second), media);
    // Who hands it on does not own it.
    const handedOn = await say(bob, ann, JSON.stringify(second), media);
    expect(second.originUrl).not.toBe(first.originUrl);

    await ann.delete(`/message/private/recall/${sent.id}`);

    expect(await statuses(first.originUrl, first.thumbUrl)).toEqual([404, 404]);
    await bob.delete(`/message/private/recall/${handedOn.id}`);
    expect(await statuses(second.originUrl, second.thumbUrl)).toEqual([200, 200]);
    await ann.delete(`/message/group/recall/${inGroup.id}`);
    expect(await statuses(second.originUrl, second.thumbUrl)).toEqual([404, 404]);
    expect(await test.platform.database.sql('im_file_info')).toEqual([]);
    const usage = await test.platform.database.sql('im_file_usage').select('bytes');
    expect(usage).toEqual([{ bytes: 0 }, { bytes: 0 }]);
    expect(JSON.stringify(await pull(bob))).not.toContain('/files/');
  });

  it('stay when they are the picture of a person or of a group, too', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    const shown = await uploadPicture(test, ann, await picture());
    const sent = await say(ann, bob, JSON.stringify(shown), media);
    await ann.put('/user/update', {
      ...{ id: ann.id, userName: 'ann', nickName: 'ann' },
      ...{ headImage: shown.originUrl, headImageThumb: shown.thumbUrl },
    });

    await ann.delete(`/message/private/recall/${sent.id}`);

    expect(await statuses(shown.originUrl, shown.thumbUrl)).toEqual([200, 200]);
  });

  it('belong to whoever shows them first when they were uploaded by nobody', async () => {
    const test = await sharedPlatform({ store, platform: { openUploads: true } });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    const shown = await uploadPicture(test, undefined, await picture());
    const sent = await say(ann, bob, JSON.stringify(shown), media);
    const same = await say(bob, ann, sent.content, media);

    await bob.delete(`/message/private/recall/${same.id}`);
    expect(await statuses(shown.originUrl)).toEqual([200]);
    await ann.delete(`/message/private/recall/${sent.id}`);
    expect(await statuses(shown.originUrl)).toEqual([404]);
    const usage = await test.platform.database.sql('im_file_usage').select('bytes');
    expect(usage).toEqual([{ bytes: 0 }, { bytes: 0 }, { bytes: 0 }]);
  });
});

describe.each(storeKinds)('a file that an operator removes, on %s', (store) => {
  it("is gone with its thumbnail, and is nobody's picture any more", async () => {
    const filesDir = await filesFolder();
    const test = await startTestPlatform({ store, platform: { filesDir } });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    const shown = await uploadPicture(test, ann, await picture());
    await ann.put('/user/update', {
      ...{ id: ann.id, userName: 'ann', nickName: 'ann' },
      ...{ headImage: shown.originUrl, headImageThumb: shown.thumbUrl },
    });
    const entries: AuditEntry[] = [];
    const bytes = new LocalFileStore(filesDir);
    const remove = (address: string) =>
      removeFile(test.platform.database, {
        address,
        store: bytes,
        record: (entry) => void entries.push(entry),
      });

    const key = new URL(shown.originUrl).pathname.slice('/files/'.length);
    expect(await remove(shown.thumbUrl)).toEqual([key]);

    expect(await statuses(shown.originUrl, shown.thumbUrl)).toEqual([404, 404]);
    expect(await ann.get('/user/self')).toMatchObject({ headImage: '', headImageThumb: '' });
    expect(await bob.get('/friend/list')).toMatchObject([{ headImage: '' }]);
    expect(entries).toEqual([{ event: 'file-removed', target: key }]);
    expect(await remove(key)).toEqual([]);
    await expect(remove('../../etc/passwd')).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});

describe('media messages', () => {
  const ours = 'https://chat.example.com/files/image/20260101/AAAAAAAAAAAAAAAAAAAAAA.jpg';
  const isAllowed = allowedAddresses({
    publicUrl: 'https://chat.example.com',
    fileHosts: ['cdn.example.com', 'files.example.com:8443'],
  });
  const isTaken = async (content: unknown, type: number = IMAGE): Promise<boolean> => {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    const links = { areNeeded: false, read: () => undefined };
    const files = new MessageFiles({ isAllowed, links } as unknown as MessageFileDeps);
    try {
      await files.accept(1, { type, content: text }, false);
      return true;
    } catch (error) {
      expect(error).toBeInstanceOf(Refusal);
      return false;
    }
  };

  it.each([1, 2, 3, 4])('of type %i show files from here and from allowed hosts', async (type) => {
    for (const good of [
      { originUrl: ours, thumbUrl: ours, width: 3, height: 4 },
      { name: 'https://a.pdf', size: 3, url: ours },
      { duration: 3, url: 'http://cdn.example.com/a.wav' },
      { videoUrl: 'https://files.example.com:8443/a', coverUrl: '' },
    ])
      expect(await isTaken(good, type), JSON.stringify(good)).toBe(true);
    expect(await isTaken({ originUrl: 'https://spy.example/1.png' }, type)).toBe(false);
  });

  it('show nothing from elsewhere, however it is written', async () => {
    for (const bad of [
      'https://spy.example/1.png',
      'not JSON',
      '["https://spy.example/1.png"]',
      { originUrl: 'https://spy.example/1.png' },
      { originUrl: ours, thumbUrl: 'https://spy.example/1.png' },
      { originUrl: ours, more: { deep: ['https://spy.example/1.png'] } },
      { originUrl: ours, cover: '//spy.example/1.png' },
      { originUrl: ours, cover: '\\\\spy.example/1.png' },
      { originUrl: '/files/1.png' },
      { originUrl: 'javascript:alert(1)' },
      { originUrl: 'data:text/html,x' },
      { originUrl: 'http://chat.example.com/files/1.png' },
      { originUrl: 'https://chat.example.com/logout' },
      { originUrl: 'https://chat.example.com.spy.example/files/1.png' },
      { originUrl: 'https://chat.example.com@spy.example/files/1.png' },
      { originUrl: 'https://me:me@cdn.example.com/files/1.png' },
      { originUrl: 'https://files.example.com/1.png' },
    ])
      expect(await isTaken(bad), JSON.stringify(bad)).toBe(false);
  });

  it('are refused in groups as well, and texts may say what they want', async () => {
    const test = await sharedPlatform({ store: 'sqlite' });
    const ann = await test.register('ann');
    const group = await openGroup(ann, []);
    const content = JSON.stringify({ originUrl: 'https://spy.example/1.png' });

    const answer = await ann.ask('POST', '/message/group/send', { groupId: group.id, content, type: IMAGE });

    expect(answer).toMatchObject({ code: 500, message: '文件地址不合法，请先上传文件' });
    expect(await sayInGroup(ann, group.id, content)).toMatchObject({ content });
  });
});
