import type { Logger } from 'im-common';
import type { Knex } from 'knex';
import type { Database } from '../db/database.ts';
import type { Sealing } from '../db/sealing.ts';
import type { Language } from '../http/texts.ts';
import { PlatformError } from '../platform-error.ts';
import type { FileStore } from '../files/file-store.ts';
import { DataKeys } from './data-keys.ts';
import { SealedFileStore } from './files/sealed-file-store.ts';
import type { KeyProvider } from './key-provider.ts';
import { masterKeys } from './master-keys.ts';
import { Vault } from './vault.ts';

export interface EncryptionOptions {
  readonly encryptionKeys?: string | readonly string[] | undefined;
  readonly encryptionKeyProvider?: KeyProvider | undefined;
  readonly encryptionWrites: boolean;
  readonly encryptionKeysInMemory: number;
  readonly logger: Logger;
  readonly language: Language;
}

/** How long a provider of keys may take: what waits for it is to be answered before its own time is over. */
const timeoutMs = 2_500;

/** Undefined: nothing is encrypted, and nothing of it costs anything. */
function providerOf({
  encryptionKeys,
  encryptionKeyProvider,
}: Pick<EncryptionOptions, 'encryptionKeys' | 'encryptionKeyProvider'>): KeyProvider | undefined {
  if (encryptionKeyProvider) return encryptionKeyProvider;
  return encryptionKeys === undefined ? undefined : masterKeys([encryptionKeys].flat());
}

/** For openDatabase(). */
export function sealWith(options: EncryptionOptions): ((sql: Knex) => Sealing) | undefined {
  const provider = providerOf(options);
  if (!provider) return undefined;
  const { encryptionWrites: encrypts, encryptionKeysInMemory: mostKeys, logger, language } = options;
  return (sql) => new Vault(sql, { ...{ provider, encrypts, mostKeys, timeoutMs, logger, language } });
}

/** Versions of the key of all files. */
const mostFileKeys = 1_000;

/** The files of a store, encrypted with the same master keys. */
export function sealFiles(
  store: FileStore,
  { sql }: Pick<Database, 'sql'>,
  options: EncryptionOptions,
): FileStore {
  const provider = providerOf(options);
  if (!provider) return store;
  const { encryptionWrites: encrypts, logger } = options;
  const keys = new DataKeys({ sql, provider, most: mostFileKeys, timeoutMs });
  return new SealedFileStore({ store, keys, encrypts, logger });
}

/** Whoever has no keys would show people what is encrypted, and whoever has the wrong ones nothing. */
export async function checkKeys({ sql }: Pick<Database, 'sql'>, options: EncryptionOptions): Promise<void> {
  const provider = providerOf(options);
  const rows = await sql('im_data_key').distinct<{ masterId: string }[]>('masterId');
  if (rows.length === 0) return;
  const ids = rows.map(({ masterId }) => masterId).join(', ');
  if (!provider)
    throw new PlatformError(
      'INVALID_OPTION',
      `The database has what is encrypted with ${ids}: give these keys (--encryption-keys-file), or decrypt it with them first: im-platform encryption decrypt.`,
    );
  const unknown = rows.filter(({ masterId }) => provider.knows?.(masterId) === false);
  if (unknown.length > 0)
    throw new PlatformError(
      'INVALID_OPTION',
      `encryptionKeys lacks ${unknown.map(({ masterId }) => masterId).join(', ')}, with which keys of conversations are wrapped: put it back as the last one, and wrap them anew: im-platform encryption rewrap.`,
    );
}
