import type { FastifyInstance } from 'fastify';
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
    if (request.is404 || request.routeOptions.config.isOpen !== false) return;
    const header = request.headers['accesstoken'];
    const token = Array.isArray(header) ? header[0] : header;
    if (token === undefined && request.routeOptions.config.tokenIsOptional === true) return;
    try {
      request.caller = await inTime(request, () =>
        sessions.identify(token === undefined ? undefined : decode(token)),
      );
    } catch (error) {
      if (error instanceof Refusal && error.code !== 503) await limit.takeRefused(request.network);
      throw error;
    }
  });
}

/** box-im's page encodes the header. */
function decode(token: string): string {
  try {
    return decodeURIComponent(token);
  } catch {
    return token;
  }
}
