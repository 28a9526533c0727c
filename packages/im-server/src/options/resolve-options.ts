import { createSecureContext } from 'node:tls';
import {
  defaultsOf,
  either,
  invalidOption,
  libraryNames,
  readOptions,
  readTable,
  text,
  type Kind,
  type Kinds,
} from 'im-common/internal/checks';
import { table } from './option-table.ts';
import type { ImServerOptions, ResolvedOptions } from './options.ts';

/** The names of all options. */
export const imServerOptionNames: readonly string[] = libraryNames(table);

export const serverDefaults = defaultsOf(table, imServerOptionNames) as Omit<ResolvedOptions, 'jwtSecrets'>;

/** Each by the kind that its row has. */
type Read = Omit<ResolvedOptions, 'jwtSecrets'> & Pick<ImServerOptions, 'jwtSecret'>;

type Tls = NonNullable<ImServerOptions['tls']>;

const pem: Kind<string | Buffer> = either(text('pem', 'PEM as a text'), {
  expected: 'as a Buffer',
  read: (value) => (Buffer.isBuffer(value) ? value : undefined),
});

const tlsKinds: Kinds<Tls> = { cert: pem, key: { ...pem, hides: 'value' } };

/** Fills in defaults and checks; throws an INVALID_OPTION that names each option that is wrong and what it may be. */
export function resolveOptions(options: ImServerOptions): ResolvedOptions {
  const { jwtSecret, tls, ...given } = readTable(
    'the options of a server',
    options,
    table,
    invalidOption,
  ) as Read;
  const jwtSecrets = typeof jwtSecret === 'string' ? [jwtSecret] : (jwtSecret ?? []);
  const resolved = { ...given, ...(tls && { tls: readTls(tls) }), jwtSecrets };
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
