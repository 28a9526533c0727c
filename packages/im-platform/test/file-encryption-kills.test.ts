import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { expect, it, vi } from 'vitest';
import { DataKeys } from '../src/at-rest/data-keys.ts';
import { changeFiles, countFiles } from '../src/at-rest/files/all-files.ts';
import { SealedFileStore } from '../src/at-rest/files/sealed-file-store.ts';
import type { ByteRange } from '../src/files/byte-range.ts';
import { LocalFileStore } from '../src/files/file-store.ts';
import { incomingFolder } from '../src/files/resumable/open-upload-bytes.ts';
import { openDatabase, orderEncryption, platformDefaults, type EncryptionOrder } from '../src/index.ts';
import { filesOf } from './support/everywhere.ts';
import { temporaryFolder } from './support/folders.ts';
import { TestKeys } from './support/key-provider.ts';
import { migratedDatabase, storeKinds, type StoreKind } from './support/migrated-database.ts';
import { startProgram } from './support/program.ts';

// Processes take long to start on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 120_000 });

const mark = 'xylophone';
const filled = (length: number): Buffer =>
  Buffer.from(mark.repeat(Math.ceil(length / mark.length))).subarray(0, length);

/** Files as they lay before anything was encrypted. */
async function scene(store: StoreKind, sizes: readonly number[]) {
  const [url, filesDir] = [await migratedDatabase(store), await temporaryFolder()];
  const database = openDatabase({ url });
  const files = sizes.map((size, index) => ({ key: `file/${index}`, bytes: filled(size) }));
  for (const { key, bytes } of files) {
    await mkdir(dirname(join(filesDir, key)), { recursive: true });
    await writeFile(join(filesDir, key), bytes);
    await database.sql('im_file_info').insert({
      ...{ fileName: key, filePath: key, fileSize: bytes.length, fileType: 1, uploadTime: 1, userId: 1 },
    });
  }
  const atRest = (raw: LocalFileStore) => {
    const keys = new DataKeys({
      ...{ sql: database.sql, provider: new TestKeys('one'), most: 10, timeoutMs: 5_000 },
    });
    const logger = { debug() {}, info() {}, warn() {}, error() {} };
    const sealed = new SealedFileStore({ store: raw, keys, encrypts: true, logger });
    return { sql: database.sql, raw, sealed, folder: incomingFolder({ filesDir }) };
  };
  return {
    ...{ url, filesDir, database, files, atRest },
    async expectWhole(which = files): Promise<void> {
      const { sealed } = atRest(new LocalFileStore(filesDir));
      for (const { key, bytes } of which) {
        const all: Buffer[] = [];
        for await (const some of await sealed.read(key, { start: 0, end: bytes.length - 1 }))
          all.push(some as Buffer);
        expect(Buffer.concat(all).equals(bytes), key).toBe(true);
      }
    },
    counted: () => countFiles(atRest(new LocalFileStore(filesDir))),
    lyingPlain: async () =>
      (await filesOf(filesDir)).filter(({ text }) => text.includes(mark)).map(({ where }) => where),
  };
}

it.each(storeKinds)(
  'a command that is killed anywhere leaves files whole, and called again it finishes (%s)',
  async (store) => {
    const sizes = Array.from({ length: 24 }, (_, index) => 1_000 + index * 12_345);
    const { url, filesDir, database, expectWhole, counted, lyingPlain } = await scene(store, sizes);
    const killed = async (order: EncryptionOrder, place: string, times: number): Promise<void> => {
      const script = 'test/fixtures/file-encryption-order.ts';
      const program = startProgram([order, url, filesDir, place, String(times)], { script });
      expect(await program.exit, program.stderr).toMatchObject({ signal: 'SIGKILL' });
    };
    const finish = (order: EncryptionOrder): Promise<boolean> => {
      const where = { ...platformDefaults, filesDir };
      return orderEncryption(database, new TestKeys('one'), order, () => undefined, where);
    };
    let before = 0;
    for (const [place, times] of [
      ['write', 9],
      ['before it is put', 7],
      ['after it is put', 5],
    ] as const) {
      await killed('encrypt', place, times);
      await expectWhole();
      const { sealed, plain } = await counted();
      expect(sealed).toBeGreaterThanOrEqual(before);
      expect(plain).toBeGreaterThan(0);
      before = sealed;
    }
    // Four files are under way at a time: of the second and the third command three and five were done.
    expect(before).toBeGreaterThanOrEqual(8);
    expect(await finish('encrypt')).toBe(true);
    expect(await counted()).toEqual({ sealed: sizes.length, plain: 0 });
    expect(await lyingPlain()).toEqual([]);
    await expectWhole();

    // What was half decrypted does not stay beside them.
    await killed('decrypt', 'before it is put', 9);
    await expectWhole();
    expect((await lyingPlain()).some((where) => where.includes('incoming'))).toBe(true);
    expect(await finish('encrypt')).toBe(true);
    expect(await lyingPlain()).toEqual([]);
    await expectWhole();
    await database.close();
  },
);

/** Before a file is read so often, something else happens to it. */
class Eventful extends LocalFileStore {
  readonly #reads = new Map<string, number>();
  readonly meanwhile: Record<string, () => Promise<unknown>> = {};

  override async read(key: string, range: ByteRange): Promise<Readable> {
    const count = (this.#reads.get(key) ?? 0) + 1;
    this.#reads.set(key, count);
    await this.meanwhile[`${key} ${count}`]?.();
    return super.read(key, range);
  }

  override async put(key: string, temporaryFile: string): Promise<void> {
    await this.meanwhile[`${key} put`]?.();
    await super.put(key, temporaryFile);
  }
}

it('a file that is deleted meanwhile is no error, and what another command encrypts is not encrypted twice', async () => {
  const { filesDir, database, files, atRest, expectWhole, counted, lyingPlain } = await scene(
    'sqlite',
    [90_000, 90_000, 90_000, 90_000, 90_000, 90_000],
  );
  const { sql } = database;
  const [raw, other] = [new Eventful(filesDir), atRest(new LocalFileStore(filesDir))];
  raw.meanwhile['file/0 1'] = () => raw.delete('file/0');
  raw.meanwhile['file/1 2'] = () => raw.delete('file/1');
  raw.meanwhile['file/2 put'] = async () => {
    await sql('im_file_info').where({ filePath: 'file/2' }).delete();
    await raw.delete('file/2');
  };
  raw.meanwhile['file/3 2'] = async () => {
    const content = await other.raw.read('file/3', { start: 0, end: 89_999 });
    await other.sealed.replace('file/3', { size: 90_000, content, beside: join(filesDir, 'beside') });
  };
  // Torn, and so neither encrypted again nor in the way of others.
  const path = join(filesDir, 'file/4');
  await writeFile(path, Buffer.concat([Buffer.from('imfile1\n'), Buffer.alloc(200)]));

  expect(await changeFiles(atRest(raw), 'sealed')).toEqual({ changed: 2, missing: 2, unreadable: 0 });
  expect(await lyingPlain()).toEqual([]);
  expect(await counted()).toEqual({ sealed: 3, plain: 0 });
  await expectWhole(files.filter(({ key }) => ['file/3', 'file/5'].includes(key)));
  expect(await raw.size('file/2')).toBeUndefined();
  expect(await changeFiles(atRest(raw), 'plain')).toEqual({ changed: 2, missing: 2, unreadable: 1 });
  await database.close();
});
