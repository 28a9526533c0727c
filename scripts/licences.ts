// `npm run licences`: whether every package that is locked, for users or for us, has a licence that we can live with. The rules
// and the exceptions are in licence-rules.ts.
import { readFile } from 'node:fs/promises';
import { judge, type Licensed } from './licence-rules.ts';
import { ownArguments } from './own-arguments.ts';

ownArguments({ name: 'licences' });
interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
}

/** The first is what users get; the others check and release it. */
const locks = [
  'package-lock.json',
  'tools/package-lock.json',
  'tools/nodes/package-lock.json',
  'tools/jest/package-lock.json',
  'tools/site/package-lock.json',
];

async function packagesOf(lock: string, isOurs: boolean): Promise<Licensed[]> {
  const { packages } = JSON.parse(await readFile(lock, 'utf8')) as { packages: Record<string, Locked> };
  return Object.entries(packages)
    .filter(([path, { link }]) => path.includes('node_modules/') && !link)
    .map(([path, { version = '', license, dev }]) => ({
      name: path.replace(/.*node_modules\//, ''),
      ...{ version, licence: license, isShipped: isOurs && dev !== true },
    }));
}

const all = (await Promise.all(locks.map((lock, index) => packagesOf(lock, index === 0)))).flat();
const problems = new Set(all.map(judge).filter((problem) => problem !== undefined));
for (const problem of problems)
  console.error(`${problem}. Take another package, or see scripts/licence-rules.ts.`);
const shipped = all.filter(({ isShipped }) => isShipped).length;
console.log(
  `${shipped} packages for users and ${all.length - shipped} for us: ${problems.size === 0 ? 'good' : `${problems.size} problems`}`,
);
process.exitCode = problems.size === 0 ? 0 : 1;
