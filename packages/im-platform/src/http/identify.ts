import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Caller, CallingServer } from './caller.ts';
import { inTime } from './deadline.ts';
import type { RequestLimit } from './rate-limit.ts';
import { Refusal } from './refusal.ts';

/** Finds out who shows an access token; throws a refusal when nobody does. */
export interface Identifier {
  identify(accessToken: string | undefined): Promise<Caller>;
}

/** Finds out which back end shows a key that has the scope; throws a refusal when none does. */
export interface KeyChecker {
  check(key: string | undefined, scope: string): Promise<CallingServer>;
}

/** Refuses whoever does not run the platform. */
export interface AdminChecker {
  check(userId: number): Promise<void>;
}

/** Asks every route that is not open for the access token, or for a key, before it reads the body. */
export function identifyCallers(
  app: FastifyInstance,
  {
    sessions,
    keys,
    admins,
  }: { readonly sessions: Identifier; readonly keys: KeyChecker; readonly admins: AdminChecker },
  limit: Pick<RequestLimit, 'takeRefused'>,
): void {
  app.addHook('onRequest', async (request) => {
    const { isOpen, tokenIsOptional, takesBearer, keyScope, isForAdmins } = request.routeOptions.config;
    if (request.is404 || isOpen !== false) return;
    const token = takesBearer ? bearerIn(request) : headerIn(request);
    if (token === undefined && tokenIsOptional === true) return;
    try {
      if (keyScope === undefined) request.caller = await inTime(request, () => sessions.identify(token));
      else request.backEnd = await inTime(request, () => keys.check(token, keyScope));
      if (isForAdmins === true) await inTime(request, () => admins.check(request.caller.userId));
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
    /** Who asks is another back end, and shows a key with this scope. */
    keyScope?: string;
    /** Who asks runs the platform. */
    isForAdmins?: boolean;
  }
  interface FastifyRequest {
    /** Which back end asks; set before the handler of every route with a scope. */
    backEnd: CallingServer | undefined;
  }
}
