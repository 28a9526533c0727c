import { readFileSync } from 'node:fs';
import type { RedisBusOptions } from 'im-common/bus';
import { hidePassword } from 'im-common/internal/checks';
import { readCommandLine, type CommandLine } from './configuration/command.ts';
import { defaults, programOptions, type SettingName, type Settings } from './configuration/option-table.ts';
import { platformDefaults, type PlatformOptions } from './options.ts';
import { PlatformError } from './platform-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the caller of the program wants. */
export type Task =
  | { readonly kind: 'print'; readonly text: string }
  | {
      readonly kind: 'start';
      readonly settings: Settings;
      /** What createPlatform is to be called with; the logger is the caller's. */
      readonly options: PlatformOptions;
      /** Not wrong, but to be logged. */
      readonly warnings: readonly string[];
    }
  | { readonly kind: 'migrate' | 'rollback'; readonly database: string }
  | { readonly kind: 'seed'; readonly database: string; readonly password: string }
  | {
      readonly kind: 'remove-file';
      readonly database: string;
      readonly filesDir: string;
      readonly address: string;
    }
  | { readonly kind: 'invite'; readonly database: string; readonly uses: number; readonly days: number }
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

/** In production; {@link platformDefaults} have the interface. */
const usualOperationsPort = 8_889;

/**
 * Puts flags and environment together, in that order of strength, over the defaults. Throws an INVALID_OPTION that names
 * every wrong option, where it came from and what is allowed, a line for each; never a secret.
 */
export function readConfiguration(args: readonly string[], env: Environment): Task {
  const commandLine = readCommandLine(args);
  if ('text' in commandLine) return { kind: 'print', text: commandLine.text };
  const settings = asInProduction(readSettings(commandLine, env), env);
  switch (commandLine.task) {
    case 'start':
      return {
        kind: 'start',
        settings,
        options: toPlatformOptions(settings),
        warnings: [...withoutEffect(env), ...openInProduction(settings, env)],
      };
    case 'migrate':
    case 'rollback':
      return { kind: commandLine.task, database: required(settings, 'database') };
    case 'seed':
      return {
        kind: 'seed',
        database: required(settings, 'database'),
        password: passwordOfSeed(commandLine, env),
      };
    case 'invite': {
      const [uses, days] = [wholeNumber('--uses', commandLine.uses), wholeNumber('--days', commandLine.days)];
      return { kind: 'invite', database: required(settings, 'database'), uses, days };
    }
    case 'remove-file': {
      const { filesDir = '' } = settings;
      const { address } = commandLine;
      return { kind: 'remove-file', database: required(settings, 'database'), filesDir, address };
    }
    case 'end-sessions': {
      const { redis: url, keyPrefix, service, accessTtlS } = settings;
      return {
        kind: 'end-sessions',
        whose: whoseSessions(commandLine),
        database: required(settings, 'database'),
        redis: url === undefined ? undefined : { url, keyPrefix },
        service: service ?? platformDefaults.service,
        accessTtlS: accessTtlS ?? platformDefaults.accessTtlS,
      };
    }
    case 'config print':
      return { kind: 'print', text: print(settings) };
  }
}

function readSettings({ texts }: CommandLine, env: Environment): Settings {
  const values = new Map<SettingName, unknown>();
  const problems: string[] = [];
  for (const { name, flag, env: variable, kind, hides } of programOptions) {
    const [given, from] = texts.has(name)
      ? [texts.get(name), `flag ${flag}`]
      : [env[variable], `environment ${variable}`];
    // A variable that is set to nothing counts as absent.
    if (given === undefined || (given === '' && !texts.has(name))) continue;
    const value = kind.read(given);
    if (value !== undefined) values.set(name, value);
    else {
      const shown = hides === undefined ? JSON.stringify(given).slice(0, 200) : 'not usable';
      problems.push(`${from} is ${shown}; expected ${kind.expected}.`);
    }
  }
  if (problems.length > 0) throw new PlatformError('INVALID_OPTION', problems.join('\n'));
  // Each value was read by the kind that its row in the table demands for its name.
  return { ...defaults, ...Object.fromEntries(values) } as Settings;
}

function toPlatformOptions(settings: Settings): PlatformOptions {
  const { accessSecret, accessSecretFile, accessKeyFile, refreshSecret, refreshSecretFile, ...others } =
    settings;
  const { keyPrefix, page, operationsPort, logLevel: _, ...asTheyAre } = others;
  return {
    ...asTheyAre,
    ...(typeof operationsPort === 'number' && { operationsPort }),
    database: required(settings, 'database'),
    redis: { url: required(settings, 'redis'), keyPrefix },
    ...(accessKeyFile !== undefined && { accessKey: readFile('accessKeyFile', accessKeyFile) }),
    // With keys a secret is for tokens that were made before.
    ...((accessKeyFile === undefined || accessSecret !== undefined || accessSecretFile !== undefined) && {
      accessSecret: secretOf(settings, 'accessSecret', 'accessSecretFile'),
    }),
    refreshSecret: secretOf(settings, 'refreshSecret', 'refreshSecretFile'),
    page: page ? {} : false,
  };
}

