import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { integer, name, optionalName, optionalText, text } from '../http/input.ts';
import { addRoute } from '../http/route.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { AccountService } from './account-service.ts';
import { longestPassword } from './password-rules.ts';

const tag = 'Accounts';

const tokenPair = z.object({
  accessToken: z.string(),
  accessTokenExpiresIn: z.int(),
  refreshToken: z.string(),
  refreshTokenExpiresIn: z.int(),
});

export interface AccountRouteDeps {
  readonly accounts: AccountService;
  readonly sessions: Pick<Sessions, 'refresh'>;
}

/** Contract C.2. */
export function accountRoutes(app: FastifyInstance, { accounts, sessions }: AccountRouteDeps): void {
  addRoute(app, {
    method: 'POST',
    url: '/login',
    tag,
    summary: 'Log in',
    isOpen: true,
    body: z.object({
      terminal: integer('terminalRequired', [0, 2, 'terminalRange']),
      // Longer than any that were ever registered, here or at box-im.
      userName: text({ required: 'userNameRequired', max: [255, 'userNameTooLong'] }),
      password: text({ required: 'passwordRequired', max: [longestPassword, 'passwordTooLong'] }),
    }),
    answer: tokenPair,
    handle: ({ body, request }) =>
      accounts.logIn({ ...body, userAgent: request.headers['user-agent'] }, request),
  });
  addRoute(app, {
    method: 'PUT',
    url: '/refreshToken',
    tag,
    summary: 'A new pair of tokens for the refresh token in the header refreshToken',
    isOpen: true,
    needsHeader: 'refreshToken',
    answer: tokenPair,
    handle({ request }) {
      const header = request.headers['refreshtoken'];
      return sessions.refresh(Array.isArray(header) ? header[0] : header, request.network);
    },
  });
  addRoute(app, {
    method: 'POST',
    url: '/register',
    tag,
    summary: 'Open an account',
    isOpen: true,
    body: z.object({
      userName: name({ required: 'userNameRequired', max: [20, 'userNameTooLong'] }),
      password: text({ required: 'passwordRequired' }),
      nickName: optionalName({ max: [20, 'nickNameTooLong'] }),
      invitation: optionalText({ max: [64, 'invitationInvalid'] }),
    }),
    async handle({ body, request }) {
      await accounts.register(body, request);
      return null;
    },
  });
  addRoute(app, {
    method: 'PUT',
    url: '/modifyPwd',
    tag,
    summary: 'Change the password; ends all other sessions',
    body: z.object({
      oldPassword: text({ required: 'oldPasswordRequired', max: [longestPassword, 'passwordTooLong'] }),
      newPassword: text({ required: 'newPasswordRequired' }),
    }),
    async handle({ body, caller, request }) {
      await accounts.changePassword(caller, body, request);
      return null;
    },
  });
  addRoute(app, {
    method: 'POST',
    url: '/logout',
    tag,
    summary: 'End the session of this terminal',
    async handle({ caller, request }) {
      await accounts.logOut(caller, request);
      return null;
    },
  });
}
