import { randomBytes } from 'node:crypto';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { expect, it, vi } from 'vitest';
import { DataKeys } from '../src/at-rest/data-keys.ts';
import { chunkBytes, headBytes, sealedChunkBytes, sealedSize } from '../src/at-rest/files/sealed-file.ts';
import { SealedFileStore } from '../src/at-rest/files/sealed-file-store.ts';
import { rewrapAll } from '../src/at-rest/rewrap.ts';
import { LocalFileStore } from '../src/files/file-store.ts';
import { held, UploadFolder } from '../src/files/upload-folder.ts';
import { openDatabase } from '../src/index.ts';
import { filesFolder } from './support/files.ts';
import { temporaryFolder } from './support/folders.ts';
import { TestKeys } from './support/key-provider.ts';
import { migratedDatabase } from './support/migrated-database.ts';

// What is left over is looked at for a while.
vi.setConfig({ testTimeout: 60_000 });

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const cannot = { key: 'fileUnreadable' };

async function bytesOf(content: Readable): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const some of content) all.push(some as Buffer);
  return Buffer.concat(all);
}

async function scene() {
  const folder = await filesFolder();
  const { sql, close } = openDatabase({ url: await migratedDatabase('sqlite') });
  const provider = new TestKeys('one');
  const open = (keys = provider, encrypts = true) =>
    new SealedFileStore({
      ...{ store: new LocalFileStore(folder), encrypts, logger: silent },
      keys: new DataKeys({ sql, provider: keys, most: 10, timeoutMs: 5_000 }),
    });
  const store = open();
  const pathOf = (key: string): string => join(folder, key);
  return {
    ...{ sql, close, provider, open, store, pathOf },
    async put(key: string, bytes: Buffer): Promise<void> {
      const path = join(folder, `incoming-${randomBytes(4).toString('hex')}`);
      await writeFile(path, bytes);
      await store.put(key, path);
    },
    async lie(key: string, bytes: Buffer): Promise<void> {
      await mkdir(dirname(pathOf(key)), { recursive: true });
      await writeFile(pathOf(key), bytes);
    },
    all: async (key: string, from = store) =>
      bytesOf(await from.read(key, { start: 0, end: ((await from.size(key)) ?? 0) - 1 })),
  };
}

it('files of all sizes lie encrypted and are read as they were, whole and in ranges, also by the next key', async () => {
  const { sql, close, open, store, put, all, pathOf, lie } = await scene();
  const sizes = [1, chunkBytes - 1, chunkBytes, chunkBytes + 1, 2 * chunkBytes, 3 * chunkBytes + 7];
  for (const size of sizes) {
    const [key, bytes] = [`file/${size}`, randomBytes(size)];
    await put(key, bytes);
    const lies = await readFile(pathOf(key));
    expect(lies.length).toBe(sealedSize(size));
    expect(lies.includes(bytes.subarray(0, 16))).toBe(size < 16 && lies.includes(bytes));
    expect(await store.size(key)).toBe(size);
    expect((await all(key)).equals(bytes)).toBe(true);
    const places = [0, 1, chunkBytes - 1, chunkBytes, chunkBytes + 1, size - 2, size - 1];
    for (const start of places.filter((place) => place >= 0 && place < size))
      for (const end of places.filter((place) => place >= start && place < size))
        expect(
          (await bytesOf(await store.read(key, { start, end }))).equals(bytes.subarray(start, end + 1)),
        ).toBe(true);
  }
  // What was there before is read as it is, also what only looks like it.
  const looks = Buffer.from(`imfile1\n and so on ${'.'.repeat(200)}`);
  for (const [key, bytes] of [
    ['file/old', randomBytes(100_000)],
    ['file/short', Buffer.from('imfile1\n')],
  ] as const) {
    await lie(key, bytes);
    expect((await all(key)).equals(bytes)).toBe(true);
  }
  await lie('file/looks', looks);
  await expect(store.size('file/looks')).rejects.toMatchObject(cannot);
  // A new master key wraps what wraps all of it, and the files stay as they are.
  const before = await readFile(pathOf('file/1'));
  const both = new TestKeys('two', 'one');
  expect(await rewrapAll(sql, both)).toEqual({ wrapped: 1, refused: 0 });
  expect((await all(`file/${chunkBytes}`, open(new TestKeys('two')))).length).toBe(chunkBytes);
  expect((await readFile(pathOf('file/1'))).equals(before)).toBe(true);
  await expect(all('file/1', open(new TestKeys('one')))).rejects.toMatchObject(cannot);
  await close();
});

it('what is torn, swapped, moved or shortened is noticed', async () => {
  const { close, open, put, pathOf, lie, all } = await scene();
  const size = 3 * chunkBytes + 7;
  const bytes = randomBytes(size);
  await put('file/a', bytes);
  await put('file/b', randomBytes(size));
  const [whole, other] = [await readFile(pathOf('file/a')), await readFile(pathOf('file/b'))];
  const chunk = (of: Buffer, index: number): Buffer =>
    of.subarray(headBytes + index * sealedChunkBytes, headBytes + (index + 1) * sealedChunkBytes);
  const made = (...chunks: Buffer[]): Buffer => Buffer.concat([whole.subarray(0, headBytes), ...chunks]);
  const four = [0, 1, 2, 3].map((index) => chunk(whole, index)) as [Buffer, Buffer, Buffer, Buffer];
  const flipped = (at: number): Buffer => {
    const changed = Buffer.from(whole);
    changed[at] = (changed[at] ?? 0) ^ 1;
    return changed;
  };
  const [one, two, three, last] = four;
  const bad = {
    shortened: whole.subarray(0, -1),
    'without its last chunk': made(one, two, three),
    'as long as a shorter one': made(one, two, three.subarray(0, -7), last),
    swapped: made(two, one, three, last),
    'of another file': made(one, chunk(other, 1), three, last),
    'with the head of another file': Buffer.concat([other.subarray(0, headBytes), ...four]),
    'another file': other,
    longer: Buffer.concat([whole, Buffer.alloc(1)]),
    'another size in its head': flipped(23),
    'a head with another salt': flipped(30),
    'a head with another tag': flipped(headBytes - 1),
    'one bit': flipped(headBytes + sealedChunkBytes + 5),
  };
  for (const [what, lies] of Object.entries(bad)) {
    await lie('file/a', lies);
    // Nobody has seen it yet.
    await expect(all('file/a', open()), what).rejects.toMatchObject(cannot);
  }
  // Of one whose second chunk is torn the first is read, and one that is whole again is.
  await lie('file/a', bad['one bit']);
  const store = open();
  expect(
    (await bytesOf(await store.read('file/a', { start: 3, end: 9 }))).equals(bytes.subarray(3, 10)),
  ).toBe(true);
  await expect(store.read('file/a', { start: chunkBytes, end: chunkBytes })).rejects.toMatchObject(cannot);
  await lie('file/a', whole);
  expect((await all('file/a', store)).equals(bytes)).toBe(true);
  // Put at another place it is another file.
  await cp(pathOf('file/a'), pathOf('file/c'));
  await expect(all('file/c', store)).rejects.toMatchObject(cannot);
  await close();
});

it('what was left of files that were being decrypted is deleted, and what somebody is at work on is not', async () => {
  const folder = await temporaryFolder();
  const [left, mine] = [join(folder, 'left.plain'), join(folder, 'mine.plain')];
  await Promise.all([left, mine, join(folder, 'other')].map((path) => writeFile(path, 'x')));
  await held(mine, () => new UploadFolder(folder).removeAbandoned('.plain'));
  expect((await readdir(folder)).sort()).toEqual(['mine.plain', 'other']);
});
