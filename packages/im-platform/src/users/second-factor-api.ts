import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { time, toTime } from '../api/values.ts';
import type { SecondFactors } from '../second-factor/second-factors.ts';
import { tokens, toTokens } from './account-api.ts';
import type { AccountService } from './account-service.ts';
import type { PasswordChecks } from './password-checks.ts';
import { noPassword } from './password.ts';
import { longestPassword } from './password-rules.ts';
import type { UserStore } from './user-store.ts';

const tag = 'Accounts';

const code = z.string().max(32).meta({ description: 'Of the app, or a recovery code; each counts once' });
const recoveryCodes = z
  .object({ recoveryCodes: z.array(z.string()).meta({ description: 'Shown once; each lets in once' }) })
  .meta({ id: 'RecoveryCodes' });

export interface SecondFactorApiDeps {
  readonly accounts: Pick<AccountService, 'showFactor'>;
  readonly users: Pick<UserStore, 'find'>;
  readonly secondFactors: SecondFactors;
  readonly passwordChecks: Pick<PasswordChecks, 'confirm'>;
  /** What apps show it under. */
  readonly issuer: string;
}

export function secondFactorApi(app: FastifyInstance, deps: SecondFactorApiDeps): void {
  const { accounts, users, secondFactors, passwordChecks, issuer } = deps;
  addApiRoute(app, {
    method: 'POST',
    path: '/sessions/second-factor',
    name: 'showSecondFactor',
    tag,
    summary: 'The second step of a sign-in',
    rights:
      'Whoever was answered `SECOND_FACTOR_NEEDED`, within five minutes. Wrong codes are counted by account; recovery codes are not.',
    isOpen: true,
    body: z
      .strictObject({ ticket: z.string().max(1_024), code })
      .meta({ example: { ticket: 'AAAA', code: '123456' } }),
    answer: tokens,
    status: 201,
    problems: [
      'SIGN_IN_OVER',
      'SECOND_FACTOR_WRONG',
      'SECOND_FACTOR_STATE',
      'CREDENTIALS_WRONG',
      'BANNED',
      'NOT_FOUND',
    ],
    handle: async ({ body, request }) => toTokens(await accounts.showFactor(body.ticket, body.code, request)),
  });
  addApiRoute(app, {
    method: 'GET',
    path: '/me/second-factor',
    name: 'getSecondFactor',
    tag,
    summary: 'Whether I have a second factor',
    rights: 'Whoever is signed in, their own.',
    answer: z.object({
      since: time.nullable().meta({ description: 'Null: there is none' }),
      recoveryCodesLeft: z.int(),
    }),
    async handle({ caller }) {
      const { since, codesLeft } = await secondFactors.state(caller.userId);
      return { since: since === null ? null : toTime(since), recoveryCodesLeft: codesLeft };
    },
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/me/second-factor',
    name: 'beginSecondFactor',
    tag,
    summary: 'Begin to turn it on: a secret for an app, shown once',
    rights:
      'Whoever is signed in and knows the password, if the account has one. It counts once the app has shown a code, within a quarter of an hour.',
    body: z
      .strictObject({ password: z.string().max(longestPassword, 'passwordTooLong').optional() })
      .meta({ example: { password: 'secret-1' } }),
    answer: z.object({
      secret: z.string().meta({ description: 'In base32, to be typed' }),
      address: z.string().meta({ description: 'The same as `otpauth:`, for a picture or a link' }),
    }),
    status: 201,
    problems: ['PASSWORD_WRONG', 'NOT_ALLOWED', 'SECOND_FACTOR_STATE'],
    async handle({ body, caller, request }) {
      const user = await users.find(caller.userId);
      await passwordChecks.confirm(user, body.password, request);
      const hasPassword = user?.password !== noPassword;
      return secondFactors.begin(caller.userId, { hasPassword, account: caller.userName, issuer });
    },
  });
  for (const { path, name, summary, act } of [
    {
      path: '/me/second-factor/confirmation',
      name: 'confirmSecondFactor',
      summary: 'Turn it on, with a code of the app; the answer has recovery codes',
      act: secondFactors.confirm.bind(secondFactors),
    },
    {
      path: '/me/second-factor/recovery-codes',
      name: 'renewRecoveryCodes',
      summary: 'New recovery codes; those before are void',
      act: secondFactors.renewCodes.bind(secondFactors),
    },
  ] as const)
    addApiRoute(app, {
      ...{ method: 'POST', path, name, tag, summary },
      rights: 'Whoever is signed in and has a good code.',
      body: z.strictObject({ code }).meta({ example: { code: '123456' } }),
      answer: recoveryCodes,
      problems: ['SECOND_FACTOR_WRONG', 'SECOND_FACTOR_STATE'],
      handle: async ({ body, caller, request }) => ({
        recoveryCodes: await act(caller.userId, body.code, request.network),
      }),
    });
  addApiRoute(app, {
    method: 'POST',
    path: '/me/second-factor/removal',
    name: 'removeSecondFactor',
    tag,
    summary: 'Turn it off',
    rights: 'Whoever is signed in and has a good code, or a recovery code.',
    body: z.strictObject({ code }).meta({ example: { code: '123456' } }),
    problems: ['SECOND_FACTOR_WRONG', 'SECOND_FACTOR_STATE'],
    handle: ({ body, caller, request }) => secondFactors.turnOff(caller.userId, body.code, request.network),
  });
}
