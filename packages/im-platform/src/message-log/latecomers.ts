import { askThere } from '../db/ask-there.ts';
import { byIdDatabase, changeAt } from '../db/by-lane-database.ts';
import type { Database, LaneDatabase, Sql } from '../db/database.ts';
import { chunksOf } from '../db/chunks.ts';
import { laneOfId } from '../db/lanes.ts';
import { idsWithin, isTimed } from './ids.ts';
import { highestId } from './lane-rows.ts';

// Box-im's page keeps the highest id that it has, of a push or of a pull, and asks for what is above. With lanes a lower id of another
// lane may become visible, or be pushed, after a higher one. So a pull looks a few seconds further back (`windowMs`), and whatever is
// handed over when higher ids are further ahead than that is noted here, and is in the pulls of those whom it is for. All of it is
// compared by ids, so no clock of anybody matters; and a row is written before its push is given up, so no time limit does.

/** How far below the highest id that it has a page is still told what is in other lanes. */
export const windowMs = 5_000;
/** How far the highest id may have come since the row was written. Pages that have higher ones were online, and got the push. */
const slackMs = 300_000;
const keptMs = 30 * 24 * 3_600_000;
const idsPerStatement = 500;
const sweepEveryMs = 3_600_000;
const mostFound = 20_000;

export interface Latecomer {
  readonly id: number;
  /** `user:5`, `group:7`. */
  readonly audiences: readonly string[];
}

type LateDatabase = Pick<Database, 'sql' | 'ofLane' | 'laneDatabases' | 'isOneOfSeveral'>;

export class Latecomers {
  readonly #database: LateDatabase;
  #nextSweepAt = 0;

  constructor(database: LateDatabase) {
    this.#database = database;
  }

  /** Whether some page may have passed over it, when that is the highest id that is there. */
  isLate(id: number, highest: number): boolean {
    return highest - id > idsWithin(windowMs);
  }

  /** The highest id in all databases, if that is the highest in one. Of one that is away nobody knows it: then whatever is handed over is late. */
  async highestOfAll(highest: number): Promise<number> {
    if (!this.#database.isOneOfSeveral) return highest;
    const { found, away } = await askThere(this.#database, ({ sql }) => highestId(sql), { briefly: true });
    return away.size > 0 ? Infinity : Math.max(highest, ...found.map((one) => one.highest));
  }

  /** From now on they are in the pulls of their audiences. */
  async note(messages: readonly Latecomer[]): Promise<void> {
    const byId = new Map(messages.map((message) => [message.id, message.audiences]));
    for (const [place, ids] of byIdDatabase(this.#database, byId.keys())) {
      const rows = ids.flatMap((messageId) =>
        (byId.get(messageId) ?? []).map((audience) => ({ audience, messageId })),
      );
      for (const some of chunksOf(rows, idsPerStatement)) await noteAt(place, some);
    }
  }

  /** Ids up to that one, which a page that has it may have passed over. */
  async findAt(sql: Sql, audiences: readonly string[], upTo: number): Promise<number[]> {
    if (!isTimed(upTo)) return [];
    const ids = new Set<number>();
    for (const some of chunksOf(audiences, idsPerStatement)) {
      const rows = await sql('im_latecomer')
        .whereIn('audience', some)
        .where('highestId', '>=', upTo - idsWithin(slackMs))
        .where('messageId', '<=', upTo)
        .limit(mostFound)
        .select<{ messageId: number }[]>('messageId');
      for (const { messageId } of rows) ids.add(messageId);
    }
    return [...ids];
  }

  /** Forgets those that no pull goes back to. */
  async sweep(): Promise<void> {
    if (performance.now() < this.#nextSweepAt) return;
    this.#nextSweepAt = performance.now() + sweepEveryMs;
    await askThere(this.#database, async ({ sql }) => {
      const { highest } = await highestId(sql);
      await sql('im_latecomer')
        .where('highestId', '<', highest - idsWithin(keptMs))
        .delete();
    });
  }
}

interface LateRow {
  readonly audience: string;
  readonly messageId: number;
}

async function noteAt(place: LaneDatabase, rows: readonly LateRow[]): Promise<void> {
  const lanes = rows.map(({ messageId }) => laneOfId(messageId));
  for (let { highest } = await highestId(place.sql); ;) {
    const highestNow = highest;
    await changeAt(place, lanes, (sql) =>
      sql('im_latecomer')
        .insert(rows.map((row) => ({ ...row, highestId: highestNow })))
        .onConflict(['audience', 'messageId'])
        .merge(['highestId']),
    );
    // Whoever stood still in between wrote down what was long ago.
    const { highest: afterwards } = await highestId(place.sql);
    if (afterwards - highest < idsWithin(slackMs / 2)) break;
    highest = afterwards;
  }
}
