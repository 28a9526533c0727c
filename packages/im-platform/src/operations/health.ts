import type { Bus } from 'im-common/bus';
import { askThere } from '../db/ask-there.ts';
import type { Database } from '../db/database.ts';
import { timeOf } from '../db/time.ts';

/** What a load balancer wants to know. */
export interface Health {
  /** The process answers. */
  readonly live: boolean;
  /** It can do its work: send requests here. */
  readonly ready: boolean;
  /** Why it is not ready. */
  readonly reasons: readonly string[];
}

export interface HealthDeps {
  readonly database: Pick<Database, 'sql' | 'laneDatabases'>;
  readonly bus: Pick<Bus, 'ping'>;
  readonly isDraining: () => boolean;
}

const checkTimeoutMs = 2_000;
/** Ids are in order whatever clocks say. Times of messages are not told truly beyond that, nor how long sessions last. */
const mostApartMs = 5_000;
/** Balancers ask often, and several of them; the database is not asked each time. */
const freshMs = 500;

/** Says whether this instance can work. Asked at once by many, it looks once. */
export function createHealthCheck({ database, bus, isDraining }: HealthDeps): () => Promise<Health> {
  let last: { readonly at: number; readonly problems: Promise<string[]> } | undefined;
  const problemsNow = (): Promise<string[]> => {
    if (last && performance.now() - last.at < freshMs) return last.problems;
    const problems = findProblems({
      'the database does not answer': () => database.sql.select(1),
      [`the clock is more than ${mostApartMs / 1_000} s apart from that of the database`]: () =>
        askThere(database, clockIsRight, { briefly: true }),
      'the bus does not answer': () => bus.ping(),
    });
    last = { at: performance.now(), problems };
    return problems;
  };
  return async () => {
    const reasons = isDraining() ? ['draining'] : await problemsNow();
    return { live: true, ready: reasons.length === 0, reasons };
  };
}

/** Rejects when it is not. A database that does not answer is another problem. */
async function clockIsRight({ sql }: Pick<Database, 'sql'>): Promise<void> {
  const askedAt = Date.now();
  const time = await sql.select(sql.raw(`${timeOf(sql)} as time`)).then(
    ([row]: { time: number }[]) => row?.time ?? askedAt,
    () => askedAt,
  );
  // What the question took is no difference.
  if (time < askedAt - mostApartMs || time > Date.now() + mostApartMs) throw new Error('The clock is wrong.');
}

async function findProblems(checks: Readonly<Record<string, () => Promise<unknown>>>): Promise<string[]> {
  const outcomes = await Promise.all(
    Object.entries(checks).map(async ([problem, check]) => ((await answers(check)) ? [] : [problem])),
  );
  return outcomes.flat();
}

async function answers(check: () => Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, checkTimeoutMs, false);
  });
  const answered = check().then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([answered, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}
