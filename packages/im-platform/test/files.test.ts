import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { inTime } from 'im-test/support';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { unwrap } from '../src/client/index.ts';
import type { PlatformOptions } from '../src/index.ts';
import { makeAdmin } from './support/admins.ts';
import { apiOf } from './support/api.ts';
import { filesFolder, filesIn, pngThatClaims, upload, type UploadedImage } from './support/files.ts';
import type { Person } from './support/person.ts';
import {
  sharedPlatform,
  startTestPlatform,
  storeKinds,
  type StoreKind,
  type TestPlatform,
  type TestPlatformOptions,
} from './support/test-platform.ts';

const limit = 20 * 1024 * 1024;
const dayMs = 86_400_000;

interface FileRow {
  readonly id: number;
  readonly hash: string | null;
  readonly isPermanent: number;
  readonly uploadTime: number;
  readonly filePath: string;
  readonly storedBytes: number;
}

async function start(
  store: StoreKind,
  platform: Partial<PlatformOptions> = {},
  more: Partial<TestPlatformOptions> = {},
): Promise<{ test: TestPlatform; ann: Person; filesDir: string; rows: () => Promise<FileRow[]> }> {
  const filesDir = await filesFolder();
  const test = await startTestPlatform({
    store,
    platform: { filesDir, fileLinks: 'open', uploadsPerMinute: 1_000, ...platform },
    ...more,
  });
  const ann = await test.register('ann');
  const rows = () =>
    test.platform.database
      .sql('im_file_info')
      .orderBy('id')
      .select('id', 'hash', 'isPermanent', 'uploadTime', 'filePath', 'storedBytes') as Promise<FileRow[]>;
  return { test, ann, filesDir, rows };
}

/** For what is seen of files from outside. */
async function meet(store: StoreKind): Promise<{ test: TestPlatform; ann: Person }> {
  const test = await sharedPlatform({ store, platform: { fileLinks: 'open', uploadsPerMinute: 1_000 } });
  return { test, ann: await test.register('ann') };
}

function uploadFile(test: TestPlatform, who: Person, name: string, bytes: Uint8Array, query = '') {
  return upload(`${test.url}/file/upload${query}`, who, { name, bytes });
}

function uploadImage(test: TestPlatform, who: Person, name: string, bytes: Uint8Array, query = '') {
  return upload<UploadedImage>(`${test.url}/image/upload${query}`, who, { name, bytes });
}

