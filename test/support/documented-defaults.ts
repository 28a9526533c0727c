import { readFile } from 'node:fs/promises';

/** What the doc comments of an interface say by `@default`, by the names of its fields. */
export async function documentedDefaults(source: URL): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(source, 'utf8');
  const fields = text.matchAll(/\/\*\*((?:(?!\*\/)[^])*?)\*\/\s+readonly (\w+)\?:/g);
  return new Map(
    [...fields].flatMap(([, comment = '', name = '']) => {
      const value = /@default ([^]*?)\s*$/.exec(comment)?.[1];
      return value === undefined ? [] : [[name, value.replace(/(?<=\d)_(?=\d)/g, '')] as const];
    }),
  );
}

/** A value as doc comments write it, without `_` between digits: `1000`, `'pong'`, `[0, 1]`. */
export function asDocumented(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(asDocumented).join(', ')}]`;
  return typeof value === 'string' ? `'${value}'` : String(value);
}
