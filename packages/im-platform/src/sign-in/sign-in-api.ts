import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute, apiPath } from '../api/api-route.ts';
import { nameText } from '../api/values.ts';
import { codeOfText } from '../api/problems.ts';
import { Refusal } from '../http/refusal.ts';
import { deviceNameOf } from '../sessions/device-name.ts';
import { device, devices } from '../sessions/session-api.ts';
import { tokens, toTokens } from '../users/account-api.ts';
import { cookieIn, setCookie, type Cookie } from './cookies.ts';
import { lifeS, type ProviderSignIn } from './provider-sign-in.ts';

const tag = 'Accounts';
/** Where a provider sends people back to. */
export const callbackPath = (providerId: string): string => `${apiPath}/sign-in/${providerId}/callback`;

export const begunCookie: Cookie = {
  ...{ name: 'im-sign-in', path: `${apiPath}/sign-in/`, maxAgeS: lifeS.begun },
  // They come back from the provider's site.
  sameSite: 'Lax',
};
const doneCookie: Cookie = {
  ...{ name: 'im-signed-in', path: `${apiPath}/sessions/sign-in`, maxAgeS: lifeS.done, sameSite: 'Strict' },
};

export const providerId = z.string().max(32).meta({ description: 'The id of one, as the operator named it' });

export interface SignInApiDeps {
  readonly signIn: ProviderSignIn;
  readonly publicUrl: () => string;
}

export function signInApi(app: FastifyInstance, { signIn, publicUrl }: SignInApiDeps): void {
  addApiRoute(app, {
    method: 'POST',
    path: '/sign-in',
    name: 'beginSignIn',
    tag,
    summary: 'Begin to sign in at a provider: where the browser is to go',
    rights:
      'Anybody, where the operator named providers. The browser that begins must be the one that comes back: it gets a cookie.',
    isOpen: true,
    body: z
      .strictObject({
        provider: providerId,
        device: device.meta({ description: 'Of which kind' }),
        deviceName: nameText(64, 'deviceNameTooLong').optional(),
      })
      .meta({ example: { provider: 'corp', device: 'web' } }),
    answer: z.object({ url: z.string() }),
    problems: ['NOT_FOUND'],
    async handle({ body: { provider, device: kind, deviceName }, request, reply }) {
      const named = deviceName ?? deviceNameOf(request.headers['user-agent']);
      const { url, ticket } = await signIn.begin(provider, { terminal: devices[kind], deviceName: named });
      setCookie(reply, begunCookie, publicUrl(), ticket);
      return { url };
    },
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/sessions/sign-in',
    name: 'finishSignIn',
    tag,
    summary: 'Sign in, as who came back from a provider',
    rights: 'The browser that came back, within two minutes and once: it has a cookie that no script reads.',
    isOpen: true,
    // Of a type that a page from elsewhere may not send unasked.
    body: z.strictObject({}).meta({ example: {} }),
    answer: tokens,
    status: 201,
    problems: ['SIGN_IN_OVER', 'SECOND_FACTOR_NEEDED', 'BANNED', 'NOT_FOUND'],
    async handle({ request, reply }) {
      setCookie(reply, doneCookie, publicUrl(), undefined);
      return toTokens(await signIn.finish(cookieIn(request, doneCookie), request.network));
    },
  });
  // Browsers come here by themselves, so it answers with a page to go to, whatever has happened; always of ours.
  app.get<{ Params: { provider: string } }>(
    callbackPath(':provider'),
    { schema: { hide: true } },
    async (request, reply) => {
      const { params, network, url } = request;
      const ticket = cookieIn(request, begunCookie);
      const [, query = ''] = url.split('?');
      setCookie(reply, begunCookie, publicUrl(), undefined);
      let place = 'signed-in';
      try {
        const done = await signIn.comeBack(params.provider, query, { ticket, network });
        if (done === undefined) place = 'settings/security';
        else setCookie(reply, doneCookie, publicUrl(), done);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        place = `signed-in?problem=${codeOfText(error.key)}`;
      }
      // Neither the code of the provider nor a problem is kept by anybody on the way.
      void reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer');
      return reply.redirect(`${publicUrl().replace(/\/$/, '')}/#/${place}`, 303);
    },
  );
}
