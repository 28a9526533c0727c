import { objectWith, show } from 'im-common/internal/checks';
import type { Knex } from 'knex';
import { refused } from '../platform-error.ts';
import * as boxImTables from './migrations/001-box-im-tables.ts';
import * as whatWeAdd from './migrations/002-what-we-add.ts';
import * as whoLeft from './migrations/003-who-left.ts';
import * as doors from './migrations/004-doors.ts';
import * as files from './migrations/005-files.ts';
import * as uploadPermits from './migrations/006-upload-permits.ts';
import * as sessions from './migrations/007-sessions.ts';
import * as groupTopics from './migrations/008-group-topics.ts';
import * as conversations from './migrations/009-conversations.ts';
import * as consent from './migrations/010-consent.ts';
import * as groupRoles from './migrations/011-group-roles.ts';
import * as once from './migrations/014-once.ts';
import * as lanes from './migrations/015-lanes.ts';
import * as people from './migrations/016-people.ts';
import * as messageDetails from './migrations/018-message-details.ts';
import * as positions from './migrations/021-positions.ts';
import * as readers from './migrations/023-readers.ts';
import * as uploads from './migrations/024-uploads.ts';
import * as search from './migrations/025-search.ts';
import * as forwarding from './migrations/026-forwarding.ts';
import * as fileLinks from './migrations/027-file-links.ts';
import * as serverKeys from './migrations/028-server-keys.ts';
import * as admins from './migrations/029-admins.ts';
import * as webhooks from './migrations/030-webhooks.ts';
import * as bots from './migrations/031-bots.ts';
import * as takenDown from './migrations/032-taken-down.ts';
import * as broadcasts from './migrations/033-broadcasts.ts';
import * as signIn from './migrations/034-sign-in.ts';
import * as awayPush from './migrations/036-away-push.ts';
import * as scheduled from './migrations/041-scheduled.ts';
import * as uploadParts from './migrations/038-upload-parts.ts';
import * as retention from './migrations/042-retention.ts';
import * as epochs from './migrations/043-epochs.ts';
import * as drive from './migrations/049-drive.ts';
import * as drivePreviews from './migrations/050-drive-previews.ts';
import * as segments from './migrations/052-segments.ts';
import * as campaigns from './migrations/053-campaigns.ts';
import * as encryption from './migrations/054-encryption.ts';
import * as ledger from './migrations/047-ledger.ts';
import * as redPackets from './migrations/048-red-packets.ts';
import * as erasure from './migrations/044-erasure.ts';
import * as archives from './migrations/045-archives.ts';
import * as sinkFilters from './migrations/060-sink-filters.ts';
import * as archiveRuns from './migrations/059-archive-runs.ts';
import * as fileQuotas from './migrations/039-file-quotas.ts';
import * as secondFactor from './migrations/035-second-factor.ts';
import * as linkPreviews from './migrations/040-link-previews.ts';
import * as severalDatabases from './migrations/055-several-databases.ts';
import * as endToEnd from './migrations/056-end-to-end.ts';
import * as keyBackups from './migrations/057-key-backups.ts';
import * as nextKeyBackup from './migrations/058-next-key-backup.ts';
import * as driveSearch from './migrations/062-drive-search.ts';
import * as paymentDisputes from './migrations/061-payment-disputes.ts';
import * as encryptionDeviceNames from './migrations/063-encryption-device-names.ts';
import * as laneOrders from './migrations/064-lane-orders.ts';
import * as erasureCounts from './migrations/066-erasure-counts.ts';
import * as broadcastsLeft from './migrations/067-broadcasts-left.ts';

