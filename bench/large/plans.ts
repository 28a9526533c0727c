import type { Database } from 'im-platform';
import type { Statement } from './measure.ts';

type Asked = Pick<Statement, 'sql' | 'bindings'>;

export interface Plan {
  /** Each table with the index that is used, in words of the database. */
  readonly lines: readonly string[];
  /** Whether a table of many rows is read from one end to the other. */
  readonly isScan: boolean;
}

/** Of so few rows that no index would help. */
const small =
  /im_(lane|sensitive_word|pending_push|user_stamp)\b|derived|branch|listed|subquery|constant row/i;

/** MariaDB calls an insert, and the search of an empty table, a scan of none. */
const few = 100;

/** How the database answers it. */
export function planOf(database: Database, statement: Asked): Promise<Plan> {
  return database.dialect === 'sqlite' ? planOfSqlite(database, statement) : planOfMysql(database, statement);
}

async function planOfSqlite({ sql }: Database, statement: Asked): Promise<Plan> {
  const rows = await sql.raw<{ detail: string }[]>(
    `explain query plan ${statement.sql}`,
    statement.bindings as string[],
  );
  const lines = rows.map(({ detail }) => detail);
  return { lines, isScan: lines.some((line) => line.startsWith('SCAN ') && !small.test(line)) };
}

interface PlannedTable {
  readonly table: string | null;
  readonly type: string | null;
  readonly key: string | null;
  readonly rows: number | null;
  readonly Extra: string | null;
}

async function planOfMysql({ sql }: Database, statement: Asked): Promise<Plan> {
  const [rows = []] = await sql.raw<[PlannedTable[]]>(
    `explain ${statement.sql}`,
    statement.bindings as string[],
  );
  const tables = rows.filter(({ table }) => table !== null);
  return {
    lines: tables.map(
      ({ table, type, key, rows: read, Extra }) =>
        `${table ?? ''}: ${type ?? ''} ${key ?? 'no index'}, ${read ?? 0} rows${Extra ? `, ${Extra}` : ''}`,
    ),
    isScan: tables.some(
      ({ table, type, rows: read }) =>
        (type === 'ALL' || type === 'index') &&
        (read ?? 0) > few &&
        !/^</.test(table ?? '') &&
        !small.test(table ?? ''),
    ),
  };
}
