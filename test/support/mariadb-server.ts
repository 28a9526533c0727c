import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findMariaDb, findMariaDbInstaller, type MariaDbProgram } from './find-mariadb.ts';
import {
  ServerProcess,
  startServerProcess,
  type ServerPlace,
  type ServerPlaceOptions,
} from './server-process.ts';
import { spawnTied } from './tied-process.ts';

export interface MariaDbServerOptions extends Pick<ServerPlaceOptions, 'port'> {
  /** Further options of the command line; they win over ours. */
  readonly args?: readonly string[];
  /**
   * Writes when it suits: for servers that no test crashes. Otherwise what was committed outlives the server, as by its
   * own defaults. No test crashes the machine, so none waits for its disk.
   * @default false
   */
  readonly fast?: boolean;
}

/** A MariaDB (or MySQL) of your own on 127.0.0.1, ready for connections; it ends with the test, and never outlives this process. */
export async function startMariaDb(options: MariaDbServerOptions = {}): Promise<MariaDbServer> {
  const { port, args = [], fast = false } = options;
  const program = await findMariaDb();
  return startServerProcess({
    label: 'mariadb',
    port,
    create: async (place) => {
      await makeDataFolder(program, place.dir);
      return new MariaDbServer({
        ...place,
        name: program.kind,
        program: program.path,
        args: [...(await commandLine(program, place)), ...(fast ? carelessOptions : []), ...args],
        ready: /ready for connections\.\s+Version/,
      });
    },
  });
}

/** Data survives a restart, and a crash too unless it is `fast`. */
export class MariaDbServer extends ServerProcess {
  /** As root, who has no password. Put the name of a database behind it. */
  get url(): string {
    return `mysql://root@127.0.0.1:${this.port}/`;
  }
}

const carelessOptions = [
  ...['--innodb-flush-log-at-trx-commit=0', '--innodb-doublewrite=OFF', '--skip-log-bin'],
  '--innodb-buffer-pool-size=64M',
];

// --no-defaults comes first everywhere: else the machine's my.cnf would have a say.
const forRoot = process.getuid?.() === 0 ? ['--user=root'] : [];

async function commandLine({ kind }: MariaDbProgram, { port, dir }: ServerPlace): Promise<string[]> {
  return [
    ...['--no-defaults', ...forRoot, `--datadir=${join(dir, 'data')}`],
    ...[`--socket=${join(dir, 'socket')}`, `--pid-file=${join(dir, 'pid')}`, `--tmpdir=${dir}`],
    ...[`--port=${port}`, '--bind-address=127.0.0.1', '--skip-name-resolve', '--max-connections=500'],
    '--loose-debug-no-sync', // MySQL has no such option, and goes on without
    '--innodb-use-native-aio=0', // the kernel's slots for it are few, and shared by the whole machine
    ...(kind === 'MySQL' ? ['--mysqlx=0', `--init-file=${await letRootIn(dir)}`] : []),
  ];
}

// MySQL makes root for "localhost" only, which 127.0.0.1 is not when names are not resolved.
async function letRootIn(dir: string): Promise<string> {
  const path = join(dir, 'let-root-in.sql');
  await writeFile(
    path,
    `CREATE USER IF NOT EXISTS 'root'@'127.0.0.1';\nGRANT ALL ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;\n`,
  );
  return path;
}

// Takes half a second with MariaDB: nothing is forced to the disk yet, and the log is small.
async function makeDataFolder({ path, kind }: MariaDbProgram, dir: string): Promise<void> {
  // A tmpdir of its own: whoever starts removes temporary tables from it, also those that another one works with.
  const options = [...forRoot, `--datadir=${join(dir, 'data')}`, `--tmpdir=${dir}`, ...carelessOptions];
  const [program, args] =
    kind === 'MariaDB'
      ? [
          await findMariaDbInstaller(),
          ['--auth-root-authentication-method=normal', '--skip-test-db', '--innodb-log-file-size=16M'],
        ]
      : [path, ['--initialize-insecure']];
  const making = spawnTied({
    program,
    args: ['--no-defaults', ...args, ...options],
    cwd: dir,
    folderToRemove: dir,
  });
  const { code, signal } = await making.ended;
  if (code === 0) return;
  throw new Error(
    `${program} made no data folder (${signal ?? `exit code ${code}`}). Its output:\n${making.output}`,
  );
}
