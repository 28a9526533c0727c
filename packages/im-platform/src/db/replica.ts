import type { Knex } from 'knex';

// Reads of a replica that nobody can tell from reads of the primary: before each the replica is asked whether it has all that the primary
// had stored when the read began, and is waited for a moment. So people find what they have just written, at whichever instance, and a
// replica that lags or is away costs that moment once (docs/decisions/118-reads-of-a-replica.md).

/** Where something is read. */
export interface Readable {
  readonly sql: Knex;
  of(conversation: string): { readonly sql: Knex };
}

export interface ReplicaOptions {
  /** How long a read waits for the replica to have all that was stored before it. */
  readonly longestWaitMs: number;
  /** Whether a read failed because the replica went away. */
  readonly isAway: (error: unknown) => boolean;
}

/** Where reads have gone. */
export interface ReadCounts {
  replica: number;
  primary: number;
}

export interface AsideReads {
  readonly counts: Readonly<ReadCounts>;
  read<T>(work: (at: Readable) => Promise<T>): Promise<T>;
}

/** A replica that was not there in time is asked so often whether it is now. */
const restMs = 1_000;
/** Beside that wait: for one that does not answer at all. */
const silenceMs = 1_000;

export function readAside(
  primary: Readable,
  replica: Knex,
  { longestWaitMs, isAway }: ReplicaOptions,
): AsideReads {
  const counts: ReadCounts = { replica: 0, primary: 0 };
  // It has what is in the primary; of what is in another database that is asked.
  const at: Readable = {
    sql: replica,
    of: (conversation) => {
      const place = primary.of(conversation);
      return place === primary ? at : place;
    },
  };
  const isCaughtUp = inRounds(() => hasCaughtUp(primary.sql, replica, longestWaitMs));
  let restsSince: number | undefined;

  const rest = (): void => {
    restsSince = performance.now();
  };
  const look = async (): Promise<boolean> => {
    const isReady = await isCaughtUp();
    if (isReady) restsSince = undefined;
    else rest();
    return isReady;
  };
  const mayAsk = async (): Promise<boolean> => {
    if (restsSince === undefined) return look();
    if (performance.now() - restsSince >= restMs) {
      rest();
      // For the next ones: nobody waits for what was not there in time.
      void look();
    }
    return false;
  };
  return {
    counts,
    async read(work) {
      if (await mayAsk())
        try {
          const answer = await work(at);
          counts.replica += 1;
          return answer;
        } catch (error) {
          if (!isAway(error)) throw error;
          rest();
        }
      counts.primary += 1;
      return work(primary);
    },
  };
}

/** Whoever asks is answered by a round that began after they asked; all who wait share one. */
function inRounds(ask: () => Promise<boolean>): () => Promise<boolean> {
  let running: Promise<boolean> | undefined;
  let next: Promise<boolean> | undefined;
  const begin = (): Promise<boolean> => {
    const round = ask().finally(() => {
      if (running === round) running = undefined;
    });
    running = round;
    return round;
  };
  return () => {
    if (!running) return begin();
    next ??= running.then(() => {
      next = undefined;
      return begin();
    });
    return next;
  };
}

/** False also when it cannot be known. */
async function hasCaughtUp(primary: Knex, replica: Knex, longestWaitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, longestWaitMs + silenceMs, false);
  });
  const asked = ask(primary, replica, longestWaitMs).catch(() => false);
  const isCaughtUp = await Promise.race([asked, tooLong]);
  clearTimeout(timer);
  return isCaughtUp;
}

async function ask(primary: Knex, replica: Knex, longestWaitMs: number): Promise<boolean> {
  const { position, isMariaDb } = await positionOf(primary);
  // Without a binary log nothing is replicated.
  if (position === '') return false;
  const seconds = longestWaitMs / 1_000;
  const wait = isMariaDb ? 'master_gtid_wait(?, ?)' : 'wait_for_executed_gtid_set(?, ?)';
  const [[answer]] = (await replica
    .raw(`select ${wait} as missed`, [position, seconds])
    // Its connection is good for nothing then.
    .timeout(longestWaitMs + silenceMs)) as [{ missed: number | null }[]];
  return answer?.missed === 0;
}

/** All that is stored there, as replicas know it. */
async function positionOf(
  primary: Knex,
): Promise<{ readonly position: string; readonly isMariaDb: boolean }> {
  const isMariaDb = await isOfMariaDb(primary);
  const variable = isMariaDb ? '@@global.gtid_binlog_pos' : '@@global.gtid_executed';
  const [[row]] = (await primary.raw(`select ${variable} as position`)) as [{ position: string }[]];
  return { position: row?.position ?? '', isMariaDb };
}

const known = new WeakMap<Knex, boolean>();

async function isOfMariaDb(sql: Knex): Promise<boolean> {
  const before = known.get(sql);
  if (before !== undefined) return before;
  const [[server]] = (await sql.raw('select version() as version')) as [{ version: string }[]];
  const isIt = server?.version.includes('MariaDB') === true;
  known.set(sql, isIt);
  return isIt;
}
