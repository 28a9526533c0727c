import { platformDefaults, type PlatformOptions } from '../options.ts';
import { answerLanguages, languages } from '../http/texts.ts';
import {
  boolean,
  choice,
  hosts,
  iceServers,
  integer,
  origins,
  portOrShared,
  text,
  trustProxy,
  type Kind,
} from './kinds.ts';

// The one place where the program's options stand. Flags, environment, --help, the errors and the table in the README
// come from it. A new field of PlatformOptions does not compile until it is here or among the exceptions.

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;

export type LogLevel = (typeof logLevels)[number];

/** Objects of a program that embeds the platform, and what is given in another form here. */
type NotAsTheyAre =
  | 'audit'
  | 'bus'
  | 'logger'
  | 'redis'
  | 'page'
  | 'accessSecret'
  | 'accessKey'
  | 'refreshSecret'
  | 'database'
  | 'operationsPort';

/** What the program can be told. Names and meanings are those of {@link PlatformOptions} wherever it has them. */
export interface Settings extends Omit<PlatformOptions, NotAsTheyAre> {
  readonly database?: string;
  readonly redis?: string;
  readonly keyPrefix: string;
  readonly accessSecret?: string;
  readonly accessSecretFile?: string;
  readonly accessKeyFile?: string;
  readonly refreshSecret?: string;
  readonly refreshSecretFile?: string;
  readonly page: boolean;
  readonly operationsPort?: number | 'shared';
  readonly logLevel: LogLevel;
}

export type SettingName = keyof Settings;

export interface ProgramOption<T> {
  readonly group: string;
  readonly kind: Kind<T>;
  readonly about: string;
  /** Not to be shown: the value, or the password in it. */
  readonly hides?: 'value' | 'password';
}

const { logger: _, page: _page, ...defaultsOfPlatform } = platformDefaults;

export const defaults: Partial<Settings> = {
  ...defaultsOfPlatform,
  keyPrefix: '',
  page: true,
  logLevel: 'info',
};

const storage = 'Database and files';
const bus = 'Bus';
const sessions = 'Sessions';
const listening = 'Where clients connect';
const business = 'Business';
const limits = 'Limits';
const operation = 'Operation';

const database = text(
  'url',
  'mysql://user:password@host:3306/name or sqlite:./data/im.db',
  /^(mysql:\/\/|sqlite:)./,
);
const file = text('file', 'the path of a file');
const secret = text('secret', 'a text of at least 16 characters', /^.{16,}$/s);
const count = integer('number', 1);
const milliseconds = integer('ms', 1, 2 ** 31 - 1);

