import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findMariaDb, type MariaDbProgram } from './find-mariadb.ts';
import { carelessOptions, forRoot, putDataFolder } from './mariadb-data.ts';
import {
  ServerProcess,
  startServerProcess,
  type ServerPlace,
  type ServerPlaceOptions,
} from './server-process.ts';

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
      await putDataFolder(program, place.dir);
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
