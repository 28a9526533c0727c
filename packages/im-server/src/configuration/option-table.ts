import {
  boolean,
  bytes,
  choice,
  count,
  integer,
  list,
  milliseconds,
  port,
  secrets,
  terminals,
  text,
  type TextKind,
} from 'im-common/internal/checks';
import { serverDefaults, type ImServerOptions } from '../options.ts';

// The one place where the program's options stand. Flags, environment, file, --help, the errors and the table in the
// README come from it. A new field of ImServerOptions does not compile until it is here or among the exceptions.

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;

export type LogLevel = (typeof logLevels)[number];

/** Objects of a program that embeds the server, and what is given by a file here. */
type NotAsTheyAre =
  'bus' | 'httpServer' | 'authenticate' | 'logger' | 'redis' | 'jwtSecret' | 'jwtPublicKey' | 'tls';

/** What the program can be told. Names and meanings are those of {@link ImServerOptions} wherever it has them. */
export interface Settings extends Omit<ImServerOptions, NotAsTheyAre> {
  readonly redis?: string;
  readonly keyPrefix: string;
  readonly commandTimeoutMs: number;
  readonly jwtSecret?: readonly string[];
  readonly jwtSecretFile?: string;
  readonly jwtPublicKeyFile?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly workers: number;
  readonly adminPort?: number;
  readonly adminHost: string;
  readonly logLevel: LogLevel;
}

export type SettingName = keyof Settings;

export interface ProgramOption<T> {
  readonly group: string;
  readonly kind: TextKind<T>;
  readonly about: string;
  /** Not to be shown: the value, or the password in it. */
  readonly hides?: 'value' | 'password';
  /** A path; in the JSON file it starts at that file's folder. */
  readonly isFile?: true;
  /** A variable that adds to the first one. */
  readonly secondEnv?: string;
}

const { logger: _, ...defaultsOfServer } = serverDefaults;

export const defaults: Partial<Settings> = {
  ...defaultsOfServer,
  keyPrefix: '',
  commandTimeoutMs: 2_000,
  workers: 1,
  adminHost: '127.0.0.1',
  logLevel: 'info',
};

const listening = 'Where devices connect';
const bus = 'Bus';
const login = 'Login';
const delivery = 'Delivery';
const times = 'Times';
const limits = 'Limits';
const operation = 'Operation';

const host = text('host', 'a host name or an address');
const file = text('file', 'the path of a file');

