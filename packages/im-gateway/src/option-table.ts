import { defaultTerminals, silentLogger } from 'im-common';
import { busKind, keyPrefix, redisKind } from 'im-common/internal/bus';
import {
  boolean,
  bytes,
  count,
  file,
  host,
  inGroup,
  list,
  logger,
  milliseconds,
  operation,
  port,
  secrets,
  terminals,
  text,
  url,
  type OptionTable,
  type TextKind,
} from 'im-common/internal/checks';
import { trustProxy } from 'im-common/internal/network';
import { keyForm } from './http/keys.ts';
import type { GatewayOptions, ProgramOptions, WithoutDefault } from './options.ts';

/** Somebody may write the key itself where its hash belongs. */
const keys: TextKind<readonly string[]> = {
  ...list('key', 'lines of the command "im-gateway key"', text('key', 'name:scopes:hash', keyForm)),
  hides: 'value',
};

export const table: OptionTable<GatewayOptions, ProgramOptions, WithoutDefault> = {
  ...inGroup('Where back ends call', {
    host: {
      kind: host,
      default: '127.0.0.1',
      about: 'Interface to listen on. Keys go over it: on a network, put a proxy with TLS in front.',
    },
    port: { kind: port, default: 8880, about: 'Port for HTTP; 0 takes a free one.' },
    trustProxy: {
      kind: trustProxy,
      default: false,
      about:
        'Proxies of ours in front, or their networks: so many entries of X-Forwarded-For, from its end, are true.',
    },
  }),

  ...inGroup('Bus', {
    redis: {
      kind: redisKind,
      about: 'Where Redis is, as im-server has it: redis://, redis+sentinel:// or redis+cluster://.',
    },
    keyPrefix: { only: 'program', kind: keyPrefix, default: '', about: 'As im-server has it.' },
    commandTimeoutMs: {
      only: 'program',
      kind: milliseconds(1),
      default: 2_000,
      about: 'How long a command may take before Redis counts as away.',
    },
    service: {
      kind: text('name', '1 to 64 characters out of A-Z a-z 0-9 _ . -', /^[\w.-]{1,64}$/),
      default: 'gateway',
      about: 'Names the application that sends. Gateways of one name share the work on results and webhooks.',
    },
    terminals: {
      kind: terminals,
      default: defaultTerminals,
      about: 'Terminals that a message goes to when it names none. Each costs a look-up per receiver.',
    },
  }),

  ...inGroup('Keys', {
    keys: {
      kind: keys,
      about:
        'Who may call, by the hash of their key, each with its scopes: lines that "im-gateway key <name>" prints.',
    },
    apiKey: {
      kind: secrets,
      about: 'A key in plain text that may do everything; best by environment. 32 characters or longer.',
    },
    apiKeyFile: {
      only: 'program',
      kind: file,
      isFile: true,
      about: 'The same from a file, one key per line.',
    },
  }),

  ...inGroup('Webhooks', {
    webhookUrl: {
      kind: url('http:', 'https:'),
      about: 'Where results are posted to. Off when absent: then ask with waitMs.',
    },
    webhookSecret: {
      kind: secrets,
      about:
        'What webhooks are signed with: whsec_ and 24 bytes or more in base64. With several they carry a signature of each.',
    },
    webhookSecretFile: {
      only: 'program',
      kind: file,
      isFile: true,
      about: 'The same from a file, one secret per line.',
    },
    webhookPresence: {
      kind: boolean,
      default: false,
      about:
        'Whether webhooks also tell who comes and goes. It costs the servers a write for each login and each end.',
    },
    uplinks: {
      kind: list('names', 'names of services', text('name', 'a name', /^[\w.-]{1,64}$/)),
      about:
        'Services whose uplinks from devices are posted to webhookUrl; what it answers is the reply. Servers name them in uplinkTo.',
    },
    webhookTimeoutMs: {
      kind: milliseconds(1),
      default: 10_000,
      about: 'How long the receiver may take to answer. While it does, later webhooks wait.',
    },
    webhookKeepMs: {
      kind: milliseconds(1),
      default: 86_400_000,
      about: 'For how long a webhook that is not taken is tried again, before it becomes a dead letter.',
    },
    webhookMaxBytes: {
      kind: bytes,
      default: 268_435_456,
      about: 'Bytes of webhooks that may wait for their receiver; results of more become dead letters.',
    },
  }),

  ...inGroup('Devices', {
    whereTtlMs: {
      kind: milliseconds(1_000),
      default: 10_000,
      about: 'How long a device may rely on an answer of /v1/where.',
    },
    wherePerSecond: {
      kind: count,
      default: 100,
      about: 'Questions where to connect from one network, in a second, per process.',
    },
  }),

  ...inGroup('Limits', {
    requestsPerSecond: {
      kind: count,
      default: 1_000,
      about: 'Requests of one key in a second, per process. More are answered with 429.',
    },
    maxRequests: {
      kind: count,
      default: 10_000,
      about:
        'Requests that may be under way at once, per process: more are answered with 503. One of several keys has at most half of them: 429.',
    },
    maxConnections: {
      kind: count,
      default: 10_000,
      about: 'Connections at once, per process. More are dropped.',
    },
    maxMessageBytes: {
      kind: bytes,
      default: 1_048_576,
      about: 'Longest data of a push, as JSON; more is answered with 413. As im-server has it, or less.',
    },
    maxBodyBytes: {
      kind: bytes,
      default: 2_097_152,
      about:
        'Longest body of a request. More is answered with 413. Bodies under way have 64 times as much in all.',
    },
    requestTimeoutMs: {
      kind: milliseconds(100),
      default: 10_000,
      about: 'How long a request may take to come in.',
    },
  }),

  ...inGroup('Operation', {
    drainMs: {
      only: 'program',
      kind: milliseconds(0),
      default: 10_000,
      about: 'How long the end may take before the process gives up on it, and some more.',
    },
    ...operation,
  }),

  bus: { only: 'library', kind: busKind },
  logger: { only: 'library', kind: logger, default: silentLogger },
};
