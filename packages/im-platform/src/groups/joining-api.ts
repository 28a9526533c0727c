import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { cursorQuery, pageOf, readCursor, toPage } from '../api/cursor.ts';
import { idOf, idText, limitOf, time, toTime } from '../api/values.ts';
import { showJoinRequest, shownJoinRequest } from './join-request-view.ts';
import { joiningModes, joiningOf, type GroupLink } from './joining.ts';
import type { JoiningService } from './joining-service.ts';

const tag = 'Joining';
const usual = 50;
const longestText = 100;
const exampleCode = 'BBBBBBBBBBBBBBBBBBBBBB';

const link = z
  .object({
    code: z.string().meta({ description: 'Whoever has it may come in, or ask to' }),
    createdBy: idText('Of the user who made it'),
    createdAt: time,
    endsAt: time.nullable().meta({ description: 'Null: it does not end' }),
    usesLeft: z.int().nullable().meta({ description: 'Null: as many as want' }),
  })
  .meta({ id: 'Invitation' });

const inviting = z
  .object({
    groupId: idText('Of the group'),
    name: z.string(),
    thumbnail: z.string().nullable(),
    memberCount: z.int(),
    joining: z.enum(joiningModes).meta({ description: 'open: at once; approval: when somebody lets you in' }),
    isMember: z.boolean(),
    isRequested: z.boolean().meta({ description: 'The caller has asked, and may not ask again for a while' }),
  })
  .meta({ id: 'InvitingGroup' });

const ownRequest = z.object({
  groupId: idText('Of the group'),
  groupName: z.string(),
  sentAt: time,
});

const ofGroup = z.object({ groupId: idOf('Of the group', '1') });
const ofAsking = ofGroup.extend({ userId: idOf('Of the user who asks', '4') });
const code = z
  .string()
  .regex(/^[\w-]{1,32}$/, 'expected the code of a link')
  .meta({ description: 'Of the link', example: exampleCode });
const page = z.strictObject({ cursor: cursorQuery, limit: limitOf(200, usual) });
const managers = 'The owner and admins.';
const problems = ['NOT_FOUND', 'NOT_A_MEMBER', 'NOT_ALLOWED', 'GROUP_CLOSED'] as const;

export function joiningApi(app: FastifyInstance, joining: JoiningService): void {
  linkRoutes(app, joining);
  comingRoutes(app, joining);
  requestRoutes(app, joining);
}

/** What the owner and admins do with links. */
function linkRoutes(app: FastifyInstance, joining: JoiningService): void {
  addApiRoute(app, {
    method: 'POST',
    path: '/groups/{groupId}/invitations',
    name: 'createInvitation',
    tag,
    summary: 'Make a link into a group',
    rights: `${managers} It is good while \`joining\` of the group is not closed.`,
    params: ofGroup,
    body: z
      .strictObject({
        days: z.int().min(1).max(365).optional().meta({ description: 'Absent: it does not end' }),
        uses: z.int().min(1).max(10_000).optional().meta({ description: 'Absent: as many as want' }),
      })
      .meta({ example: { days: 7 } }),
    answer: link,
    status: 201,
    problems,
    handle: async ({ params, body, caller }) =>
      toLink(await joining.createLink(caller, params.groupId, body)),
  });
  addApiRoute(app, {
    method: 'GET',
    path: '/groups/{groupId}/invitations',
    name: 'listInvitations',
    tag,
    summary: 'The links into a group that are good',
    rights: managers,
    params: ofGroup,
    query: page,
    answer: pageOf(link),
    problems,
    async handle({ params, query: { cursor, limit = usual }, caller }) {
      const after = readCursor(cursor, z.string()) ?? '';
      const rows = await joining.linksOf(caller, params.groupId, after, limit + 1);
      return toPage(rows, limit, { placeOf: (row) => row.code, toItem: toLink });
    },
  });
  addApiRoute(app, {
    method: 'DELETE',
    path: '/groups/{groupId}/invitations/{code}',
    name: 'revokeInvitation',
    tag,
    summary: 'End a link into a group',
    rights: managers,
    params: ofGroup.extend({ code }),
    problems,
    handle: ({ params, caller }) => joining.revokeLink(caller, params.groupId, params.code),
  });
}

