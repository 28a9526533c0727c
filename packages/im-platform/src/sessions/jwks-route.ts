import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Tokens } from './tokens.ts';

/** Public keys of access tokens, for push servers (`--jwks-url`). Not in box-im's envelope: RFC 7517 says what it is. */
export function jwksRoute(app: FastifyInstance, tokens: Pick<Tokens, 'publicKeys'>): void {
  const schema = {
    ...{ tags: ['Accounts'], summary: 'Public keys of access tokens (JWKS)', security: [] },
    response: { 200: z.object({ keys: z.array(z.looseObject({ kty: z.string() })) }) },
  };
  app.get('/.well-known/jwks.json', { schema }, (_request, reply) =>
    reply.header('cache-control', 'public, max-age=60').send({ keys: tokens.publicKeys }),
  );
}