function required(settings: Settings, name: 'database' | 'redis'): string {
  const value = settings[name];
  if (value !== undefined) return value;
  throw missing(name);
}

function missing(wanted: SettingName): PlatformError {
  const option = programOptions.find(({ name }) => name === wanted);
  return new PlatformError(
    'INVALID_OPTION',
    `Say ${wanted}: ${option?.flag ?? ''} ${option?.kind.placeholder ?? ''}, or ${option?.env ?? ''}. See --help.`,
  );
}

function secretOf(
  settings: Settings,
  name: 'accessSecret' | 'refreshSecret',
  file: 'accessSecretFile' | 'refreshSecretFile',
): string | string[] {
  const [secret, path] = [settings[name], settings[file]];
  if (secret !== undefined && path !== undefined)
    throw new PlatformError('INVALID_OPTION', `${name} and ${file} are both given; expected one of them.`);
  if (path === undefined) {
    if (secret !== undefined) return secret;
    throw missing(name);
  }
  const lines = readFile(file, path)
    .split(/\r?\n/)
    .filter((line) => line !== '');
  return lines.length === 1 ? (lines[0] ?? '') : lines;
}

function readFile(file: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PlatformError('INVALID_OPTION', `${file} cannot be read: ${reason}.`, { cause });
  }
}

function passwordOfSeed({ password }: CommandLine, env: Environment): string {
  if (password !== undefined) return password;
  if (env['NODE_ENV'] !== 'production') return demoPassword;
  throw new PlatformError(
    'INVALID_OPTION',
    'The usual password of the demo accounts is public, and NODE_ENV is production. Say --password.',
  );
}

function whoseSessions({ user, isEverybody }: CommandLine): number | 'everybody' {
  if ((user === undefined) === !isEverybody)
    throw new PlatformError('INVALID_OPTION', 'Say whose sessions: either --user <id> or --everybody.');
  if (user === undefined) return 'everybody';
  if (/^[1-9]\d{0,15}$/.test(user)) return Number(user);
  throw new PlatformError(
    'INVALID_OPTION',
    `flag --user is ${JSON.stringify(user).slice(0, 200)}; expected the id of an account.`,
  );
}

function wholeNumber(flag: string, text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new PlatformError(
    'INVALID_OPTION',
    `flag ${flag} is ${JSON.stringify(text).slice(0, 200)}; expected a whole number from 1 to 99999.`,
  );
}

/** Variables that are meant for us, by their first word, and are none of ours. */
function withoutEffect(env: Environment): string[] {
  const known = new Set(programOptions.map((option) => option.env));
  return Object.keys(env)
    .filter((name) => name.startsWith('IM_PLATFORM_') && !known.has(name))
    .map((name) => `environment ${name} has no effect; see --help`);
}

/** What operators ask is on a port that only this machine reaches, where nobody says otherwise. */
function asInProduction(settings: Settings, env: Environment): Settings {
  const { operationsPort = env['NODE_ENV'] === 'production' ? usualOperationsPort : undefined } = settings;
  return operationsPort === undefined ? settings : { ...settings, operationsPort };
}

/** What others than operators could ask or hear, on a machine that is meant in earnest. */
function openInProduction({ host = '', trustProxy, operationsPort }: Settings, env: Environment): string[] {
  if (env['NODE_ENV'] !== 'production' || /^(127\.|localhost$|::1$)/.test(host)) return [];
  const plain =
    'passwords and tokens come over plain HTTP as far as is known here; put a proxy that speaks TLS in front, and say --trust-proxy';
  const open =
    'everybody who reaches the port may ask /metrics, /readyz and /docs; do not say --operations-port shared';
  return [
    ...(trustProxy === false || trustProxy === undefined ? [plain] : []),
    ...(operationsPort === 'shared' ? [open] : []),
  ];
}

function print(settings: Settings): string {
  const shown = programOptions.map(({ name, hides }) => {
    const value = settings[name];
    if (hides === 'value' && value !== undefined) return [name, '***'];
    return [name, hides === 'password' && typeof value === 'string' ? hidePassword(value) : value];
  });
  return `${JSON.stringify(Object.fromEntries(shown), undefined, 2)}\n`;
}
