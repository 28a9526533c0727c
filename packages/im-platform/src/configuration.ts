import type { RedisBusOptions } from 'im-common/bus';
import { redisAddress, toRedisBusOptions } from 'im-common/internal/bus';
import {
  boolean,
  file,
  integer,
  invalidOption,
  libraryNames,
  text,
  type Rows,
} from 'im-common/internal/checks';
import {
  missing,
  readNamedFile,
  readProgram,
  secretsOf,
  type Called,
  type Environment,
  type Printed,
  type Program,
} from 'im-common/internal/program';
import type { ApnsOptions } from './away/apps/apns.ts';
import type { FcmOptions } from './away/apps/fcm.ts';
import {
  archiveFlags,
  archiveOrderIn,
  type ArchiveOrder,
  type ArchiveSettings,
} from './archiving/archive-order.ts';
import { forwardOrderIn, type ForwardOrder } from './erasure/forward-order.ts';
import type { ArchiveOptions } from './archiving/open-archive-place.ts';
import { encryptionOrderIn, type EncryptionOrder } from './at-rest/encryption-order.ts';
import { adminOrderIn, type AdminOrder } from './admins/admin-order.ts';
import type { FileStoreOptions } from './files/open-file-store.ts';
import { toNamedDatabases } from './lanes/lane-options.ts';
import { lanesOrderIn, type LanesOrder } from './lanes/lane-order.ts';
import { databaseUrl } from './option-kinds.ts';
import { table } from './option-table.ts';
import type { PlatformOptions, Settings } from './options.ts';
import { keyFlags, keyOrderIn, type KeyOrder, type KeySettings } from './server-keys/key-order.ts';

const group = 'Command';

/** What the commands are told beside options of the program. */
interface CommandSettings extends KeySettings, ArchiveSettings {
  readonly what: string;
  readonly from?: string;
  readonly fromRedis?: string;
  readonly zoneHours: number;
  readonly password?: string;
  readonly uses: number;
  readonly days: number;
  readonly user?: string;
  readonly everybody?: boolean;
  readonly address: string;
  readonly userName: string;
  readonly hours: number;
  readonly to?: string;
}

const commandFlags = {
  seed: {
    password: {
      group,
      kind: { ...text('password', 'a text that is not empty'), hides: 'value' },
      about: 'Of all these accounts. Needed when NODE_ENV is production.',
    },
  },
  invite: {
    uses: { group, kind: integer('number', 1, 99_999), default: 1, about: 'How many accounts it opens.' },
    days: { group, kind: integer('number', 1, 99_999), default: 7, about: 'How long it holds.' },
  },
  resetToken: {
    hours: { group, kind: integer('number', 1, 720), default: 24, about: 'How long it holds.' },
  },
  import: {
    from: {
      group,
      kind: databaseUrl,
      about: 'The database of box-im, which is only read. Stop its servers first.',
    },
    fromRedis: {
      group,
      kind: redisAddress,
      about:
        'The Redis of box-im, which knows how far groups are read. Absent: all of them as far as they are.',
    },
    zoneHours: {
      group,
      kind: integer('hours', -12, 14),
      default: 8,
      about: "How far the times in box-im's database are ahead of UTC.",
    },
  },
  backup: {
    to: { group, kind: file, about: 'The file of the copy, which is not there yet.' },
  },
  endSessions: {
    user: {
      group,
      kind: text('id', 'the id of an account', /^[1-9]\d{0,15}$/),
      about: 'Whose: the id of the account.',
    },
    everybody: { group, kind: { ...boolean, placeholder: '' }, about: 'Of all users.' },
  },
} satisfies Record<string, Rows>;

/** Where files are. */
const fileOptions = [
  ...(['filesDir', 's3Bucket', 's3Prefix', 's3From', 's3Region', 's3Endpoint', 's3PathStyle'] as const),
  ...(['s3AccessKeyId', 's3SecretAccessKey', 's3SecretAccessKeyFile'] as const),
] as const;

