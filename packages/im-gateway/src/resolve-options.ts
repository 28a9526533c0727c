import { invalidOption, readTable } from 'im-common/internal/checks';
import { readWebhookSecret } from 'im-common/internal/network';
import { table } from './option-table.ts';
import type { GatewayOptions, ResolvedOptions } from './options.ts';

/** Each by the kind that its row has. */
type Read = Omit<ResolvedOptions, 'keys' | 'apiKeys' | 'webhook'> &
  Pick<GatewayOptions, 'keys' | 'apiKey' | 'webhookUrl' | 'webhookSecret'>;

const shortestKey = 32;

/** Fills in defaults and checks; throws an INVALID_OPTION that names what is wrong and what it may be. */
export function resolveOptions(options: GatewayOptions): ResolvedOptions {
  const read = readTable('the options of a gateway', options, table, invalidOption) as Read;
  const { apiKey, keys = [], webhookUrl, webhookSecret, ...given } = read;
  const apiKeys = [apiKey ?? []].flat();
  const secrets = [webhookSecret ?? []].flat();
  if ((given.redis === undefined) === (given.bus === undefined))
    throw invalidOption('Either redis or bus says where the bus is; expected exactly one of the two.');
  if (apiKeys.some((key) => key.length < shortestKey))
    throw invalidOption(
      `An apiKey is shorter than ${shortestKey} characters: it can be guessed. Make one: openssl rand -hex 32`,
    );
  if ((webhookUrl === undefined) !== (secrets.length === 0))
    throw invalidOption('Of webhookUrl and webhookSecret one is given; expected both or none.');
  // fetch would refuse it each time.
  if (webhookUrl !== undefined && new URL(webhookUrl).username !== '')
    throw invalidOption(
      'The webhookUrl has a user name in it; expected none, as webhooks are known by their signature.',
    );
  const webhook =
    webhookUrl === undefined ? undefined : { url: webhookUrl, secrets: secrets.map(readWebhookSecret) };
  return { ...given, keys, apiKeys, webhook };
}
