const snakes = new Map<string, string>();
const camels = new Map<string, string>();

export function toSnake(name: string): string {
  return remember(snakes, name, () => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}

/** Rows with the names of their columns in camelCase; what is no row stays as it is. */
export function toCamel(response: unknown): unknown {
  if (Array.isArray(response)) return response.map(toCamel);
  if (!isRow(response)) return response;
  const row: Record<string, unknown> = {};
  for (const name of Object.keys(response)) {
    row[
      remember(camels, name, () => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()))
    ] = response[name];
  }
  return row;
}

/** mysql2's rows are of classes of its own, named TextRow and so on; its headers and field descriptions are left alone. */
function isRow(value: unknown): value is Record<string, unknown> {
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
