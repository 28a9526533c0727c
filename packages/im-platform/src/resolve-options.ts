import { defaultsOf, libraryNames, readTable, wrongOption } from 'im-common/internal/checks';
import { readWebhookSecret } from 'im-common/internal/network';
import { weaknessOf } from 'im-common/token';
import { checkLaneDatabases } from './lanes/lane-options.ts';
import { auditInto } from './operations/audit.ts';
import { table } from './option-table.ts';
import type { PlatformDefaults, PlatformOptions, ResolvedOptions } from './options.ts';
import { refused } from './platform-error.ts';
import { privateKeys } from './sessions/keys.ts';
import { readProviders } from './sign-in/identity-provider.ts';

export const platformDefaults: PlatformDefaults = defaultsOf(table, libraryNames(table)) as PlatformDefaults;

/** Each by the kind that its row has. */
type Read = PlatformDefaults & Partial<PlatformOptions>;

/** Fills in defaults and checks; throws an INVALID_OPTION that names each option that is wrong and what it may be. */
export function resolveOptions(options: PlatformOptions): ResolvedOptions {
  const given = readTable('the options of a platform', options, table, refused) as Read;
  const { database, refreshSecret, operationsPort } = given;
  if (database === undefined) throw missing('database');
  if (refreshSecret === undefined) throw missing('refreshSecret');
  const resolved = {
    ...given,
    ...{ database, refreshSecret, operationsPort: operationsPort === 'shared' ? undefined : operationsPort },
    audit: given.audit ?? auditInto(given.logger),
  };
  if ((resolved.redis === undefined) === (resolved.bus === undefined))
    throw refused('Give either redis (an address such as redis://127.0.0.1:6379) or bus.');
  checkKeys(resolved);
  checkLaneDatabases(resolved);
  readProviders(resolved.identityProviders);
  if ((resolved.messageHook === undefined) !== (resolved.messageHookSecret === undefined))
    throw refused(
      'messageHook and messageHookSecret go together; make a secret: echo "whsec_$(openssl rand -base64 32)"',
    );
  if (resolved.encryptionKeys !== undefined && resolved.encryptionKeyProvider !== undefined)
    throw refused('encryptionKeys and encryptionKeyProvider are both given; expected one of them.');
  for (const secret of [resolved.messageHookSecret ?? []].flat()) readWebhookSecret(secret);
  return resolved;
}

function missing(name: 'database' | 'accessSecret' | 'refreshSecret'): Error {
  return refused(wrongOption(name, undefined, table[name].kind));
}

function checkKeys(options: ResolvedOptions): void {
  const { accessSecret, accessKey, refreshSecret } = options;
  if (accessKey !== undefined) privateKeys(accessKey);
  else if (accessSecret === undefined) throw missing('accessSecret');
  const ofRefresh = [refreshSecret].flat();
  if ([accessSecret ?? []].flat().some((secret) => ofRefresh.includes(secret)))
    throw refused('accessSecret and refreshSecret are the same; a refresh token would be an access token.');
  if (process.env['NODE_ENV'] !== 'production') return;
  const [weakness] = weaknesses(options);
  if (weakness !== undefined) throw refused(`${weakness}. Refused as NODE_ENV is production. ${cure}`);
}

const cure = 'Make one: openssl rand -base64 32';

/** What is not refused, and to be logged. */
export function warningsOf(options: ResolvedOptions): string[] {
  return weaknesses(options).map(
    (weakness) => `${weakness}. With NODE_ENV=production it would be refused. ${cure}`,
  );
}

function weaknesses({ accessSecret, refreshSecret }: ResolvedOptions): string[] {
  return Object.entries({ accessSecret, refreshSecret }).flatMap(([name, secrets]) =>
    [secrets ?? []].flat().flatMap((secret) => {
      const weakness = weaknessOf(secret);
      return weakness === undefined ? [] : [`${name} ${weakness}`];
    }),
  );
}