/** Noise does not compress: a picture that stays large. */
function photo(width = 800, height = 600): Sharp {
  return sharp({
    create: {
      width,
      height,
      channels: 3,
      background: '#888',
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  });
}

async function sizeOf(url: string): Promise<number> {
  return (await (await fetch(url)).arrayBuffer()).byteLength;
}

describe.each(storeKinds)('files on %s', (store) => {
  it('are stored as they are, at an absolute address that nobody guesses and everybody may keep', async () => {
    const { test, ann } = await meet(store);
    const bytes = randomBytes(100_000);

    const { code, message, data } = await uploadFile(test, ann, '报告.PDF', bytes, '?isPermanent=false');

    expect({ code, message }).toEqual({ code: 200, message: '' });
    expect(data).toMatch(new RegExp(`^${test.url}/files/file/\\d{8}/[\\w-]{22}\\.pdf$`));
    const response = await fetch(data);
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-length': '100000',
      'cache-control': 'private, max-age=31536000, immutable',
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
    });
    const etag = response.headers.get('etag')!;
    expect((await fetch(data, { headers: { 'if-none-match': etag } })).status).toBe(304);
    const head = await fetch(data, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '100000']);
  });

  it('are downloads when a browser would run them', async () => {
    const { test, ann } = await meet(store);
    const script = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');
    for (const name of ['a.html', 'a.svg', 'a.xhtml', 'a.js', 'a', 'a.png/../b.htm']) {
      const { data } = await uploadFile(test, ann, name, Buffer.concat([script, Buffer.from(name)]));
      const { headers } = await fetch(data);
      expect([headers.get('content-type'), headers.get('content-disposition')], name).toEqual([
        'application/octet-stream',
        'attachment',
      ]);
    }
    const { data } = await uploadFile(test, ann, 'a.png', script);
    const { headers } = await fetch(data);
    expect([headers.get('content-type'), headers.get('x-content-type-options')]).toEqual([
      'image/png',
      'nosniff',
    ]);
  });

  it('are sent in part to those who ask for a part', async () => {
    const { test, ann } = await meet(store);
    const { data: url } = await uploadFile(test, ann, 'a.mp4', Buffer.from('0123456789'));
    const ask = async (headers: Record<string, string>) => {
      const response = await fetch(url, { headers });
      return [response.status, response.headers.get('content-range'), await response.text()];
    };

    expect(await ask({ range: 'bytes=2-4' })).toEqual([206, 'bytes 2-4/10', '234']);
    expect(await ask({ range: 'bytes=7-' })).toEqual([206, 'bytes 7-9/10', '789']);
    expect(await ask({ range: 'bytes=8-99' })).toEqual([206, 'bytes 8-9/10', '89']);
    expect(await ask({ range: 'bytes=-3' })).toEqual([206, 'bytes 7-9/10', '789']);
    expect(await ask({ range: 'bytes=-99' })).toEqual([206, 'bytes 0-9/10', '0123456789']);
    expect(await ask({ range: 'bytes=10-' })).toEqual([416, 'bytes */10', '']);
    expect(await ask({ range: 'bytes=-0' })).toEqual([416, 'bytes */10', '']);
    for (const range of ['bytes=4-2', 'bytes=0-1,3-4', 'bytes=-', 'lines=1-2', 'bytes=a-b'])
      expect(await ask({ range }), range).toEqual([200, null, '0123456789']);
    expect(await ask({ range: 'bytes=2-4', 'if-range': '"other"' })).toEqual([200, null, '0123456789']);
  });

  it('are only found at their addresses', async () => {
    const { test, ann, filesDir } = await start(store);
    await uploadFile(test, ann, 'a.txt', Buffer.from('a'));
    const paths = [
      'file/20260101/AAAAAAAAAAAAAAAAAAAAAA.txt',
      'file',
      '',
      '..%2f..%2fetc%2fpasswd',
      'file/..%2f..%2f..%2fetc/passwd',
      `..%2f${filesDir.split('/').at(-1)!}/incoming`,
    ];
    for (const path of paths) expect((await fetch(`${test.url}/files/${path}`)).status, path).toBe(404);
  });

  it('become images with a thumbnail that is as small as was asked for', async () => {
    const { test, ann } = await meet(store);
    const jpeg = await photo().jpeg({ quality: 95 }).toBuffer();

    const { data } = await uploadImage(test, ann, 'Photo.JPEG', jpeg, '?isPermanent=false');
    expect(data).toMatchObject({ width: 800, height: 600 });
    expect(data.originUrl).toMatch(/\/files\/image\/\d{8}\/[\w-]{22}\.jpg$/);
    expect(await sizeOf(data.originUrl)).toBe(jpeg.length);
    expect(await sizeOf(data.thumbUrl)).toBeLessThanOrEqual(50 * 1024);
    const thumb = await sharp(await (await fetch(data.thumbUrl)).arrayBuffer()).metadata();
    expect(thumb.width / thumb.height).toBeCloseTo(4 / 3, 1);

    const avatar = await photo(400, 400).png().toBuffer();
    const small = await uploadImage(test, ann, 'me.png', avatar, '?thumbSize=20&isPermanent=true');
    expect(await sizeOf(small.data.thumbUrl)).toBeLessThanOrEqual(20 * 1024);
    for (const thumbSize of [0, -1]) {
      const bytes = await photo(300 - thumbSize, 300)
        .png()
        .toBuffer();
      const smallest = await uploadImage(test, ann, 'me.png', bytes, `?thumbSize=${thumbSize}`);
      expect(await sizeOf(smallest.data.thumbUrl)).toBeLessThanOrEqual(5 * 1024);
    }
  });

  it('know the size of every kind of image that is allowed, as it is seen', async () => {
    const { test, ann } = await meet(store);
    const picture = () => photo(40, 20);

    for (const [name, bytes] of [
      ['a.png', await picture().png().toBuffer()],
      ['a.jpg', await picture().jpeg().toBuffer()],
      ['a.webp', await picture().webp().toBuffer()],
      ['a.gif', await picture().gif().toBuffer()],
      ['turned.jpg', await photo(20, 40).withMetadata({ orientation: 6 }).jpeg().toBuffer()],
      ['called-otherwise.gif', await photo(40, 20).png().toBuffer()],
    ] as const) {
      const { data } = await uploadImage(test, ann, name, bytes);
      expect(data, name).toMatchObject({ width: 40, height: 20, thumbUrl: data.originUrl });
    }
    const bmp = Buffer.concat([Buffer.from('BM'), Buffer.alloc(100_000)]);
    const { data } = await uploadImage(test, ann, 'a.bmp', bmp);
    expect(data).toMatchObject({ width: 0, height: 0, thumbUrl: data.originUrl });
  });

  it('are refused when they are too large, too long in name, empty, or no file, and leave nothing', async () => {
    const { test, ann, filesDir, rows } = await start(store);
    const tooLarge = Buffer.alloc(limit + 1, 1);
    const one = Buffer.from('1');
    const longName = `${'长'.repeat(125)}.txt`;

    expect(await uploadFile(test, ann, 'a.bin', tooLarge)).toEqual({
      status: 200,
      code: 500,
      message: '文件大小不能超过20M',
      data: null,
    });
    expect(await uploadImage(test, ann, 'a.png', tooLarge)).toMatchObject({
      code: 500,
      message: '图片大小不能超过20M',
    });
    expect(await uploadFile(test, ann, longName, one)).toMatchObject({
      code: 500,
      message: '文件名长度不能超过128',
    });
    expect(await uploadFile(test, ann, 'a.bin', Buffer.alloc(0))).toMatchObject({
      code: 500,
      message: '文件上传失败',
    });
    expect(await uploadImage(test, ann, 'a.png', Buffer.alloc(0))).toMatchObject({
      code: 500,
      message: '图片上传失败',
    });
    const wrongField = { name: 'a.bin', bytes: one, field: 'upload' };
    expect(await upload(`${test.url}/file/upload`, ann, wrongField)).toMatchObject({ code: 500 });
    expect(await ann.ask('POST', '/file/upload', { file: 'x' })).toMatchObject({ code: 500 });
    expect(await ann.ask('POST', '/file/upload')).toMatchObject({ code: 500 });
    expect([await filesIn(filesDir), await rows()]).toEqual([[], []]);

    expect(await uploadFile(test, ann, 'a.bin', tooLarge.subarray(1))).toMatchObject({ code: 200 });
    expect(await uploadFile(test, ann, longName.slice(1), one)).toMatchObject({ code: 200 });
    expect(await filesIn(filesDir)).toHaveLength(2);
  });

  it('are no images because they are called so', async () => {
    const { test, ann, filesDir, rows } = await start(store);
    const png = await photo(300, 300).png().toBuffer();

    for (const [name, bytes] of [
      ['a.txt', png],
      ['a.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
      ['a.png', Buffer.from('<html><script>alert(1)</script>')],
      ['a.jpg', randomBytes(1_000)],
      ['pdf.png', Buffer.from('%PDF-1.7 nothing')],
      ['bomb.png', pngThatClaims(50_000, 50_000)],
      ['half.png', png.subarray(0, png.length / 2)],
    ] as const)
      expect(await uploadImage(test, ann, name, bytes), name).toMatchObject({
        code: 500,
        message: '图片格式不合法',
      });
    expect([await filesIn(filesDir), await rows()]).toEqual([[], []]);
  });

  it('are kept once for each user, and permanently once somebody wanted that', async () => {
    const { test, ann, filesDir, rows } = await start(store);
    const bob = await test.register('bob');
    const bytes = randomBytes(1_000);

    const first = await uploadFile(test, ann, 'a.bin', bytes, '?isPermanent=false');
    await test.platform.database.sql('im_file_info').update({ uploadTime: 1 });
    expect((await uploadFile(test, ann, 'b.bin', bytes, '?isPermanent=true')).data).toBe(first.data);
    expect((await uploadFile(test, ann, 'a.bin', bytes, '?isPermanent=false')).data).toBe(first.data);
    expect((await uploadFile(test, bob, 'a.bin', bytes, '?isPermanent=false')).data).not.toBe(first.data);

    const [anns, bobs] = await rows();
    expect(anns).toMatchObject({ isPermanent: 1 });
    expect(anns!.uploadTime).toBeGreaterThan(Date.now() - 60_000);
    expect(bobs).toMatchObject({ isPermanent: 0 });
    expect(await filesIn(filesDir)).toHaveLength(2);
  });

  it('are kept once when they come several times at the same moment', async () => {
    const { test, ann, filesDir, rows } = await start(store);
    const bytes = await photo(200, 200).png().toBuffer();

    const answers = await Promise.all(
      Array.from({ length: 6 }, () => uploadImage(test, ann, 'a.png', bytes)),
    );

    expect(new Set(answers.map(({ data }) => data.originUrl)).size).toBe(1);
    expect(await rows()).toHaveLength(1);
    expect(await filesIn(filesDir)).toHaveLength(2);
    expect(await sizeOf(answers[0]!.data.thumbUrl)).toBeLessThanOrEqual(50 * 1024);
  });

  it('are kept for half a year where nobody says otherwise', async () => {
    const { test, ann, rows } = await start(store);
    await uploadFile(test, ann, 'a.bin', Buffer.from('1'));
    await uploadImage(test, ann, 'a.png', await photo(10, 10).png().toBuffer());
    expect((await rows()).map(({ isPermanent }) => isPermanent)).toEqual([0, 0]);
  });

  it('are images without a word of where they were taken', async () => {
    const { test, ann } = await meet(store);
    const picture = photo(400, 300).withExif({ IFD0: { Artist: 'SECRET' }, IFD3: { GPSMapDatum: 'SECRET' } });
    const bytes = await picture.jpeg().toBuffer();
    expect(bytes.includes('SECRET')).toBe(true);

    const { data } = await uploadImage(test, ann, 'a.jpg', bytes);

    for (const url of [data.originUrl, data.thumbUrl]) {
      const kept = Buffer.from(await (await fetch(url)).arrayBuffer());
      expect([kept.includes('SECRET'), (await sharp(kept).metadata()).exif]).toEqual([false, undefined]);
    }
  });

  it('take up no more than a quota, of a user and in all, whatever comes at once', async () => {
    const { test, ann, filesDir, rows } = await start(store, { filesPerUserMb: 2, filesInAllMb: 3 });
    const bob = await test.register('bob');
    const { sql } = test.platform.database;
    const usage = async (): Promise<unknown> =>
      Object.fromEntries(
        (await sql('im_file_usage').select<{ userId: number; bytes: number }[]>('userId', 'bytes')).map(
          ({ userId, bytes }) => [userId, bytes / 2 ** 20],
        ),
      );
    const add = (who: Person, megabytes: number) =>
      uploadFile(test, who, 'a.bin', randomBytes(megabytes * 2 ** 20));

    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => add(ann, 0.75)));

    expect(answers.filter(({ code }) => code === 200)).toHaveLength(2);
    expect(answers.find(({ code }) => code !== 200)).toMatchObject({
      code: 500,
      message: '您的存储空间不足，已用1.5M，共2M',
    });
    expect(await usage()).toEqual({ [ann.id]: 1.5, '-1': 1.5 });
    expect(await add(bob, 1.5)).toMatchObject({ code: 200 });
    expect(await add(ann, 0.25)).toMatchObject({ message: '服务器存储空间已满，请联系管理员' });
    expect(await usage()).toEqual({ [ann.id]: 1.5, [bob.id]: 1.5, '-1': 3 });
    expect([await filesIn(filesDir), await rows()].map(({ length }) => length)).toEqual([3, 3]);
    const metrics = await (await fetch(`${test.url}/metrics`)).text();
    expect(metrics).toContain(`im_platform_files_bytes ${3 * 2 ** 20}\n`);
  });

  it('take up what one user may have, said by an admin, and not a byte more of a hundred at once', async () => {
    const { test, ann, rows } = await start(store, { filesPerUserMb: 1 });
    const boss = await test.register('boss');
    await makeAdmin(test, boss);
    const [mine, admin] = [await apiOf(test, ann), await apiOf(test, boss)];
    const params = { path: { userId: String(ann.id) } };
    const limit = (megabytes: number | null) =>
      unwrap(admin.PUT('/v1/admin/users/{userId}/storage', { params, body: { megabytes } }));
    const add = (bytes: number) => uploadFile(test, ann, 'a.bin', randomBytes(bytes));

    const answers = await Promise.all(Array.from({ length: 100 }, () => add(30_000)));
    expect(answers.filter(({ code }) => code === 200)).toHaveLength(34);
    expect(await rows()).toHaveLength(34);
    const usedBytes = 34 * 30_000;
    expect(await unwrap(mine.GET('/v1/me/storage'))).toEqual({ usedBytes, limitBytes: 2 ** 20 });

    await limit(2);
    expect(await add(100_000)).toMatchObject({ code: 200 });
    await limit(0);
    expect(await add(1)).toMatchObject({ message: '您的存储空间不足，已用1.1M，共0M' });
    expect(await unwrap(admin.GET('/v1/admin/users/{userId}/storage', { params }))).toEqual({
      ...{ usedBytes: usedBytes + 100_000, limitBytes: 0, isOwnLimit: true },
    });
    expect((await unwrap(mine.GET('/v1/me/storage'))).limitBytes).toBe(0);
    await limit(null);
    expect((await unwrap(mine.GET('/v1/me/storage'))).limitBytes).toBe(2 ** 20);
  });

  it('are refused before they are read when there is no room for them', async () => {
    const { test, ann } = await start(store, { filesPerUserMb: 1 });
    const sending = request(`${test.url}/v1/files`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${ann.tokens.accessToken}`,
        ...{ 'accept-language': 'en', 'content-type': 'multipart/form-data; boundary=b' },
        'content-length': String(2 * 2 ** 20),
      },
    });
    // It never says more.
    sending.flushHeaders();
    const [answer] = (await once(sending, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(409);
    expect(await text(answer)).toContain('0 of the 1 MB');
    sending.destroy();
  });

  it('give their room back when they are deleted', async () => {
    const { test, ann, rows } = await start(store, { filesPerUserMb: 2, fileSweepMs: 50 });
    await uploadFile(test, ann, 'a.bin', randomBytes(1.5 * 2 ** 20));
    const { sql } = test.platform.database;
    await sql('im_file_info').update({ uploadTime: 1 });
    await expect.poll(rows).toEqual([]);
    expect(await uploadFile(test, ann, 'a.bin', randomBytes(1.5 * 2 ** 20))).toMatchObject({ code: 200 });
  });

  it('are uploaded by people who say who they are, unless that is not wanted', async () => {
    const file = { name: 'a.bin', bytes: Buffer.from('1') };
    const { test, filesDir } = await start(store);
    expect(await upload(`${test.url}/file/upload`, undefined, file)).toMatchObject({
      code: 400,
      message: '未登录',
    });
    expect(await filesIn(filesDir)).toEqual([]);

    const { test: open } = await start(store, { openUploads: true });
    const { data } = await upload(`${open.url}/file/upload`, undefined, file);
    expect(await sizeOf(data)).toBe(1);
  });

  it('are not uploaded without end', async () => {
    const { test, ann } = await start(store, { uploadsPerMinute: 2 });
    const bob = await test.register('bob');
    const answers = [1, 2, 3].map(() => uploadFile(test, ann, 'a.bin', Buffer.from('1')));
    expect((await Promise.all(answers)).map(({ code }) => code).sort()).toEqual([200, 200, 429]);
    expect(await uploadFile(test, bob, 'a.bin', Buffer.from('1'))).toMatchObject({ code: 200 });
  });

  it('are sent to their end while the platform ends, which waits for nothing else', async () => {
    const { test, ann } = await meet(store);
    const { data } = await uploadFile(test, ann, 'a.bin', Buffer.alloc(limit, 1));
    const response = await fetch(data);

    const closing = test.platform.close();
    expect((await response.arrayBuffer()).byteLength).toBe(limit);
    // The connection would be kept for a minute and more.
    await inTime('the platform has ended', closing);
  });

  it('are looked at one picture after the other, however many come', async () => {
    const { test, ann } = await start(store);
    const pictures = await Promise.all(
      Array.from({ length: 5 }, () => photo(400, 300).jpeg({ quality: 95 }).toBuffer()),
    );
    let most = 0;
    const isWatching = new AbortController();
    const watch = (): void => {
      // Not with `queue`: work that moves from there in between would count twice.
      most = Math.max(most, sharp.counters().process);
      if (!isWatching.signal.aborted) setImmediate(watch);
    };
    watch();

    const answers = await Promise.all(
      pictures.map((picture, n) => uploadImage(test, ann, `${n}.jpg`, picture, '?thumbSize=10')),
    );
    isWatching.abort();

    expect(answers.map(({ code }) => code)).toEqual(pictures.map(() => 200));
    expect(most).toBe(1);
  });

  it('leave nothing behind when the line is cut, wherever', async () => {
    const { test, ann, filesDir, rows } = await start(store);
    const head = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n';
    const body = Buffer.concat([Buffer.from(head), randomBytes(300_000), Buffer.from('\r\n--b--\r\n')]);
    const request = [
      'POST /file/upload HTTP/1.1',
      'host: x',
      `accessToken: ${ann.tokens.accessToken}`,
      'content-type: multipart/form-data; boundary=b',
      `content-length: ${body.length}`,
      '\r\n',
    ].join('\r\n');
    const offsets = [
      0,
      1,
      40,
      head.length,
      head.length + 1,
      70_000,
      200_000,
      body.length - 8,
      body.length - 5, // with the next byte the boundary is whole, and with it the file
    ];

    for (const offset of offsets) {
      const socket = connect(Number(new URL(test.url).port), '127.0.0.1');
      await once(socket, 'connect');
      socket.write(request);
      await new Promise((resolve) => socket.write(body.subarray(0, offset), resolve));
      // Wait until the upload has begun; with fewer bytes nothing is to be seen of it.
      if (offset > 60_000) await expect.poll(() => filesIn(filesDir)).not.toEqual([]);
      socket.destroy();
    }

    await expect.poll(() => filesIn(filesDir)).toEqual([]);
    expect(await rows()).toEqual([]);
    expect(await uploadFile(test, ann, 'a.bin', Buffer.from('1'))).toMatchObject({ code: 200 });
  });

  it('are deleted after half a year, thumbnails too, unless they are permanent or the picture of a group', async () => {
    // Every instance looks for old files, at the same time.
    const several = store === 'sqlite' ? {} : ({ instances: 2, bus: 'redis' } as const);
    const { test, ann, filesDir, rows } = await start(store, { fileSweepMs: 50 }, several);
    const image = async (size: number, query: string) =>
      (await uploadImage(test, ann, 'a.png', await photo(size, size).png().toBuffer(), query)).data;
    const old = await image(500, '?isPermanent=false');
    const permanent = await image(501, '?isPermanent=true');
    const ofGroup = await image(502, '?isPermanent=false&thumbSize=20');
    const gone = (await uploadFile(test, ann, 'a.bin', Buffer.from('1'), '?isPermanent=false')).data;
    const young = (await uploadFile(test, ann, 'b.bin', Buffer.from('2'), '?isPermanent=false')).data;
    const { sql } = test.platform.database;
    await sql('im_group').insert({
      name: 'g',
      ownerId: ann.id,
      headImage: ofGroup.originUrl,
      headImageThumb: ofGroup.thumbUrl,
      createdTime: 1,
    });
    await rm(join(filesDir, new URL(gone).pathname.slice('/files/'.length)));

    const lastId = (await rows()).at(-1)!.id;
    await sql('im_file_info')
      .whereNot({ id: lastId })
      .decrement('uploadTime', 181 * dayMs);
    await sql('im_file_info')
      .where({ id: lastId })
      .decrement('uploadTime', 179 * dayMs);

    await expect.poll(async () => (await rows()).length).toBe(3);
    const status = async (url: string) => (await fetch(url)).status;
    expect(await Promise.all([old.originUrl, old.thumbUrl, gone].map(status))).toEqual([404, 404, 404]);
    const kept = [permanent, ofGroup].flatMap(({ originUrl, thumbUrl }) => [originUrl, thumbUrl]);
    expect(await Promise.all([...kept, young].map(status))).toEqual([200, 200, 200, 200, 200]);
    expect(await filesIn(filesDir)).toHaveLength(5);
    expect((await rows()).map(({ isPermanent }) => isPermanent)).toEqual([1, 1, 0]);
  });

  it('that came half and were never finished are deleted after a day', async () => {
    const { test, ann, filesDir, rows } = await start(store, { fileSweepMs: 50 });
    const { data } = await uploadFile(test, ann, 'a.bin', Buffer.from('1'));
    await uploadFile(test, ann, 'b.bin', Buffer.from('2'), '?isPermanent=false');
    const [broken] = await rows();
    const uploadTime = Date.now() - dayMs - 1;
    await test.platform.database
      .sql('im_file_info')
      .where({ id: broken!.id })
      .update({ hash: null, isPermanent: 0, uploadTime });

    await expect.poll(async () => (await rows()).length).toBe(1);
    await expect.poll(() => filesIn(filesDir)).toHaveLength(1);
    expect((await fetch(data)).status).toBe(404);
    const again = await uploadFile(test, ann, 'a.bin', Buffer.from('1'));
    expect(again.data).not.toBe(data);
    expect(await sizeOf(again.data)).toBe(1);
  });
});
