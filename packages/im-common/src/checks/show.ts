const longestText = 80;
const mostItems = 8;

/**
 * A value as messages show it: texts in quotes, so that `"0"` is not taken for 0; large things by what they are. It runs
 * no code of the value's own, such as `toString`.
 */
export function show(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value.length > longestText
        ? `${JSON.stringify(value.slice(0, longestText))}…`
        : JSON.stringify(value);
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      // A long one takes long to write.
      return value > -(10n ** 40n) && value < 10n ** 40n ? `${value}n` : 'a bigint beyond all ids';
    case 'symbol':
    case 'function':
      return `a ${typeof value}`;
    case 'object':
      return value === null ? 'null' : showObject(value);
    default:
      return String(value);
  }
}

function showObject(value: object): string {
  try {
    if (!Array.isArray(value)) return 'an object';
    const items = value.slice(0, mostItems).map(show);
    return `[${items.join(', ')}${value.length > mostItems ? ', …' : ''}]`;
  } catch {
    return 'an object that cannot be read';
  }
}
