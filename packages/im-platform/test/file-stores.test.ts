import { createHash, randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { newFileKey } from '../src/files/file-key.ts';
import { LocalFileStore, type FileStore } from '../src/files/file-store.ts';
import { moveFiles } from '../src/files/move-files.ts';
import { MovingFileStore } from '../src/files/moving-file-store.ts';
import { openFileStore } from '../src/files/open-file-store.ts';
import { removeFile } from '../src/files/remove-file.ts';
import { S3FileStore } from '../src/files/s3/s3-file-store.ts';
import { platformDefaults, type PlatformOptions } from '../src/index.ts';
import { filesIn, upload, type UploadedImage } from './support/files.ts';
import { temporaryFolder } from './support/folders.ts';
import type { Person } from './support/person.ts';
import { RawUploads, verdictOf } from './support/resumable.ts';
import { answering, atS3, bucket, S3Server } from './support/s3-server.ts';
import { startTestPlatform, type TestPlatform } from './support/test-platform.ts';

function storeAt(endpoint: string, more: { bucket?: string; accessKeyId?: string } = {}): S3FileStore {
  const { accessKeyId = 'S3RVER' } = more;
  return new S3FileStore({
    ...{ bucket: more.bucket ?? bucket, prefix: 'chat/', region: 'us-east-1', endpoint, isPathStyle: true },
    credentials: { accessKeyId, secretAccessKey: 'S3RVER' },
  });
}

const stores: readonly (readonly [string, () => Promise<FileStore>])[] = [
  ['a folder', async () => new LocalFileStore(await temporaryFolder())],
  ['a bucket of S3', async () => storeAt((await S3Server.start()).url)],
];

it('a file is read where it is now, when it is moved between the look and the read', async () => {
  const [to, key] = [new LocalFileStore(await temporaryFolder()), newFileKey('file', 'bin')];
  const path = join(await temporaryFolder(), 'a');
  class Moved extends LocalFileStore {
    override async size(of: string): Promise<number | undefined> {
      const size = await super.size(of);
      await writeFile(path, 'hello');
      await to.put(of, path);
      await this.delete(of);
      return size;
    }
  }
  const from = new Moved(await temporaryFolder());
  await writeFile(path, 'hello');
  await from.put(key, path);

  const read = new MovingFileStore(to, from).read(key, { start: 0, end: 4 });

  expect((await buffer(await read)).toString()).toBe('hello');
});

describe.each(stores)('%s', (_, open) => {
  it('keeps files as they are, of any size, many at once, until they are deleted', async () => {
    const [store, folder] = [await open(), await temporaryFolder()];
    await store.check();
    // One is as large as a part, one has a second part of one byte, one has several.
    const sizes = [1, 2 ** 16, 8 * 2 ** 20, 8 * 2 ** 20 + 1, 20 * 2 ** 20];
    const files = sizes.map((size) => ({ key: newFileKey('file', 'bin'), bytes: randomBytes(size) }));

    await Promise.all(
      files.map(async ({ key, bytes }, n) => {
        const path = join(folder, String(n));
        await writeFile(path, bytes);
        await store.put(key, path);
      }),
    );

    for (const { key, bytes } of files) {
      expect(await store.size(key)).toBe(bytes.length);
      const all = await buffer(await store.read(key, { start: 0, end: bytes.length - 1 }));
      expect(all.equals(bytes)).toBe(true);
    }
    const [{ key, bytes }] = files.slice(-1) as [(typeof files)[0]];
    for (const [start, end] of [
      // Not 0 to 0, which this server takes for all of it.
      [0, 1],
      [5, 9],
      [bytes.length - 1, bytes.length - 1],
      [8 * 2 ** 20 - 5, 8 * 2 ** 20 + 5],
    ] as const) {
      const part = await buffer(await store.read(key, { start, end }));
      expect(part.equals(bytes.subarray(start, end + 1)), `${start}-${end}`).toBe(true);
    }

    await store.delete(key);
    await store.delete(key);
    expect(await store.size(key)).toBeUndefined();
    expect(await store.size(newFileKey('image', 'png'))).toBeUndefined();
    store.close();
  });
});

describe('what answers instead of S3', () => {
  const page: RequestListener = (_request, response) => {
    response.setHeader('content-type', 'text/html').end('<html>welcome</html>');
  };
  const status =
    (code: number): RequestListener =>
    (request, response) => {
      request.resume();
      response.writeHead(code).end();
    };

  it.each([
    ['a web page', page, /answers as no S3 does/],
    ['a refusal', status(403), /denies access to the bucket chat-files.*s3:PutObject/],
    ['an overload', status(503), /answers 503/],
    ['another region', status(301), /is in another region than us-east-1\. Correct --s3-region/],
  ] as const)('is told from it: %s', async (_name, answer, text) => {
    const store = storeAt(await answering(answer));
    const path = join(await temporaryFolder(), 'a');
    await writeFile(path, 'hello');
    await expect(store.put(newFileKey('file', 'txt'), path)).rejects.toThrow(text);
    store.close();
  });

  it('is waited for no longer than a request may take when it says nothing', async () => {
    const store = storeAt(await answering(() => undefined));
    await expect(store.size(newFileKey('file', 'txt'))).rejects.toThrow(/does not answer \(AbortError\)/);
  });

  it('is told from it when it gives other bytes than those that were asked for', async () => {
    const whole: RequestListener = (_request, response) => void response.end('0123456789');
    const store = storeAt(await answering(whole));
    await expect(store.read(newFileKey('file', 'txt'), { start: 2, end: 4 })).rejects.toThrow(
      /asked for bytes 2 to 4 it sends 10/,
    );
  });

  it('is a mistake of the options before the platform starts, if it is one', async () => {
    const { url } = await S3Server.start();
    const wrong = (store: S3FileStore) => expect(store.check()).rejects;
    await wrong(storeAt(url, { bucket: 'elsewhere' })).toThrow(/There is no bucket elsewhere.*--s3-bucket/);
    await wrong(storeAt(url, { accessKeyId: 'wrong' })).toMatchObject({ code: 'INVALID_OPTION' });
    // That a file is not there is known only where there is a bucket.
    const none = storeAt(url, { bucket: 'elsewhere' });
    await expect(none.size(newFileKey('file', 'txt'))).rejects.toThrow(/no bucket elsewhere/);
  });
});

/** As if nobody had said anything of S3. */
const inFolder = {
  ...{ s3Bucket: undefined, s3Prefix: undefined, s3Endpoint: undefined },
  ...{ s3AccessKeyId: undefined, s3SecretAccessKey: undefined },
};

describe('files in S3', () => {
  interface Scene {
    readonly s3: S3Server;
    readonly test: TestPlatform;
    readonly ann: Person;
    readonly filesDir: string;
    usage(): Promise<number>;
  }

  async function start(platform: Partial<PlatformOptions> = {}): Promise<Scene> {
    const [s3, filesDir] = [await S3Server.start(), await temporaryFolder()];
    const test = await startTestPlatform({
      store: 'sqlite',
      platform: { filesDir, uploadsPerMinute: 1_000, ...atS3(s3.url), s3Prefix: 'chat/', ...platform },
    });
    const usage = async (): Promise<number> =>
      (await test.platform.database.sql('im_file_usage').where({ userId: -1 }).first<{ bytes: number }>())
        .bytes;
    return { s3, test, ann: await test.register('ann'), filesDir, usage };
  }

  it('are loaded at any instance, in part, and by no other path', async () => {
    const { s3, test, ann, filesDir } = await start({ fileLinks: 'open' });
    const there = await test.startAnother({ filesDir: await temporaryFolder() });
    const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
    const picture = sharp({ create: { width: 500, height: 400, channels: 3, background: '#888', noise } });
    const image = { name: 'a.png', bytes: await picture.png().toBuffer() };

    const { data } = await upload<UploadedImage>(`${test.url}/image/upload`, ann, image);
    const { data: file } = await upload(`${test.url}/file/upload`, ann, {
      ...{ name: 'a.html', bytes: Buffer.from('0123456789') },
    });
    expect([await s3.objects(), await filesIn(filesDir)]).toEqual([3, []]);

    const at = (url: string) => there.url + new URL(url).pathname;
    const loaded = Buffer.from(await (await fetch(at(data.originUrl))).arrayBuffer());
    expect((await sharp(loaded).metadata()).width).toBe(500);
    expect((await fetch(at(data.thumbUrl), { method: 'HEAD' })).headers.get('content-type')).toBe(
      'image/webp',
    );
    const ask = async (range: string) => {
      const answer = await fetch(at(file), { headers: { range } });
      return [answer.status, answer.headers.get('content-range'), await answer.text()];
    };
    expect(await ask('bytes=2-4')).toEqual([206, 'bytes 2-4/10', '234']);
    expect(await ask('bytes=8-99')).toEqual([206, 'bytes 8-9/10', '89']);
    expect(await ask('bytes=10-')).toEqual([416, 'bytes */10', '']);
    const { headers } = await fetch(at(file));
    expect(headers.get('content-disposition')).toBe('attachment');
    for (const path of ['file/..%2f..%2fchat-files', '..%2fchat%2f' + new URL(file).pathname.slice(7)])
      expect((await fetch(`${test.url}/files/${path}`)).status, path).toBe(404);
  });

  it('come in parts over instances that share nothing else, and leave nothing but the file', async () => {
    const { s3, test, ann, usage } = await start({ fileSweepMs: 100 });
    const by = [test.platform, await test.startAnother({ filesDir: await temporaryFolder() })].map(
      (platform) => new RawUploads(platform, ann),
    );
    const [here, there] = by as [RawUploads, RawUploads];
    const bytes = randomBytes(3_000_000);
    const wish = { size: bytes.length, name: 'a.bin', key: 'mine' };
    const id = await here.begun(wish);
    let cuts = 0;
    for (let offset = 0; offset < bytes.length && cuts < 6; cuts++) {
      const by = cuts % 2 === 0 ? here : there;
      await by.cutPatch(id, offset, bytes.subarray(offset), 1 + Math.floor(Math.random() * 900_000));
      offset = await (cuts % 3 === 0 ? here : there).offset(id);
    }
    const offset = await there.offset(id);
    if (offset < bytes.length) await there.patch(id, offset, bytes.subarray(offset));
    // Of two who write the same bytes one is heard.
    expect(await verdictOf(here.patch(id, 0, bytes))).toBe('409 OFFSET_WRONG');

    const answers = await Promise.all([here.finish(id), there.finish(id), here.finish(id)]);
    const files = (await Promise.all(answers.map((answer) => answer.json()))) as { url: string }[];
    expect(new Set(files.map(({ url }) => new URL(url).pathname)).size).toBe(1);
    const stored = Buffer.from(await (await fetch(files[0]?.url ?? '')).arrayBuffer());
    expect(hash(stored)).toBe(hash(bytes));
    // What two have made of it at once, one of them takes back.
    await expect.poll(async () => [await s3.objects(), await usage()]).toEqual([1, bytes.length]);

    const given = await there.begun({ size: 10 });
    await here.patch(given, 0, Buffer.from('01234'));
    expect(await verdictOf(there.delete(given))).toBe('204');
    const left = await here.begun({ size: 10 });
    await there.patch(left, 0, Buffer.from('01234'));
    await expect.poll(() => s3.objects()).toBe(2);
    await test.platform.database.sql('im_upload').where({ id: left }).update({ endTime: 1 });
    await expect.poll(async () => [await s3.objects(), await usage()]).toEqual([1, bytes.length]);
  });

  it('are refused while it is away, take no room then, and nothing of them is left', async () => {
    const { s3, test, ann, filesDir, usage } = await start({ fileLinks: 'open', fileSweepMs: 100 });
    const send = (text: string) =>
      upload(`${test.url}/file/upload`, ann, { name: 'a.txt', bytes: Buffer.from(text) });
    const { data: before } = await send('before');
    await s3.stop();

    expect(await send('while it is away')).toMatchObject({ status: 503, code: 503 });
    expect((await fetch(before)).status).toBe(503);
    const uploads = new RawUploads(test, ann);
    const id = await uploads.begun({ size: 5 });
    expect(await verdictOf(uploads.patch(id, 0, Buffer.from('hello')))).toBe('503 UNAVAILABLE');
    expect([await usage(), await filesIn(filesDir)]).toEqual([6 + 5, []]);
    // It starts meanwhile, as chats go on.
    await test.startAnother();

    await s3.start();
    await expect.poll(async () => (await fetch(before)).status).toBe(200);
    expect(await send('while it is away')).toMatchObject({ code: 200 });
    const offset = await uploads.offset(id);
    await uploads.patch(id, offset, Buffer.from('hello').subarray(offset));
    expect(await verdictOf(uploads.finish(id))).toBe('201');
    // The sweep removes what it could not then.
    const { sql } = test.platform.database;
    await expect.poll(() => sql('im_file_info').whereNull('hash')).toEqual([]);
    await expect.poll(() => s3.objects()).toBe(3);
  });

  it('are moved there from a folder, while they are loaded, sent and deleted', async () => {
    const { s3, test, ann, filesDir } = await start({ fileLinks: 'open', ...inFolder });
    const send = async (platform: { readonly url: string }, text: string): Promise<string> =>
      (await upload(`${platform.url}/file/upload`, ann, { name: 'a.txt', bytes: Buffer.from(text) })).data;
    const before = [await send(test, 'one'), await send(test, 'two'), await send(test, 'three')] as const;
    const bucketOptions = { ...atS3(s3.url), s3Prefix: 'chat/', s3PathStyle: true };
    const moving = await test.startAnother({
      ...bucketOptions,
      s3From: filesDir,
      filesDir: await temporaryFolder(),
    });
    const after = await send(moving, 'four');
    const texts = async () =>
      Promise.all(
        [...before, after].map(async (url) => {
          const answer = await fetch(moving.url + new URL(url).pathname);
          return answer.ok ? answer.text() : answer.status;
        }),
      );
    expect(await texts()).toEqual(['one', 'two', 'three', 'four']);

    const { database } = moving;
    const options = {
      ...platformDefaults,
      ...bucketOptions,
      s3From: filesDir,
      filesDir: await temporaryFolder(),
    };
    // Cut off between its bytes in the bucket and its end in the folder, it is moved once more.
    const first = new URL(before[0]).pathname.slice('/files/'.length);
    const copy = join(await temporaryFolder(), 'copy');
    await writeFile(copy, 'one');
    await storeAt(s3.url).put(first, copy);
    const lines: string[] = [];
    const [moved] = await Promise.all([
      moveFiles(database, options, (line) => lines.push(line)),
      // And while one is taken away.
      removeFile(database, { address: before[1], store: openFileStore(options), record: () => undefined }),
    ]);
    expect(moved).toBeUndefined();
    expect(await texts()).toEqual(['one', 404, 'three', 'four']);
    expect([await filesIn(filesDir), await s3.objects()]).toEqual([[], 3]);
    await moveFiles(database, options, (line) => lines.push(line));
    expect(lines.at(-1)).toBe('0 moved, 3 files looked at');
  });

  it('that nobody finished are found by their rows, and deleted', async () => {
    const { s3, test, ann } = await start({ fileSweepMs: 100 });
    await upload(`${test.url}/file/upload`, ann, { name: 'a.txt', bytes: Buffer.from('1') });
    // As if its process had died between the store and the database.
    const { sql } = test.platform.database;
    await sql('im_file_info').update({ hash: null, uploadTime: Date.now() - 86_400_001 });
    await expect.poll(() => sql('im_file_info')).toEqual([]);
    expect(await s3.objects()).toBe(0);
  });
});

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
