import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { idText, nameText } from '../api/values.ts';
import { device, devices } from '../sessions/session-api.ts';
import { toTokens, tokens } from '../users/account-api.ts';
import type { User } from '../users/user.ts';
import type { Asking, ServerUsers } from './server-users.ts';
import { userRef } from './user-ref.ts';

const tag = 'Server';
const usualLifeS = 3_600;

/** A user as whoever runs the back end sees them. */
const serverUser = z
  .object({
    id: idText('Of the user'),
    externalId: z.string().nullable().meta({ description: 'At the back end that made them' }),
    userName: z.string(),
    nickName: z.string(),
    signature: z.string(),
    picture: z.string(),
    thumbnail: z.string(),
    isBanned: z.boolean(),
    isBot: z.boolean().meta({ description: 'A program speaks as them' }),
  })
  .meta({ id: 'ServerUser' });

export function toServerUser(user: User): z.output<typeof serverUser> {
  const { id, externalId, userName, nickName, signature } = user;
  return {
    ...{ id: String(id), externalId, userName, nickName, signature },
    ...{ picture: user.headImage, thumbnail: user.headImageThumb },
    ...{ isBanned: user.isBanned === 1, isBot: user.isBot === 1 },
  };
}

const ofUser = z.object({ user: userRef });
const picture = z.string().max(255);

/** How people see them. */
export const shownAs = z.strictObject({
  nickName: nameText(20, 'nickNameTooLong')
    .optional()
    .meta({ description: 'Of who is new, usually what stands behind the colon' }),
  signature: z.string().max(128, 'signatureTooLong').optional(),
  picture: picture.optional().meta({ description: 'An address here, or of a host in `--file-hosts`' }),
  thumbnail: picture.optional(),
});

export const putUser = serverUser.extend({ isNew: z.boolean() });

export function toProfile({
  picture: headImage,
  thumbnail: headImageThumb,
  ...more
}: z.output<typeof shownAs>) {
  return { ...more, headImage, headImageThumb };
}

/** Each route with a scope has been asked by one. */
export function askingIn({ backEnd, network }: FastifyRequest): Asking {
  return { keyId: backEnd?.keyId ?? '', network };
}

export function serverUserApi(app: FastifyInstance, users: ServerUsers): void {
  addApiRoute(app, {
    method: 'PUT',
    path: '/server/users/{user}',
    name: 'putUser',
    tag,
    summary: 'Make a user, or change what is named of them',
    rights:
      'Keys with the scope `users`. Asked again it does nothing more. Who is made has no password: let them in with tokens.',
    scope: 'users',
    params: ofUser,
    body: shownAs.meta({ example: { nickName: 'Carla' } }),
    answer: putUser,
    problems: ['NOT_FOUND', 'WORD_REFUSED', 'FILE_REFUSED'],
    async handle({ params, body, request }) {
      const { user, isNew } = await users.put(params.user, toProfile(body), askingIn(request));
      return { ...toServerUser(user), isNew };
    },
  });
  addApiRoute(app, {
    method: 'GET',
    path: '/server/users/{user}',
    name: 'findUser',
    tag,
    summary: 'One user, with the id here and the one at your back end',
    rights: 'Keys with the scope `users`.',
    scope: 'users',
    params: ofUser,
    answer: serverUser,
    problems: ['NOT_FOUND'],
    handle: async ({ params }) => toServerUser(await users.find(params.user)),
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/server/users/{user}/tokens',
    name: 'issueTokens',
    tag,
    summary: 'Let a user in: tokens for one of their devices',
    rights:
      'Keys with the scope `tokens`. Give them to the device whose user has signed in at your back end, and to nobody else. Admins get none.',
    scope: 'tokens',
    params: ofUser,
    body: z
      .strictObject({
        device: device.meta({ description: 'Of which kind' }),
        deviceName: nameText(64, 'deviceNameTooLong')
          .optional()
          .meta({ description: 'For the list of sessions; usually the name of the key' }),
        lifetimeS: z
          .int()
          .min(60)
          .max(604_800)
          .optional()
          .meta({ description: `When all of it ends, refreshed or not; ${usualLifeS} if it is not said` }),
      })
      .meta({ example: { device: 'web' } }),
    answer: tokens,
    status: 201,
    problems: ['NOT_FOUND', 'NOT_ALLOWED', 'SECOND_FACTOR_NEEDED', 'BANNED'],
    async handle({ params, body: { device: kind, deviceName, lifetimeS: lifeS = usualLifeS }, request }) {
      const named = { terminal: devices[kind], deviceName: deviceName ?? request.backEnd?.name ?? '', lifeS };
      return toTokens(await users.openSession(params.user, named, askingIn(request)));
    },
  });
}
