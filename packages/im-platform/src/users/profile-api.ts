import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { idOf, idText, nameText } from '../api/values.ts';
import type { Admins } from '../admins/admins.ts';
import type { ProfileService } from './profile-service.ts';
import type { SeenUser } from './user.ts';

const tag = 'Users';

/** Somebody, as the caller may see them. */
const user = z
  .object({
    id: idText('Of the user'),
    nickName: z.string(),
    signature: z.string(),
    sex: z.enum(['unknown', 'male', 'female']),
    picture: z.string().nullable().meta({ description: 'Its address' }),
    thumbnail: z.string().nullable().meta({ description: 'Of the picture' }),
    userName: z.string().nullable().meta({ description: 'Null unless it is told to the caller: to friends' }),
    isOnline: z
      .boolean()
      .nullable()
      .meta({ description: 'Null unless it is told to the caller: to friends' }),
    isDeleted: z.boolean().meta({ description: 'The account is gone; what it wrote stays' }),
  })
  .meta({ id: 'User' });

type UserAnswer = z.output<typeof user>;

const me = user
  .extend({ isAdmin: z.boolean().meta({ description: 'They run the platform: `/v1/admin` is for them' }) })
  .meta({ id: 'Me' });

/** Box-im has no third. */
const sexes = ['male', 'female'] as const;

const picture = z.string().max(255);

function toUser({
  id,
  nickName,
  signature,
  sex,
  headImage,
  headImageThumb,
  userName,
  online,
  isDeleted,
}: SeenUser): UserAnswer {
  const isTold = userName !== '';
  return {
    ...{ id: String(id), nickName, signature, sex: sexes[sex] ?? 'unknown' },
    ...{ picture: emptyAsNull(headImage), thumbnail: emptyAsNull(headImageThumb) },
    ...{ userName: emptyAsNull(userName), isOnline: isTold ? online : null, isDeleted },
  };
}

function emptyAsNull(text: string): string | null {
  return text === '' ? null : text;
}

export function profileApi(
  app: FastifyInstance,
  profiles: ProfileService,
  { isAdmin }: Pick<Admins, 'isAdmin'>,
): void {
  const toMe = async (userId: number): Promise<z.output<typeof me>> => {
    const [self, runsIt] = await Promise.all([profiles.self(userId), isAdmin(userId)]);
    return { ...toUser(self), isAdmin: runsIt };
  };
  addApiRoute(app, {
    method: 'GET',
    path: '/me',
    name: 'getMe',
    tag,
    summary: 'Who am I',
    rights: 'Whoever is signed in, of themselves.',
    answer: me,
    handle: ({ caller }) => toMe(caller.userId),
  });
  addApiRoute(app, {
    method: 'PATCH',
    path: '/me',
    name: 'changeMe',
    tag,
    summary: 'Change my profile',
    rights: 'Whoever is signed in, of themselves. What is not named stays as it is.',
    body: z
      .strictObject({
        nickName: nameText(20, 'nickNameTooLong').optional(),
        signature: z.string().max(128, 'signatureTooLong').optional(),
        sex: z.enum(sexes).optional(),
        picture: picture.optional().meta({ description: 'An address that `POST /v1/files` answered' }),
        thumbnail: picture.optional(),
      })
      .meta({ example: { nickName: 'Ann', signature: 'Hello' } }),
    answer: me,
    problems: ['WORD_REFUSED', 'FILE_REFUSED'],
    async handle({ body, caller: { userId } }) {
      const { nickName = (await profiles.self(userId)).nickName, signature, sex } = body;
      await profiles.update(userId, userId, {
        ...{ nickName, signature, headImage: body.picture, headImageThumb: body.thumbnail },
        sex: sex && sexes.indexOf(sex),
      });
      return toMe(userId);
    },
  });
  addApiRoute(app, {
    method: 'GET',
    path: '/users',
    name: 'findUsers',
    tag,
    summary: 'Users by name, 20 at most',
    rights: 'Whoever is signed in. Nicknames are found by a part, user names as a whole.',
    query: z.strictObject({
      name: z.string().min(1).max(255).meta({ example: 'bo' }),
    }),
    answer: z.object({ items: z.array(user) }),
    handle: async ({ query, caller }) => ({
      items: (await profiles.search(caller.userId, query.name)).map(toUser),
    }),
  });
  addApiRoute(app, {
    method: 'GET',
    path: '/users/{userId}',
    name: 'getUser',
    tag,
    summary: 'One user',
    rights: 'Whoever is signed in. User name and presence are told to friends only.',
    params: z.object({ userId: idOf('Of the user', '2') }),
    answer: user,
    problems: ['NOT_FOUND'],
    handle: async ({ params, caller }) => toUser(await profiles.find(caller.userId, params.userId)),
  });
}
