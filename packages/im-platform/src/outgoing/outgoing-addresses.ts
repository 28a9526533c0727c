import { lookup as lookUp, type LookupAddress, type LookupAllOptions } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { proxyTrust } from 'im-common/internal/network';

// Others have this machine ask addresses: of webhooks, of links. So that these are none that only this machine reaches, each connection goes
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

export interface OutgoingOptions {
  /** Networks that are not public, and allowed. */
  readonly networks: readonly string[];
  /** The option that has them, for who reads why something failed. */
  readonly option: 'webhookNetworks' | 'linkPreviewNetworks';
  /** Whether a public address may be asked in this way. */
  readonly mayAskPublic: (url: URL) => boolean;
  /** Finds the addresses of a name. @default the system's */
  readonly lookup?: LookUpAll | undefined;
}

export type LookUpAll = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

/** Where connections may go whose address somebody else has chosen. */
export class OutgoingAddresses {
  /** Whether the operator has allowed networks of their own. */
  readonly hasOwn: boolean;
  readonly #options: OutgoingOptions;
  readonly #isOurs: (address: string) => boolean;

  constructor(options: OutgoingOptions) {
    const { networks } = options;
    this.#options = options;
    this.hasOwn = networks.length > 0;
    const isOurs = this.hasOwn ? proxyTrust(networks) : () => false;
    this.#isOurs = (address) => isOurs(address, 0);
  }

  /** Why not, of a host that is an address itself; where a name leads to is looked at when it is connected to. */
  whyNot(url: URL): string | undefined {
    const literal = literalAddress(url);
    return literal === undefined || this.#isAllowed(url, literal) ? undefined : this.#reason(literal);
  }

  /** Throws for an address that no socket looks up, as it is one itself. */
  assertLiteral(url: URL): void {
    const reason = this.whyNot(url);
    if (reason !== undefined) throw new Error(reason);
  }

  /** Finds only addresses that are allowed. */
  lookupFor(url: URL): LookupFunction {
    const { lookup: find = lookUp } = this.#options;
    return (hostname, options, callback) => {
      find(hostname, { ...options, all: true }, (error, found) => {
        const good = error ? [] : found.filter(({ address }) => this.#isAllowed(url, address));
        const [first] = good;
        if (error || !first) callback(error ?? new Error(this.#reason(hostname)), '', 0);
        else if (options.all === true) callback(null, good);
        else callback(null, first.address, first.family);
      });
    };
  }

  #isAllowed(url: URL, address: string): boolean {
    return this.#isOurs(address) || (this.#options.mayAskPublic(url) && isPublic(address));
  }

  #reason(host: string): string {
    return `${host} is in no network that may be asked; the option ${this.#options.option} allows some`;
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
