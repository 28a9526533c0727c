import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import type { Database } from '../../src/index.ts';

/** Counters and the like in Redis, which has an end for each. */
export const endsByItself = 'redis, for some time';

/** A value that stands somewhere, and where. */
export interface Place {
  readonly where: string;
  readonly text: string;
}

/** All values of all tables, as texts; the tables and columns are those that the database says it has. */
export async function valuesIn({ sql, dialect }: Database): Promise<Place[]> {
  const tables =
    dialect === 'sqlite'
      ? await sql('sqlite_master').where({ type: 'table' }).select<{ name: string }[]>('name')
      : await sql('information_schema.tables')
          .whereRaw('table_schema = database()')
          .select<{ name: string }[]>(sql.raw('table_name as name'));
  const places: Place[] = [];
  for (const { name } of tables)
    for (const row of await sql(name).select<Record<string, string | number | Buffer | null>[]>())
      for (const [column, value] of Object.entries(row))
        if (value !== null)
          places.push({
            where: `${name}.${column}`,
            text: Buffer.isBuffer(value) ? value.toString('latin1') : String(value),
          });
  return places;
}

/** Names and contents of all files in a folder. */
export async function filesOf(folder: string): Promise<Place[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const places: Place[] = [];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    places.push({ where: `file ${path}`, text: `${path}\n${(await readFile(path)).toString('latin1')}` });
  }
  return places;
}

/** Names and values of all keys that begin so. */
export async function keysOf(redis: Redis, prefix: string): Promise<Place[]> {
  const places: Place[] = [];
  // The keys that the bus adds begin with a brace.
  const keys = [...(await redis.keys(`${prefix}*`)), ...(await redis.keys(`{${prefix}*`))];
  for (const key of keys)
    places.push({
      where: (await redis.pttl(key)) > 0 ? endsByItself : `redis ${key}`,
      text: `${key}\n${JSON.stringify(await valueOf(redis, key))}`,
    });
  return places;
}

async function valueOf(redis: Redis, key: string): Promise<unknown> {
  switch (await redis.type(key)) {
    case 'string':
      return redis.get(key);
    case 'hash':
      return redis.hgetall(key);
    case 'list':
      return redis.lrange(key, 0, -1);
    case 'set':
      return redis.smembers(key);
    case 'zset':
      return redis.zrange(key, '0', '-1', 'WITHSCORES');
    case 'stream':
      return redis.xrange(key, '-', '+');
    default:
      return null;
  }
}

/** Places where it stands and must not. */
export function having(places: readonly Place[], mark: string): string[] {
  return [
    ...new Set(places.filter(({ text }) => text.toLowerCase().includes(mark)).map(({ where }) => where)),
  ];
}
