const snakes = new Map<string, string>();
const camels = new Map<string, string>();

export function toSnake(name: string): string {
  return remember(snakes, name, () => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}

/** Rows with the names of their columns in camelCase; what is no row stays as it is. */
export function toCamel(response: unknown): unknown {
  if (!Array.isArray(response)) return isRow(response) ? rowsToCamel([response])[0] : response;
  return isRow(response[0]) ? rowsToCamel(response as Row[]) : response.map(toCamel);
}

type Row = Readonly<Record<string, unknown>>;

/** All with the columns of the first one. */
function rowsToCamel(rows: readonly Row[]): readonly Row[] {
  const columns = Object.keys(rows[0] ?? {});
  const names = columns.map(nameOf);
  if (columns.every((column, index) => column === names[index])) return rows;
  return rows.map((row) => {
    const renamed: Record<string, unknown> = {};
    for (const [index, column] of columns.entries()) renamed[names[index] ?? column] = row[column];
    return renamed;
  });
}

function nameOf(column: string): string {
  return remember(camels, column, () =>
    column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
  );
}

/** mysql2's rows are of classes of its own, named TextRow and so on; its headers and field descriptions are left alone. */
function isRow(value: unknown): value is Row {
  if (typeof value !== 'object' || value === null) return false;
  const { name } = (value as { constructor?: { name?: string } }).constructor ?? { name: 'Object' };
  return name === 'TextRow' || name === 'BinaryRow' || (name === 'Object' && !('insertId' in value));
}

function remember(names: Map<string, string>, name: string, make: () => string): string {
  let made = names.get(name);
  if (made === undefined) {
    made = make();
    names.set(name, made);
  }
  return made;
}
