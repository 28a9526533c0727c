import type { Logger } from 'im-common';
import type { Knex } from 'knex';
import { isUnavailable, type Database, type LaneDatabase } from '../db/database.ts';
import { findPlaces } from '../db/lane-fences.ts';
import { migrate, pendingMigrations } from '../db/migrate.ts';
import type { Ending } from '../feature.ts';
import { PlatformError, refused } from '../platform-error.ts';
import { regularly } from '../regularly.ts';

/** Instances learn so soon that a lane has moved; whoever writes to where it was before learns it at once. */
const lookEveryMs = 1_000;
/** A lane that has moved stays for longer where it was, and what was read there meanwhile goes after it. */
const lookForStraysEveryMs = 2_000;

/** Brings all of them up to date, and takes new ones over. Returns the names of what was done. */
export async function migrateAll({ sql, laneDatabases }: Database): Promise<string[]> {
  const done = await migrate(sql);
  for (const at of laneDatabases) {
    if (at.name === '') continue;
    const theirs = await migrate(at.sql);
    await takeOver(at);
    done.push(...theirs.map((name) => `${at.name}: ${name}`));
  }
  return done;
}

/** From now on it is the database of that name: no lane is in it, until one is moved there. */
async function takeOver({ sql, name }: LaneDatabase): Promise<void> {
  if (await isCalled(sql, name)) return;
  if (await sql('im_user').first('id'))
    throw refused(
      `The database ${name} has users, so it is one of a platform of its own; expected an empty one.`,
    );
  await sql.transaction(async (within) => {
    await within('im_lane_fence').update({ isOpen: 0 });
    await within('im_lane_database').insert({ name });
  });
}

/** Refuses when it is called otherwise: two addresses were mistaken for each other. */
async function isCalled(sql: Knex, name: string): Promise<boolean> {
  const [found] = await sql('im_lane_database').select<{ name: string }[]>('name');
  if (!found) return false;
  if (found.name === name) return true;
  throw refused(
    `The database that ${name === '' ? 'is to be the first one' : `laneDatabases calls ${name}`} is the one called ${found.name}; an address is wrong.`,
  );
}

/** Before anything is asked of lanes: whether each database is what it is to be, and where the lanes are. One that is away is met later. */
export async function meetLaneDatabases(database: Database, logger: Logger): Promise<void> {
  await isCalled(database.sql, '');
  for (const at of database.laneDatabases) {
    if (at.name === '') continue;
    try {
      await meet(at);
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      logger.warn(
        { err: error, database: at.name },
        'a database of lanes is away: what is in them is not there',
      );
    }
  }
  if (!database.isOneOfSeveral) {
    await refuseSpread(database, 'laneDatabases is empty, and is to have the address of each of them');
    await nameLeftOrders(database, logger);
  }
  await database.findLanes();
}

/** Of lanes that came back before what was to be told in them: whoever knows one database looks for no orders. */
async function nameLeftOrders({ sql }: Database, logger: Logger): Promise<void> {
  const row = await sql('im_lane_order').count<{ orders: number }[]>('* as orders');
  const orders = row[0]?.orders ?? 0;
  if (orders > 0)
    logger.warn(
      { orders },
      'messages that tell of something wait for an instance with laneDatabases: start one with them until none waits',
    );
}

async function meet({ name, sql }: LaneDatabase): Promise<void> {
  const pending = await pendingMigrations(sql);
  const isReady = pending.length === 0 && (await isCalled(sql, name));
  if (isReady) return;
  const text = `The database ${name} is not ready. Run: im-platform migrate, with --lane-databases.`;
  throw new PlatformError('MIGRATION_NEEDED', text);
}

/** For what knows the first database only. */
export async function refuseSpread({ sql }: Pick<Database, 'sql'>, what: string): Promise<void> {
  if (!(await sql.schema.hasTable('im_lane_place'))) return;
  const places = await findPlaces(sql);
  if (places.size === 0) return;
  const names = [...new Set(places.values())].join(', ');
  throw refused(`${what}, but ${places.size} of 64 lanes are in other databases: ${names}.`);
}

/** Looks again and again where lanes are. Who knows one database looks whether they are all in it: SQLite has no other. */
export function followLanes(database: Database, logger: Logger): Ending | undefined {
  const failure = 'where lanes are could not be looked up; it is tried again';
  if (database.isOneOfSeveral)
    return regularly({ everyMs: lookEveryMs, logger, failure }, () => database.findLanes());
  if (database.dialect === 'sqlite') return undefined;
  let known = '';
  return regularly({ everyMs: lookForStraysEveryMs, logger, failure }, async () => {
    const names = (await database.findStrays()).join(', ');
    if (names !== known && names !== '')
      logger.error(
        { databases: names },
        'lanes are in databases that this process was not told of, and it changes nothing there: restart it with laneDatabases',
      );
    known = names;
  });
}
