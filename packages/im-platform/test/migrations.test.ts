import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onCleanup, testMysql } from 'im-test/support';
import { describe, expect, it } from 'vitest';
import { migrate, openDatabase, rollback, type Database } from '../src/index.ts';
import { storeKinds, type StoreKind } from './support/test-platform.ts';

const all = [
  '001-box-im-tables',
  '002-what-we-add',
  '003-who-left',
  '004-doors',
  '005-files',
  '006-upload-permits',
  '007-sessions',
  '008-group-topics',
  '009-conversations',
  '010-consent',
  '011-group-roles',
  '014-once',
  '015-lanes',
  '016-people',
  '018-message-details',
  '021-positions',
  '023-readers',
  '024-uploads',
  '025-search',
  '026-forwarding',
  '027-file-links',
  '028-server-keys',
  '029-admins',
  '030-webhooks',
  '031-bots',
  '032-taken-down',
  '033-broadcasts',
  '034-sign-in',
  '036-away-push',
  '038-upload-parts',
  '039-file-quotas',
  '035-second-factor',
  '040-link-previews',
  '041-scheduled',
  '042-retention',
  '043-epochs',
  '049-drive',
  '050-drive-previews',
  '047-ledger',
  '048-red-packets',
  '044-erasure',
  '045-archives',
  '052-segments',
  '053-campaigns',
  '054-encryption',
  '055-several-databases',
  '056-end-to-end',
  '057-key-backups',
  '058-next-key-backup',
  '062-drive-search',
  '059-archive-runs',
  '061-payment-disputes',
  '063-encryption-device-names',
  '060-sink-filters',
  '064-lane-orders',
  '066-erasure-counts',
  '067-broadcasts-left',
];

async function urlOf(store: StoreKind): Promise<string> {
  if (store === 'mariadb') return (await testMysql()).url;
  const folder = await mkdtemp(join(tmpdir(), 'im-test-platform-'));
  onCleanup(() => rm(folder, { recursive: true, force: true }));
  return `sqlite:${join(folder, 'im.db')}`;
}

function open(url: string): Database {
  const database = openDatabase({ url });
  onCleanup(() => database.close());
  return database;
}

// MariaDB flushes its disk for each of some two hundred changes of tables.
describe.each(storeKinds)('migrations on %s', (store) => {
  it('are done once, taken back, and done again', async () => {
    const { sql } = open(await urlOf(store));

    expect(await migrate(sql)).toEqual(all);
    expect(await migrate(sql)).toEqual([]);
    expect(await rollback(sql)).toEqual(all.toReversed());
    expect(await sql.schema.hasTable('im_user')).toBe(false);
    expect(await migrate(sql)).toEqual(all);
  });

  it('go on where another instance died in the middle', async () => {
    const { sql } = open(await urlOf(store));
    await migrate(sql);
    await rollback(sql);
    await sql('im_migration_lock').update({ isLocked: 1 });

    expect(await migrate(sql)).toEqual(all);
  });
});

it('are done once by instances that start together', async () => {
  const url = await urlOf('mariadb');
  const instances = [open(url), open(url), open(url)];

  const done = await Promise.all(instances.map(({ sql }) => migrate(sql)));

  expect(done.flat()).toEqual(all);
});
