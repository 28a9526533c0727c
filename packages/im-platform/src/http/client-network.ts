import { compile } from '@fastify/proxy-addr';
import type { FastifyInstance } from 'fastify';
import { addressOf, networkOf } from 'im-common/internal/network';

declare module 'fastify' {
  interface FastifyRequest {
    /** Where the request comes from, as far as limits tell places apart: an IPv4 address, or a /64 of IPv6. */
    readonly network: string;
  }
}

/** How many proxies of ours are in front, or their networks; true is one. */
export type TrustProxy = boolean | number | readonly string[];

/** What Fastify asks about each address, from our socket on backwards: whether it is one of our proxies. */
export type IsOurProxy = (address: string, hop: number) => boolean;

/**
 * X-Forwarded-For is written by whoever asks, and each proxy appends where it was asked from: only so many entries from
 * its end are true as there are proxies of ours. So they are counted, or known by their networks.
 */
export function proxyTrust(trust: TrustProxy): IsOurProxy {
  if (trust === false) return () => false;
  if (trust === true || typeof trust === 'number') return (_address, hop) => hop < Number(trust);
  const isOurs = compile([...trust]);
  return (address, hop) => isOurs(addressOf(address), hop);
}

export function nameNetworks(app: FastifyInstance): void {
  app.decorateRequest('network', {
    getter() {
      return networkOf(this.ip);
    },
  });
}
