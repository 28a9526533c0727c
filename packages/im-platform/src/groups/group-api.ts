import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { cursorQuery, pageOf, readCursor, toPage } from '../api/cursor.ts';
import { idOf, idText, limitOf, nameText, time, toTime } from '../api/values.ts';
import type { Caller } from '../http/caller.ts';
import { Refusal } from '../http/refusal.ts';
import type { GroupRouteDeps } from './group-routes.ts';
import { shownNickName, type MyGroup } from './group.ts';
import { joiningModes, joiningOf } from './joining.ts';
import type { JoiningService } from './joining-service.ts';
import { roleOf } from './role.ts';
import type { RoleService } from './role-service.ts';
import type { GroupMember } from './group-member.ts';
import type { GroupSettings } from './group-service.ts';

const tag = 'Groups';
const usual = 50;
/** Nobody chooses more by hand, and each is a push. */
const mostInvited = 50;

const role = z.enum(['owner', 'admin', 'member']);
const joining = z.enum(joiningModes);
const writers = z.enum(['members', 'admins']).meta({ description: 'admins: they and the owner' });

const group = z
  .object({
    id: idText('Of the group'),
    conversationId: idText('Of what is said in it'),
    name: z.string(),
    notice: z.string(),
    picture: z.string().nullable(),
    thumbnail: z.string().nullable(),
    ownerId: idText('Of the user who may change and dissolve it'),
    isMember: z.boolean().meta({ description: 'False: the caller has left, and sees it as it was then' }),
    closed: z.enum(['dissolved', 'banned']).nullable().meta({ description: 'Nothing can be said in it' }),
    reason: z.string().nullable().meta({ description: 'Why it is banned' }),
    myName: z.string().nullable().meta({ description: 'What I want to be called there' }),
    myNameForIt: z.string().nullable().meta({ description: 'What I call it' }),
    isMuted: z.boolean().meta({ description: 'I do not want to be told of what is new in it' }),
    myRole: role,
    mayWriteFrom: time.nullable().meta({ description: 'I am muted until then; null: I am not' }),
    whoMayWrite: writers,
    joining: joining.meta({ description: 'Who comes in by a link: nobody, who is let in, everybody' }),
    memberCount: z.int().nullable().meta({ description: 'Null in lists, and for who has left' }),
  })
  .meta({ id: 'Group' });

const member = z
  .object({
    userId: idText('Of the member'),
    name: z.string().meta({ description: 'What they are called there' }),
    thumbnail: z.string().nullable(),
    isOnline: z.boolean(),
    role,
    mayWriteFrom: time.nullable().meta({ description: 'Muted until then; null: not muted' }),
  })
  .meta({ id: 'Member' });

const ofGroup = z.object({ groupId: idOf('Of the group', '1') });
const ofMember = ofGroup.extend({
  userId: z
    .union([z.literal('me'), idOf('Of the member', '3')])
    .meta({ description: 'Of the member, or `me`', example: '3' }),
});

const picture = z.string().max(255);
/** What the owner says for all. */
const shown = {
  notice: z.string().max(1_024, 'groupNoticeTooLong').optional(),
  picture: picture.optional().meta({ description: 'An address that `POST /v1/files` answered' }),
  thumbnail: picture.optional(),
};
/** What each member says for themselves. */
const own = {
  myName: nameText(20, 'remarkNickNameTooLong').or(z.literal('')).optional(),
  myNameForIt: nameText(20, 'remarkGroupNameTooLong').or(z.literal('')).optional(),
};
const userIds = z
  .array(idOf('Of a friend', '3'))
  .min(1, 'memberIdsRequired')
  .max(mostInvited, 'tooManyChosen');

function toGroup(mine: MyGroup, memberCount: number | null = null): z.output<typeof group> {
  const { id, name, notice, ownerId, headImage, headImageThumb, reason, remarkNickName, remarkGroupName } =
    mine;
  return {
    ...{ id: String(id), conversationId: `group:${id}`, name, notice, ownerId: String(ownerId) },
    ...{ picture: emptyAsNull(headImage), thumbnail: emptyAsNull(headImageThumb) },
    isMember: mine.quit === 0,
    closed: mine.dissolve === 1 ? 'dissolved' : mine.isBanned === 1 ? 'banned' : null,
    reason: mine.isBanned === 1 ? reason : null,
    ...{ myName: emptyAsNull(remarkNickName), myNameForIt: emptyAsNull(remarkGroupName) },
    isMuted: mine.isDnd === 1,
    ...{ myRole: roleOf(mine), mayWriteFrom: mutedUntil(mine) },
    whoMayWrite: mine.onlyAdminsWrite === 1 ? 'admins' : 'members',
    ...{ joining: joiningOf(mine), memberCount },
  };
}

