import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { flag, id, ids, integer, name, optionalName, optionalText } from '../http/input.ts';
import { addRoute } from '../http/route.ts';
import type { TextKey } from '../http/texts.ts';
import { groupVO } from './group.ts';
import { groupMemberVO } from './group-member.ts';
import type { GroupService } from './group-service.ts';
import type { MembershipService } from './membership-service.ts';

const tag = 'Groups';

/** What a page may say about a group; of everything else that it sends along, nothing is read. */
const settings = z.object({
  name: name({ required: 'groupNameRequired', max: [20, 'groupNameTooLong'] }),
  headImage: optionalText({ max: [255] }),
  headImageThumb: optionalText({ max: [255] }),
  notice: optionalText({ max: [1024, 'groupNoticeTooLong'] }),
  remarkNickName: optionalName({ max: [20, 'remarkNickNameTooLong'] }),
  remarkGroupName: optionalName({ max: [20, 'remarkGroupNameTooLong'] }),
});

const ofGroup = z.object({ groupId: id });

/** 1 to 50 users. */
function chosen(required: TextKey, tooMany: TextKey): z.ZodType<number[]> {
  return z.preprocess((value) => value ?? [], ids.pipe(z.array(z.int()).min(1, required).max(50, tooMany)));
}

export interface GroupRouteDeps {
  readonly groups: GroupService;
  readonly memberships: MembershipService;
}

/** Contract C.5. */
export function groupRoutes(app: FastifyInstance, { groups, memberships }: GroupRouteDeps): void {
  addRoute(app, {
    method: 'POST',
    url: '/group/create',
    tag,
    summary: 'Open a group',
    oncePer5s: true,
    body: settings,
    answer: groupVO,
    handle: ({ body, caller }) => groups.create(caller, body),
  });
  addRoute(app, {
    method: 'PUT',
    url: '/group/modify',
    tag,
    summary: 'Change what is mine of a group and, for its owner, the group',
    oncePer5s: true,
    body: settings.extend({ id: integer('groupIdRequired') }),
    answer: groupVO,
    handle: ({ body: { id: groupId, ...changes }, caller }) => groups.modify(caller, groupId, changes),
  });
  addRoute(app, {
    method: 'DELETE',
    url: '/group/delete/:groupId',
    tag,
    summary: 'Dissolve a group, for its owner',
    oncePer5s: true,
    params: ofGroup,
    async handle({ params, caller }) {
      await memberships.dissolve(caller, params.groupId);
      return null;
    },
  });
  addRoute(app, {
    method: 'GET',
    url: '/group/find/:groupId',
    tag,
    summary: 'A group that I am in, or was',
    params: ofGroup,
    answer: groupVO,
    handle: ({ params, caller }) => groups.find(caller, params.groupId),
  });
  addRoute(app, {
    method: 'GET',
    url: '/group/list',
    tag,
    summary: 'My groups, and those that I left within 30 days',
    answer: z.array(groupVO),
    handle: ({ caller }) => groups.list(caller),
  });
  addRoute(app, {
    method: 'POST',
    url: '/group/invite',
    tag,
    summary: 'Bring friends into a group',
    oncePer5s: true,
    body: z.object({
      groupId: integer('groupIdRequired'),
      friendIds: chosen('groupIdRequired', 'tooManyInvited'),
    }),
    async handle({ body, caller }) {
      await memberships.invite(caller, body.groupId, body.friendIds);
      return null;
    },
  });
  addRoute(app, {
    method: 'GET',
    url: '/group/members/:groupId',
    tag,
    summary: 'Who is in a group, or was',
    params: ofGroup,
    answer: z.array(groupMemberVO),
    handle: ({ params, caller }) => groups.members(caller, params.groupId),
  });
  addRoute(app, {
    method: 'DELETE',
    url: '/group/members/remove',
    tag,
    summary: 'Put members out of a group, for its owner',
    oncePer5s: true,
    body: z.object({
      groupId: integer('groupIdRequired'),
      userIds: chosen('memberIdsRequired', 'tooManyChosen'),
    }),
    async handle({ body, caller }) {
      await memberships.remove(caller, body.groupId, body.userIds);
      return null;
    },
  });
  addRoute(app, {
    method: 'DELETE',
    url: '/group/quit/:groupId',
    tag,
    summary: 'Leave a group',
    oncePer5s: true,
    params: ofGroup,
    async handle({ params, caller }) {
      await memberships.quit(caller, params.groupId);
      return null;
    },
  });
  addRoute(app, {
    method: 'DELETE',
    url: '/group/kick/:groupId',
    tag,
    summary: 'Put one member out of a group; /group/members/remove is its successor',
    oncePer5s: true,
    params: ofGroup,
    query: z.object({ userId: id }),
    async handle({ params, query, caller }) {
      await memberships.kick(caller, params.groupId, query.userId);
      return null;
    },
  });
  addRoute(app, {
    method: 'PUT',
    url: '/group/dnd',
    tag,
    summary: 'Mute a group for me, or unmute it',
    body: z.object({ groupId: integer('groupIdRequired'), isDnd: flag('groupDndRequired') }),
    async handle({ body, caller }) {
      await groups.setDnd(caller, body.groupId, body.isDnd);
      return null;
    },
  });
}
