import { createRedisBus } from 'im-common/bus';
import { redisOf } from 'im-common/internal/bus';
import { openDatabase } from '../db/database.ts';
import { refuseSpread } from '../lanes/lane-databases.ts';
import { importBoxIm } from './import-box-im.ts';
import type { Positions } from './memberships.ts';

export interface ImportCommand {
  readonly database: string;
  readonly from: string;
  readonly fromRedis: string | undefined;
  readonly zoneHours: number;
}

/** `im-platform import box-im`. What is said goes out as it happens: it may take a while. */
export async function importFrom(command: ImportCommand, say: (what: string) => void): Promise<void> {
  const { zoneHours, fromRedis } = command;
  const from = openDatabase({ url: command.from, poolSize: 1 });
  const to = openDatabase({ url: command.database, poolSize: 1 });
  const bus = fromRedis === undefined ? undefined : createRedisBus({ url: fromRedis });
  try {
    await refuseSpread(
      to,
      'import knows the first database alone (bring them back: im-platform lanes move 0-63 first; move them again after it)',
    );
    await bus?.start();
    await importBoxIm({ from, to, zoneHours, say, positions: bus && positionsIn(bus) });
  } finally {
    await bus?.close();
    await from.close();
    await to.close();
  }
}

/** Contract B.2: a hash for each group, with a number for each user. */
function positionsIn(bus: Parameters<typeof redisOf>[0]): Positions | undefined {
  const redis = redisOf(bus);
  return (
    redis &&
    (async (groupId) => {
      const read = await redis.client.hgetall(`im:readed:group:position:${groupId}`);
      const entries = Object.entries(read).map(([userId, id]): [number, number] => [
        Number(userId),
        Number(id),
      ]);
      return new Map(entries.filter((entry) => entry.every(Number.isSafeInteger)));
    })
  );
}
