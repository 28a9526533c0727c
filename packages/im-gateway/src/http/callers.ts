import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Socket } from 'node:net';
import { networkOf, Quota } from 'im-common/internal/network';
import { GatewayError } from './gateway-error.ts';
import type { Caller, Keys, Scope } from './keys.ts';
import { UnderWay, type UnderWayLimits } from './under-way.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the key of a caller must be for; `device` asks for none. */
    scope?: Scope | 'device';
  }
}

export interface CallerLimits extends UnderWayLimits {
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
  const underWay = new UnderWay(limits, keys.count);
  const held = new HeldBySocket();

  const identify = (request: FastifyRequest, reply: FastifyReply): Caller => {
    const [, shown] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    const caller = shown === undefined ? undefined : keys.find(shown);
    if (caller) return caller;
    // Strangers do not keep connections.
    void reply.header('connection', 'close');
    // Nobody guesses such a key: the limit is for a program that goes on with an old one, and for the log. Only wrong keys
    // are counted, so that nobody else of that network is held up.
    spend(ofStrangers, networkOf(request.ip), 'too many requests without a good key from your network');
    const what = shown === undefined ? 'The request shows no key' : 'The key is none that is known here';
    throw new GatewayError('KEY_REFUSED', `${what}; expected the header "Authorization: Bearer <key>".`, {
      status: 401,
    });
  };

  // Async: what it throws becomes the answer.
  app.addHook('onRequest', async (request, reply) => {
    const { scope } = request.routeOptions.config;
    if (request.is404 || scope === undefined) return;
    if (scope === 'device') {
      spend(ofDevices, networkOf(request.ip), `more than ${limits.wherePerSecond} requests in a second`);
      return;
    }
    const caller = identify(request, reply);
    spend(ofKeys, caller.name, `more than ${limits.requestsPerSecond} requests in a second`);
    if (!caller.may(scope))
      throw new GatewayError('SCOPE_MISSING', `The key ${caller.name} is not for ${scope}.`, { status: 403 });
    held.add(request, underWay.take(caller.name, bodyBytesOf(request, limits.maxBodyBytes)));
  });
  app.addHook('onResponse', async (request) => {
    held.release(request);
  });
}

/** What requests hold, by their connection: of those that wait behind another one nobody hears when it breaks. */
class HeldBySocket {
  readonly #bySocket = new WeakMap<Socket, Map<FastifyRequest, () => void>>();

  add(request: FastifyRequest, giveBack: () => void): void {
    const { socket } = request.raw;
    let held = this.#bySocket.get(socket);
    if (!held) {
      const all = (held = new Map<FastifyRequest, () => void>());
      this.#bySocket.set(socket, all);
      socket.once('close', () => {
        for (const one of all.keys()) this.release(one);
      });
    }
    held.set(request, giveBack);
  }

  release(request: FastifyRequest): void {
    const held = this.#bySocket.get(request.raw.socket);
    held?.get(request)?.();
    held?.delete(request);
  }
}

/** A body whose length is not said may be as long as one may be; a longer one is refused. */
function bodyBytesOf({ headers, method }: FastifyRequest, most: number): number {
  const { 'content-length': length, 'transfer-encoding': encoding } = headers;
  if (length !== undefined) return Math.min(Number(length), most);
  return encoding === undefined || method === 'GET' ? 0 : most;
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