function mutedUntil(member: Pick<GroupMember, 'mutedUntil'>): string | null {
  return member.mutedUntil > Date.now() ? toTime(member.mutedUntil) : null;
}

function emptyAsNull(text: string): string | null {
  return text === '' ? null : text;
}

interface Changes {
  readonly name?: string | undefined;
  readonly notice?: string | undefined;
  readonly picture?: string | undefined;
  readonly thumbnail?: string | undefined;
  readonly myName?: string | undefined;
  readonly myNameForIt?: string | undefined;
}

function toSettings({
  name,
  notice,
  picture,
  thumbnail,
  myName,
  myNameForIt,
}: Changes): Partial<GroupSettings> {
  return {
    ...{ ...(name !== undefined && { name }), notice, headImage: picture, headImageThumb: thumbnail },
    ...{ remarkNickName: myName, remarkGroupName: myNameForIt },
  };
}

export interface GroupApiDeps extends GroupRouteDeps {
  readonly roles: Pick<RoleService, 'setOnlyAdminsWrite'>;
  readonly joining: Pick<JoiningService, 'setMode'>;
}

export function groupApi(app: FastifyInstance, deps: GroupApiDeps): void {
  const { groups, memberships, roles } = deps;
  const show = async (caller: Caller, groupId: number): Promise<z.output<typeof group>> => {
    const mine = await groups.mine(caller, groupId);
    return toGroup(mine, mine.quit === 0 ? await groups.countMembers(groupId) : null);
  };
  addApiRoute(app, {
    method: 'POST',
    path: '/groups',
    name: 'createGroup',
    tag,
    summary: 'Open a group',
    rights: 'Whoever is signed in, and owns it then.',
    body: z
      .strictObject({ name: nameText(20, 'groupNameTooLong'), ...shown, ...own })
      .meta({ example: { name: 'Climbing', notice: 'Thursdays at six' } }),
    answer: group,
    status: 201,
    takesIdempotencyKey: true,
    problems: ['FILE_REFUSED'],
    async handle({ body, caller, idempotencyKey }) {
      const { id } = await groups.create(caller, { ...toSettings(body), name: body.name }, idempotencyKey);
      return show(caller, id);
    },
  });
  addApiRoute(app, {
    method: 'GET',
    path: '/groups',
    name: 'listGroups',
    tag,
    summary: 'The groups that I am in',
    rights: 'Whoever is signed in, their own.',
    query: z.strictObject({ cursor: cursorQuery, limit: limitOf(200, usual) }),
    answer: pageOf(group),
    async handle({ query: { cursor, limit = usual }, caller }) {
      const after = readCursor(cursor, z.int()) ?? 0;
      const rows = await groups.page(caller, after, limit + 1);
      return toPage(rows, limit, { placeOf: ({ groupId }) => groupId, toItem: (row) => toGroup(row) });
    },
  });
  addApiRoute(app, {
    method: 'GET',
    path: '/groups/{groupId}',
    name: 'getGroup',
    tag,
    summary: 'A group that I am in, or was',
    rights: 'Members; who has left sees it as it was then.',
    params: ofGroup,
    answer: group,
    problems: ['NOT_FOUND'],
    handle: ({ params, caller }) => show(caller, params.groupId),
  });
  addApiRoute(app, {
    method: 'PATCH',
    path: '/groups/{groupId}',
    name: 'changeGroup',
    tag,
    summary: 'Change a group, or what is mine of it',
    rights:
      'Members what is theirs (`myName`, `myNameForIt`, `isMuted`); the owner and admins also what all see.',
    params: ofGroup,
    body: z
      .strictObject({
        ...{ name: nameText(20, 'groupNameTooLong').optional(), ...shown, ...own },
        ...{ isMuted: z.boolean().optional(), whoMayWrite: writers.optional() },
        joining: joining.optional(),
      })
      .meta({ example: { notice: 'Fridays at six', myName: 'Annie' } }),
    answer: group,
    problems: ['NOT_FOUND', 'NOT_A_MEMBER', 'NOT_ALLOWED', 'GROUP_CLOSED', 'FILE_REFUSED'],
    async handle({ params: { groupId }, body: { isMuted, whoMayWrite, joining: mode, ...changes }, caller }) {
      const mine = await groups.mine(caller, groupId);
      const { name, notice, picture: large, thumbnail } = changes;
      const isForAll = [name, notice, large, thumbnail].some((change) => change !== undefined);
      if (mine.quit === 0 && isForAll && roleOf(mine) === 'member') throw new Refusal('noPermission');
      if (whoMayWrite) await roles.setOnlyAdminsWrite(caller, groupId, whoMayWrite === 'admins');
      if (mode) await deps.joining.setMode(caller, groupId, mode);
      await groups.modify(caller, groupId, toSettings(changes));
      if (isMuted !== undefined) await groups.setDnd(caller, groupId, isMuted);
      return show(caller, groupId);
    },
  });
  addApiRoute(app, {
    method: 'DELETE',
    path: '/groups/{groupId}',
    name: 'dissolveGroup',
    tag,
    summary: 'End a group, for all',
    rights: 'Its owner.',
    params: ofGroup,
    problems: ['NOT_FOUND', 'NOT_ALLOWED', 'GROUP_CLOSED'],
    async handle({ params, caller }) {
      await groups.mine(caller, params.groupId);
      await memberships.dissolve(caller, params.groupId);
    },
  });
  addApiRoute(app, {
    method: 'GET',
    path: '/groups/{groupId}/members',
    name: 'listMembers',
    tag,
    summary: 'Who is in a group',
    rights: 'Members.',
    params: ofGroup,
    query: z.strictObject({ cursor: cursorQuery, limit: limitOf(200, usual) }),
    answer: pageOf(member),
    problems: ['NOT_FOUND', 'NOT_A_MEMBER', 'GROUP_CLOSED'],
    async handle({ params, query: { cursor, limit = usual }, caller }) {
      const after = readCursor(cursor, z.int()) ?? 0;
      const { members, online, ownerId } = await groups.membersPage(caller, params.groupId, after, limit + 1);
      return toPage(members, limit, {
        placeOf: ({ userId }) => userId,
        toItem: (row: GroupMember) => ({
          ...{ userId: String(row.userId), name: shownNickName(row), thumbnail: emptyAsNull(row.headImage) },
          ...{ isOnline: online.has(String(row.userId)), mayWriteFrom: mutedUntil(row) },
          role: roleOf({ ...row, ownerId }),
        }),
      });
    },
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/groups/{groupId}/members',
    name: 'inviteMembers',
    tag,
    summary: 'Bring friends into a group',
    rights: 'Members, their friends, unless those want otherwise. Who is in it already stays.',
    params: ofGroup,
    body: z.strictObject({ userIds }).meta({ example: { userIds: ['4'] } }),
    problems: ['NOT_FOUND', 'NOT_A_MEMBER', 'NOT_FRIENDS', 'NOT_WANTED', 'GROUP_CLOSED', 'GROUP_FULL'],
    async handle({ params, body, caller }) {
      await groups.mine(caller, params.groupId);
      await memberships.invite(caller, params.groupId, [...new Set(body.userIds)]);
    },
  });
  addApiRoute(app, {
    method: 'DELETE',
    path: '/groups/{groupId}/members/{userId}',
    name: 'removeMember',
    tag,
    summary: 'Leave a group (`me`), or put somebody out',
    rights: 'Members themselves, but for the owner; the owner everybody else, admins members.',
    params: ofMember,
    problems: ['NOT_FOUND', 'NOT_A_MEMBER', 'NOT_ALLOWED', 'OWNER_CANNOT_LEAVE'],
    async handle({ params: { groupId, userId }, caller }) {
      await groups.mine(caller, groupId);
      if (userId === 'me' || userId === caller.userId) await memberships.quit(caller, groupId);
      else await memberships.remove(caller, groupId, [userId]);
    },
  });
}