/** Options of the program, by their names; those that createImServer has too are checked there by the same kinds. */
export const table: { readonly [Name in SettingName]-?: ProgramOption<NonNullable<Settings[Name]>> } = {
  host: { group: listening, kind: host, about: 'Interface to listen on.' },
  port: { group: listening, kind: port, about: 'Port for WebSocket; 0 takes a free one.' },
  path: {
    group: listening,
    kind: text('path', 'a path that starts with "/"', /^\//),
    about: 'Path of the WebSocket.',
  },
  tcpPort: {
    group: listening,
    kind: port,
    about: 'Port for the TCP variant (8-byte length and JSON); 0 takes a free one. Off when absent.',
  },
  tlsCert: {
    group: listening,
    kind: file,
    isFile: true,
    about: 'Certificate (PEM), with tlsKey: WebSocket becomes wss, the TCP variant TLS.',
  },
  tlsKey: { group: listening, kind: file, isFile: true, about: 'Key of the certificate (PEM).' },
  publicUrl: {
    group: listening,
    kind: text('url', 'an address that starts with ws:// or wss://', /^wss?:\/\/./),
    about:
      'What backends are told that devices should connect to. By default made of host name, port and path.',
  },
  allowedOrigins: {
    group: listening,
    kind: list(
      'origins',
      'origins such as https://chat.example.com, with commas between them',
      text('origin', 'an origin', /^[a-z][a-z\d+.-]*:\/\/[^/\s]+$/i),
    ),
    about: 'Pages that may connect. Any when absent. Requests without Origin (no browser) always may.',
  },
  trustProxy: {
    group: listening,
    kind: boolean,
    about:
      "Believe the last entry of X-Forwarded-For about a device's address. Only behind a proxy that sets it.",
  },

  redis: {
    group: bus,
    kind: text(
      'url',
      'redis://host:port/db, redis+sentinel://host:port,host:port/master or redis+cluster://host:port,host:port (rediss for TLS)',
      /^rediss?(\+sentinel|\+cluster)?:\/\/([^@/]*@)?[^@/]+(\/[^@]*)?$/,
    ),
    hides: 'password',
    about:
      'Where Redis is: redis://host:port/db, redis+sentinel://host:port,host:port/master or redis+cluster://host:port,host:port.',
  },
  keyPrefix: {
    group: bus,
    kind: text('text', 'a text', /^/),
    about: "Put before every key, to share a Redis with strangers. Box-im's Java parts know no prefix.",
  },
  commandTimeoutMs: {
    group: bus,
    kind: milliseconds(1),
    about:
      'How long a command may take before Redis counts as away. Lower fails faster and mistakes a busy Redis for a dead one.',
  },

  jwtSecret: {
    group: login,
    kind: secrets,
    hides: 'value',
    secondEnv: 'IM_JWT_SECRET_PREVIOUS',
    about:
      'HS256 secret; the first that fits counts. Several (flag repeated, array in the file) let a new one in before the old one goes.',
  },
  jwtSecretFile: {
    group: login,
    kind: file,
    isFile: true,
    about: 'The same from a file, one secret per line; keeps it out of the process list.',
  },
  jwtPublicKeyFile: {
    group: login,
    kind: file,
    isFile: true,
    about: 'A public key (PEM, SPKI) for RS256, ES256 and EdDSA tokens.',
  },
  jwksUrl: {
    group: login,
    kind: text('url', 'an address that starts with http:// or https://', /^https?:\/\/./),
    about: 'Address of a JWKS document for RS256, ES256 and EdDSA tokens.',
  },
  tokenExpiry: {
    group: login,
    kind: choice(['close', 'ignore']),
    about: 'What happens when a token expires and the device has not logged in again with a fresh one.',
  },
  terminals: {
    group: login,
    kind: terminals,
    about: 'Terminal codes that may log in.',
  },

  proof: {
    group: delivery,
    kind: choice(['written', 'pong']),
    about: 'When a message counts as delivered. A device that acknowledges is always held to that.',
  },
  proofTimeoutMs: {
    group: delivery,
    kind: milliseconds(1),
    about: 'How long a pong may take before the device is cut off and its messages reported.',
  },
  ackTimeoutMs: {
    group: delivery,
    kind: milliseconds(1),
    about:
      "How long a device that acknowledges may take over a message. Keep it below the senders' result deadline.",
  },
  pullBatch: {
    group: delivery,
    kind: count,
    about: 'Entries taken from a list at once. More is cheaper under load and lets other lists wait longer.',
  },
  maxInFlight: {
    group: delivery,
    kind: count,
    about: 'Messages without a final outcome before the server stops taking more. Memory grows with it.',
  },
  maxInFlightBytes: { group: delivery, kind: count, about: 'The same in bytes of their payloads.' },

  loginTimeoutMs: { group: times, kind: milliseconds(1), about: 'Time for the login frame.' },
  idleTimeoutMs: {
    group: times,
    kind: milliseconds(1),
    about: 'A WebSocket that is silent for so long is dropped.',
  },
  tcpIdleTimeoutMs: { group: times, kind: milliseconds(1), about: 'The same for the TCP variant.' },
  pingAfterSilenceMs: {
    group: times,
    kind: milliseconds(1),
    about: 'A silent WebSocket is pinged after this; finds half-open devices sooner, and wakes phones.',
  },
  kickGraceMs: {
    group: times,
    kind: milliseconds(0),
    about: 'Time that a kicked device has to close by itself after it was told.',
  },
  leaseMs: {
    group: times,
    kind: milliseconds(1),
    about:
      'How long the server counts as alive without a sign of life. Lower finds the dead sooner and forgives less.',
  },
  refreshRoutesMs: {
    group: times,
    kind: milliseconds(1),
    about: 'How often every route is written again. Far below its ten minutes.',
  },
  drainMs: {
    group: times,
    kind: milliseconds(0),
    about: 'How long a draining server takes to send its devices away.',
  },
  reconnectGraceMs: {
    group: times,
    kind: milliseconds(0),
    about:
      'How long a device that left without a goodbye (drained, cut off) counts as on its way back, and messages wait for it. 0: not at all.',
  },

  maxConnections: {
    group: limits,
    kind: count,
    about: 'Connections in all, per worker. More are refused with 503.',
  },
  maxConnectionsPerAddress: {
    group: limits,
    kind: count,
    about: 'Connections from one address, per worker. More are refused with 429.',
  },
  maxUnauthenticatedPerAddress: {
    group: limits,
    kind: count,
    about:
      'Those of them that have not logged in yet, per worker. More are dropped, or behind a proxy refused with 429.',
  },
  maxLoginsPerUser: {
    group: limits,
    kind: count,
    about: 'Logins of one user in ten seconds, per worker. More are closed with 1013.',
  },
  maxFailedLoginsPerAddress: {
    group: limits,
    kind: count,
    about: 'Refused logins from one address in ten seconds, per worker. After them all are closed with 1013.',
  },
  maxFrameBytes: {
    group: limits,
    kind: bytes,
    about: 'Longest frame that a device may send; longer closes with 1009.',
  },
  maxFramesPerSecond: {
    group: limits,
    kind: count,
    about: 'Frames that a device may send in a second; more closes with 4429.',
  },
  maxBytesPerSecond: {
    group: limits,
    kind: bytes,
    about: 'Bytes that a device may send in a second; more closes with 4429. Not below maxFrameBytes.',
  },
  maxBufferedBytes: {
    group: limits,
    kind: bytes,
    about: 'Bytes that may wait for one device; more cuts it off as a slow reader.',
  },
  maxMessageBytes: {
    group: limits,
    kind: bytes,
    about: 'Longest message from a backend; longer is reported TOO_LARGE.',
  },

  workers: {
    group: operation,
    kind: integer('number', 1, 1_024),
    about: 'Processes that share the port, each a server of its own. One per core is plenty.',
  },
  adminPort: {
    group: operation,
    kind: port,
    about: 'Port for /healthz, /readyz and /metrics; 0 takes a free one. Off when absent.',
  },
  adminHost: {
    group: operation,
    kind: host,
    about: 'Interface of the admin port. Whoever reaches it may read the metrics.',
  },
  logLevel: { group: operation, kind: choice(logLevels), about: 'What is logged, as JSON lines on stdout.' },
};

/** One row of the table, with its names everywhere. */
export interface NamedOption extends ProgramOption<unknown> {
  /** In the JSON file. */
  readonly name: SettingName;
  readonly flag: string;
  readonly env: readonly string[];
}

export const programOptions: readonly NamedOption[] = Object.entries(table).map(([name, option]) => ({
  ...(option as ProgramOption<unknown>), // From here on a value is whatever its own kind made of it.
  name: name as SettingName,
  flag: `--${inWords(name, '-')}`,
  env: [
    `IM_${inWords(name, '_').toUpperCase()}`,
    ...(option.secondEnv === undefined ? [] : [option.secondEnv]),
  ],
}));

function inWords(name: string, separator: string): string {
  return name.replace(/[A-Z]/g, (letter) => separator + letter.toLowerCase());
}
