import { createHash } from 'node:crypto';
import { isDuplicate, type Database, type Sql } from './database.ts';

/** A request under a name of its maker's own. */
export interface Once {
  readonly userId: number;
  /** Of what is made: names of different things do not meet. */
  readonly what: string;
  readonly key: string;
  /** What is asked for. */
  readonly asked: unknown;
}

interface Row {
  readonly asked: string;
  readonly made: number;
}

/**
 * Makes something, and resolves with its id. Asked again with the same key it makes nothing: the row that says so is written in
 * the same transaction, so it holds for requests of the same moment, on all instances, and for those whose answer got lost.
 * `onReuse` throws when the key stood for something else.
 */
export async function makeOnce(
  database: Pick<Database, 'sql' | 'transaction'>,
  { userId, what, key, asked }: Once,
  make: (sql: Sql) => Promise<number>,
  onReuse: () => never,
): Promise<{ readonly id: number; readonly isNew: boolean }> {
  const row = { userId, name: hash([what, key]), asked: hash(asked) };
  const find = (): Promise<Row | undefined> =>
    database.sql('im_once').where({ userId, name: row.name }).first<Row | undefined>('asked', 'made');
  let found = await find();
  if (!found) {
    try {
      const id = await database.transaction(async (within) => {
        // First of all: who comes at the same moment waits here, and makes nothing.
        await within('im_once').insert({ ...row, made: 0, createdTime: Date.now() });
        const made = await make(within);
        await within('im_once').where({ userId, name: row.name }).update({ made });
        return made;
      });
      return { id, isNew: true };
    } catch (error) {
      found = isDuplicate(error) ? await find() : undefined;
      if (!found) throw error;
    }
  }
  if (found.asked !== row.asked) onReuse();
  return { id: found.made, isNew: false };
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url');
}
