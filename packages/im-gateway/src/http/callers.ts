import type { FastifyInstance, FastifyRequest } from 'fastify';
import { networkOf, Quota } from 'im-common/internal/network';
import { GatewayError } from './gateway-error.ts';
import type { Caller, Keys, Scope } from './keys.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the key of a caller must be for; `device` asks for none. */
    scope?: Scope | 'device';
  }
}

export interface CallerLimits {
  readonly requestsPerSecond: number;
  readonly wherePerSecond: number;
}

/** A quota is for ten seconds. */
const seconds = 10;
/** Wrong keys from one network in ten seconds. */
const mostWrongKeys = 100;

/** P-17.2. Lets in who shows a key for the route, and only as often as is good; before the body is read. */
export function admitCallers(app: FastifyInstance, keys: Keys, limits: CallerLimits): void {
  const ofKeys = new Quota(limits.requestsPerSecond * seconds);
  const ofDevices = new Quota(limits.wherePerSecond * seconds);
  const ofStrangers = new Quota(mostWrongKeys);

  const identify = (request: FastifyRequest): Caller => {
    const [, shown] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    const caller = shown === undefined ? undefined : keys.find(shown);
    if (caller) return caller;
    // Nobody guesses such a key. It is for the log of whoever has an old one, and only wrong keys are counted: nobody
    // else of that network is held up.
    spend(ofStrangers, networkOf(request.ip), 'too many requests without a good key from your network');
    const what = shown === undefined ? 'The request shows no key' : 'The key is none that is known here';
    throw new GatewayError('KEY_REFUSED', `${what}; expected the header "Authorization: Bearer <key>".`, {
      status: 401,
    });
  };

  // Async: what it throws becomes the answer.
  app.addHook('onRequest', async (request) => {
    const { scope } = request.routeOptions.config;
    if (request.is404 || scope === undefined) return;
    if (scope === 'device') {
      spend(ofDevices, networkOf(request.ip), `more than ${limits.wherePerSecond} requests in a second`);
      return;
    }
    const caller = identify(request);
    spend(ofKeys, caller.name, `more than ${limits.requestsPerSecond} requests in a second`);
    if (!caller.may(scope))
      throw new GatewayError('SCOPE_MISSING', `The key ${caller.name} is not for ${scope}.`, { status: 403 });
  });
}

function spend(quota: Quota, name: string, what: string): void {
  if (quota.isSpent(name)) throw tooMany(`There were ${what}, for ten seconds.`);
  quota.spend(name);
}

function tooMany(message: string): GatewayError {
  return new GatewayError('TOO_MANY_REQUESTS', message, {
    ...{ status: 429, retryable: true, retryAfterS: seconds },
  });
}
