import type { Server as HttpServer } from 'node:http';
import { defaultTerminals, silentLogger } from 'im-common';
import { busKind, keyPrefix, redisKind } from 'im-common/internal/bus';
import {
  anyFunction,
  boolean,
  bytes,
  choice,
  count,
  file,
  host,
  inGroup,
  integer,
  list,
  listOf,
  logger,
  milliseconds,
  objectWith,
  operation,
  origins,
  port,
  secrets,
  terminals,
  text,
  url,
  type Kind,
  type OptionTable,
  type TextKind,
} from 'im-common/internal/checks';
import { trustProxy } from 'im-common/internal/network';
import type { Authenticate, ImServerOptions, ProgramOptions, Wire, WithoutDefault } from './options.ts';

// The one place where options stand. The library's checks, the program's flags, environment, file and --help, and the tables
// in the README come from it.

const protocolForm = /^[\w!#$%&'*+.^`|~-]{1,64}$/;
const wire = objectWith<Wire>('', { protocol: 'string', toDevice: 'function', fromDevice: 'function' });
const someWires = listOf<Wire>(
  'a list of { protocol, isBinary?, toDevice, fromDevice }, of which each has a protocol of its own, a name such as im.notes',
  wire,
);
const wires: Kind<readonly Wire[]> = {
  ...someWires,
  read(value) {
    const found = someWires.read(value);
    const names = new Set(found?.map(({ protocol }) => protocol));
    const areGood = [...names].every((name) => protocolForm.test(name) && name !== 'im.protobuf');
    return names.size === found?.length && areGood ? found : undefined;
  },
};

type Tls = NonNullable<ImServerOptions['tls']>;

const names = list('names', 'names of services', text('name', 'a name', /^[\w.-]{1,64}$/));
const serviceNames: TextKind<readonly string[]> = {
  ...names,
  read: (value) => (Array.isArray(value) && value.length === 0 ? [] : names.read(value)),
};

export const table: OptionTable<ImServerOptions, ProgramOptions, WithoutDefault> = {
  ...inGroup('Where devices connect', {
    host: { kind: host, default: '0.0.0.0', about: 'Interface to listen on.' },
    port: { kind: port, default: 8878, about: 'Port for WebSocket; 0 takes a free one.' },
    path: {
      kind: text('path', 'a path that starts with "/"', /^\//),
      default: '/im',
      about: 'Path of the WebSocket.',
    },
    tcpPort: {
      kind: port,
      about: 'Port for the TCP variant (8-byte length and JSON); 0 takes a free one. Off when absent.',
    },
    sse: {
      kind: boolean,
      default: false,
      about:
        'Devices may also come by POST and be told by server-sent events, where a network lets no WebSocket through (im-device/sse). Not with several workers.',
    },
    tlsCert: {
      only: 'program',
      kind: file,
      isFile: true,
      about: 'Certificate (PEM), with tlsKey: WebSocket becomes wss, the TCP variant TLS.',
    },
    tlsKey: { only: 'program', kind: file, isFile: true, about: 'Key of the certificate (PEM).' },
    publicUrl: {
      kind: url('ws:', 'wss:'),
      about:
        'What backends are told that devices should connect to. By default made of host name, port and path.',
    },
    allowedOrigins: {
      kind: origins,
      about: 'Pages that may connect. Any when absent. Requests without Origin (no browser) always may.',
    },
    trustProxy: {
      kind: trustProxy,
      default: false,
      about:
        'Proxies of ours that a device comes through, or their networks: so many entries of X-Forwarded-For, from its end, are true.',
    },
  }),

  ...inGroup('Bus', {
    redis: {
      kind: redisKind,
      about:
        'Where Redis is: redis://host:port/db, redis+sentinel://host:port,host:port/master or redis+cluster://host:port,host:port.',
    },
    keyPrefix: {
      only: 'program',
      kind: keyPrefix,
      default: '',
      about: "Put before every key, to share a Redis with strangers. Box-im's Java parts know no prefix.",
    },
    commandTimeoutMs: {
      only: 'program',
      kind: milliseconds(1),
      default: 2_000,
      about:
        'How long a command may take before Redis counts as away. Lower fails faster and mistakes a busy Redis for a dead one.',
    },
  }),

  ...inGroup('Login', {
    jwtSecret: {
      kind: secrets,
      secondEnv: 'IM_JWT_SECRET_PREVIOUS',
      about:
        'HS256 secret; the first that fits counts. Several (flag repeated, array in the file) let a new one in before the old one goes.',
    },
    jwtSecretFile: {
      only: 'program',
      kind: file,
      isFile: true,
      about: 'The same from a file, one secret per line; keeps it out of the process list.',
    },
    jwtPublicKeyFile: {
      only: 'program',
      kind: file,
      isFile: true,
      about: 'A public key (PEM, SPKI) for RS256, ES256 and EdDSA tokens.',
    },
    jwksUrl: {
      kind: url('http:', 'https:'),
      about: 'Address of a JWKS document for RS256, ES256 and EdDSA tokens.',
    },
    tokenExpiry: {
      kind: choice(['close', 'ignore']),
      default: 'close',
      about: 'What happens when a token expires and the device has not logged in again with a fresh one.',
    },
    terminals: { kind: terminals, default: defaultTerminals, about: 'Terminal codes that may log in.' },
    sessions: {
      kind: text(
        'rules',
        'newest, refuse, alone, 1 to 20, or rules for terminals such as 0=3,1=refuse',
        /^(?:alone|(?:-?\d{1,9}=)?(?:newest|refuse|[1-9]|1\d|20)(?:,(?:-?\d{1,9}=)?(?:newest|refuse|[1-9]|1\d|20))*)$/,
      ),
      about:
        'Keeps sessions for im.sessions, and says who may be in at once on a terminal: newest (login wins), refuse (newcomers), a number (so many at once), or 0=3,1=refuse. alone: the newest of all terminals.',
    },
  }),

  ...inGroup('Delivery', {
    proof: {
      kind: choice(['written', 'pong']),
      default: 'pong',
      about: 'When a message counts as delivered. A device that acknowledges is always held to that.',
    },
    proofTimeoutMs: {
      kind: milliseconds(1),
      default: 4_000,
      about: 'How long a pong may take before the device is cut off and its messages reported.',
    },
    ackTimeoutMs: {
      kind: milliseconds(1),
      default: 8_000,
      about:
        "How long a device that acknowledges may take over a message. Keep it below the senders' result deadline.",
    },
    pullBatch: {
      kind: count,
      default: 4_000,
      about:
        'Entries taken from a list at once. More is cheaper under load and lets other lists wait longer.',
    },
    maxInFlight: {
      kind: count,
      default: 50_000,
      about: 'Messages without a final outcome before the server stops taking more. Memory grows with it.',
    },
    maxInFlightBytes: { kind: count, default: 268_435_456, about: 'The same in bytes of their payloads.' },
  }),

  ...inGroup('From devices to services', {
    uplinkTo: {
      kind: serviceNames,
      about:
        'Services that devices may speak to, by the names that these give to onUplink. None when absent.',
    },
    maxUplinkBytes: {
      kind: bytes,
      default: 16_384,
      about: 'Longest data that a device may send to a service; longer is refused. Not above maxFrameBytes.',
    },
    maxUplinksPerSecond: {
      kind: count,
      default: 20,
      about: 'How often a device may speak to services in a second; the rest is refused, and tried again.',
    },
    maxUplinksWaiting: {
      kind: count,
      default: 64,
      about: "How much of one user's terminal may wait for a service; more is refused, and tried again.",
    },
    maxUplinkWaitingBytes: {
      kind: bytes,
      default: 134_217_728,
      about:
        'Bytes that may wait for one service, each sixteenth of its users having a sixteenth; more is refused, and tried again.',
    },
  }),

  ...inGroup('Times', {
    loginTimeoutMs: { kind: milliseconds(1), default: 5_000, about: 'Time for the login frame.' },
    idleTimeoutMs: {
      kind: milliseconds(1),
      default: 60_000,
      about: 'A WebSocket that is silent for so long is dropped.',
    },
    tcpIdleTimeoutMs: {
      kind: milliseconds(1),
      default: 120_000,
      about: 'The same for the TCP variant and for SSE.',
    },
    pingAfterSilenceMs: {
      kind: milliseconds(1),
      default: 13_000,
      about: 'A silent WebSocket is pinged after this; finds half-open devices sooner, and wakes phones.',
    },
    kickGraceMs: {
      kind: milliseconds(0),
      default: 500,
      about: 'Time that a kicked device has to close by itself after it was told.',
    },
    leaseMs: {
      kind: milliseconds(1),
      default: 2_500,
      about:
        'How long the server counts as alive without a sign of life. Lower finds the dead sooner and forgives less.',
    },
    refreshRoutesMs: {
      kind: milliseconds(1),
      default: 120_000,
      about: 'How often every route is written again. Far below its ten minutes.',
    },
    drainMs: {
      kind: milliseconds(0),
      default: 10_000,
      about: 'How long a draining server takes to send its devices away.',
    },
    reconnectGraceMs: {
      kind: milliseconds(0),
      default: 2_000,
      about:
        'How long a device that left without a goodbye (drained, cut off) counts as on its way back, and messages wait for it. 0: not at all.',
    },
  }),

  ...inGroup('Limits', {
    maxConnections: {
      kind: count,
      default: 100_000,
      about: 'Connections in all, per worker. More are refused with 503.',
    },
    maxConnectionsPerAddress: {
      kind: count,
      default: 10_000,
      about: 'Connections from one address, per worker. More are refused with 429.',
    },
    maxUnauthenticatedPerAddress: {
      kind: count,
      default: 1_000,
      about:
        'Those of them that have not logged in yet, per worker. More are dropped, or behind a proxy refused with 429.',
    },
    maxLoginsPerUser: {
      kind: count,
      default: 30,
      about: 'Logins of one user in ten seconds, per worker. More are closed with 1013.',
    },
    maxFailedLoginsPerAddress: {
      kind: count,
      default: 1_000,
      about:
        'Refused logins from one address in ten seconds, per worker. After them all are closed with 1013.',
    },
    maxFrameBytes: {
      kind: bytes,
      default: 65_536,
      about: 'Longest frame that a device may send; longer closes with 1009.',
    },
    maxFramesPerSecond: {
      kind: count,
      default: 50,
      about: 'Frames that a device may send in a second; more closes with 4429.',
    },
    maxBytesPerSecond: {
      kind: bytes,
      default: 1_048_576,
      about: 'Bytes that a device may send in a second; more closes with 4429. Not below maxFrameBytes.',
    },
    maxBufferedBytes: {
      kind: bytes,
      default: 1_048_576,
      about: 'Bytes that may wait for one device; more cuts it off as a slow reader.',
    },
    maxMessageBytes: {
      kind: bytes,
      default: 1_048_576,
      about: 'Longest message from a backend; longer is reported TOO_LARGE.',
    },
  }),

  ...inGroup('Operation', {
    workers: {
      only: 'program',
      kind: integer('number', 1, 1_024),
      default: 1,
      about: 'Processes that share the port, each a server of its own. One per core is plenty.',
    },
    tracing: {
      kind: boolean,
      default: false,
      about:
        'Spans of OpenTelemetry for messages that their senders trace, by the tracer provider that is registered.',
    },
    ...operation,
  }),

  wires: { only: 'library', kind: wires, default: [] },
  bus: { only: 'library', kind: busKind },
  httpServer: {
    only: 'library',
    kind: objectWith<HttpServer>('a server of node:http or node:https', {
      on: 'function',
      off: 'function',
      address: 'function',
    }),
  },
  tls: { only: 'library', kind: objectWith<Tls>('an object with cert and key', {}) },
  jwtPublicKey: { only: 'library', kind: text('pem', 'a public key in PEM form') },
  authenticate: { only: 'library', kind: anyFunction<Authenticate>() },
  logger: { only: 'library', kind: logger, default: silentLogger },
};