export const program: Program = {
  name: 'im-platform',
  about: 'A chat platform: HTTP in front, a database behind, im-client for what must arrive at once.',
  envPrefix: 'IM_PLATFORM_',
  manifest: new URL('../package.json', import.meta.url),
  table,
  commands: {
    migrate: {
      about: 'Bring the database up to date, and those of lanes.',
      options: ['database', 'laneDatabases', 'logLevel'],
    },
    rollback: { about: 'Take the last batch of migrations back.', options: ['database', 'logLevel'] },
    seed: {
      about: 'Put accounts, friends and groups to try things with into the database.',
      options: ['database', 'logLevel'],
      flags: commandFlags.seed,
    },
    invite: {
      about: 'Make an invitation to open an account, and print its code.',
      options: ['database', 'logLevel'],
      flags: commandFlags.invite,
    },
    'reset-token': {
      about: 'Make a token with which a user sets a new password, once, and print it.',
      options: ['database', 'logLevel'],
      argument: { name: 'userName', about: 'The name that they sign in with.' },
      flags: commandFlags.resetToken,
    },
    key: {
      about:
        'Make, list, rotate or revoke keys of other back ends, for /v1/server. A new key is printed once.',
      options: ['database', 'logLevel'],
      argument: { name: 'order', about: 'create, list, rotate <id> or revoke <id>.', isList: true },
      flags: keyFlags,
    },
    admin: {
      about: 'Say who runs the platform, at /v1/admin.',
      options: ['database', 'logLevel'],
      argument: { name: 'order', about: 'list, grant <userName> or revoke <userName>.', isList: true },
    },
    'remove-file': {
      about: 'Remove an uploaded file, whoever shows it.',
      options: ['database', ...fileOptions, 'logLevel'],
      argument: { name: 'address', about: 'Where it is shown, or what of that follows /files/.' },
    },
    'move-files': {
      about:
        'Move uploaded files from the folder --s3-from into the bucket. Called again it goes on where it ended.',
      options: ['database', ...fileOptions, 'logLevel'],
    },
    import: {
      about:
        'Take over a database of box-im, into an empty one of ours. Called again it goes on where it ended.',
      options: ['database', 'logLevel'],
      argument: { name: 'what', about: 'box-im' },
      flags: commandFlags.import,
    },
    backup: {
      about: 'Copy a database of SQLite as it is at one moment, while the platform goes on.',
      options: ['database', 'logLevel'],
      flags: commandFlags.backup,
    },
    archive: {
      about:
        'Write what was said in old months into files, which are read again before it is removed from the database.',
      options: ['database', 'laneDatabases', 'archiveDir', ...fileOptions, 'logLevel'],
      argument: { name: 'order', about: 'write, list, read <name> or import <name>.', isList: true },
      flags: archiveFlags,
    },
    encryption: {
      about:
        'Encrypt what people have said, or decrypt it, wrap keys anew, have new ones. It may be cut off and called again, while platforms run.',
      options: [
        ...(['database', 'laneDatabases', ...fileOptions] as const),
        ...(['encryptionKeys', 'encryptionKeysFile', 'logLevel'] as const),
      ],
      argument: {
        name: 'order',
        about: 'status, encrypt, decrypt, rewrap, new-keys or forget-keys.',
        isList: true,
      },
    },
    restored: {
      about:
        'Say that a database was put back to an earlier state, before a platform starts with it: devices begin anew then.',
      options: ['database', 'laneDatabases', 'logLevel'],
    },
    forwards: {
      about:
        'Find whose words were forwarded before version 044 of the database without a name, which no erasure reaches, or remove them.',
      options: ['database', 'laneDatabases', 'logLevel'],
      argument: {
        name: 'order',
        about: 'list, trace, remove <conversation>/<number> or remove all.',
        isList: true,
      },
    },
    lanes: {
      about:
        'Say where lanes are (list), or move some to another database while people chat (move 0-31 east). Broken off it is called again.',
      options: ['database', 'laneDatabases', 'logLevel'],
      argument: { name: 'order', about: 'list, or move <lanes> <database>.', isList: true },
    },
    'check-ledger': {
      about: 'Say whether the books of red packets are as they must be; 1 if they are not.',
      options: ['database', 'logLevel'],
    },
    'end-sessions': {
      about: 'End all sessions of a user or of everybody, sockets included.',
      options: ['database', 'redis', 'keyPrefix', 'service', 'accessTtlS', 'logLevel'],
      flags: commandFlags.endSessions,
    },
  },
};

