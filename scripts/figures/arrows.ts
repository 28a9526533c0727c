import { dirname, join } from 'node:path';
import type { Source } from './sources.ts';

export interface Arrows {
  /** How many ordered pairs of folders there are of which one imports from the other. */
  readonly count: number;
  /** Folders that import from each other. */
  readonly pairs: readonly string[];
  /** Groups of folders each of which can be reached from each other one. */
  readonly cycles: readonly string[];
}

/** Who imports from whom among the folders of a package. What stands at its root puts all together, and is left out. */
export function arrowsAmong(sources: readonly Source[]): Arrows {
  const arrows = new Map<string, Set<string>>();
  for (const { path, text, package: name } of sources) {
    const root = `packages/${name}/src`;
    const from = dirname(path);
    for (const [, target = ''] of text.matchAll(/from '(\.{1,2}\/[^']+)'/g)) {
      const to = dirname(join(from, target));
      if (from === to || from === root || to === root) continue;
      arrows.set(from, (arrows.get(from) ?? new Set()).add(to));
    }
  }
  const pairs = [...arrows].flatMap(([from, targets]) =>
    [...targets].filter((to) => from < to && arrows.get(to)?.has(from)).map((to) => `${from} ↔ ${to}`),
  );
  const count = [...arrows.values()].reduce((sum, { size }) => sum + size, 0);
  return { count, pairs, cycles: cyclesIn(arrows) };
}

function cyclesIn(arrows: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const reached = new Map([...arrows.keys()].map((folder) => [folder, reachedFrom(folder, arrows)]));
  const groups = [...reached].map(([folder, own]) =>
    [...own]
      .filter((other) => reached.get(other)?.has(folder))
      .sort()
      .join(', '),
  );
  return [...new Set(groups)].filter((group) => group !== '');
}

function reachedFrom(folder: string, arrows: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const reached = new Set<string>();
  const waiting = [folder];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const to of arrows.get(next) ?? []) {
      if (reached.has(to)) continue;
      reached.add(to);
      waiting.push(to);
    }
  }
  return reached;
}
