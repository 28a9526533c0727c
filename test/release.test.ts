import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { judge } from '../scripts/licence-rules.ts';

const shipped = { name: 'left-pad', version: '1.0.0', isShipped: true };

test.each([
  'MIT',
  '(MIT OR GPL-3.0-only)',
  '(Apache-2.0 AND BSD-3-Clause)',
  'GPL-2.0-only OR (MIT AND (ISC OR AGPL-3.0-only))',
])('users may get what is under %s', (licence) => {
  expect(judge({ ...shipped, licence })).toBeUndefined();
});

test.each([
  ...[
    'GPL-3.0-only',
    'MIT AND GPL-3.0-only',
    '(MIT OR ISC) AND AGPL-3.0-only',
    'MPL-2.0',
    'UNLICENSED',
    'SEE LICENSE IN LICENSE',
  ],
  ...['', 'LGPL-3.0-or-later', 'GPL-2.0-only WITH Classpath-exception-2.0', undefined],
])('users do not get what is under %s', (licence) => {
  expect(judge({ ...shipped, licence })).toContain('left-pad@1.0.0');
});

test('what only we use may have a licence that users are spared', () => {
  expect(judge({ ...shipped, isShipped: false, licence: 'MPL-2.0' })).toBeUndefined();
  expect(judge({ ...shipped, isShipped: false, licence: 'GPL-3.0-only' })).toBeDefined();
});

test('an exception is for packages of its name alone', () => {
  const licence = 'Apache-2.0 AND LGPL-3.0-or-later';

  expect(judge({ ...shipped, name: '@img/sharp-win32-x64', licence })).toBeUndefined();
  expect(judge({ ...shipped, name: 'sharp-win32-x64', licence })).toBeDefined();
});

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(new URL(`../${path}`, import.meta.url), 'utf8')) as T;
}

// Decision 078.
test('all packages that are published get one version', async () => {
  const folders = await readdir(new URL('../packages', import.meta.url));
  const manifests = await Promise.all(
    folders.map((name) => readJson<Manifest>(`packages/${name}/package.json`)),
  );
  const published = manifests.filter((manifest) => !manifest.private);
  const { fixed } = await readJson<{ fixed: string[][] }>('.changeset/config.json');

  expect(fixed).toEqual([published.map(({ name }) => name).sort()]);
  // A peer by exact version makes every release of it a major one of who names it, and so of all.
  const exact = published.flatMap(({ name, peerDependencies = {} }) =>
    Object.entries(peerDependencies)
      .filter(([peer, range]) => peer.startsWith('im-') && /^[\d.]+$/.test(range))
      .map(([peer]) => `${name}: ${peer}`),
  );
  expect(exact).toEqual([]);
});
