import type { FastifyInstance } from 'fastify';
import type { Sessions } from '../sessions/sessions.ts';
import { inTime } from './deadline.ts';

/** Asks every route that is not open for the access token, before it reads the body. */
export function identifyCallers(app: FastifyInstance, sessions: Pick<Sessions, 'identify'>): void {
  app.addHook('onRequest', async (request) => {
    if (request.is404 || request.routeOptions.config.isOpen !== false) return;
    const header = request.headers['accesstoken'];
    const token = Array.isArray(header) ? header[0] : header;
    request.caller = await inTime(request, () =>
      sessions.identify(token === undefined ? undefined : decode(token)),
    );
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
