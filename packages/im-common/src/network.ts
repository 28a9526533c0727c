import { isIPv6 } from 'node:net';
import { addressOf } from './proxies.ts';

export * from './proxies.ts';

export { endingOf } from './http-ending.ts';
export { listenError } from './listen-error.ts';
export { Quota } from './quota.ts';
export { readWebhookSecret, signWebhook } from './webhook-signature.ts';

/** As long as an address can be; what proxies pass on may be longer, and becomes a key. */
const longestName = 64;

/**
 * What limits per address take for one: an IPv4 address, or a /64 of IPv6, of which every subscriber has one and may use
 * any address in it. A port, which some proxies add, does not count. Whatever is neither stays as it is, cut short.
 */
export function networkOf(given: string): string {
  // Asked several times for each connection; the second question costs far more than the first.
  if (!given.includes(':')) return given.slice(0, longestName);
  const address = addressOf(given);
  if (!isIPv6(address)) return address.slice(0, longestName);
  const groups = groupsOf(address);
  const [high = 0, low = 0] = groups.slice(6);
  // ::ffff:0:0/96, as which a socket for both kinds shows IPv4.
  const isMapped = groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
  if (isMapped) return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
  const prefix = groups.slice(0, 4).map((group) => group.toString(16));
  return `${prefix.join(':')}::/64`;
}

/** The eight numbers of a correct IPv6 address. */
function groupsOf(address: string): number[] {
  const withoutZone = address.replace(/%.*$/s, '');
  const [before = [], after] = withoutZone.split('::').map(readGroups);
  if (after === undefined) return before;
  const zeros = new Array<number>(8 - before.length - after.length).fill(0);
  return [...before, ...zeros, ...after];
}

function readGroups(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((part) => {
    if (!part.includes('.')) return [Number.parseInt(part, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = part.split('.').map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}
