import type { Database, Sql } from '../db/database.ts';
import { TakenOver, erasedKinds, type Counts, type Erasure, type ErasureState } from './erasure.ts';

/** What was erased in the first database, and in each of the others, by its name. */
type KeptCounts = Counts & { readonly elsewhere?: Readonly<Record<string, Counts>> };

type Row = Omit<Erasure, 'counts'> & { readonly counts: string };

interface ClaimedRow extends Row {
  readonly nextTime: number;
  readonly names: string | null;
}

/** Whoever has not gone on by then has died, or failed: somebody goes on. */
const ownedForMs = 60_000;
const columns = ['id', 'userId', 'state', 'askedBy', 'askedTime', 'doneTime', 'counts'] as const;

export class ErasureStore {
  readonly #database: Pick<Database, 'sql' | 'transaction'>;

  constructor(database: Pick<Database, 'sql' | 'transaction'>) {
    this.#database = database;
  }

  async find(id: number): Promise<Erasure | undefined> {
    const row = await this.#database
      .sql('im_erasure')
      .where({ id })
      .first<Row | undefined>(...columns);
    return row && fromRow(row);
  }

  /** The newest first, from the one before that id on. */
  async page(beforeId: number, limit: number, userId?: number): Promise<Erasure[]> {
    const rows = await this.#database
      .sql('im_erasure')
      .modify((query) => void (userId !== undefined && query.where({ userId })))
      .where('id', '<', beforeId)
      .orderBy('id', 'desc')
      .limit(limit)
      .select<Row[]>(...columns);
    return rows.map(fromRow);
  }

  /** One that is due and that nobody is at; it is the caller's from then on. What an account has left in groups goes first (deletion/). */
  async claim(): Promise<ErasureJob | undefined> {
    const { sql } = this.#database;
    const now = Date.now();
    const row = await sql('im_erasure')
      .where('nextTime', '<=', now)
      .whereNotIn('userId', sql('im_account_erasure').select('userId'))
      .orderBy('nextTime')
      .first<ClaimedRow | undefined>(...columns, 'nextTime', 'names');
    if (!row) return undefined;
    const job = new ErasureJob(this.#database, row);
    return (await job.renew('erasing').catch(ofAnother)) ? job : this.claim();
  }
}

function ofAnother(error: unknown): false {
  if (error instanceof TakenOver) return false;
  throw error;
}

/** An erasure that is being done by this process, as long as nobody else has taken it over. */
export class ErasureJob {
  readonly #database: Pick<Database, 'transaction'>;
  readonly id: number;
  readonly userId: number;
  /** What they were called. */
  readonly names: readonly string[];
  #nextTime: number;
  #counts: KeptCounts;

  constructor(database: Pick<Database, 'transaction'>, row: ClaimedRow) {
    this.#database = database;
    this.id = row.id;
    this.userId = row.userId;
    this.names = JSON.parse(row.names ?? '[]') as string[];
    this.#nextTime = row.nextTime;
    this.#counts = JSON.parse(row.counts) as KeptCounts;
  }

  /** Does a part of it in one transaction, with what is counted of it. Each part may be done twice. */
  async step(work: (sql: Sql) => Promise<Counts>): Promise<void> {
    const settled: Promise<() => void> = this.#database.transaction(async (sql) =>
      this.count(sql, await work(sql)),
    );
    (await settled)();
  }

  /** The same for a transaction of others: what is returned is to be called after its commit. Throws if it is somebody else's by now. */
  async count(sql: Sql, counted: Counts): Promise<() => void> {
    const { elsewhere } = this.#counts;
    const counts = { ...sum(this.#counts, counted), ...(elsewhere && { elsewhere }) };
    const nextTime = this.#later();
    await this.#update(sql, { counts: JSON.stringify(counts), nextTime });
    return () => {
      this.#counts = counts;
      this.#nextTime = nextTime;
    };
  }

  /** The same in another database, for the transaction there: what is returned, all of it so far, is to be noted after its commit. */
  async countThere(sql: Sql, counted: Counts): Promise<Counts> {
    const before = await countedIn(sql, this.id);
    const counts = sum(before, counted);
    await sql('im_erasure_count')
      .insert({ erasureId: this.id, counts: JSON.stringify(counts) })
      .onConflict('erasureId')
      .merge(['counts']);
    return counts;
  }

  /** Whoever dies before it has it noted by who goes on: it is all of it, whenever it is asked. */
  async noteThere(name: string, counted: Counts): Promise<void> {
    const counts = { ...this.#counts, elsewhere: { ...this.#counts.elsewhere, [name]: counted } };
    const nextTime = this.#later();
    await this.#database.transaction((sql) =>
      this.#update(sql, { counts: JSON.stringify(counts), nextTime }),
    );
    this.#counts = counts;
    this.#nextTime = nextTime;
  }

  /** What others have erased there and not noted. */
  async noteAll({ laneDatabases }: Pick<Database, 'laneDatabases'>): Promise<void> {
    for (const { name, sql } of laneDatabases)
      if (name !== '') await this.noteThere(name, await countedIn(sql, this.id));
  }

  async renew(state: ErasureState): Promise<true> {
    const nextTime = this.#later();
    await this.#database.transaction((sql) => this.#update(sql, { state, nextTime }));
    this.#nextTime = nextTime;
    return true;
  }

  /** It is looked at again then. */
  async wait(forMs: number): Promise<void> {
    await this.#database.transaction((sql) =>
      this.#update(sql, { state: 'waiting', nextTime: Date.now() + forMs }),
    );
  }

  /** Nothing is left of them, nor here. */
  async finish(tell: (sql: Sql) => Promise<void>): Promise<void> {
    await this.#database.transaction(async (sql) => {
      await this.#update(sql, { state: 'done', nextTime: null, names: null, doneTime: Date.now() });
      await tell(sql);
    });
  }

  /** Never the same as before, or nobody could tell the two apart. */
  #later(): number {
    return Math.max(Date.now() + ownedForMs, this.#nextTime + 1);
  }

  async #update(sql: Sql, change: object): Promise<void> {
    const mine = await sql('im_erasure').where({ id: this.id, nextTime: this.#nextTime }).update(change);
    if (mine === 0) throw new TakenOver();
  }
}

async function countedIn(sql: Sql, erasureId: number): Promise<Counts> {
  const row = await sql('im_erasure_count')
    .where({ erasureId })
    .first<{ counts: string } | undefined>('counts');
  return row ? (JSON.parse(row.counts) as Counts) : {};
}

function sum(one: Counts, other: Counts): Counts {
  return Object.fromEntries(
    erasedKinds
      .map((kind) => [kind, (one[kind] ?? 0) + (other[kind] ?? 0)] as const)
      .filter(([, count]) => count > 0),
  );
}

function fromRow({ counts, ...row }: Row): Erasure {
  const { elsewhere = {}, ...here } = JSON.parse(counts) as KeptCounts;
  return { ...row, counts: Object.values(elsewhere).reduce(sum, here) };
}
