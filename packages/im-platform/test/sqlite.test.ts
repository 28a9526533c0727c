import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { onCleanup } from 'im-test/support';
import { beforeEach, describe, expect, it } from 'vitest';
import { isDuplicate, isUnavailable, openDatabase, type Database } from '../src/db/database.ts';

let file: string;
let database: Database;

function open(): Database {
  const opened = openDatabase({ url: `sqlite:${file}` });
  onCleanup(() => opened.close());
  return opened;
}

function errorOf(work: PromiseLike<unknown>): Promise<unknown> {
  return Promise.resolve(work).then(
    () => undefined,
    (error: unknown) => error,
  );
}

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'im-test-sqlite-'));
  onCleanup(() => rm(folder, { recursive: true, force: true }));
  file = join(folder, 'im.db');
  database = open();
  await database.sql.raw('CREATE TABLE thing (id INTEGER PRIMARY KEY, name UNIQUE, value)');
});

describe('SQLite', () => {
  it('is new, and writes ahead', async () => {
    const [library] = await database.sql.raw<{ version: string }[]>('SELECT sqlite_version() AS version');
    const [mode] = await database.sql.raw<object[]>('PRAGMA journal_mode');

    expect(Number(library?.version.split('.')[1])).toBeGreaterThanOrEqual(51);
    expect(mode).toEqual({ journalMode: 'wal' });
  });

  it("is for its owner's eyes only", async () => {
    for (const part of ['', '-wal', '-shm']) expect((await stat(file + part)).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['a number', 1.5, 1.5],
    ['the largest number', Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
    ['true', true, 1],
    ['a time', new Date(7), 7],
    ['nothing', null, null],
    ['any text', 'ä💬"\'`; --', 'ä💬"\'`; --'],
    ['a text with a zero in it, which is visible then', 'a\0b', 'a\uFFFDb'],
    ['bytes', Buffer.from([0, 255]), new Uint8Array([0, 255])],
  ])('keeps %s', async (_, value, expected) => {
    await database.sql('thing').insert({ name: 'x', value });

    expect(await database.sql('thing').first('value')).toEqual({ value: expected });
  });

  it.each([Symbol('x'), () => 1, new Map(), 2n ** 70n])('refuses what it cannot keep: %s', async (value) => {
    expect(await errorOf(database.sql('thing').insert({ name: 'x', value }))).toBeInstanceOf(Error);
    expect(await database.sql('thing').select()).toEqual([]);
  });

  it('answers as the other databases do', async () => {
    const { sql } = database;

    expect(await sql('thing').insert({ id: 1_760_000_000_000_123, name: 'x' })).toEqual([
      1_760_000_000_000_123,
    ]);
    expect(await sql('thing').insert([{ name: 'y' }, { name: 'z' }])).toEqual([1_760_000_000_000_125]);
    expect(await sql('thing').update({ value: 1 })).toBe(3);
    expect(await sql('thing').where('name', '>', 'x').del()).toBe(2);
    expect(await sql('thing').insert({ name: 'r' }).returning('name')).toEqual([{ name: 'r' }]);
    expect(await sql('thing').orderBy('id').pluck('name')).toEqual(['x', 'r']);
  });

  it('lets others in between, however many statements follow each other', async () => {
    const { sql } = database;
    const turns: string[] = [];
    setImmediate(() => turns.push('of another one'));
    for (let count = 0; count < 100_000 && turns.length === 0; count++) await sql('thing').first('id');

    expect(turns).toEqual(['of another one']);
  });

  it('says when a key is taken', async () => {
    await database.sql('thing').insert({ id: 1, name: 'x' });

    expect(isDuplicate(await errorOf(database.sql('thing').insert({ id: 1, name: 'y' })))).toBe(true);
    expect(isDuplicate(await errorOf(database.sql('thing').insert({ id: 2, name: 'x' })))).toBe(true);
    expect(isDuplicate(await errorOf(database.sql('nothing').insert({ id: 2 })))).toBe(false);
  });

  it('takes a transaction back that failed', async () => {
    const failed = database.transaction(async (sql) => {
      await sql('thing').insert({ name: 'x' });
      throw new Error('no');
    });

    expect(await errorOf(failed)).toEqual(new Error('no'));
    expect(await database.sql('thing').select()).toEqual([]);
  });

  it('writes in a transaction that has read, whoever would write in between', async () => {
    await database.sql('thing').insert({ name: 'x', value: 1 });
    const another = new DatabaseSync(file, { timeout: 0 });
    onCleanup(() => another.close());

    await database.transaction(async (sql) => {
      const { value } = await sql('thing').first<{ value: number }>('value');
      expect(() => another.exec('UPDATE thing SET value = 7')).toThrow('database is locked');
      await sql('thing').update({ value: value + 1 });
    });

    expect(await database.sql('thing').first('value')).toEqual({ value: 2 });
  });

  it('is unavailable while another one writes', async () => {
    const other = open();
    await database.sql.raw('PRAGMA busy_timeout = 1');

    await other.transaction(async (sql) => {
      await sql('thing').insert({ name: 'x' });

      expect(isUnavailable(await errorOf(database.sql('thing').insert({ name: 'y' })))).toBe(true);
      expect(await database.sql('thing').select()).toEqual([]);
    });

    expect(await database.sql('thing').pluck('name')).toEqual(['x']);
  });
});
