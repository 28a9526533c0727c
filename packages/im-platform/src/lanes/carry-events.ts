import type { Logger } from 'im-common';
import { chunksOf } from '../db/chunks.ts';
import type { Database, LaneDatabase } from '../db/database.ts';
import type { Ending } from '../feature.ts';
import { regularly } from '../regularly.ts';

const everyMs = 200;
const rowsAtOnce = 500;
const rowsPerStatement = 200;

/**
 * What others are to be told of a message stands in the database of its lane, as it is written in one transaction with that. From there it is carried
 * to the first one, which tells it: in its order, and by one instance at a time. Whoever dies in between has it told twice, under the same id.
 */
export function carryEvents({ sql, laneDatabases }: Database, logger: Logger): Ending {
  const endings = laneDatabases
    .filter(({ name }) => name !== '')
    .map((at) => {
      const failure = `events are still in the database ${at.name}; they are told later`;
      return regularly({ everyMs, logger, failure }, async (closing) => {
        while (!closing.aborted && (await carry(at, sql)) === rowsAtOnce);
      });
    });
  return async () => {
    for (const end of endings) await end();
  };
}

async function carry(from: LaneDatabase, to: Database['sql']): Promise<number> {
  // Mostly there is nothing, and one question is less than a transaction.
  const waiting: unknown = await from.sql('im_outbox').first('position');
  if (!waiting) return 0;
  return from.transaction(async (sql) => {
    // Its one row: whoever has it carries.
    const mine: unknown = await sql('im_lane_database').forUpdate().skipLocked().first('name');
    if (!mine) return 0;
    const rows = await sql('im_outbox')
      .orderBy('position')
      .limit(rowsAtOnce)
      .select<{ position: number }[]>();
    if (rows.length === 0) return 0;
    const carried = rows.map(({ position: _, ...row }) => row);
    await to.transaction(async (within) => {
      for (const some of chunksOf(carried, rowsPerStatement)) await within('im_outbox').insert(some);
    });
    const positions = rows.map(({ position }) => position);
    await sql('im_outbox').whereIn('position', positions).delete();
    return rows.length;
  });
}
