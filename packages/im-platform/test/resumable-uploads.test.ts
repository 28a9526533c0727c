import { createHash, randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inTime } from 'im-test/support';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { filesIn } from './support/files.ts';
import { temporaryFolder } from './support/folders.ts';
import type { Person } from './support/person.ts';
import { RawUploads, verdictOf } from './support/resumable.ts';
import { startTestPlatform, storeKinds, type StoreKind, type TestPlatform } from './support/test-platform.ts';
import type { PlatformOptions } from '../src/index.ts';

interface Scene {
  readonly test: TestPlatform;
  readonly ann: Person;
  readonly uploads: RawUploads;
  readonly filesDir: string;
  /** What ann's files take of her quota. */
  usage(): Promise<number>;
}

async function start(store: StoreKind, platform: Partial<PlatformOptions> = {}): Promise<Scene> {
  const filesDir = await temporaryFolder();
  const test = await startTestPlatform({
    store,
    platform: { filesDir, uploadsPerMinute: 1_000, largestUploadMb: 8, filesPerUserMb: 16, ...platform },
  });
  const ann = await test.register('ann');
  return {
    ...{ test, ann, filesDir, uploads: new RawUploads(test, ann) },
    async usage() {
      const row = await test.platform.database
        .sql('im_file_usage')
        .where({ userId: ann.id })
        .first<{ bytes: number } | undefined>('bytes');
      return row?.bytes ?? 0;
    },
  };
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Resolves when so much of it is on the disk: whoever comes before that is the first one. */
function written(filesDir: string, id: string, bytes: number): Promise<void> {
  return expect.poll(async () => (await stat(join(filesDir, 'unfinished', id))).size).toBe(bytes);
}

describe.each(storeKinds)('uploads in parts on %s', (store) => {
  it('arrive whole over two instances however often they are cut off, and are one file', async () => {
    const { test, ann, uploads, filesDir, usage } = await start(store);
    const there = new RawUploads(await test.startAnother({ filesDir }), ann);
    const bytes = randomBytes(3_000_000);
    const wish = { size: bytes.length, name: '报告.pdf', key: 'mine' };
    const id = await uploads.begun(wish);
    expect(await usage()).toBe(bytes.length);

    let cuts = 0;
    for (let offset = 0; offset < bytes.length; cuts++) {
      const by = cuts % 2 === 0 ? uploads : there;
      await by.cutPatch(id, offset, bytes.subarray(offset), 1 + Math.floor(Math.random() * 1_000_000));
      // The lock of whoever is gone holds up nobody, here or at the other instance.
      offset = await inTime('the offset', (Math.random() < 0.5 ? uploads : there).offset(id));
      if (cuts > 40) await there.patch(id, offset, bytes.subarray(offset));
    }
    expect(cuts).toBeGreaterThan(2);

    // Its key finds it again, and how far it is.
    const again = await there.begin(wish);
    expect([again.headers.get('location'), again.headers.get('upload-offset')]).toEqual([
      `/v1/uploads/${id}`,
      String(bytes.length),
    ]);
    expect(await verdictOf(there.begin({ ...wish, size: 5 }))).toBe('422 IDEMPOTENCY_KEY_REUSED');

    // Both at once, and once more: it is made once.
    const answers = await Promise.all([uploads.finish(id), there.finish(id)]);
    const files = await Promise.all([...answers, await uploads.finish(id)].map((answer) => answer.json()));
    expect(new Set(files.map((file) => JSON.stringify(file))).size).toBe(1);
    const [file] = files as [{ url: string }];
    expect(file).toMatchObject({ type: 'file', name: '报告.pdf', size: bytes.length });
    const stored = new Uint8Array(await (await fetch(file.url)).arrayBuffer());
    expect(hash(stored)).toBe(hash(bytes));
    expect(await usage()).toBe(bytes.length);
    expect(await filesIn(join(filesDir, 'unfinished'))).toEqual([]);
    const [row] = await test.platform.database.sql('im_file_info').select<object[]>();
    expect(row).toMatchObject({ userId: ann.id, hash: hash(bytes), fileSize: bytes.length });
  });

  it('let go of a line that is silent when their client comes back, at this instance or another', async () => {
    const { test, ann, uploads, filesDir } = await start(store);
    const there = new RawUploads(await test.startAnother({ filesDir }), ann);
    const bytes = randomBytes(500_000);
    for (const back of [uploads, there]) {
      const id = await uploads.begun({ size: bytes.length });
      await uploads.hangingPatch(id, bytes, 200_000);
      await written(filesDir, id, 200_000);

      const offset = await back.offset(id);
      expect(await verdictOf(back.patch(id, offset, bytes.subarray(offset)))).toBe('204');

      const { url } = (await (await back.finish(id)).json()) as { url: string };
      expect(hash(new Uint8Array(await (await fetch(url)).arrayBuffer()))).toBe(hash(bytes));
    }
  });

  it('take their room when they begin, also many at once, and give it back when they end', async () => {
    const { test, uploads, usage, filesDir } = await start(store, { fileSweepMs: 100 });
    const mb = 2 ** 20;
    const begun = await Promise.all(
      Array.from({ length: 4 }, async () => verdictOf(uploads.begin({ size: 6 * mb }))),
    );
    expect(begun.sort()).toEqual(['201', '201', '409 STORAGE_FULL', '409 STORAGE_FULL']);
    expect(await usage()).toBe(12 * mb);

    const small = await Promise.all(Array.from({ length: 25 }, () => uploads.begin({ size: 10 })));
    const verdicts = (await Promise.all(small.map((answer) => verdictOf(answer)))).sort();
    expect(verdicts.filter((verdict) => verdict === '201').length).toBe(18);
    expect(verdicts.at(-1)).toBe('409 TOO_MANY');

    const { sql } = test.platform.database;
    const [{ id }] = (await sql('im_upload').where({ fileSize: 10 }).limit(1).select('id')) as [
      { id: string },
    ];
    expect(await verdictOf(uploads.delete(id))).toBe('204');
    expect(await verdictOf(uploads.head(id))).toBe('404');
    expect(await usage()).toBe(12 * mb + 170);

    await sql('im_upload').update({ endTime: Date.now() - 1 });
    await expect.poll(usage).toBe(0);
    expect(await filesIn(join(filesDir, 'unfinished'))).toEqual([]);
    expect(await sql('im_upload')).toEqual([]);
  });
});

describe('uploads in parts', () => {
  it('are as large as they were said to be, go on where they are, and are nobody else’s', async () => {
    const { test, uploads } = await start('sqlite');
    const bob = new RawUploads(test, await test.register('bob'));
    const bytes = Buffer.from('hello world');
    const id = await uploads.begun({ size: bytes.length });

    for (const refused of [bob.head(id), bob.delete(id), bob.finish(id), bob.patch(id, 0, bytes)])
      expect(await verdictOf(refused)).toMatch(/^404/);
    expect(await verdictOf(uploads.finish(id))).toBe('409 OFFSET_WRONG');
    expect(await verdictOf(uploads.patch(id, 3, bytes.subarray(3)))).toBe('409 OFFSET_WRONG');
    expect(await verdictOf(uploads.patch(id, 0, Buffer.concat([bytes, bytes])))).toBe('413 FILE_TOO_LARGE');
    expect(await uploads.offset(id)).toBe(0);
    expect(await verdictOf(uploads.patch(id, 0, bytes.subarray(0, 4)))).toBe('204');
    expect(await verdictOf(uploads.patch(id, 0, bytes))).toBe('409 OFFSET_WRONG');
    expect(await verdictOf(uploads.patch(id, 4, bytes.subarray(4)))).toBe('204');
    expect(await verdictOf(uploads.patch(id, bytes.length, bytes))).toBe('413 FILE_TOO_LARGE');
    expect(await verdictOf(uploads.finish(id))).toBe('201');
    expect(await verdictOf(uploads.patch(id, 0, bytes))).toBe('404 NOT_FOUND');
    expect(await uploads.offset(id)).toBe(bytes.length);

    expect(await verdictOf(uploads.begin({ size: 8 * 2 ** 20 + 1 }))).toBe('413 FILE_TOO_LARGE');
    expect(await verdictOf(uploads.begin({ size: 10, name: 'x'.repeat(129) }))).toBe('400 INVALID_ARGUMENT');
    for (const path of ['..%2f..%2fim.db', '%2e%2e', 'A'.repeat(23)])
      expect(await verdictOf(uploads.head(path))).toMatch(/^40[04]$/);
    // A key of somebody else is a key of one's own.
    await uploads.begun({ size: 5, key: 'one' });
    expect(await bob.begun({ size: 7, key: 'one' })).toMatch(/^[\w-]{22}$/);
  });

  it('that say the sum of what they have are taken if it is right, and not at all if not, or cut off', async () => {
    const { uploads, filesDir } = await start('sqlite');
    const bytes = randomBytes(300_000);
    const id = await uploads.begun({ size: bytes.length });
    const sum = (part: Buffer, algorithm = 'sha256') =>
      `${algorithm} ${createHash(algorithm).update(part).digest('base64')}`;
    const [first, second] = [bytes.subarray(0, 200_000), bytes.subarray(200_000)];
    const torn = Buffer.from(first);
    torn[100_000] = (torn[100_000] ?? 0) ^ 1;

    expect(await verdictOf(uploads.patch(id, 0, torn, sum(first)))).toBe('460 PART_TORN');
    await uploads.cutPatch(id, 0, first, 150_000, sum(first));
    for (const odd of ['md5 CY9rzUYh03PK3k6DJie09g==', 'sha256', 'sha1 AAAA', `sha256  ${sum(first)}`])
      expect(await verdictOf(uploads.patch(id, 0, first, odd))).toBe('400 INVALID_ARGUMENT');
    expect(await verdictOf(uploads.patch(id, 5, first, sum(first)))).toBe('409 OFFSET_WRONG');
    const more = Buffer.concat([bytes, bytes]);
    expect(await verdictOf(uploads.patch(id, 0, more, sum(more)))).toBe('413 FILE_TOO_LARGE');
    expect(await uploads.offset(id)).toBe(0);
    expect(await verdictOf(uploads.patch(id, 0, first, sum(first)))).toBe('204');
    expect(await verdictOf(uploads.patch(id, 200_000, second, sum(second, 'sha1')))).toBe('204');

    const { url } = (await (await uploads.finish(id)).json()) as { url: string };
    expect(hash(new Uint8Array(await (await fetch(url)).arrayBuffer()))).toBe(hash(bytes));
    await expect.poll(() => filesIn(join(filesDir, 'incoming'))).toEqual([]);
  });

  it('of several writers at once, at two instances, all but one are told to come again, and what they write is one file', async () => {
    const { test, ann, uploads, filesDir } = await start('sqlite');
    const there = new RawUploads(await test.startAnother({ filesDir }), ann);
    const bytes = randomBytes(2_000_000);
    const id = await uploads.begun({ size: bytes.length });

    const answers = await Promise.all(
      [uploads, there, uploads, there].map((by) => verdictOf(by.patch(id, 0, bytes))),
    );
    for (const answer of answers) expect(answer).toMatch(/^(204|409 OFFSET_WRONG|503 UNAVAILABLE)$/);
    const offset = await uploads.offset(id);
    if (offset < bytes.length) await uploads.patch(id, offset, bytes.subarray(offset));

    const { url } = (await (await uploads.finish(id)).json()) as { url: string };
    expect(hash(new Uint8Array(await (await fetch(url)).arrayBuffer()))).toBe(hash(bytes));
  });

  it('keep what still comes on the line before when their client is back already', async () => {
    const { uploads, filesDir } = await start('sqlite');
    const bytes = randomBytes(1_200_000);
    const id = await uploads.begun({ size: bytes.length });
    const send = await uploads.hangingPatch(id, bytes, 200_000);
    await written(filesDir, id, 200_000);

    const offset = uploads.offset(id);
    // As a network's buffers give it out, for longer than a silent line is waited for.
    for (let at = 200_000; at < bytes.length; at += 100_000) {
      await sleep(100);
      await send(bytes.subarray(at, at + 100_000));
    }

    expect(await offset).toBe(bytes.length);
  });

  it('as pictures are pictures, without where they were taken', async () => {
    const { uploads, usage, filesDir } = await start('sqlite');
    const where = { IFD0: { Copyright: 'taken-at-home' } };
    const picture = await sharp({ create: { width: 80, height: 60, channels: 3, background: '#321' } })
      .withExif(where)
      .jpeg()
      .toBuffer();
    expect(picture.includes('taken-at-home')).toBe(true);
    const id = await uploads.begun({ size: picture.length, name: 'a.jpg', as: 'image' });
    await uploads.patch(id, 0, picture);
    const file = (await (await uploads.finish(id)).json()) as { url: string };
    expect(file).toMatchObject({ type: 'image', width: 80, height: 60 });
    const stored = Buffer.from(await (await fetch(file.url)).arrayBuffer());
    expect([stored.includes('taken-at-home'), await usage()]).toEqual([false, stored.length]);

    const none = await uploads.begun({ size: 5, name: 'b.jpg', as: 'image' });
    await uploads.patch(none, 0, Buffer.from('hello'));
    expect(await verdictOf(uploads.finish(none))).toBe('422 FILE_REFUSED');
    expect([await verdictOf(uploads.head(none)), await usage()]).toEqual(['404', stored.length]);
    expect(await filesIn(join(filesDir, 'unfinished'))).toEqual([]);
  });
});
