import { toRedisBusOptions } from 'im-common/internal/bus';
import { invalidOption, libraryNames, list, choice, text, type Rows } from 'im-common/internal/checks';
import {
  missing,
  readProgram,
  secretsOf,
  type Called,
  type Environment,
  type Printed,
  type Program,
} from 'im-common/internal/program';
import { scopes, type Scope } from './http/keys.ts';
import { table } from './option-table.ts';
import type { GatewayOptions, Settings } from './options.ts';

const keyFlags: Rows = {
  scopes: {
    kind: list('scope,…', `scopes out of ${scopes.join(', ')}`, choice(scopes)),
    group: 'Key',
    default: scopes,
    about: 'What the key is for.',
  },
};

export const program: Program = {
  name: 'im-gateway',
  about: 'The HTTP door to the push transport: requests in, signed webhooks out.',
  envPrefix: 'IM_GATEWAY_',
  manifest: new URL('../package.json', import.meta.url),
  table,
  commands: {
    key: {
      about: 'Print a new key, and the line with its hash for the option keys.',
      options: [],
      flags: keyFlags,
      argument: { name: 'name', about: 'Whose key it is: letters, digits and _ . -' },
    },
  },
};

export type Task =
  | { readonly kind: 'key'; readonly name: string; readonly scopes: readonly Scope[] }
  | {
      readonly kind: 'start';
      readonly settings: Settings;
      readonly options: GatewayOptions;
      readonly warnings: readonly string[];
    };

const keyName = text('name', 'letters, digits and _ . -', /^[\w.-]{1,64}$/);

/** What the program is called for. Throws an INVALID_OPTION that names all that is wrong. */
export function readConfiguration(args: readonly string[], env: Environment): Printed | Task {
  const called = readProgram<Settings>(program, args, env);
  if (called.kind === 'print') return called;
  if (called.command === 'key') {
    const { name, scopes: chosen } = called.settings as unknown as {
      readonly name: string;
      readonly scopes: readonly Scope[];
    };
    if (keyName.read(name) === undefined)
      throw invalidOption(`The name of the key is not usable; expected ${keyName.expected}.`);
    return { kind: 'key', name, scopes: chosen };
  }
  return {
    kind: 'start',
    settings: called.settings,
    options: toOptions(called),
    warnings: called.warnings,
  };
}

function toOptions({ settings, given }: Called<Settings>): GatewayOptions {
  const { redis, keyPrefix, commandTimeoutMs } = settings;
  if (redis === undefined) throw missing(program, 'redis', 'where Redis is', 'redis://127.0.0.1:6379');
  const apiKey = secretsOf(given, 'apiKey', 'apiKeyFile');
  const webhookSecret = secretsOf(given, 'webhookSecret', 'webhookSecretFile');
  if (!apiKey && !settings.keys)
    throw invalidOption(
      'Say who may call: IM_GATEWAY_API_KEY or --api-key-file, a key that may do everything (openssl rand -hex 32 makes one), ' +
        'or --keys, lines that "im-gateway key <name>" prints. See im-gateway start --help.',
    );
  const names = libraryNames(table).filter((name) => name in settings && name !== 'logger');
  return {
    ...Object.fromEntries(names.map((name) => [name, settings[name as keyof Settings]])),
    redis: { keyPrefix, commandTimeoutMs, ...toRedisBusOptions(redis) },
    ...(apiKey && { apiKey }),
    ...(webhookSecret && { webhookSecret }),
  };
}
