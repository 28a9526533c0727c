import type { FastifyInstance, FastifyRequest } from 'fastify';
import { createToken } from 'im-common/token';

/** Who a token is for. */
export interface TokenUser {
  readonly userId: string | number | bigint;
  /** One of those that the push server knows, by what the device is. */
  readonly terminal: number;
}

export interface TokenRoute {
  /** Who asks, by the session of your application. The answer to nobody is 401. */
  readonly userOf: (request: FastifyRequest) => TokenUser | undefined | Promise<TokenUser | undefined>;
  /** The `jwtSecret` of the push server. */
  readonly secret: string;
  /** @default '/im/token' */
  readonly path?: string | undefined;
  /** How long a token lets its bearer log in; devices ask for the next one before. @default 3_600 */
  readonly expiresInS?: number | undefined;
}

/** `GET /im/token`: the token as text, as the option `token` of im-device wants it. */
export function addTokenRoute(
  app: FastifyInstance,
  { userOf, secret, path = '/im/token', expiresInS = 3_600 }: TokenRoute,
): void {
  app.get(path, async (request, reply) => {
    const user = await userOf(request);
    if (!user) throw Object.assign(new Error('Nobody is signed in.'), { statusCode: 401 });
    const { userId, terminal } = user; // it may be all that the session knows
    const token = await createToken(secret, { userId, terminal, expiresInS });
    return reply.header('cache-control', 'no-store').type('text/plain').send(token);
  });
}
