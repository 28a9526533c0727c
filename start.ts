// `npm start`: a whole chat in one process, with nothing to install first. The push server and the platform meet on a bus
// in memory; what is to last is in a folder.
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createMemoryBus } from 'im-common/bus';
import { onEnd } from 'im-common/program';
import {
  createPlatform,
  demoAccounts,
  migrate,
  openDatabase,
  seed,
  type Platform,
  type PlatformOptions,
} from 'im-platform';
import { createImServer } from 'im-server';
import { bundlePage } from './scripts/bundle-page.ts';

const usage = 'Usage: npm start -- [--port 8888] [--im-port 8878] [--host 127.0.0.1] [--data ./data]';
const usualImPort = 8878;
/** Everybody may know it: only this machine is listened to, unless --host says otherwise. */
const demoPassword = 'demo-1234';

interface StartOptions {
  readonly port: number;
  readonly imPort: number;
  readonly host: string;
  readonly data: string;
}

interface Secrets {
  readonly accessSecret: string;
  readonly refreshSecret: string;
}

function readOptions(): StartOptions {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8888' },
      'im-port': { type: 'string', default: '8878' },
      host: { type: 'string', default: '127.0.0.1' },
      data: { type: 'string', default: './data' },
    },
  });
  return {
    port: portOf('port', values.port),
    imPort: portOf('im-port', values['im-port']),
    host: values.host,
    data: values.data,
  };
}

function portOf(name: string, text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port < 65_536) return port;
  throw new TypeError(`--${name} is "${text}"; expected a port from 0 to 65535.`);
}

/** Made at the first start, for their owner's eyes only, and kept, so that nobody is signed out by a restart. */
async function keepSecrets(folder: string): Promise<Secrets> {
  const file = join(folder, 'secrets.json');
  const make = (): string => randomBytes(32).toString('base64url');
  const made: Secrets = { accessSecret: make(), refreshSecret: make() };
  try {
    await writeFile(file, JSON.stringify(made), { mode: 0o600, flag: 'wx' });
    return made;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return JSON.parse(await readFile(file, 'utf8')) as Secrets;
  }
}

async function prepareDatabase(url: string): Promise<void> {
  const database = openDatabase({ url });
  try {
    await migrate(database.sql);
    await seed(database, { password: demoPassword });
  } finally {
    await database.close();
  }
}

/** Resolves with what ends it all again. */
async function start({ port, imPort, host, data }: StartOptions): Promise<() => Promise<void>> {
  await mkdir(data, { recursive: true });
  const secrets = await keepSecrets(data);
  const database = `sqlite:${join(data, 'im.db')}`;
  await prepareDatabase(database);
  const folder = await bundlePage(join(data, 'page'));
  const accounts = demoAccounts(demoPassword);

  const bus = createMemoryBus();
  const server = createImServer({
    ...{ host, port: imPort, jwtSecret: secrets.accessSecret, bus },
    // Box-im's page never shows a fresh token on an open socket. Sessions that end are closed by the platform.
    tokenExpiry: 'ignore',
  });
  let platform: Platform | undefined;
  const close = async (): Promise<void> => {
    await platform?.close();
    await server.close();
    await bus.close();
  };
  try {
    await bus.start();
    // Pages that come back ask the platform first and then connect, once: the push server must be there before it.
    await server.start();
    platform = createPlatform({
      ...secrets,
      ...{ database, bus, host, port, filesDir: join(data, 'files') },
      // On the usual port the page takes its own host's, which may be another machine's name for this one.
      imUrl: imPort === usualImPort ? undefined : reachable(server.url),
      page: { folder, demoAccounts: accounts },
    } satisfies PlatformOptions);
    await platform.start();
  } catch (error) {
    await close();
    throw error;
  }
  const names = accounts.map(({ userName }) => userName).join(', ');
  console.log(`
  Open ${platform.url} in two tabs, and sign in as two people:
    ${names} (password ${demoPassword})

  The API is explained at ${platform.url}/docs, devices connect to ${reachable(server.url)}.
  Everything is kept in ${data}. Ctrl-C ends.
`);
  return close;
}

/** Nobody can connect to an address that means all interfaces, or has another name than its page. */
function reachable(url: string): string {
  return url.replace(/\/\/(0\.0\.0\.0|127\.0\.0\.1|\[::1?\])/, '//localhost');
}

function fail(error: unknown): void {
  console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  process.exit(1);
}

try {
  const close = await start(readOptions());
  onEnd(() => void close().then(() => process.exit(0), fail));
} catch (error) {
  fail(error);
}
