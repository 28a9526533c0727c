import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { chunksOf } from '../db/chunks.ts';
import { isDuplicate } from '../db/database.ts';
import { groupBy } from '../messages/group/group-by.ts';
import { KeysAway } from '../db/sealing.ts';
import { KeyRefused, type KeyProvider } from './key-provider.ts';

/** As it is kept. */
export interface DataKeyRow {
  readonly scope: string;
  readonly version: number;
  readonly masterId: string;
  readonly wrapped: string;
  readonly createdTime: number;
}

/** A key that is asked for: of what was encrypted with it, or the newest one to encrypt with. */
export interface Wanted {
  readonly scope: string;
  readonly version: number | 'newest';
}

interface Known {
  readonly key: Buffer | 'refused';
  readonly createdTime: number;
}

interface Newest {
  readonly version: number;
  checkedAt: number;
  uses: number;
}

export interface DataKeysDeps {
  /** Beside all transactions. */
  readonly sql: Knex;
  readonly provider: KeyProvider;
  /** In memory at most. */
  readonly most: number;
  /** How long the provider may take. */
  readonly timeoutMs: number;
}

const keyBytes = 32;
/** Nonces are by chance, so a key is good for 2^32 messages; so many for one life of an instance leave room for 256 of them. */
const mostUses = 2 ** 24;
const longestUseMs = 90 * 86_400_000;
/** So soon an instance hears of a newer key. */
const checkEveryMs = 60_000;
const askedAtOnce = 32;
const rowsPerQuestion = 200;

/** Of im_progress: before that, keys are old. */
export const renewedSince = 'encryption:keys-since';

/** The keys of conversations: kept wrapped, unwrapped in memory, as many as were used last. Each is asked for once, however many wait. */
export class DataKeys {
  readonly #deps: DataKeysDeps;
  /** The one that was used longest ago comes first. */
  readonly #known = new Map<string, Known>();
  readonly #newest = new Map<string, Newest>();
  readonly #flights = new Map<string, Promise<void>>();
  readonly #waiting: (() => void)[] = [];
  #asked = 0;

  constructor(deps: DataKeysDeps) {
    this.#deps = deps;
  }

  /** What is in memory: `refused` will never be known, undefined has to be loaded. */
  find(scope: string, version: number): Buffer | 'refused' | undefined {
    const name = nameOf({ scope, version });
    const known = this.#known.get(name);
    if (!known) return undefined;
    this.#known.delete(name);
    this.#known.set(name, known);
    return known.key;
  }

  /** The one to encrypt with. */
  newest(scope: string): { readonly version: number; readonly key: Buffer } | undefined {
    const newest = this.#newest.get(scope);
    if (!newest || newest.uses >= mostUses) return undefined;
    const key = this.find(scope, newest.version);
    if (!Buffer.isBuffer(key)) return undefined;
    newest.uses += 1;
    if (newest.checkedAt < performance.now() - checkEveryMs) this.#checkAgain(scope, newest);
    return { version: newest.version, key };
  }

