import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { cursorQuery, pageOf, readCursor, toPage } from '../api/cursor.ts';
import { idOf, idText, limitOf, time, toTime } from '../api/values.ts';
import type { BlockService } from './block-service.ts';
import type { Blocked } from './block-store.ts';
import { audiences, type PrivacySettings, type PrivacyStore } from './privacy-store.ts';

const tag = 'Privacy';
const usual = 50;

const audience = z.enum(audiences);
const settings = z
  .object({
    whoMayWrite: audience,
    whoMayCall: audience,
    whoMayAdd: audience.meta({ description: 'To groups' }),
    whoSeesPresence: audience.meta({
      description: 'Whether I am online: friends and members of the same groups, of them friends, or nobody',
    }),
  })
  .meta({ id: 'Privacy' });

const blocked = z
  .object({
    userId: idText('Of the user'),
    nickName: z.string(),
    thumbnail: z.string().nullable(),
    since: time,
  })
  .meta({ id: 'Block' });

const ofUser = z.object({ userId: idOf('Of the user', '4') });

export interface PrivacyApiDeps {
  readonly privacy: PrivacyStore;
  readonly blocks: BlockService;
}

export function privacyApi(app: FastifyInstance, { privacy, blocks }: PrivacyApiDeps): void {
  addApiRoute(app, {
    method: 'GET',
    path: '/me/privacy',
    name: 'getPrivacy',
    tag,
    summary: 'Who may reach me, and who sees that I am online',
    rights: 'Whoever is signed in, of themselves.',
    answer: settings,
    handle: async ({ caller }) => toSettings(await privacy.of(caller.userId)),
  });
  addApiRoute(app, {
    method: 'PATCH',
    path: '/me/privacy',
    name: 'changePrivacy',
    tag,
    summary: 'Say who may reach me',
    rights: 'Whoever is signed in, of themselves. What is not named stays as it is.',
    body: z
      .strictObject({
        ...{ whoMayWrite: audience.optional(), whoMayCall: audience.optional() },
        ...{ whoMayAdd: audience.optional(), whoSeesPresence: audience.optional() },
      })
      .meta({ example: { whoMayAdd: 'nobody', whoSeesPresence: 'friends' } }),
    answer: settings,
    async handle({ body, caller }) {
      const { whoMayWrite: mayWrite, whoMayCall: mayCall, whoMayAdd: mayAdd } = body;
      const changes = { mayWrite, mayCall, mayAdd, seesPresence: body.whoSeesPresence };
      return toSettings(await privacy.change(caller.userId, changes));
    },
  });
  addApiRoute(app, {
    method: 'GET',
    path: '/blocks',
    name: 'listBlocks',
    tag,
    summary: 'Whom I have blocked',
    rights: 'Whoever is signed in, their own.',
    query: z.strictObject({ cursor: cursorQuery, limit: limitOf(200, usual) }),
    answer: pageOf(blocked),
    async handle({ query: { cursor, limit = usual }, caller }) {
      const after = readCursor(cursor, z.int()) ?? 0;
      const rows = await blocks.page(caller, after, limit + 1);
      return toPage(rows, limit, { placeOf: ({ blockedId }) => blockedId, toItem: toBlocked });
    },
  });
  addApiRoute(app, {
    method: 'PUT',
    path: '/blocks/{userId}',
    name: 'blockUser',
    tag,
    summary: 'Block somebody',
    rights:
      'Anybody anybody else. From then on neither can write to, call, ask or invite the other. Friends stay friends, for when it is lifted.',
    params: ofUser,
    problems: ['NOT_FOUND'],
    handle: ({ params, caller }) => blocks.block(caller, params.userId),
  });
  addApiRoute(app, {
    method: 'DELETE',
    path: '/blocks/{userId}',
    name: 'unblockUser',
    tag,
    summary: 'Lift a block',
    rights: 'Whoever made it.',
    params: ofUser,
    handle: ({ params, caller }) => blocks.unblock(caller, params.userId),
  });
}

function toSettings({ mayWrite, mayCall, mayAdd, seesPresence }: PrivacySettings): z.output<typeof settings> {
  return { whoMayWrite: mayWrite, whoMayCall: mayCall, whoMayAdd: mayAdd, whoSeesPresence: seesPresence };
}

function toBlocked({ blockedId, nickName, headImageThumb, createdTime }: Blocked): z.output<typeof blocked> {
  return {
    ...{ userId: String(blockedId), nickName, since: toTime(createdTime) },
    thumbnail: headImageThumb === '' ? null : headImageThumb,
  };
}
