import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { lookUp, type Program } from './find-program.ts';
import { findProgram } from './install-programs.ts';

const run = promisify(execFile);

const whatToDo =
  'Install MariaDB 10.6 or newer (https://mariadb.org/download/) or MySQL 8.0 or newer, or set MYSQL_URL to a running one.';

export const mariaDbProgram: Program = {
  names: ['mariadbd', 'mysqld'],
  packageName: 'mariadb-server',
  whatToDo,
};

export interface MariaDbProgram {
  /** The path of `mariadbd` or `mysqld`. */
  readonly path: string;
  readonly kind: 'MariaDB' | 'MySQL';
  readonly version: string;
}

let found: Promise<MariaDbProgram> | undefined;

/** A server of MariaDB 10.6 or newer, or of MySQL 8.0 or newer; MariaDB is installed with apt first where that is possible. */
export function findMariaDb(): Promise<MariaDbProgram> {
  found ??= findOrInstall();
  return found;
}

/** The path of the script that makes MariaDB's data folders; it comes with the server. */
export async function findMariaDbInstaller(): Promise<string> {
  const path = await lookUp({ names: ['mariadb-install-db', 'mysql_install_db'] });
  if (path === undefined) throw new Error(`There is a MariaDB, but no mariadb-install-db. ${whatToDo}`);
  return path;
}

/** Throws unless `version`, as a server tells it, is new enough; `where` names the server in the message. */
export function requireMariaDbVersion(version: string, where: string): MariaDbProgram['kind'] {
  const kind = version.includes('MariaDB') ? 'MariaDB' : 'MySQL';
  const oldest = kind === 'MariaDB' ? ([10, 6] as const) : ([8, 0] as const);
  const [, major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(version) ?? []).map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return kind;
  throw new Error(`${where} is ${kind} ${version}, expected ${oldest.join('.')} or newer. ${whatToDo}`);
}

async function findOrInstall(): Promise<MariaDbProgram> {
  const path = await findProgram(mariaDbProgram);
  // --no-defaults: a mistake in the machine's own my.cnf is none of ours.
  const { stdout } = await run(path, ['--no-defaults', '--version']);
  const version = /Ver (\S+)/.exec(stdout)?.[1] ?? 'of unknown version';
  return { path, kind: requireMariaDbVersion(version, path), version };
}
