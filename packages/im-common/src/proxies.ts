import { BlockList, isIP } from 'node:net';
import type { TextKind } from './checks/kinds.ts';

/** How many proxies of ours are in front, or their networks; true is one. */
export type TrustProxy = boolean | number | readonly string[];

/** Whether an address is that of one of our proxies, asked from our socket (hop 0) on backwards. */
export type IsOurProxy = (address: string, hop: number) => boolean;

const mostProxies = 32;

/** Without the port that some proxies add: `1.2.3.4:4000`, `[2001:db8::1]:44`. */
export function addressOf(given: string): string {
  return /^\[(.*)\](?::\d+)?$/s.exec(given)?.[1] ?? /^([^:]*):\d+$/s.exec(given)?.[1] ?? given;
}

/** Names for what needs no looking up. */
const namedNetworks: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.1/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/**
 * X-Forwarded-For is written by the peer, and each proxy appends the address of its own peer: only so many entries from
 * its end are true as there are proxies of ours. So they are counted, or known by their networks.
 */
export function proxyTrust(trust: TrustProxy): IsOurProxy {
  if (trust === false) return () => false;
  if (trust === true || typeof trust === 'number') return (_address, hop) => hop < Number(trust);
  const networks = new BlockList();
  for (const given of trust)
    for (const network of namedNetworks[given] ?? [given]) addNetwork(networks, network);
  return (given) => {
    const address = addressOf(given);
    const family = isIP(address);
    return family !== 0 && networks.check(address, family === 6 ? 'ipv6' : 'ipv4');
  };
}

function addNetwork(networks: BlockList, given: string): void {
  const [, address = '', bits] = /^([\da-f:.]+)(?:\/(\d{1,3}))?$/i.exec(given) ?? [];
  const family = isIP(address);
  const most = family === 6 ? 128 : 32;
  if (family === 0 || Number(bits ?? most) > most) throw new RangeError(`${given} is no network`);
  networks.addSubnet(address, Number(bits ?? most), family === 6 ? 'ipv6' : 'ipv4');
}

/** Where a request comes from: the nearest address that is not one of our proxies. Names and blanks are none. */
export function clientAddress(
  socketAddress: string,
  forwardedFor: string | undefined,
  isOurs: IsOurProxy,
): string {
  let client = socketAddress;
  const entries = (forwardedFor ?? '').split(',');
  for (let hop = 0; isOurs(client, hop); hop += 1) {
    const entry = addressOf((entries.pop() ?? '').trim());
    if (isIP(entry) === 0) return client;
    client = entry;
  }
  return client;
}

/** A flag without a value means one proxy. */
export const trustProxy: TextKind<TrustProxy> = {
  placeholder: '[proxies]',
  expected: `a number of proxies from 1 to ${mostProxies}, networks such as 10.0.0.0/8,loopback, true (one) or false`,
  read: (value) => {
    if (typeof value === 'boolean') return value;
    if (typeof value === 'number')
      return Number.isInteger(value) && value >= 1 && value <= mostProxies ? value : undefined;
    return Array.isArray(value) ? readNetworks(Array.from<unknown>(value)) : undefined;
  },
  fromText: (given) => {
    if (given === 'true' || given === 'false') return given === 'true';
    if (/^\d+$/.test(given)) return trustProxy.read(Number(given));
    return readNetworks(given.split(',').map((network) => network.trim()));
  },
};

function readNetworks(items: readonly unknown[]): readonly string[] | undefined {
  const networks = items.filter((item) => typeof item === 'string');
  if (networks.length < items.length || networks.length === 0) return undefined;
  try {
    proxyTrust(networks);
    return networks;
  } catch {
    return undefined;
  }
}