const migrations: Readonly<Record<string, Knex.Migration>> = {
  '001-box-im-tables': { up: boxImTables.up, down: boxImTables.down },
  '002-what-we-add': { up: whatWeAdd.up, down: whatWeAdd.down },
  '003-who-left': { up: whoLeft.up, down: whoLeft.down },
  '004-doors': { up: doors.up, down: doors.down },
  '005-files': { up: files.up, down: files.down },
  '006-upload-permits': { up: uploadPermits.up, down: uploadPermits.down },
  '007-sessions': { up: sessions.up, down: sessions.down },
  '008-group-topics': { up: groupTopics.up, down: groupTopics.down },
  '009-conversations': { up: conversations.up, down: conversations.down },
  '010-consent': { up: consent.up, down: consent.down },
  '011-group-roles': { up: groupRoles.up, down: groupRoles.down },
  '014-once': { up: once.up, down: once.down },
  '015-lanes': { up: lanes.up, down: lanes.down },
  '016-people': { up: people.up, down: people.down },
  '018-message-details': { up: messageDetails.up, down: messageDetails.down },
  '021-positions': { up: positions.up, down: positions.down },
  '023-readers': { up: readers.up, down: readers.down },
  '024-uploads': { up: uploads.up, down: uploads.down },
  '025-search': { up: search.up, down: search.down },
  '026-forwarding': { up: forwarding.up, down: forwarding.down },
  '027-file-links': { up: fileLinks.up, down: fileLinks.down },
  '028-server-keys': { up: serverKeys.up, down: serverKeys.down },
  '029-admins': { up: admins.up, down: admins.down },
  '030-webhooks': { up: webhooks.up, down: webhooks.down },
  '031-bots': { up: bots.up, down: bots.down },
  '032-taken-down': { up: takenDown.up, down: takenDown.down },
  '033-broadcasts': { up: broadcasts.up, down: broadcasts.down },
  '034-sign-in': { up: signIn.up, down: signIn.down },
  '036-away-push': { up: awayPush.up, down: awayPush.down },
  '038-upload-parts': { up: uploadParts.up, down: uploadParts.down },
  '039-file-quotas': { up: fileQuotas.up, down: fileQuotas.down },
  '035-second-factor': { up: secondFactor.up, down: secondFactor.down },
  '040-link-previews': { up: linkPreviews.up, down: linkPreviews.down },
  '041-scheduled': { up: scheduled.up, down: scheduled.down },
  '042-retention': { up: retention.up, down: retention.down },
  '043-epochs': { up: epochs.up, down: epochs.down },
  '049-drive': { up: drive.up, down: drive.down },
  '050-drive-previews': { up: drivePreviews.up, down: drivePreviews.down },
  '047-ledger': { up: ledger.up, down: ledger.down },
  '048-red-packets': { up: redPackets.up, down: redPackets.down },
  '044-erasure': { up: erasure.up, down: erasure.down },
  '045-archives': { up: archives.up, down: archives.down },
  '052-segments': { up: segments.up, down: segments.down },
  '053-campaigns': { up: campaigns.up, down: campaigns.down },
  '054-encryption': { up: encryption.up, down: encryption.down },
  '055-several-databases': { up: severalDatabases.up, down: severalDatabases.down },
  '056-end-to-end': { up: endToEnd.up, down: endToEnd.down },
  '057-key-backups': { up: keyBackups.up, down: keyBackups.down },
  '058-next-key-backup': { up: nextKeyBackup.up, down: nextKeyBackup.down },
  '062-drive-search': { up: driveSearch.up, down: driveSearch.down },
  '059-archive-runs': { up: archiveRuns.up, down: archiveRuns.down },
  '061-payment-disputes': { up: paymentDisputes.up, down: paymentDisputes.down },
  '063-encryption-device-names': { up: encryptionDeviceNames.up, down: encryptionDeviceNames.down },
  '060-sink-filters': { up: sinkFilters.up, down: sinkFilters.down },
  '064-lane-orders': { up: laneOrders.up, down: laneOrders.down },
  '066-erasure-counts': { up: erasureCounts.up, down: erasureCounts.down },
  '067-broadcasts-left': { up: broadcastsLeft.up, down: broadcastsLeft.down },
};

/** The migrations are imported rather than found in a folder, so that they run from source and from dist alike. */
const config: Knex.MigratorConfig = {
  tableName: 'im_migration',
  migrationSource: {
    getMigrations: () => Promise.resolve(Object.keys(migrations)),
    getMigrationName: (name: string) => name,
    getMigration: (name: string) => Promise.resolve(migrations[name] as Knex.Migration),
  },
};

/** Brings the database up to date. Returns the names of what was done; instances that start together wait for one another. */
export async function migrate(sql: Knex): Promise<string[]> {
  return alone(sql, async () => {
    const [, done] = (await sql.migrate.latest(config)) as [number, string[]];
    return done;
  });
}

/** Takes the last batch of migrations back. */
export async function rollback(sql: Knex): Promise<string[]> {
  return alone(sql, async () => {
    const [, undone] = (await sql.migrate.rollback(config)) as [number, string[]];
    return undone;
  });
}

const longestWaitS = 300;

const knexKind = objectWith<Knex>('`sql` of openDatabase()', { migrate: 'object', transaction: 'function' });

/**
 * Under a named lock of MySQL, which ends with the connection of whoever holds it. Knex has a lock too, a row: others
 * do not wait for that but fail, and whoever dies leaves it locked. SQLite belongs to one process anyway.
 */
async function alone<T>(sql: Knex, work: () => Promise<T>): Promise<T> {
  if (knexKind.read(sql) === undefined)
    throw refused(`What is migrated is ${show(sql)}; expected ${knexKind.expected}.`);
  const free = async (): Promise<T> => {
    await sql.migrate.forceFreeMigrationsLock(config);
    return work();
  };
  if ((sql.client as Knex.Client).config.client !== 'mysql2') return free();
  return sql.transaction(async (holder) => {
    const name = "left(concat(database(), ':migrate'), 64)";
    const [[answer]] = (await holder.raw(`select get_lock(${name}, ?) as taken`, [longestWaitS])) as [
      { taken: number | null }[],
    ];
    if (answer?.taken !== 1) throw new Error('Another instance has been migrating for too long.');
    try {
      return await free();
    } finally {
      await holder.raw(`select release_lock(${name})`);
    }
  });
}

/** What is still to be done. */
export async function pendingMigrations(sql: Knex): Promise<string[]> {
  const [, pending] = (await sql.migrate.list(config)) as [unknown[], { file: string }[]];
  return pending.map((migration) => (typeof migration === 'string' ? migration : migration.file));
}