  /** Rejects with {@link KeysAway} when the provider does not answer. */
  async load(wanted: readonly Wanted[]): Promise<void> {
    const alone = new Map(wanted.map((one) => [nameOf(one), one]));
    for (const name of alone.keys()) if (this.#flights.has(name)) alone.delete(name);
    if (alone.size > 0) {
      const rows = this.#rowsOf([...alone.values()]);
      for (const [name, one] of alone) {
        const flight = rows.then((found) => this.#loadOne(one, found.get(one.scope) ?? []));
        const land = (): unknown => this.#flights.delete(name);
        flight.then(land, land);
        this.#flights.set(name, flight);
      }
    }
    const all = await Promise.allSettled(wanted.map(async (one) => this.#flights.get(nameOf(one))));
    for (const one of all) if (one.status === 'rejected') throw one.reason;
  }

  /** In the background: whoever writes now still uses the one before. */
  #checkAgain(scope: string, newest: Newest): void {
    newest.checkedAt = performance.now();
    this.load([{ scope, version: 'newest' }]).catch(() => undefined);
  }

  async #rowsOf(wanted: readonly Wanted[]): Promise<Map<string, DataKeyRow[]>> {
    const rows: DataKeyRow[] = [];
    const scopes = [...new Set(wanted.map(({ scope }) => scope))];
    for (const some of chunksOf(scopes, rowsPerQuestion))
      rows.push(...(await this.#deps.sql('im_data_key').whereIn('scope', some).select<DataKeyRow[]>()));
    return groupBy(rows, ({ scope }) => scope);
  }

  async #loadOne({ scope, version }: Wanted, rows: readonly DataKeyRow[]): Promise<void> {
    if (version !== 'newest') {
      const row = rows.find((one) => one.version === version);
      if (row) await this.#unwrap(row);
      else this.#keep({ scope, version }, { key: 'refused', createdTime: 0 });
      return;
    }
    const last = rows.reduce<DataKeyRow | undefined>(
      (one, other) => (one && one.version > other.version ? one : other),
      undefined,
    );
    const before = this.#newest.get(scope);
    const isSpent = before !== undefined && before.version === last?.version && before.uses >= mostUses;
    if (last && !isSpent && last.createdTime >= (await this.#since())) {
      await this.#unwrap(last);
      // One that cannot be read is not written with.
      if (this.find(scope, last.version) !== 'refused') {
        this.#useNow(scope, last.version);
        return;
      }
    }
    await this.#create(scope, (last?.version ?? 0) + 1);
  }

  async #create(scope: string, version: number): Promise<void> {
    const key = randomBytes(keyBytes);
    const { sql, provider } = this.#deps;
    const wrapped = await this.#ask(() => provider.wrap(key, nameOf({ scope, version })));
    const row = { scope, version, ...wrapped, createdTime: Date.now() };
    try {
      await sql('im_data_key').insert(row);
      this.#keep(row, { key, createdTime: row.createdTime });
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      // Another instance was faster.
      const theirs = await sql('im_data_key').where({ scope, version }).first<DataKeyRow | undefined>();
      if (theirs) await this.#unwrap(theirs);
    }
    this.#useNow(scope, version);
  }

  #useNow(scope: string, version: number): void {
    const before = this.#newest.get(scope);
    const uses = before?.version === version ? before.uses : 0;
    this.#newest.delete(scope);
    this.#newest.set(scope, { version, checkedAt: performance.now(), uses });
    forgetOldest(this.#newest, this.#deps.most);
  }

  async #unwrap({ scope, version, masterId, wrapped, createdTime }: DataKeyRow): Promise<void> {
    if (Buffer.isBuffer(this.find(scope, version))) return;
    const name = nameOf({ scope, version });
    try {
      const key = await this.#ask(() => this.#deps.provider.unwrap({ masterId, wrapped }, name));
      this.#keep({ scope, version }, { key: Buffer.from(key), createdTime });
    } catch (error) {
      if (!(error instanceof KeyRefused)) throw error;
      this.#keep({ scope, version }, { key: 'refused', createdTime });
    }
  }

  #keep(one: Wanted, known: Known): void {
    this.#known.set(nameOf(one), known);
    forgetOldest(this.#known, this.#deps.most);
  }

  /** Keys that are too old, or older than an order to make new ones, are not written with. */
  async #since(): Promise<number> {
    const row = await this.#deps
      .sql('im_progress')
      .where({ name: renewedSince })
      .first<{ value: number } | undefined>('value');
    return Math.max(row?.value ?? 0, Date.now() - longestUseMs);
  }

  /** A provider that hangs holds up those alone who wait for it. */
  async #ask<T>(work: () => Promise<T>): Promise<T> {
    if (this.#asked >= askedAtOnce) await new Promise<void>((resolve) => void this.#waiting.push(resolve));
    this.#asked += 1;
    let timer: NodeJS.Timeout | undefined;
    const { timeoutMs } = this.#deps;
    const tooLong = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`It took more than ${timeoutMs} ms`)), timeoutMs);
    });
    try {
      return await Promise.race([work(), tooLong]);
    } catch (cause) {
      if (cause instanceof KeyRefused) throw cause;
      throw new KeysAway(
        'The key provider does not answer; what needs a key that is not in memory waits for it',
        {
          cause,
        },
      );
    } finally {
      clearTimeout(timer);
      this.#asked -= 1;
      this.#waiting.shift()?.();
    }
  }
}

function forgetOldest(map: Map<string, unknown>, most: number): void {
  if (map.size <= most) return;
  const [oldest = ''] = map.keys();
  map.delete(oldest);
}

/** What a key is for, by which its wrapping is bound to its row. */
export function nameOf({ scope, version }: Wanted): string {
  return `${scope}/${version}`;
}
