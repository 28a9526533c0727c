import type { Knex } from 'knex';
import { z } from 'zod';

/** What admins look for by its beginning. */
export const prefixQuery = z
  .string()
  .max(64)
  .optional()
  .meta({ description: 'How the name begins, as it is written; or an id', example: 'bo' });

/** Whose names, in one of the columns, begin so; or whose id it is. */
export function beginsSo(
  query: Knex.QueryBuilder,
  prefix: string,
  { columns, id }: { readonly columns: readonly string[]; readonly id: string },
): void {
  if (prefix === '') return;
  // Not a backslash: MySQL takes one for its own before LIKE sees it.
  const pattern = `${prefix.replace(/[!%_]/g, '!$&')}%`;
  void query.where((either) => {
    for (const column of columns) void either.orWhereRaw("?? like ? escape '!'", [column, pattern]);
    if (/^[1-9]\d{0,15}$/.test(prefix)) void either.orWhere(id, Number(prefix));
  });
}
