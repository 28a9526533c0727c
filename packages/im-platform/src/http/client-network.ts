import type { FastifyInstance } from 'fastify';
import { networkOf } from 'im-common/internal/network';

declare module 'fastify' {
  interface FastifyRequest {
    /** Where the request comes from, as far as limits tell places apart: an IPv4 address, or a /64 of IPv6. */
    readonly network: string;
  }
}

export function nameNetworks(app: FastifyInstance): void {
  app.decorateRequest('network', {
    getter() {
      return networkOf(this.ip);
    },
  });
}
