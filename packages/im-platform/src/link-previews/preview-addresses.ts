import { OutgoingAddresses, type OutgoingOptions } from '../outgoing/outgoing-addresses.ts';

/** Where links may lead that are looked at: to the usual ports of what is public, so that nobody has us try others; and to `networks`. */
export function previewAddresses(
  networks: readonly string[],
  lookup?: OutgoingOptions['lookup'],
): OutgoingAddresses {
  return new OutgoingAddresses({
    ...{ networks, option: 'linkPreviewNetworks', lookup },
    mayAskPublic: ({ port }) => port === '',
  });
}
