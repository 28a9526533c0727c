import { describe, expect, it } from 'vitest';
import { decrypt, encrypt } from '../src/at-rest/aead.ts';
import { DataKeys, renewedSince } from '../src/at-rest/data-keys.ts';
import { KeyRefused } from '../src/at-rest/key-provider.ts';
import { masterKeys } from '../src/at-rest/master-keys.ts';
import { openDatabase } from '../src/index.ts';
import { masterKey, TestKeys } from './support/key-provider.ts';
import { migratedDatabase } from './support/migrated-database.ts';

const key = Buffer.alloc(32, 1);

describe('what is encrypted', () => {
  it('is read with its key and at its place, and is never the same twice', () => {
    const sealed = encrypt(key, Buffer.from('hello'), 'here');
    expect(decrypt(key, sealed, 'here')?.toString()).toBe('hello');
    expect(encrypt(key, Buffer.from('hello'), 'here')).not.toEqual(sealed);
    expect(decrypt(key, sealed, 'there')).toBeUndefined();
    expect(decrypt(Buffer.alloc(32, 2), sealed, 'here')).toBeUndefined();
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(decrypt(key, changed, 'here')).toBeUndefined();
      expect(decrypt(key, sealed.subarray(0, at), 'here')).toBeUndefined();
    }
  });
});

describe('master keys', () => {
  it('wrap with the first and unwrap with all, and say which is missing', async () => {
    const [both, old] = [masterKeys([masterKey('new'), masterKey('old')]), masterKeys([masterKey('old')])];
    const wrapped = await old.wrap(key, 'a/1');
    expect(wrapped.masterId).toBe('old');
    expect(Buffer.from(await both.unwrap(wrapped, 'a/1'))).toEqual(key);
    expect((await both.wrap(key, 'a/1')).masterId).toBe('new');
    await expect(old.unwrap(await both.wrap(key, 'a/1'), 'a/1')).rejects.toThrow('no master key new');
    await expect(both.unwrap(wrapped, 'a/2')).rejects.toBeInstanceOf(KeyRefused);
  });

  it.each([[['secret']], [['a:c2hvcnQ=']], [[]], [[masterKey('a'), masterKey('a')]]])(
    'refuses %j',
    (lines) => {
      expect(() => masterKeys(lines)).toThrow('encryptionKeys');
    },
  );
});

describe('keys of conversations', () => {
  it('are asked for once, kept up to a number, and exchanged on order', async () => {
    const database = openDatabase({ url: await migratedDatabase('sqlite') });
    const { sql } = database;
    const provider = new TestKeys('one');
    const start = (): DataKeys => new DataKeys({ sql, provider, most: 2, timeoutMs: 5_000 });
    const keys = start();
    const newest = (scope: string) => keys.load([{ scope, version: 'newest' }]);

    await Promise.all([newest('a'), newest('a'), newest('b')]);
    expect(provider.asked).toEqual(['a/1', 'b/1']);
    const first = keys.newest('a');
    expect(first?.version).toBe(1);
    // The one that was used last stays.
    await newest('c');
    expect([keys.find('a', 1), keys.find('b', 1)]).toEqual([first?.key, undefined]);
    // Two instances that need one at the same moment have the same.
    const [one, other] = [start(), start()];
    await Promise.all([one, other].map((each) => each.load([{ scope: 'd', version: 'newest' }])));
    expect(one.newest('d')).toEqual(other.newest('d'));

    await sql('im_progress').insert({ name: renewedSince, value: Date.now() + 1 });
    await newest('a');
    expect(keys.newest('a')?.version).toBe(2);
    await keys.load([{ scope: 'a', version: 1 }]);
    expect(keys.find('a', 1)).toEqual(first?.key);
    // One that nobody has made will never be had, one that is away may be later.
    await keys.load([{ scope: 'a', version: 9 }]);
    expect(keys.find('a', 9)).toBe('refused');
    provider.away = /^b/;
    await expect(keys.load([{ scope: 'b', version: 1 }])).rejects.toThrow('does not answer');
    expect(keys.find('b', 1)).toBeUndefined();
    await database.close();
  });
});
