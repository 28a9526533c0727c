import { beforeAll, expect, test } from 'vitest';
import { backendRows } from './of-backends.ts';
import { deviceRows } from './of-devices.ts';
import { platformRows } from './of-platforms.ts';
import { runElsewhere } from './run-elsewhere.ts';
import { allSnippets, runSnippet, type Snippet } from './snippet.ts';
import { buildWorld, type World } from './world.ts';

// What READMEs and docs show in TypeScript does what it says: each snippet is run, here or where run-elsewhere.ts says.

let world: World;
beforeAll(async () => {
  world = await buildWorld();
});

const rows = [...backendRows(() => world), ...deviceRows(() => world), ...platformRows()];
const snippets = allSnippets();

function find(file: string, has: string): Snippet[] {
  return snippets.filter((snippet) => snippet.file === file && snippet.code.includes(has));
}

test('every snippet is run by something', () => {
  const known = [...rows, ...runElsewhere].flatMap(({ file, has }) => find(file, has));
  const left = snippets.filter((snippet) => !known.includes(snippet));

  expect(left.map(({ file, line }) => `${file}:${line}`)).toEqual([]);
  expect(known).toHaveLength(new Set(known).size);
});

test.each(rows)('$file: $has', async ({ file, has, run }) => {
  const [snippet, ...more] = find(file, has);
  if (!snippet || more.length > 0) throw new Error(`${file} has ${more.length} snippets more with ${has}`);
  await run((surroundings) => runSnippet(snippet, surroundings));
});