/** What the program is called for. */
export type Task =
  | Printed
  | {
      readonly kind: 'start';
      readonly settings: Settings;
      /** What createPlatform is to be called with; the logger is the caller's. */
      readonly options: PlatformOptions;
      /** Not wrong, but to be logged. */
      readonly warnings: readonly string[];
    }
  | { readonly kind: 'migrate'; readonly database: string; readonly laneDatabases: readonly string[] }
  | {
      readonly kind: 'lanes';
      readonly database: string;
      readonly laneDatabases: readonly string[];
      readonly order: LanesOrder;
    }
  | { readonly kind: 'restored'; readonly database: string; readonly laneDatabases: readonly string[] }
  | { readonly kind: 'rollback' | 'check-ledger'; readonly database: string }
  | {
      readonly kind: 'forwards';
      readonly database: string;
      readonly laneDatabases: readonly string[];
      readonly order: ForwardOrder;
    }
  | { readonly kind: 'backup'; readonly database: string; readonly to: string }
  | { readonly kind: 'seed'; readonly database: string; readonly password: string }
  | { readonly kind: 'admin'; readonly database: string; readonly order: AdminOrder }
  | { readonly kind: 'key'; readonly database: string; readonly order: KeyOrder }
  | {
      readonly kind: 'remove-file';
      readonly database: string;
      readonly files: FileStoreOptions;
      readonly address: string;
    }
  | {
      readonly kind: 'archive';
      readonly database: string;
      readonly laneDatabases: readonly string[];
      readonly place: ArchiveOptions;
      readonly order: ArchiveOrder;
    }
  | {
      readonly kind: 'encryption';
      readonly database: string;
      readonly laneDatabases: readonly string[];
      readonly keys: readonly string[];
      readonly order: EncryptionOrder;
      readonly files: FileStoreOptions;
    }
  | { readonly kind: 'move-files'; readonly database: string; readonly files: FileStoreOptions }
  | { readonly kind: 'invite'; readonly database: string; readonly uses: number; readonly days: number }
  | {
      readonly kind: 'reset-token';
      readonly database: string;
      readonly userName: string;
      readonly hours: number;
    }
  | {
      readonly kind: 'import';
      readonly database: string;
      readonly from: string;
      readonly fromRedis: string | undefined;
      readonly zoneHours: number;
    }
  | {
      readonly kind: 'end-sessions';
      readonly whose: number | 'everybody';
      readonly database: string;
      /** Absent: no push server is told. */
      readonly redis: RedisBusOptions | undefined;
      readonly service: string;
      readonly accessTtlS: number;
    };

/** Everybody knows it: for machines that nobody else reaches. */
const demoPassword = 'demo-1234';

/** In production, where nobody says otherwise: what operators ask is on a port that only this machine reaches. */
const usualOperationsPort = 8_889;

const noDefault = (token: string): string =>
  `what ${token} tokens are signed with (there is no default secret)`;

/** What flags, environment and file come to. Throws an INVALID_OPTION that names all that is wrong. */
export function readConfiguration(args: readonly string[], env: Environment): Task {
  const called = readProgram<Settings & CommandSettings>(program, args, env);
  if (called.kind === 'print') return called;
  const { command, settings, warnings } = called;
  const { database, uses, days, address, redis, keyPrefix, service, accessTtlS } = settings;
  if (database === undefined)
    throw missing(program, 'database', 'where its database is', 'sqlite:./data/im.db');
  switch (command) {
    case 'migrate':
      return { kind: command, database, laneDatabases: settings.laneDatabases };
    case 'lanes': {
      const { laneDatabases } = settings;
      const names = toNamedDatabases(laneDatabases).map(({ name }) => name);
      return { kind: command, database, laneDatabases, order: lanesOrderIn(settings.order, names) };
    }
    case 'restored':
      return { kind: command, database, laneDatabases: settings.laneDatabases };
    case 'rollback':
    case 'check-ledger':
      return { kind: command, database };
    case 'forwards': {
      const { laneDatabases } = settings;
      return { kind: command, database, laneDatabases, order: forwardOrderIn(settings.order) };
    }
    case 'backup': {
      const { to } = settings;
      if (to === undefined) throw invalidOption('Say where the copy is to be: --to ./backup/im.db.');
      return { kind: command, database, to };
    }
    case 'seed':
      return { kind: command, database, password: passwordOfSeed(settings, env) };
    case 'invite':
      return { kind: command, database, uses, days };
    case 'reset-token':
      return { kind: command, database, userName: settings.userName, hours: settings.hours };
    case 'admin':
      return { kind: command, database, order: adminOrderIn(settings.order) };
    case 'key':
      return { kind: command, database, order: keyOrderIn(settings) };
    case 'remove-file':
      return { kind: command, database, files: filesIn(called), address };
    case 'archive': {
      const { archiveDir, laneDatabases } = settings;
      return {
        kind: command,
        ...{ database, laneDatabases },
        place: { ...filesIn(called), archiveDir },
        order: archiveOrderIn(settings),
      };
    }
    case 'encryption': {
      const keys = secretsOf(called.given, 'encryptionKeys', 'encryptionKeysFile');
      const order = encryptionOrderIn(settings.order);
      if (!keys) throw missing(program, 'encryptionKeysFile', 'where the master keys are', './keys');
      const { laneDatabases } = settings;
      return { kind: command, database, laneDatabases, keys, order, files: filesIn(called) };
    }
    case 'move-files':
      return { kind: command, database, files: filesIn(called) };
    case 'import':
      return { kind: command, database, ...sourceIn(settings) };
    case 'end-sessions': {
      const bus = redis === undefined ? undefined : { keyPrefix, ...toRedisBusOptions(redis) };
      return { kind: command, whose: whoseSessions(settings), database, redis: bus, service, accessTtlS };
    }
    default:
      return {
        kind: 'start',
        settings,
        options: { ...toPlatformOptions(called, database), ...operationsPortIn(settings, env) },
        warnings: [...warnings, ...openInProduction(settings, env)],
      };
  }
}

