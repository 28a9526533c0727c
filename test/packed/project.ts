import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { linkDependencies, type LockedPackages } from './linked-dependencies.ts';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../../', import.meta.url));
const users = fileURLToPath(new URL('users/', import.meta.url));

export const libraries = [
  'im-common',
  'im-client',
  'im-server',
  'im-embedded',
  'im-nest',
  'im-fastify',
  'im-device',
  'im-chat',
];
/** Beside im-server, which is both. */
export const programs = ['im-platform', 'im-gateway', 'im-cli', 'create-im-app'];

interface Lock {
  readonly packages: LockedPackages;
}

/** The project of a user, into which npm has installed what `npm pack` makes of our packages. */
export class Project {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Builds first what has changed since the last build. */
  static async create(
    names: readonly string[] = libraries,
    others: readonly string[] = [],
  ): Promise<Project> {
    await run('npm', ['run', '--silent', 'build'], { cwd: repository });
    const folder = await mkdtemp(join(tmpdir(), 'im-test-packed-'));
    const project = new Project(folder);
    const workspaces = names.flatMap((name) => ['-w', name]);
    const packed = await run('npm', ['pack', ...workspaces, '--json', '--pack-destination', folder], {
      cwd: repository,
      maxBuffer: 2 ** 24,
    });
    const files = readPacked(packed.stdout).map(({ filename }) => `./${filename}`);
    await writeFile(join(folder, 'package.json'), '{ "name": "app", "private": true }');
    const { packages } = JSON.parse(await readFile(join(repository, 'package-lock.json'), 'utf8')) as Lock;
    await writeFile(join(folder, 'package-lock.json'), pinnedAsHere(packages));
    await linkDependencies(repository, folder, packages, { ours: names, others });
    // By name alone npm would ask for the newest.
    const pinned = others.map((name) => `${name}@${packages[`node_modules/${name}`]?.version ?? 'unknown'}`);
    await project.install(...files, ...pinned);
    return project;
  }

  /** As `npm install` takes it. */
  async install(...packages: readonly string[]): Promise<void> {
    const options = ['--prefer-offline', '--no-audit', '--no-fund'];
    await run('npm', ['install', ...packages, ...options], { cwd: this.folder });
  }

  /** A file of `users/` in a folder of its own. Returns where it is. */
  async copy(file: string, to: string, type: 'module' | 'commonjs' = 'module'): Promise<string> {
    const path = join(this.folder, to);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(join(dirname(path), 'package.json'), JSON.stringify({ type }));
    await copyFile(join(users, file), path);
    return path;
  }

  /** What the repository has, as if the user had installed it too. */
  async borrow(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      const path = join(this.folder, 'node_modules', name);
      await mkdir(dirname(path), { recursive: true });
      // It may be there: something of ours depends on it.
      if (!existsSync(path)) await symlink(join(repository, 'node_modules', name), path);
    }
  }

  /** With a program of the repository, such as tsc. */
  async tool(script: string, args: readonly string[], env: Record<string, string> = {}): Promise<string> {
    return this.node([join(repository, 'node_modules', script), ...args], env);
  }

  async node(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
    const { PATH, HOME } = process.env;
    const options = { cwd: this.folder, env: { PATH, HOME, NO_COLOR: '1', ...env }, timeout: 100_000 };
    try {
      const { stdout, stderr } = await run(process.execPath, args, options);
      return stdout + stderr;
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`node ${args.join(' ')}\n${stdout}${stderr}`, { cause: error });
    }
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}

export interface Packed {
  readonly name: string;
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

function readPacked(json: string): Packed[] {
  return JSON.parse(json) as Packed[];
}

/** So npm finds everything in its cache, and needs no registry. What is not needed it leaves out. */
function pinnedAsHere(all: LockedPackages): string {
  const pinned = Object.entries(all).filter(
    ([path, { link }]) => path.startsWith('node_modules/') && link !== true,
  );
  const packages = { '': { name: 'app' }, ...Object.fromEntries(pinned) };
  return JSON.stringify({ name: 'app', lockfileVersion: 3, requires: true, packages });
}
