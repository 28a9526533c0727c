import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

export type LockedPackages = Readonly<Record<string, LockedPackage>>;

interface LockedPackage {
  readonly link?: boolean;
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/**
 * Puts others' packages into a project as npm installed them here: what `ours` depend on, and `others` with what they depend on. So npm
 * needs not unpack twenty thousand files again. What it does not want there it takes away. Where files cannot be linked it installs all.
 */
export async function linkDependencies(
  repository: string,
  project: string,
  packages: LockedPackages,
  { ours, others }: { readonly ours: readonly string[]; readonly others: readonly string[] },
): Promise<void> {
  const roots = others.map((name) => `node_modules/${name}`);
  const needed = dependenciesOf(packages, [...roots, ...ours.map((name) => `packages/${name}`)]);
  // What is for other systems is not here.
  const wanted = [...new Set([...roots, ...needed])].filter((path) =>
    existsSync(join(repository, path, 'package.json')),
  );
  const isWithin = (path: string): boolean => wanted.some((outer) => path.startsWith(`${outer}/`));
  const nodeModules = join(project, 'node_modules');
  await mkdir(nodeModules);
  const outermost = wanted.filter((path) => !isWithin(path));
  try {
    await promisify(execFile)('cp', ['-al', '--parents', ...outermost, project], { cwd: repository });
  } catch {
    await rm(nodeModules, { recursive: true });
    return;
  }
  await linkBins(join(repository, 'node_modules/.bin'), join(nodeModules, '.bin'));
  // By this npm knows what is there. It believes it as long as no folder is newer.
  const there = Object.fromEntries(
    Object.entries(packages).filter(
      ([path, { link }]) => link !== true && existsSync(join(project, path, 'package.json')) && path !== '',
    ),
  );
  const lock = { name: 'app', lockfileVersion: 3, requires: true, packages: there };
  await writeFile(join(nodeModules, '.package-lock.json'), JSON.stringify(lock));
}

/** Where what these need lies, and what that needs. */
function dependenciesOf(packages: LockedPackages, folders: readonly string[]): string[] {
  const found = new Set<string>();
  const look = (folder: string): void => {
    const { dependencies, optionalDependencies, peerDependencies } = packages[folder] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
      const path = placeOf(packages, folder, name);
      if (path === undefined || found.has(path) || packages[path]?.link === true) continue;
      found.add(path);
      look(path);
    }
  };
  for (const folder of folders) look(folder);
  return [...found];
}

/** As Node finds it from there. */
function placeOf(packages: LockedPackages, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules', name);
    if (packages[path] !== undefined) return path;
    if (folder === '.') return undefined;
  }
}

/** The programs of what is there: npm installs a package again that should have some. */
async function linkBins(from: string, to: string): Promise<void> {
  await mkdir(to);
  for (const name of await readdir(from)) {
    const target = await readlink(join(from, name)).catch(() => undefined);
    if (target !== undefined && existsSync(join(to, target))) await symlink(target, join(to, name));
  }
}
