import type { Source } from './sources.ts';

/** So many lines of the same text are a duplicate. Imports, brackets and comments do not count as lines. */
const fewestLines = 6;

/** Pairs of files (or a file and itself) that have such runs in common, with how many runs. */
export function duplicatesIn(sources: readonly Source[]): ReadonlyMap<string, number> {
  const places = new Map<string, { readonly path: string; readonly line: number }[]>();
  for (const { path, text } of sources) {
    const lines = wordsOf(text);
    for (let line = 0; line + fewestLines <= lines.length; line += 1) {
      const run = lines.slice(line, line + fewestLines).join('\n');
      places.set(run, [...(places.get(run) ?? []), { path, line }]);
    }
  }
  const seen = new Set<string>();
  const runs = new Map<string, number>();
  for (const at of places.values()) {
    for (const [index, one] of at.entries()) {
      for (const other of at.slice(index + 1)) {
        const pair = `${one.path} ~ ${other.path}`;
        seen.add(`${pair} ${one.line} ${other.line}`);
        // Else it is the next line of a run that was counted.
        const isNew = !seen.has(`${pair} ${one.line - 1} ${other.line - 1}`);
        if (isNew) runs.set(pair, (runs.get(pair) ?? 0) + 1);
      }
    }
  }
  return runs;
}

function wordsOf(text: string): string[] {
  const code = text.replace(/\/\*.*?\*\//gs, '').replace(/^import .*?;$/gms, '');
  const lines = code.split('\n').map((line) => line.trim());
  return lines.filter((line) => /\w/.test(line) && !line.startsWith('//'));
}
