import type { Server as HttpServer } from 'node:http';
import { createSecureContext } from 'node:tls';
import { busKind, redisKind } from 'im-common/internal/bus';
import {
  anyFunction,
  either,
  invalidOption,
  logger,
  objectWith,
  readOptions,
  text,
  type Kind,
  type Kinds,
} from 'im-common/internal/checks';
import { table } from './configuration/option-table.ts';
import type { Authenticate } from './device/authenticate.ts';
import { serverDefaults, type ImServerOptions, type ResolvedOptions } from './options.ts';

type Shared = Extract<keyof typeof table, keyof ImServerOptions>;

/** What the program may be told may be told to the library too, by the same kinds; its own options are not among them. */
function sharedKinds(): { readonly [Name in Shared]: (typeof table)[Name]['kind'] } {
  const { adminHost, adminPort, commandTimeoutMs, jwtPublicKeyFile, jwtSecretFile, ...more } = table;
  const { keyPrefix, logLevel, tlsCert, tlsKey, workers, ...shared } = more;
  const kinds = Object.entries(shared).map(([name, { kind }]) => [name, kind] as const);
  return Object.fromEntries(kinds) as { readonly [Name in Shared]: (typeof table)[Name]['kind'] };
}

const pem: Kind<string | Buffer> = either(text('pem', 'PEM as a text'), {
  expected: 'as a Buffer',
  read: (value) => (Buffer.isBuffer(value) ? value : undefined),
});

type Tls = NonNullable<ImServerOptions['tls']>;

const tlsKinds: Kinds<Tls> = { cert: pem, key: { ...pem, isSecret: true } };

const kinds: Kinds<ImServerOptions> = {
  ...sharedKinds(),
  redis: redisKind,
  bus: busKind,
  httpServer: objectWith<HttpServer>('a server of node:http or node:https', {
    on: 'function',
    off: 'function',
    address: 'function',
  }),
  tls: objectWith<Tls>('an object with cert and key', {}),
  jwtPublicKey: text('pem', 'a public key in PEM form'),
  authenticate: anyFunction<Authenticate>(),
  logger,
};

/** The names of all options. */
export const imServerOptionNames: readonly string[] = Object.keys(kinds);

/** Fills in defaults and checks; throws an INVALID_OPTION that names each option that is wrong and what it may be. */
export function resolveOptions(options: ImServerOptions): ResolvedOptions {
  const { jwtSecret, tls, ...given } = readOptions('the options of a server', options, kinds, invalidOption);
  const jwtSecrets = typeof jwtSecret === 'string' ? [jwtSecret] : (jwtSecret ?? []);
  const resolved = { ...serverDefaults, ...given, ...(tls && { tls: readTls(tls) }), jwtSecrets };
  checkBus(resolved);
  checkAuthentication(resolved);
  return resolved;
}

function readTls(given: unknown): Tls {
  const { cert, key } = readOptions('the option tls', given, tlsKinds, invalidOption);
  if (cert === undefined || key === undefined)
    throw invalidOption('The option tls is without cert or key; expected both.');
  try {
    createSecureContext({ cert, key });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw invalidOption(`The option tls is no certificate with its key, in PEM form: ${reason}.`, cause);
  }
  return { cert, key };
}

function checkBus({ redis, bus }: ResolvedOptions): void {
  if ((redis === undefined) !== (bus === undefined)) return;
  const found = redis === undefined ? 'missing, and so is bus' : 'given beside bus';
  throw invalidOption(
    `The option redis is ${found}; expected either redis (an address such as redis://127.0.0.1:6379) or bus.`,
  );
}

function checkAuthentication({ jwtSecrets, jwtPublicKey, jwksUrl, authenticate }: ResolvedOptions): void {
  const hasJwt = jwtSecrets.length > 0 || jwtPublicKey !== undefined || jwksUrl !== undefined;
  if (hasJwt !== (authenticate !== undefined)) return;
  throw invalidOption(
    'Say how devices log in: jwtSecret, jwtPublicKey or jwksUrl, or else authenticate. There is no default secret.',
  );
}
