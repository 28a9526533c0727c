// The whole chat in one process. The push server and the platform meet on a bus in memory; what is to last is in a folder.
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createMemoryBus } from 'im-common/bus';
import {
  createPlatform,
  demoAccounts,
  migrate,
  openDatabase,
  orderAdmins,
  seed,
  type Database,
  type DemoAccount,
  type Platform,
  type PlatformOptions,
} from 'im-platform';
import { createImServer } from 'im-server';
import { bundlePage } from './scripts/bundle-page.ts';
import { isLoopback } from './scripts/is-loopback.ts';

const usualImPort = 8878;
/** Everybody may know it: only this machine is listened to, unless --host says otherwise, and then we say so. */
export const demoPassword = 'demo-1234';

export interface AllInOneOptions {
  readonly port: number;
  readonly imPort: number;
  readonly host: string;
  readonly data: string;
  readonly publicUrl?: string | undefined;
  readonly imUrl?: string | undefined;
  readonly openUploads: boolean;
  readonly identityProviders?: PlatformOptions['identityProviders'];
  /** How those who are away are told. @default they are not */
  readonly away?: Pick<PlatformOptions, 'webPushContact' | 'webPushHosts' | 'awayAfterMs'>;
  /** How long messages are kept. @default for ever */
  readonly retention?: Pick<PlatformOptions, 'ownerRetentionDays'>;
  /** Whether pages that links lead to are looked at. @default they are not */
  readonly previews?: Pick<PlatformOptions, 'linkPreviews' | 'linkPreviewNetworks'>;
  /** Whether people send each other red packets, of play money. @default they do not */
  readonly redPackets?: boolean;
  /** Whether people may encrypt what they say. @default they may not */
  readonly endToEnd?: boolean;
  /** Whether people have a drive. @default they have none */
  readonly drive?: boolean;
  /** Whether admins push something to many. @default they cannot */
  readonly campaigns?: boolean;
  /** Which of the sample's people is an admin. @default nobody */
  readonly admin?: string | undefined;
  /** Is told what is being done. */
  readonly say: (what: string) => void;
}

export interface AllInOne {
  /** Where the page is, for a browser on this machine. */
  readonly url: string;
  /** Where devices connect. */
  readonly imUrl: string;
  readonly accounts: readonly DemoAccount[];
  close(): Promise<void>;
}

export async function startAllInOne(options: AllInOneOptions): Promise<AllInOne> {
  const { port, imPort, host, data, publicUrl, openUploads, identityProviders, say } = options;
  await mkdir(data, { recursive: true, mode: 0o700 });
  const secrets = await keepSecrets(data);
  const database = `sqlite:${join(data, 'im.db')}`;
  say(`Preparing the database in ${data}`);
  await prepareDatabase(database, options);
  await keepToOwner(data);
  const folder = await bundlePage(() => say('Building the page'));
  const accounts = demoAccounts(demoPassword);

  say('Starting the push server and the platform');
  const bus = createMemoryBus();
  const server = createImServer({
    ...{ host, port: imPort, jwtSecret: secrets.accessSecret, bus },
    // Box-im's page never shows a fresh token on an open socket. Sessions that end are closed by the platform.
    tokenExpiry: 'ignore',
    // Devices of one person compare codes with each other.
    ...(options.endToEnd && { sessions: '0=3' }),
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
    const imUrl = options.imUrl ?? devicesConnectTo(publicUrl, server.url);
    platform = createPlatform({
      ...secrets,
      ...{
        database,
        bus,
        host,
        port,
        publicUrl,
        openUploads,
        identityProviders,
        filesDir: join(data, 'files'),
        archiveDir: join(data, 'archives'),
      },
      ...options.away,
      ...options.previews,
      ...{ redPackets: options.redPackets, playPayments: options.redPackets },
      ...options.retention,
      drive: options.drive ?? false,
      endToEnd: options.endToEnd ?? false,
      campaigns: options.campaigns ?? false,
      // On the usual port the page takes its own host's, which may be another machine's name for this one.
      imUrl: options.imUrl === undefined && imPort === usualImPort ? undefined : imUrl,
      // A back end that is tried beside it is on this machine.
      webhookNetworks: ['loopback'],
      // As the page; box-im's front ends name no language and get their answers in Chinese.
      language: 'en',
      page: { folder, demoAccounts: accounts },
    } satisfies PlatformOptions);
    await platform.start();
    return { url: platform.url, imUrl, accounts, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Secrets {
  readonly accessSecret: string;
  readonly refreshSecret: string;
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

async function prepareDatabase(url: string, options: AllInOneOptions): Promise<void> {
  const database = openDatabase({ url });
  try {
    await migrate(database.sql);
    await seed(database, { password: demoPassword });
    if (!isLoopback(options.host)) await refusePublicAdmins(database, options);
    if (options.admin !== undefined) await orderAdmins(database, { what: 'grant', userName: options.admin });
  } finally {
    await database.close();
  }
}

/** One click makes anybody an admin who gets there, also when they were made one at an earlier start. */
async function refusePublicAdmins(database: Database, { admin, host, data }: AllInOneOptions): Promise<void> {
  const names = demoAccounts(demoPassword).map(({ userName }) => userName);
  const earlier = await database
    .sql('im_admin as a')
    .join('im_user as u', 'u.id', 'a.userId')
    .whereIn('u.userName', names)
    .first<{ userName: string } | undefined>('u.userName');
  const whose = `whose password is public, and --host ${host} lets other machines in`;
  if (earlier)
    throw new Error(
      `${earlier.userName} is an admin in ${data}, ${whose}: leave it out, or take another folder (--data).`,
    );
  if (admin !== undefined) throw new Error(`${admin} would be an admin, ${whose}: leave out one of them.`);
}

/** What was made before it was made for its owner only. */
async function keepToOwner(data: string): Promise<void> {
  const rights = { 'im.db': 0o600, 'im.db-wal': 0o600, 'im.db-shm': 0o600, files: 0o700 };
  for (const [name, mode] of Object.entries(rights)) {
    await chmod(join(data, name), mode).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    });
  }
}

/** The push server's port, on the host that others know us by. */
function devicesConnectTo(publicUrl: string | undefined, serverUrl: string): string {
  const url = new URL(serverUrl);
  if (publicUrl !== undefined && URL.canParse(publicUrl)) {
    const { hostname, protocol } = new URL(publicUrl);
    url.hostname = hostname;
    url.protocol = protocol === 'https:' ? 'wss:' : 'ws:';
  } else if (/^(0\.0\.0\.0|127\.0\.0\.1|\[::1?\])$/.test(url.hostname)) {
    // Nobody can connect to an address that means all interfaces, or has another name than its page.
    url.hostname = 'localhost';
  }
  return url.href;
}