const table: { readonly [Name in SettingName]-?: ProgramOption<NonNullable<Settings[Name]>> } = {
  database: {
    group: storage,
    kind: database,
    hides: 'password',
    about: 'mysql://user:password@host:3306/name (MySQL 8, MariaDB 10.6 or newer) or sqlite:./data/im.db.',
  },
  databaseReplica: {
    group: storage,
    kind: database,
    hides: 'password',
    about: 'A replica for history and search, which may lag behind.',
  },
  databasePoolSize: {
    group: storage,
    kind: count,
    about: 'Connections to the database at most; SQLite has one.',
  },
  filesDir: { group: storage, kind: text('folder', 'a folder'), about: 'Where uploaded files are kept.' },
  filesPerUserMb: {
    group: storage,
    kind: count,
    about: 'What the files of one user may take up, in MiB; more are refused.',
  },
  filesInAllMb: { group: storage, kind: count, about: 'What all files together may take up, in MiB.' },
  fileHosts: {
    group: storage,
    kind: hosts,
    about: 'Hosts beside --public-url whose files messages and profiles may show, as cdn.example.com.',
  },

  redis: {
    group: bus,
    kind: text(
      'url',
      'redis://host:port/db, redis+sentinel://… or redis+cluster://…',
      /^rediss?(\+\w+)?:\/\/./,
    ),
    hides: 'password',
    about: "Where the push servers' Redis is: redis://host:port/db, redis+sentinel://… or redis+cluster://….",
  },
  keyPrefix: {
    group: bus,
    kind: text('text', 'a text', /^/),
    about: "Put before every key, as the push servers do. Box-im's Java parts know no prefix.",
  },
  service: {
    group: bus,
    kind: text('name', 'letters, digits and _ . -', /^[\w.-]{1,64}$/),
    about: 'Names this application on the bus; all its instances use the same.',
  },

  accessSecret: {
    group: sessions,
    kind: secret,
    hides: 'value',
    about:
      'Secret of access tokens, the same as the jwtSecret of the push servers. At least 16 characters, in production 32 bytes.',
  },
  accessSecretFile: {
    group: sessions,
    kind: file,
    about:
      'The same from a file, which keeps it out of the process list. Of several lines the first signs, and tokens of the others are good, too.',
  },
  accessKeyFile: {
    group: sessions,
    kind: file,
    about:
      'Private keys in PEM (RSA, EC P-256, Ed25519), one after the other: the first signs access tokens, and push servers check them with --jwks-url and cannot make any.',
  },
  refreshSecret: {
    group: sessions,
    kind: secret,
    hides: 'value',
    about: 'Secret of refresh tokens; another one, of at least 16 characters, in production 32 bytes.',
  },
  refreshSecretFile: { group: sessions, kind: file, about: 'The same from a file, in the same way.' },
  accessTtlS: { group: sessions, kind: count, about: 'Life of an access token, in seconds.' },
  refreshTtlS: {
    group: sessions,
    kind: count,
    about: 'A session ends when it is not refreshed for so many seconds.',
  },
  sessionTtlS: {
    group: sessions,
    kind: count,
    about: 'A session ends so many seconds after its login, however often it is refreshed.',
  },

  host: {
    group: listening,
    kind: text('host', 'a host name or an address'),
    about: 'Interface to listen on.',
  },
  port: { group: listening, kind: integer('port', 0, 65_535), about: 'Port for HTTP; 0 takes a free one.' },
  operationsPort: {
    group: listening,
    kind: portOrShared,
    about:
      'A port of their own for /metrics, /healthz, /readyz and /docs. With NODE_ENV=production it is 8889 if nothing is said; otherwise, and with shared, everybody may ask them on the other port.',
  },
  operationsHost: {
    group: listening,
    kind: text('host', 'a host name or an address'),
    about: 'Interface of that port.',
  },
  publicUrl: {
    group: listening,
    kind: text('url', 'an address that starts with http:// or https://', /^https?:\/\/./),
    about:
      'Where clients reach us; begins the addresses of uploaded files. By default http://localhost and the port.',
  },
  imUrl: {
    group: listening,
    kind: text('url', 'an address that starts with ws:// or wss://', /^wss?:\/\/./),
    about: "Where the page opens its WebSocket. By default the page's own host, port 8878, path /im.",
  },
  allowedOrigins: {
    group: listening,
    kind: origins,
    about: 'Pages of other origins that may call the API. None when absent.',
  },
  trustProxy: {
    group: listening,
    kind: trustProxy,
    about:
      "How many proxies of ours are in front, or their networks (10.0.0.0/8,loopback): so many entries from the end of X-Forwarded-For are true about a client's address.",
  },
  page: { group: listening, kind: boolean, about: 'Serve the chat page at /.' },

  openUploads: {
    group: business,
    kind: boolean,
    about:
      "Take uploads without an access token, for box-im's uniapp. Whoever reaches us may fill the disk then.",
  },
  uploadPermits: {
    group: business,
    kind: boolean,
    about:
      "Take uploads without an access token from networks where one was shown in the last ten minutes, as that user's: for box-im's uniapp.",
  },
  fileSweepMs: {
    group: business,
    kind: milliseconds,
    about: 'How often files are looked for that need not be kept any longer.',
  },
  wordsCheckMs: {
    group: business,
    kind: milliseconds,
    about: 'How often the table of forbidden words is looked at for changes.',
  },
  iceServers: {
    group: business,
    kind: iceServers,
    hides: 'value',
    about: 'STUN and TURN servers for calls, as JSON: [{"urls":"stun:…"}].',
  },
  xssFilter: {
    group: business,
    kind: boolean,
    about:
      'Refuse requests that look like scripts, as box-im does; honest text with "src=" in it is refused too.',
  },
  registration: {
    group: business,
    kind: choice(['open', 'invited', 'closed']),
    about: 'Who may open an account: anybody, who has an invitation (im-platform invite), or nobody.',
  },
  language: {
    group: business,
    kind: choice(languages),
    about: 'Language of what the platform says in chats: tips of friends and groups, records of calls.',
  },
  answerLanguage: {
    group: business,
    kind: choice(answerLanguages),
    about:
      "Language of answers to clients that name none in the header language, as box-im's; client is what Accept-Language asks for.",
  },
  maxGroupMembers: { group: business, kind: count, about: 'Members of a group at most.' },

  requestsPerMinute: {
    group: limits,
    kind: count,
    about:
      'Requests of one user, or of an address without a token, per instance. More are answered with code 429.',
  },
  uploadsPerMinute: {
    group: limits,
    kind: count,
    about: 'Uploads of one user in a minute, per instance. More are answered with code 429.',
  },
  failedLoginsPerAccount: {
    group: limits,
    kind: count,
    about: 'Wrong passwords for one account from one network, in a quarter of an hour.',
  },
  failedLoginsPerAccountFromAnywhere: {
    group: limits,
    kind: count,
    about: 'Wrong passwords for one account from all networks that it has not been used from.',
  },
  failedLoginsPerAddress: {
    group: limits,
    kind: count,
    about: 'Wrong passwords from one network, for any accounts.',
  },
  passwordMinLength: {
    group: limits,
    kind: integer('number', 1, 128),
    about: 'Characters that a new password has at least; the thousand that people choose most are refused.',
  },
  registrationsPerHour: { group: limits, kind: count, about: 'New accounts from one network in an hour.' },
  connectionsPerAddress: {
    group: limits,
    kind: count,
    about: 'Open connections of one address, but for proxies of ours; more are closed.',
  },
  bodyTimeoutMs: {
    group: limits,
    kind: milliseconds,
    about: 'A body that has not come by then closes its connection; uploads have ten minutes.',
  },
  requestTimeoutMs: {
    group: limits,
    kind: milliseconds,
    about: 'An answer takes at most so long; then it is a 503.',
  },

  sweepMs: {
    group: operation,
    kind: milliseconds,
    about: 'How often pushes that were missed are looked for.',
  },
  drainMs: {
    group: operation,
    kind: integer('ms', 0, 600_000),
    about:
      'How long requests are still taken while /readyz says 503, so that a load balancer turns away first.',
  },
  logLevel: { group: operation, kind: choice(logLevels), about: 'What is logged, as JSON lines on stdout.' },
};

/** A default in words; empty when there is none. */
export function usual(name: SettingName): string {
  const value = defaults[name];
  return value === undefined || typeof value === 'object' ? '' : String(value);
}

/** One row of the table, with its names everywhere. */
export interface NamedOption extends ProgramOption<unknown> {
  readonly name: SettingName;
  readonly flag: string;
  readonly env: string;
}

export const programOptions: readonly NamedOption[] = Object.entries(table).map(([name, option]) => ({
  ...(option as ProgramOption<unknown>), // From here on a value is whatever its own kind made of it.
  name: name as SettingName,
  flag: `--${inWords(name, '-')}`,
  env: `IM_PLATFORM_${inWords(name, '_').toUpperCase()}`,
}));

function inWords(name: string, separator: string): string {
  return name.replace(/[A-Z]/g, (letter) => separator + letter.toLowerCase());
}
