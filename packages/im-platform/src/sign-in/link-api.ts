import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { idOf, idText, time, toTime } from '../api/values.ts';
import { longestPassword } from '../users/password-rules.ts';
import type { PasswordChecks } from '../users/password-checks.ts';
import type { UserStore } from '../users/user-store.ts';
import { setCookie } from './cookies.ts';
import type { ResolvedProvider } from './identity-provider.ts';
import type { Identity } from './identity-store.ts';
import type { Links } from './links.ts';
import { begunCookie, providerId, type SignInApiDeps } from './sign-in-api.ts';

const tag = 'Accounts';

const identity = z
  .object({
    id: idText('Of the link'),
    provider: z.string().nullable().meta({ description: 'Its id; null: the operator names it no longer' }),
    name: z.string().meta({ description: 'Of the provider' }),
    email: z.string().meta({ description: 'There, when they were linked; may be empty' }),
    linkedAt: time,
  })
  .meta({ id: 'Identity' });

export interface LinkApiDeps extends SignInApiDeps {
  readonly links: Links;
  readonly providers: readonly ResolvedProvider[];
  readonly users: Pick<UserStore, 'find'>;
  readonly passwordChecks: Pick<PasswordChecks, 'confirm'>;
}

export function linkApi(app: FastifyInstance, deps: LinkApiDeps): void {
  const { links, providers, signIn, publicUrl, users, passwordChecks } = deps;
  addApiRoute(app, {
    method: 'GET',
    path: '/me/identities',
    name: 'listIdentities',
    tag,
    summary: 'Accounts elsewhere with which I sign in',
    rights: 'Whoever is signed in, their own.',
    answer: z.object({ items: z.array(identity) }),
    handle: async ({ caller }) => ({
      items: (await links.list(caller)).map((one) => toIdentity(one, providers)),
    }),
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/me/identities',
    name: 'beginLinking',
    tag,
    summary: 'Begin to link an account at a provider: where the browser is to go',
    rights:
      'Whoever is signed in and knows the password, if the account has one. The browser that begins must be the one that comes back.',
    body: z
      .strictObject({
        provider: providerId,
        password: z.string().max(longestPassword, 'passwordTooLong').optional(),
      })
      .meta({ example: { provider: 'corp', password: 'secret-1' } }),
    answer: z.object({ url: z.string() }),
    problems: ['NOT_FOUND', 'PASSWORD_WRONG'],
    async handle({ body: { provider, password }, caller: { userId, sessionId }, request, reply }) {
      await passwordChecks.confirm(await users.find(userId), password, request);
      const { url, ticket } = await signIn.begin(provider, { linkTo: userId, sessionId });
      setCookie(reply, begunCookie, publicUrl(), ticket);
      return { url };
    },
  });
  addApiRoute(app, {
    method: 'DELETE',
    path: '/me/identities/{identityId}',
    name: 'removeIdentity',
    tag,
    summary: 'Sign in with it no more',
    rights: 'Whoever is signed in, their own; not the last way in. Sessions that it opened go on.',
    params: z.object({ identityId: idOf('Of the link', '1') }),
    problems: ['NOT_FOUND', 'LAST_WAY_IN'],
    handle: ({ params, caller, request }) => links.remove(caller, params.identityId, request.network),
  });
}

function toIdentity(
  { id, issuer, email, createdTime }: Identity,
  providers: readonly ResolvedProvider[],
): z.output<typeof identity> {
  const provider = providers.find((one) => one.issuer === issuer);
  return {
    ...{ id: String(id), provider: provider?.id ?? null, name: provider?.name ?? issuer },
    ...{ email, linkedAt: toTime(createdTime) },
  };
}
