import type { Database } from '../db/database.ts';
import { PlatformError } from '../platform-error.ts';
import { holdMoves } from '../db/lane-moves.ts';
import { changeAll, countAll, type Done } from './all-rows.ts';
import { incomingFolder } from '../files/resumable/open-upload-bytes.ts';
import { openFileStore, type FileStoreOptions } from '../files/open-file-store.ts';
import { DataKeys, renewedSince } from './data-keys.ts';
import type { EncryptionOrder } from './encryption-order.ts';
import { changeFiles, countFiles, type FilesAtRest } from './files/all-files.ts';
import { filesScope, SealedFileStore } from './files/sealed-file-store.ts';
import type { KeyProvider } from './key-provider.ts';
import { rewrapAll } from './rewrap.ts';
import { sealedColumns, type SealedColumn } from './sealed-columns.ts';
import { Vault } from './vault.ts';

/** A command waits for a provider that is slow. */
const timeoutMs = 30_000;
const mostKeys = 10_000;
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Does what `im-platform encryption` does, for those whose master keys are in a service: `database` is one that was opened without keys, and names
 * all databases that have lanes. Resolves
 * with whether all of it could be done; it may be cut off anywhere and called again, while platforms run.
 */
export async function orderEncryption(
  database: Database,
  provider: KeyProvider,
  order: EncryptionOrder,
  say: (line: string) => void,
  /** Where files are. Without it they stay as they are. */
  files?: FileStoreOptions,
): Promise<boolean> {
  const atRest = files && filesAtRest(database, provider, files);
  const ordered = { order, say, files: atRest };
  try {
    // A lane that moved meanwhile might be passed over.
    if (!database.isOneOfSeveral) return await obey(database, provider, ordered);
    return await holdMoves(database, () => obey(database, provider, ordered));
  } finally {
    atRest?.raw.close();
  }
}

interface Ordered {
  readonly order: EncryptionOrder;
  readonly say: (line: string) => void;
  readonly files: FilesAtRest | undefined;
}

async function obey(
  database: Database,
  provider: KeyProvider,
  { order, say, files }: Ordered,
): Promise<boolean> {
  const { sql } = database;
  switch (order) {
    case 'status': {
      for (const of of sealedColumns) {
        const { sealed, plain } = await countEverywhere(database, of);
        say(`${of.table}.${of.column}  ${sealed} encrypted, ${plain} not`);
      }
      if (files) {
        const { sealed, plain } = await countFiles(files);
        say(`files  ${sealed} encrypted, ${plain} not`);
      }
      const keys = await sql('im_data_key')
        .groupBy('masterId')
        .orderBy('masterId')
        .select<{ masterId: string; count: number }[]>('masterId', sql.raw('count(*) as count'));
      for (const { masterId, count } of keys)
        say(
          `${count} keys, wrapped by ${masterId}${masterId === provider.masterId ? ', which wraps now' : ''}`,
        );
      return true;
    }
    case 'encrypt':
    case 'decrypt': {
      let unreadable = 0;
      const vault = new Vault(sql, {
        ...{ provider, encrypts: true, mostKeys, timeoutMs, logger: silent, language: 'en' },
      });
      for (const of of sealedColumns) {
        const done: Done = { changed: 0, unreadable: 0 };
        for (const at of database.laneDatabases) {
          const there = await changeAll(at, vault, of, order === 'encrypt' ? 'sealed' : 'plain');
          done.changed += there.changed;
          done.unreadable += there.unreadable;
        }
        unreadable += done.unreadable;
        say(
          `${of.table}.${of.column}  ${done.changed} ${order}ed${done.unreadable > 0 ? `, ${done.unreadable} cannot be read and stay as they are` : ''}`,
        );
      }
      if (order === 'encrypt') for (const at of database.laneDatabases) await forgetWords(at);
      if (!files) return unreadable === 0;
      const done = await changeFiles(files, order === 'encrypt' ? 'sealed' : 'plain');
      say(
        `files  ${done.changed} ${order}ed, ${done.missing} not there${done.unreadable > 0 ? `, ${done.unreadable} cannot be read and stay as they are` : ''}`,
      );
      // Only if all of them were seen: with another folder none was, and the key would be lost for all.
      if (order === 'decrypt' && done.missing + done.unreadable === 0)
        await sql('im_data_key').where({ scope: filesScope }).delete();
      return unreadable + done.unreadable === 0;
    }
    case 'rewrap': {
      const { wrapped, refused } = await rewrapAll(sql, provider);
      say(`${wrapped} keys are wrapped by ${provider.masterId} now.`);
      if (refused > 0) say(`${refused} cannot be unwrapped: a master key is missing, or they were changed.`);
      return refused === 0;
    }
    case 'new-keys':
      await sql('im_progress')
        .insert({ name: renewedSince, value: Date.now() })
        .onConflict('name')
        .merge(['value']);
      say(
        'What is said from now on has new keys, in a minute on all instances; what was said keeps its own.',
      );
      return true;
    case 'forget-keys':
      await forgetKeys(database);
      say('No key is left.');
      return true;
  }
}

function filesAtRest({ sql }: Database, provider: KeyProvider, options: FileStoreOptions): FilesAtRest {
  const store = openFileStore(options);
  const keys = new DataKeys({ sql, provider, most: mostKeys, timeoutMs });
  return {
    ...{ sql, raw: store, folder: incomingFolder(options) },
    sealed: new SealedFileStore({ store, keys, encrypts: true, logger: silent }),
  };
}

/** What was found by: words in hashes that anybody can make. Once there are no keys any more it is noted anew. */
async function forgetWords({ sql }: Pick<Database, 'sql'>): Promise<void> {
  await sql('im_search_posting').truncate();
  await sql('im_search_conversation').delete();
  await sql('im_search_lane').update({ stamp: -1, conversation: '' });
}

async function countEverywhere(
  { laneDatabases }: Pick<Database, 'laneDatabases'>,
  of: SealedColumn,
): Promise<{ sealed: number; plain: number }> {
  const all = { sealed: 0, plain: 0 };
  for (const { sql } of laneDatabases) {
    const { sealed, plain } = await countAll(sql, of);
    all.sealed += sealed;
    all.plain += plain;
  }
  return all;
}

async function forgetKeys(database: Pick<Database, 'sql' | 'laneDatabases'>): Promise<void> {
  const { sql } = database;
  for (const of of sealedColumns) {
    const { sealed } = await countEverywhere(database, of);
    if (sealed > 0)
      throw new PlatformError(
        'INVALID_OPTION',
        `${of.table}.${of.column} has ${sealed} values that are encrypted. Run: im-platform encryption decrypt.`,
      );
  }
  if (await sql('im_data_key').where({ scope: filesScope }).first())
    throw new PlatformError(
      'INVALID_OPTION',
      'There may be files that are encrypted. Run: im-platform encryption decrypt, told where files are.',
    );
  const [first] = await sql('im_data_key').min<{ time: number | null }[]>('createdTime as time');
  const archive = await sql('im_archive')
    .where('createdTime', '>=', first?.time ?? Number.MAX_SAFE_INTEGER)
    .first<{ name: string } | undefined>('name');
  if (archive)
    throw new PlatformError(
      'INVALID_OPTION',
      `The archive ${archive.name} may have what is encrypted. Bring it back first (im-platform archive import) and decrypt again, or keep the keys.`,
    );
  await sql('im_data_key').delete();
}
