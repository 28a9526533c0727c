import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { nameText } from '../api/values.ts';
import { deviceNameOf } from '../sessions/device-name.ts';
import { device, devices } from '../sessions/session-api.ts';
import { tokens, toTokens } from '../users/account-api.ts';
import type { ForeignTokens } from './foreign-tokens.ts';
import type { Entrance } from './entrance.ts';

const longestToken = 8_192;

export function exchangeApi(
  app: FastifyInstance,
  { foreign, entrance }: { readonly foreign: ForeignTokens; readonly entrance: Entrance },
): void {
  addApiRoute(app, {
    method: 'POST',
    path: '/sessions/exchange',
    name: 'exchangeToken',
    tag: 'Accounts',
    summary: 'Sign in with a token of another issuer',
    rights:
      'Whoever has a token of an issuer that the operator named, meant for this platform. Who is seen the first time gets an account, unless the operator says otherwise.',
    isOpen: true,
    body: z
      .strictObject({
        token: z.string().max(longestToken).meta({ description: 'A JWT: an access token or an ID token' }),
        device: device.meta({ description: 'Of which kind' }),
        deviceName: nameText(64, 'deviceNameTooLong')
          .optional()
          .meta({ description: 'For the list of sessions; usually made of the user agent' }),
      })
      .meta({ example: { token: 'eyJhbGciOiJSUzI1NiJ9.e30.AA', device: 'web' } }),
    answer: tokens,
    status: 201,
    problems: ['TOKEN_REFUSED', 'SIGN_IN_REFUSED', 'SECOND_FACTOR_NEEDED', 'BANNED', 'NOT_FOUND'],
    async handle({ body: { token, device: kind, deviceName }, request }) {
      const { outsider, provider } = await foreign.read(token);
      const { network, headers } = request;
      const where = { network, terminal: devices[kind] };
      const named = deviceName ?? deviceNameOf(headers['user-agent']);
      return toTokens(await entrance.letIn(outsider, provider, { ...where, deviceName: named }));
    },
  });
}