/** What somebody does who has a link. */
function comingRoutes(app: FastifyInstance, joining: JoiningService): void {
  addApiRoute(app, {
    method: 'GET',
    path: '/invitations/{code}',
    name: 'getInvitation',
    tag,
    summary: 'Where a link leads',
    rights: 'Whoever is signed in and has the code. Of one that is no good nobody learns why.',
    params: z.object({ code }),
    answer: inviting,
    problems: ['NOT_FOUND'],
    async handle({ params, caller }) {
      const { group, members, isMember, isRequested } = await joining.look(caller, params.code);
      const { id, name, headImageThumb } = group;
      return {
        ...{ groupId: String(id), name, memberCount: members, isMember, isRequested },
        ...{ thumbnail: headImageThumb === '' ? null : headImageThumb, joining: joiningOf(group) },
      };
    },
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/invitations/{code}',
    name: 'useInvitation',
    tag,
    summary: 'Come into a group by a link, or ask to',
    rights:
      'Whoever is signed in and has the code. Who was put out of the group, or is blocked by its owner, has to ask also where it is open.',
    params: z.object({ code }),
    body: z
      .strictObject({
        text: z
          .string()
          .max(longestText, 'joinTextTooLong')
          .optional()
          .meta({ description: 'To those who let people in' }),
      })
      .meta({ example: { text: 'I am in the office next door' } }),
    answer: z.object({
      groupId: idText('Of the group'),
      outcome: z
        .enum(['joined', 'requested'])
        .meta({ description: 'requested: the group is there when somebody has let you in' }),
    }),
    problems: ['NOT_FOUND', 'GROUP_FULL', 'GROUP_CLOSED'],
    async handle({ params, body, caller }) {
      const { isIn, groupId } = await joining.join(caller, params.code, body.text);
      return { groupId: String(groupId), outcome: isIn ? ('joined' as const) : ('requested' as const) };
    },
  });
  addApiRoute(app, {
    method: 'GET',
    path: '/join-requests',
    name: 'listOwnJoinRequests',
    tag,
    summary: 'The groups that I have asked to be let into',
    rights: 'Whoever is signed in, their own. One that was declined looks as others do.',
    query: page,
    answer: pageOf(ownRequest),
    async handle({ query: { cursor, limit = usual }, caller }) {
      const after = readCursor(cursor, z.int()) ?? 0;
      const rows = await joining.sentBy(caller, after, limit + 1);
      return toPage(rows, limit, {
        placeOf: ({ groupId }) => groupId,
        toItem: ({ groupId, groupName, sentTime }) => ({
          ...{ groupId: String(groupId), groupName, sentAt: toTime(sentTime) },
        }),
      });
    },
  });
  addApiRoute(app, {
    method: 'DELETE',
    path: '/join-requests/{groupId}',
    name: 'withdrawJoinRequest',
    tag,
    summary: 'Ask no longer',
    rights: 'Whoever asked.',
    params: ofGroup,
    handle: ({ params, caller }) => joining.withdraw(caller, params.groupId),
  });
}

/** What the owner and admins answer. */
function requestRoutes(app: FastifyInstance, joining: JoiningService): void {
  addApiRoute(app, {
    method: 'GET',
    path: '/groups/{groupId}/join-requests',
    name: 'listJoinRequests',
    tag,
    summary: 'Who asks to be let into a group',
    rights: managers,
    params: ofGroup,
    query: page,
    answer: pageOf(shownJoinRequest),
    problems,
    async handle({ params, query: { cursor, limit = usual }, caller }) {
      const after = readCursor(cursor, z.int()) ?? 0;
      const rows = await joining.requestsOf(caller, params.groupId, after, limit + 1);
      return toPage(rows, limit, { placeOf: ({ userId }) => userId, toItem: showJoinRequest });
    },
  });
  addApiRoute(app, {
    method: 'PUT',
    path: '/groups/{groupId}/join-requests/{userId}',
    name: 'acceptJoinRequest',
    tag,
    summary: 'Let somebody into a group',
    rights: managers,
    params: ofAsking,
    problems: [...problems, 'GROUP_FULL'],
    handle: ({ params, caller }) => joining.accept(caller, params.groupId, params.userId),
  });
  addApiRoute(app, {
    method: 'DELETE',
    path: '/groups/{groupId}/join-requests/{userId}',
    name: 'declineJoinRequest',
    tag,
    summary: 'Do not let somebody into a group',
    rights: `${managers} Who asked is not told, and cannot ask again for two weeks.`,
    params: ofAsking,
    problems,
    handle: ({ params, caller }) => joining.decline(caller, params.groupId, params.userId),
  });
}

function toLink({ code: text, creatorId, createdTime, endTime, usesLeft }: GroupLink): z.output<typeof link> {
  return {
    ...{ code: text, createdBy: String(creatorId), createdAt: toTime(createdTime), usesLeft },
    endsAt: endTime === null ? null : toTime(endTime),
  };
}
