import { toRedisBusOptions } from 'im-common/internal/bus';
import { invalidOption, libraryNames } from 'im-common/internal/checks';
import {
  missing,
  readNamedFile,
  readProgram,
  secretsOf,
  type Called,
  type Environment,
  type Given,
  type Printed,
  type Program,
} from 'im-common/internal/program';
import { checkSecrets } from 'im-common/token';
import { table } from '../options/option-table.ts';
import type { ImServerOptions, Settings } from '../options/options.ts';

export const program: Program = {
  name: 'im-server',
  about:
    'The push server: holds device connections, pulls its own Redis lists, pushes over WebSocket, posts results back.',
  usage: '--redis <url> --jwt-secret <secret>',
  envPrefix: 'IM_',
  manifest: new URL('../../package.json', import.meta.url),
  table,
};

export interface Configuration extends Called<Settings> {
  /** What createImServer is to be called with; the logger is the caller's. */
  readonly serverOptions: ImServerOptions;
}

/** What the program is called for: an answer on stdout, or a server. Throws an INVALID_OPTION that names all that is wrong. */
export function readConfiguration(args: readonly string[], env: Environment): Printed | Configuration {
  const called = readProgram<Settings>(program, args, env);
  if (called.kind === 'print') return called;
  const serverOptions = toServerOptions(called);
  // Here already, before any process is started; the server itself warns.
  checkSecrets('jwtSecret', [serverOptions.jwtSecret ?? []].flat(), env['NODE_ENV']);
  return { ...called, serverOptions };
}

function toServerOptions({ settings, given }: Called<Settings>): ImServerOptions {
  const { redis, keyPrefix, commandTimeoutMs, jwksUrl } = settings;
  const [keyFile, cert, key] = [given.get('jwtPublicKeyFile'), given.get('tlsCert'), given.get('tlsKey')];
  if (redis === undefined) throw missing(program, 'redis', 'where Redis is', 'redis://127.0.0.1:6379');
  const jwtSecret = secretsOf(given, 'jwtSecret', 'jwtSecretFile');
  if (!jwtSecret && !keyFile && jwksUrl === undefined)
    throw missing(program, 'jwtSecret', 'how tokens are checked (there is no default secret)', '…');
  // What a device says would come to any of them.
  if (settings.sse && settings.workers > 1)
    throw invalidOption('With sse a process has its port alone; expected workers 1, or sse off.');
  if ((cert === undefined) !== (key === undefined)) throw half(cert ?? key, cert ? 'tlsKey' : 'tlsCert');

  const names = libraryNames(table).filter((name) => name in settings && name !== 'logger');
  return {
    ...Object.fromEntries(names.map((name) => [name, settings[name as keyof Settings]])),
    redis: { keyPrefix, commandTimeoutMs, ...toRedisBusOptions(redis) },
    ...(jwtSecret && { jwtSecret }),
    ...(keyFile && { jwtPublicKey: readNamedFile(keyFile) }),
    ...(cert && key && { tls: { cert: readNamedFile(cert), key: readNamedFile(key) } }),
  };
}

function half(given: Given | undefined, absent: string): Error {
  return invalidOption(`${given?.from ?? ''} is given without ${absent}; expected both or none.`);
}
