import { lookup as lookUp, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { proxyTrust } from 'im-common/internal/network';

// Whoever registers a webhook has this machine ask an address. So that it is not one that only this machine reaches, each connection goes
// to a public address, or to a network that the operator has allowed: looked at when it is made, as names change.

/** All that is not somewhere in the internet. */
const notPublic = new BlockList();
for (const [address, bits] of [
  ...([
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
  ] as const),
  ...([
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
  ] as const),
  ...([
    ['192.88.99.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
    ['198.51.100.0', 24],
  ] as const),
  ...([
    ['203.0.113.0', 24],
    ['224.0.0.0', 3],
  ] as const),
] as const)
  notPublic.addSubnet(address, bits, 'ipv4');
/** 2000::/3 is what there is of the internet; of that some is none, or stands for addresses of IPv4. */
const global6 = new BlockList();
global6.addSubnet('2000::', 3, 'ipv6');
for (const [address, bits] of [
  ...([
    ['2001::', 23],
    ['2001:db8::', 32],
    ['2002::', 16],
    ['3fff::', 20],
  ] as const),
] as const)
  notPublic.addSubnet(address, bits, 'ipv6');

class NotAllowed extends Error {
  constructor(host: string) {
    super(`${host} is in no network that webhooks may go to; the option webhookNetworks allows some`);
  }
}

/** Where webhooks may go. */
export class WebhookAddresses {
  readonly #areAllowed: boolean;
  readonly #isOurs: (address: string) => boolean;

  /** `networks`: those that are not public, and allowed. */
  constructor(networks: readonly string[]) {
    this.#areAllowed = networks.length > 0;
    const isOurs = this.#areAllowed ? proxyTrust(networks) : () => false;
    this.#isOurs = (address) => isOurs(address, 0);
  }

  /** Why nobody may register it; what its name leads to is looked at when it is connected to. */
  whyNot(text: string): string | undefined {
    const url = new URL(text);
    if (url.username !== '' || url.password !== '') return 'url: expected one without a password';
    if (url.protocol === 'http:' && !this.#areAllowed) return 'url: expected https://';
    const literal = literalAddress(url);
    return literal === undefined || this.#isAllowed(url, literal)
      ? undefined
      : `url: ${new NotAllowed(literal).message}`;
  }

  /** Throws for an address that no socket looks up, as it is one itself. */
  assertLiteral(url: URL): void {
    const literal = literalAddress(url);
    if (literal !== undefined && !this.#isAllowed(url, literal)) throw new NotAllowed(literal);
  }

  /** Finds only addresses that are allowed. */
  lookupFor(url: URL): LookupFunction {
    return (hostname, options, callback) => {
      lookUp(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
        const good = error ? [] : found.filter(({ address }) => this.#isAllowed(url, address));
        const [first] = good;
        if (error || !first) callback(error ?? new NotAllowed(hostname), '', 0);
        else if (options.all === true) callback(null, good);
        else callback(null, first.address, first.family);
      });
    };
  }

  /** What is not encrypted stays in the operator's own networks. */
  #isAllowed({ protocol }: URL, address: string): boolean {
    return this.#isOurs(address) || (protocol === 'https:' && isPublic(address));
  }
}

function isPublic(address: string): boolean {
  // As a socket for both kinds shows IPv4.
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return isPublic(mapped);
  if (isIP(address) === 4) return !notPublic.check(address, 'ipv4');
  return isIP(address) === 6 && global6.check(address, 'ipv6') && !notPublic.check(address, 'ipv6');
}

/** The host of a URL when it is an address itself. */
function literalAddress({ hostname }: URL): string | undefined {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(host) === 0 ? undefined : host;
}
