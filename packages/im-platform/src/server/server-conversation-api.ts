import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { idOf, idText, nameText } from '../api/values.ts';
import { conversationOfGroup } from '../groups/group.ts';
import type { ServerConversations } from './server-conversations.ts';
import { userRef } from './user-ref.ts';

const tag = 'Server';
const mostAtOnce = 500;
const rights = 'Keys with the scope `conversations`. It says for its users that they want it.';

const conversationId = idText('Of the conversation');
const ofGroup = z.object({ groupId: idOf('Of the group', '1') });

export function serverConversationApi(app: FastifyInstance, conversations: ServerConversations): void {
  addApiRoute(app, {
    method: 'POST',
    path: '/server/private-conversations',
    name: 'pairUsers',
    tag,
    summary: 'Let two users write to each other: they are friends from then on',
    rights: `${rights} Asked again it does nothing more. A block of one of the two stands against it.`,
    scope: 'conversations',
    body: z
      .strictObject({ users: z.tuple([userRef, userRef]).meta({ description: 'The two' }) })
      .meta({ example: { users: ['external:customer-7', 'name:ann'] } }),
    answer: z.object({ conversationId }),
    problems: ['NOT_FOUND', 'NOT_WANTED', 'BLOCKED_BY_YOU'],
    handle: async ({ body: { users } }) => ({ conversationId: await conversations.pair(...users) }),
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/server/groups',
    name: 'createGroupFor',
    tag,
    summary: 'Make a group with its members',
    rights,
    scope: 'conversations',
    takesIdempotencyKey: true,
    body: z
      .strictObject({
        name: nameText(20, 'groupNameTooLong'),
        owner: userRef,
        members: z.array(userRef).max(mostAtOnce, 'tooManyChosen').optional(),
      })
      .meta({ example: { name: 'Order 7', owner: 'name:ann', members: ['external:customer-7'] } }),
    answer: z.object({ groupId: idText('Of the group'), conversationId }),
    status: 201,
    problems: ['NOT_FOUND', 'GROUP_FULL'],
    async handle({ body: { members = [], ...group }, idempotencyKey }) {
      const id = await conversations.createGroup({ ...group, members }, idempotencyKey);
      return { groupId: String(id), conversationId: conversationOfGroup(id) };
    },
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/server/groups/{groupId}/members',
    name: 'bringIntoGroup',
    tag,
    summary: 'Bring users into a group',
    rights: `${rights} Who is in it stays as they are.`,
    scope: 'conversations',
    params: ofGroup,
    body: z
      .strictObject({
        users: z.array(userRef).min(1, 'memberIdsRequired').max(mostAtOnce, 'tooManyChosen'),
      })
      .meta({ example: { users: ['external:customer-7'] } }),
    problems: ['NOT_FOUND', 'GROUP_FULL', 'GROUP_CLOSED', 'NOT_A_MEMBER'],
    handle: ({ params, body }) => conversations.bringIn(params.groupId, body.users),
  });
  addApiRoute(app, {
    method: 'DELETE',
    path: '/server/groups/{groupId}/members/{user}',
    name: 'putOutOfGroup',
    tag,
    summary: 'Put a user out of a group',
    rights: 'Keys with the scope `conversations`. Not the owner. Who is not in it is left alone.',
    scope: 'conversations',
    params: ofGroup.extend({ user: userRef }),
    problems: ['NOT_FOUND', 'NOT_ALLOWED'],
    handle: ({ params }) => conversations.putOut(params.groupId, params.user),
  });
}
