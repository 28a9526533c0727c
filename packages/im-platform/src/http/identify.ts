import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Caller } from './caller.ts';
import { inTime } from './deadline.ts';
import type { RequestLimit } from './rate-limit.ts';
import { Refusal } from './refusal.ts';

/** Finds out who shows an access token; throws a refusal when nobody does. */
export interface Identifier {
  identify(accessToken: string | undefined): Promise<Caller>;
}

/** Asks every route that is not open for the access token, before it reads the body. */
export function identifyCallers(
  app: FastifyInstance,
  sessions: Identifier,
  limit: Pick<RequestLimit, 'takeRefused'>,
): void {
  app.addHook('onRequest', async (request) => {
    const { isOpen, tokenIsOptional, takesBearer } = request.routeOptions.config;
    if (request.is404 || isOpen !== false) return;
    const token = takesBearer ? bearerIn(request) : headerIn(request);
    if (token === undefined && tokenIsOptional === true) return;
    try {
      request.caller = await inTime(request, () => sessions.identify(token));
    } catch (error) {
      if (error instanceof Refusal && error.code !== 503) await limit.takeRefused(request.network);
      throw error;
    }
  });
}

function bearerIn({ headers }: FastifyRequest): string | undefined {
  return /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
}

/** Where box-im's clients have it. */
function headerIn({ headers }: FastifyRequest): string | undefined {
  const { accesstoken } = headers;
  const token = Array.isArray(accesstoken) ? accesstoken[0] : accesstoken;
  return token === undefined ? undefined : decode(token);
}

/** box-im's page encodes the header. */
function decode(token: string): string {
  try {
    return decodeURIComponent(token);
  } catch {
    return token;
  }
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who asks shows `authorization: Bearer …`, and not box-im's header. */
    takesBearer?: boolean;
  }
}
