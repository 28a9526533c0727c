import { readFileSync } from 'node:fs';
import { ImError } from 'im-common';
import { hidePassword } from 'im-common/internal/bus';
import { checkSecrets } from 'im-common/token';
import { readCommandLine } from './configuration/command.ts';
import { fromEnvironment, fromFile, fromFlags, misspelt } from './configuration/given.ts';
import type { Environment, Given, Source } from './configuration/given.ts';
import { defaults, programOptions, type SettingName, type Settings } from './configuration/option-table.ts';
import type { ImServerOptions } from './options.ts';

export interface Configuration {
  readonly settings: Settings;
  /** What createImServer is to be called with; the logger is the caller's. */
  readonly serverOptions: ImServerOptions;
  /** Not wrong, but to be logged. */
  readonly warnings: readonly string[];
}

/** What the caller of the program wants: an answer on stdout, or a server. */
export type Request =
  { readonly kind: 'print'; readonly text: string } | ({ readonly kind: 'run' } & Configuration);

/**
 * Puts flags, environment and JSON file together, in that order of strength, over the defaults. Throws an INVALID_OPTION
 * that names every wrong option, where it came from and what is allowed, a line for each; never a secret.
 */
export function readConfiguration(args: readonly string[], env: Environment): Request {
  const commandLine = readCommandLine(args);
  if (commandLine.answer !== undefined) return { kind: 'print', text: commandLine.answer };

  const file = commandLine.configFile ?? env['IM_CONFIG'] ?? '';
  const weakestFirst = [
    ...(file === '' ? [] : [fromFile(file)]),
    fromEnvironment(env),
    fromFlags(commandLine),
  ];
  const given = merge(weakestFirst);
  const values = [...given].map(([name, { value }]) => [name, value] as const);
  // Each value was read by the kind that its row in the table demands for its name.
  const settings = { ...defaults, ...Object.fromEntries(values) } as Settings;
  if (commandLine.printConfig) return { kind: 'print', text: print(settings) };

  const serverOptions = toServerOptions(settings, given);
  // Here already, before any process is started; the server itself warns.
  checkSecrets('jwtSecret', [serverOptions.jwtSecret ?? []].flat(), env['NODE_ENV']);
  return {
    kind: 'run',
    settings,
    serverOptions,
    warnings: misspelt(env),
  };
}

function merge(weakestFirst: readonly Source[]): Map<SettingName, Given> {
  const problems = weakestFirst.flatMap((source) => source.problems);
  if (problems.length > 0) throw new ImError('INVALID_OPTION', problems.join('\n'));
  return new Map(weakestFirst.flatMap((source) => [...source.given]));
}

function print(settings: Settings): string {
  const shown = programOptions.map(({ name, hides }) => {
    const value = settings[name];
    if (hides === 'value' && value !== undefined) return [name, '***'];
    return [name, hides === 'password' && typeof value === 'string' ? hidePassword(value) : value];
  });
  return `${JSON.stringify(Object.fromEntries(shown), undefined, 2)}\n`;
}

function toServerOptions(settings: Settings, given: ReadonlyMap<SettingName, Given>): ImServerOptions {
  const { redis, keyPrefix, commandTimeoutMs, workers, adminPort, adminHost, logLevel, ...rest } = settings;
  const { jwtSecret, jwtSecretFile, jwtPublicKeyFile, tlsCert, tlsKey, ...asTheyAre } = rest;
  if (redis === undefined) throw missing('where Redis is', 'redis', 'redis://127.0.0.1:6379');
  if (!jwtSecret && !jwtSecretFile && !jwtPublicKeyFile && settings.jwksUrl === undefined) {
    throw missing('how tokens are checked (there is no default secret)', 'jwt-secret', '…');
  }
  refuseBoth(given, 'jwtSecret', 'jwtSecretFile');
  requireBoth(given, 'tlsCert', 'tlsKey');

  const contentOf = (name: SettingName): string => readNamedFile(given.get(name));
  return {
    ...asTheyAre,
    redis: { url: redis, keyPrefix, commandTimeoutMs },
    ...(jwtSecret && { jwtSecret }),
    ...(jwtSecretFile && { jwtSecret: secretsIn(contentOf('jwtSecretFile'), given.get('jwtSecretFile')) }),
    ...(jwtPublicKeyFile && { jwtPublicKey: contentOf('jwtPublicKeyFile') }),
    ...(tlsCert && tlsKey && { tls: { cert: contentOf('tlsCert'), key: contentOf('tlsKey') } }),
  };
}

function missing(what: string, flag: string, example: string): ImError {
  const env = `IM_${flag.replaceAll('-', '_').toUpperCase()}`;
  return new ImError('INVALID_OPTION', `Say ${what}: --${flag} ${example}, or ${env}. See --help.`);
}

function refuseBoth(given: ReadonlyMap<SettingName, Given>, one: SettingName, other: SettingName): void {
  const [first, second] = [given.get(one), given.get(other)];
  if (!first || !second) return;
  throw new ImError(
    'INVALID_OPTION',
    `${first.from} and ${second.from} are both given; expected one of them.`,
  );
}

function requireBoth(given: ReadonlyMap<SettingName, Given>, one: SettingName, other: SettingName): void {
  const [first, second] = [given.get(one), given.get(other)];
  if ((first === undefined) === (second === undefined)) return;
  const [there, absent] = first ? [first, other] : [second, one];
  throw new ImError(
    'INVALID_OPTION',
    `${there?.from ?? ''} is given without ${absent}; expected both or none.`,
  );
}

function readNamedFile(given: Given | undefined): string {
  const path = String(given?.value);
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ImError('INVALID_OPTION', `${given?.from ?? path} cannot be read: ${reason}.`, { cause });
  }
}

function secretsIn(content: string, given: Given | undefined): string[] {
  const secrets = content.split(/\r?\n/).filter((line) => line !== '');
  if (secrets.length > 0) return secrets;
  throw new ImError(
    'INVALID_OPTION',
    `${given?.from ?? ''} names an empty file; expected a secret per line.`,
  );
}