function filesIn({ settings, given }: Called<Settings>): FileStoreOptions {
  return { ...settings, s3SecretAccessKey: secretKeyOfS3(given) };
}

/** It is one text, of a flag or of a file. */
function secretKeyOfS3(given: Called<Settings>['given']): string | undefined {
  return [secretsOf(given, 's3SecretAccessKey', 's3SecretAccessKeyFile') ?? []].flat()[0];
}

function toPlatformOptions({ settings, given }: Called<Settings>, database: string): PlatformOptions {
  const { redis, keyPrefix } = settings;
  if (redis === undefined) throw missing(program, 'redis', 'where Redis is', 'redis://127.0.0.1:6379');
  const keyFile = given.get('accessKeyFile');
  const [webPushKeyFile, apnsFile, fcmFile] = ['webPushKeyFile', 'apnsFile', 'fcmFile'].map((name) =>
    given.get(name),
  );
  const accessSecret = secretsOf(given, 'accessSecret', 'accessSecretFile');
  const refreshSecret = secretsOf(given, 'refreshSecret', 'refreshSecretFile');
  const encryptionKeys = secretsOf(given, 'encryptionKeys', 'encryptionKeysFile');
  // With keys a secret is for tokens that were made before.
  if (!accessSecret && !keyFile) throw missing(program, 'accessSecret', noDefault('access'), '…');
  if (!refreshSecret) throw missing(program, 'refreshSecret', noDefault('refresh'), '…');
  const names = libraryNames(table).filter((name) => name in settings && name !== 'logger');
  return {
    ...Object.fromEntries(names.map((name) => [name, settings[name as keyof Settings]])),
    database,
    redis: { keyPrefix, ...toRedisBusOptions(redis) },
    ...(keyFile && { accessKey: readNamedFile(keyFile) }),
    ...(webPushKeyFile && { webPushKey: readNamedFile(webPushKeyFile) }),
    ...(apnsFile && { apns: readJson(apnsFile) as ApnsOptions }),
    ...(fcmFile && { fcm: readJson(fcmFile) as FcmOptions }),
    ...(accessSecret && { accessSecret }),
    ...(encryptionKeys && { encryptionKeys }),
    ...{ refreshSecret, s3SecretAccessKey: secretKeyOfS3(given) },
  };
}

/** What is in it is checked with all other options. */
function readJson(file: Parameters<typeof readNamedFile>[0]): unknown {
  try {
    return JSON.parse(readNamedFile(file));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    // Not its message, which has a piece of the file in it.
    throw invalidOption(`What ${file.from} names is no JSON.`);
  }
}

function passwordOfSeed({ password }: CommandSettings, env: Environment): string {
  if (password !== undefined) return password;
  if (env['NODE_ENV'] !== 'production') return demoPassword;
  throw invalidOption(
    'The usual password of the demo accounts is public, and NODE_ENV is production. Say --password.',
  );
}

function sourceIn({
  what,
  from,
  fromRedis,
  zoneHours,
}: CommandSettings): Pick<Extract<Task, { kind: 'import' }>, 'from' | 'fromRedis' | 'zoneHours'> {
  if (what !== 'box-im') throw invalidOption(`What is imported is ${what}; expected box-im.`);
  if (from === undefined) throw invalidOption('Say where the database of box-im is: --from mysql://…');
  return { from, fromRedis, zoneHours };
}

function whoseSessions({ user, everybody = false }: CommandSettings): number | 'everybody' {
  if ((user === undefined) !== everybody)
    throw invalidOption('Say whose sessions: either --user <id> or --everybody.');
  return user === undefined ? 'everybody' : Number(user);
}

function operationsPortIn(
  { operationsPort }: Settings,
  env: Environment,
): Pick<PlatformOptions, 'operationsPort'> {
  const usual = env['NODE_ENV'] === 'production' ? usualOperationsPort : undefined;
  return { operationsPort: operationsPort ?? usual };
}

/** What others than operators could ask or hear, on a machine that is meant in earnest. */
function openInProduction({ host, trustProxy, operationsPort }: Settings, env: Environment): string[] {
  if (env['NODE_ENV'] !== 'production' || /^(127\.|localhost$|::1$)/.test(host)) return [];
  const plain =
    'passwords and tokens come over plain HTTP as far as is known here; put a proxy that speaks TLS in front, and say --trust-proxy';
  const open =
    'everybody who reaches the port may ask /metrics, /readyz and /docs; do not say --operations-port shared';
  return [...(trustProxy === false ? [plain] : []), ...(operationsPort === 'shared' ? [open] : [])];
}
