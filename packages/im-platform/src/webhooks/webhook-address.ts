import { OutgoingAddresses } from '../outgoing/outgoing-addresses.ts';

/** Where webhooks may go, besides `networks` that are not public. What is not encrypted stays in these. */
export function webhookAddresses(networks: readonly string[]): OutgoingAddresses {
  return new OutgoingAddresses({
    ...{ networks, option: 'webhookNetworks' },
    mayAskPublic: ({ protocol }) => protocol === 'https:',
  });
}

/** Why nobody may register it. */
export function whyNoWebhook(
  text: string,
  addresses: Pick<OutgoingAddresses, 'hasOwn' | 'whyNot'>,
): string | undefined {
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return 'url: expected one without a password';
  if (url.protocol === 'http:' && !addresses.hasOwn) return 'url: expected https://';
  const reason = addresses.whyNot(url);
  return reason && `url: ${reason}`;
}
