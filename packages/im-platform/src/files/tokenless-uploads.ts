import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Database } from '../db/database.ts';
import type { ResolvedOptions } from '../options.ts';
import { publicUrlOf } from '../http/public-url.ts';
import { Refusal } from '../http/refusal.ts';
import type { Caller } from '../http/caller.ts';
import { nobody } from './file-key.ts';
import { UploadPermits } from './upload-permits.ts';

/** Whoever shows a token has a permit from then on. */
export function permitUploads(
  app: FastifyInstance,
  { options, database }: { readonly options: ResolvedOptions; readonly database: Database },
): UploadPermits {
  const { allowedOrigins, trustProxy, logger } = options;
  const permits = new UploadPermits({
    database,
    logger,
    isOurOrigin: (origin) =>
      origin === new URL(publicUrlOf(app.server, options)).origin || allowedOrigins.includes(origin),
    trustsProxies: trustProxy !== false,
  });
  app.addHook('onResponse', ({ caller, network }, _reply, done) => {
    const user = caller as Caller | undefined; // open routes have none
    if (user) permits.note(user, network);
    done();
  });
  return permits;
}

/** Whose an upload without a token is; undefined: nobody uploads without one. */
export function withoutToken(
  permits: UploadPermits | undefined,
  isOpen: boolean,
): ((request: FastifyRequest) => Promise<number>) | undefined {
  if (!permits && !isOpen) return undefined;
  return async (request) => {
    const holder = await permits?.holderOf(request);
    if (holder === undefined && !isOpen) throw new Refusal('notLoggedIn', { code: 400 });
    return holder ?? nobody;
  };
}
