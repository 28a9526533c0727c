import type { Bus } from 'im-common/bus';
import type { Database } from '../db/database.ts';

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
  readonly database: Pick<Database, 'sql'>;
  readonly bus: Pick<Bus, 'ping'>;
  readonly isDraining: () => boolean;
}

const checkTimeoutMs = 2_000;
/** Balancers ask often, and several of them; the database is not asked each time. */
const freshMs = 500;

/** Says whether this instance can work. Asked at once by many, it looks once. */
export function createHealthCheck({ database, bus, isDraining }: HealthDeps): () => Promise<Health> {
  let last: { readonly at: number; readonly problems: Promise<string[]> } | undefined;
  const problemsNow = (): Promise<string[]> => {
    if (last && performance.now() - last.at < freshMs) return last.problems;
    const problems = findProblems({
      'the database does not answer': () => database.sql.select(1),
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
