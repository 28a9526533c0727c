import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { nameText } from '../api/values.ts';
import type { AccountRouteDeps } from './account-routes.ts';
import { device, devices } from '../sessions/session-api.ts';
import { longestPassword } from './password-rules.ts';

const tag = 'Accounts';

export const tokens = z
  .object({
    accessToken: z.string().meta({ description: 'For `authorization: Bearer …`, and for push servers' }),
    accessTokenExpiresInS: z.int(),
    refreshToken: z
      .string()
      .meta({ description: 'For the next pair. The one before it is void soon after.' }),
    refreshTokenExpiresInS: z.int(),
  })
  .meta({ id: 'Tokens' });

interface Pair {
  readonly accessToken: string;
  readonly accessTokenExpiresIn: number;
  readonly refreshToken: string;
  readonly refreshTokenExpiresIn: number;
}

export function toTokens(pair: Pair): z.output<typeof tokens> {
  const { accessToken, accessTokenExpiresIn, refreshToken, refreshTokenExpiresIn } = pair;
  return {
    ...{ accessToken, accessTokenExpiresInS: accessTokenExpiresIn },
    ...{ refreshToken, refreshTokenExpiresInS: refreshTokenExpiresIn },
  };
}

const password = z.string().min(1, 'passwordRequired').max(longestPassword, 'passwordTooLong');

export function accountApi(app: FastifyInstance, { accounts, sessions }: AccountRouteDeps): void {
  addApiRoute(app, {
    method: 'POST',
    path: '/accounts',
    name: 'openAccount',
    tag,
    summary: 'Open an account',
    rights: 'Anybody, unless the operator closed it or asks for an invitation.',
    isOpen: true,
    body: z
      .strictObject({
        userName: nameText(20, 'userNameTooLong').meta({
          description: 'To sign in with; told to friends only',
        }),
        // Too long ones are told with the other rules of new passwords.
        password: z.string().min(1, 'passwordRequired').max(1_024, 'passwordTooLong'),
        nickName: nameText(20, 'nickNameTooLong').optional().meta({ description: 'Usually the user name' }),
        invitation: z.string().max(64, 'invitationInvalid').optional(),
      })
      .meta({ example: { userName: 'dora', password: 'a-good-one-7', nickName: 'Dora' } }),
    problems: ['NAME_TAKEN', 'PASSWORD_REFUSED', 'WORD_REFUSED', 'REGISTRATION_REFUSED'],
    handle: ({ body, request }) => accounts.register(body, request),
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/sessions',
    name: 'signIn',
    tag,
    summary: 'Sign in',
    rights: 'Anybody who has an account. Wrong passwords are counted.',
    isOpen: true,
    body: z
      .strictObject({
        userName: z.string().min(1, 'userNameRequired').max(255, 'userNameTooLong'),
        password,
        device: device.meta({ description: 'Of which kind' }),
        deviceName: nameText(64, 'deviceNameTooLong')
          .optional()
          .meta({ description: 'For the list of sessions; usually made of the user agent' }),
      })
      .meta({ example: { userName: 'ann', password: 'secret-1', device: 'web' } }),
    answer: tokens,
    status: 201,
    problems: ['CREDENTIALS_WRONG', 'SECOND_FACTOR_NEEDED', 'BANNED'],
    async handle({ body: { device: kind, ...who }, request }) {
      const userAgent = request.headers['user-agent'];
      return toTokens(await accounts.logIn({ ...who, terminal: devices[kind], userAgent }, request));
    },
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/sessions/refresh',
    name: 'refreshSession',
    tag,
    summary: 'A fresh pair of tokens',
    rights:
      'Whoever has the refresh token. Using one that was replaced ends the session: a thief would do so.',
    isOpen: true,
    body: z.strictObject({ refreshToken: z.string().max(4_096) }),
    answer: tokens,
    problems: ['SESSION_OVER', 'BANNED', 'NOT_FOUND'],
    async handle({ body, request }) {
      return toTokens(await sessions.refresh(body.refreshToken, request.network));
    },
  });
  addApiRoute(app, {
    method: 'DELETE',
    path: '/sessions/current',
    name: 'signOut',
    tag,
    summary: 'Sign out',
    rights: 'Ends the session of the access token, here and at the push servers.',
    handle: ({ caller, request }) => accounts.logOut(caller, request),
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/password-resets',
    name: 'resetPassword',
    tag,
    summary: 'Set a new password with a token of the operator',
    rights: 'Whoever has the token (`im-platform reset-token`), once. All sessions of the account end.',
    isOpen: true,
    body: z
      .strictObject({
        token: z.string().max(64, 'resetTokenInvalid'),
        newPassword: z.string().min(1, 'newPasswordRequired').max(1_024),
      })
      .meta({ example: { token: 'CCCCCCCCCCCCCCCCCCCCCCCC', newPassword: 'a-better-one-8' } }),
    problems: ['RESET_TOKEN_INVALID', 'PASSWORD_REFUSED'],
    handle: ({ body, request }) => accounts.resetPassword(body.token, body.newPassword, request),
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/me/deletion',
    name: 'deleteAccount',
    tag,
    summary: 'Delete my account',
    rights:
      'Whoever knows the password; who has none and signs in elsewhere, within ten minutes of a sign-in. At once and for good: all sessions end, friends and groups are left, groups of mine get another owner. What I wrote stays, under no name; where the platform says so (`--own-deletion everything`) that goes, too.',
    body: z.strictObject({ password: password.optional() }).meta({ example: { password: 'secret-1' } }),
    problems: ['PASSWORD_WRONG', 'SIGN_IN_AGAIN'],
    handle: ({ body, caller, request }) => accounts.deleteAccount(caller, body.password, request),
  });
  addApiRoute(app, {
    method: 'PUT',
    path: '/me/password',
    name: 'changePassword',
    tag,
    summary: 'Change my password',
    rights: 'Whoever knows the old one. All other sessions end.',
    body: z
      .strictObject({
        oldPassword: password,
        newPassword: z.string().min(1, 'newPasswordRequired').max(1_024),
      })
      .meta({ example: { oldPassword: 'secret-1', newPassword: 'a-better-one-8' } }),
    problems: ['PASSWORD_WRONG', 'PASSWORD_REFUSED'],
    handle: ({ body, caller, request }) => accounts.changePassword(caller, body, request),
  });
}
