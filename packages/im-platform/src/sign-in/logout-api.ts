import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import type { Database } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import type { Audit } from '../operations/audit.ts';
import type { Tickets } from '../seals/tickets.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { IdentityStore } from './identity-store.ts';
import { logoutTokenLifeS, type LogoutTokens } from './logout-tokens.ts';
import { providerId } from './sign-in-api.ts';

export interface LogoutDeps {
  readonly tokens: LogoutTokens;
  readonly database: Pick<Database, 'transaction'>;
  readonly identities: Pick<IdentityStore, 'find'>;
  readonly tickets: Pick<Tickets, 'spend'>;
  readonly sessions: Pick<Sessions, 'end'>;
  readonly audit: Pick<Audit, 'record'>;
}

const formType = 'application/x-www-form-urlencoded';

/** Providers say here that somebody has signed out there. */
export async function logoutApi(app: FastifyInstance, deps: LogoutDeps): Promise<void> {
  // In a scope of its own: a page from elsewhere may send forms unasked, and nowhere else are they taken.
  await app.register((scope, _options, done) => {
    scope.addContentTypeParser(formType, { parseAs: 'string' }, (_request, body, parsed) =>
      parsed(null, Object.fromEntries(new URLSearchParams(String(body)))),
    );
    addApiRoute(scope, {
      method: 'POST',
      path: '/sign-in/{provider}/logout',
      name: 'hearOfLogout',
      tag: 'Accounts',
      summary: 'What a provider calls when somebody has signed out there (back-channel logout)',
      rights:
        'Providers that the operator named, with a token that they have signed, once. All sessions of the user end.',
      isOpen: true,
      isForm: true,
      params: z.object({ provider: providerId.meta({ example: 'corp' }) }),
      body: z.object({ logout_token: z.string().max(8_192) }).meta({ example: { logout_token: 'eyJ…' } }),
      problems: ['NOT_FOUND'],
      async handle({ params, body, request, reply }) {
        void reply.header('cache-control', 'no-store');
        await signOut(deps, params.provider, body.logout_token, request.network);
      },
    });
    done();
  });
}

async function signOut(
  { tokens, database, identities, tickets, sessions, audit }: LogoutDeps,
  target: string,
  token: string,
  network: string,
): Promise<void> {
  const { issuer, subject, tokenId } = await tokens.read(target, token);
  const identity = await identities.find({ issuer, subject });
  const closeSockets = await database.transaction(async (sql) => {
    const ticket = Buffer.from(JSON.stringify([issuer, tokenId])).toString('base64url');
    if (!(await tickets.spend({ lifeS: logoutTokenLifeS }, ticket, sql)))
      throw new Refusal('malformed', { code: 400, values: { what: 'logout_token: it was used before' } });
    return identity && sessions.end(sql, identity.userId);
  });
  // Whoever was never here is signed out.
  if (!identity || !closeSockets) return;
  audit.record({ event: 'session-ended', userId: identity.userId, network, reason: 'provider', target });
  await closeSockets();
}
