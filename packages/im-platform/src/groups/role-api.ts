import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { idOf } from '../api/values.ts';
import type { RoleService } from './role-service.ts';

const tag = 'Groups';
const longestMuteMin = 525_600;

const ofGroup = z.object({ groupId: idOf('Of the group', '1') });
const ofMember = ofGroup.extend({ userId: idOf('Of the member', '3') });
const problems = ['NOT_FOUND', 'NOT_A_MEMBER', 'NOT_ALLOWED', 'GROUP_CLOSED'] as const;

export function roleApi(app: FastifyInstance, roles: RoleService): void {
  addApiRoute(app, {
    method: 'PUT',
    path: '/groups/{groupId}/owner',
    name: 'transferGroup',
    tag,
    summary: 'Give a group to a member',
    rights: 'Its owner, who is a member as others from then on.',
    params: ofGroup,
    body: z.strictObject({ userId: idOf('Of the new owner', '1') }).meta({ example: { userId: '1' } }),
    problems,
    handle: ({ params, body, caller }) => roles.transfer(caller, { ...params, ...body }),
  });
  addApiRoute(app, {
    method: 'PUT',
    path: '/groups/{groupId}/admins/{userId}',
    name: 'appointAdmin',
    tag,
    summary: 'Make a member an admin',
    rights: 'The owner. Admins change what all see, put members out, mute them, and say who may write.',
    params: ofMember,
    problems,
    handle: ({ params, caller }) => roles.appoint(caller, params),
  });
  addApiRoute(app, {
    method: 'DELETE',
    path: '/groups/{groupId}/admins/{userId}',
    name: 'dismissAdmin',
    tag,
    summary: 'Make an admin a member',
    rights: 'The owner.',
    params: ofMember,
    problems,
    handle: ({ params, caller }) => roles.dismiss(caller, params),
  });
  addApiRoute(app, {
    method: 'PUT',
    path: '/groups/{groupId}/mutes/{userId}',
    name: 'muteMember',
    tag,
    summary: 'Let a member write nothing for a while',
    rights:
      'The owner everybody else, admins members. The muted one is told; leaving and coming back does not end it.',
    params: ofMember,
    body: z.strictObject({ minutes: z.int().min(1).max(longestMuteMin) }).meta({ example: { minutes: 60 } }),
    problems,
    handle: ({ params, body, caller }) => roles.mute(caller, params, body.minutes),
  });
  addApiRoute(app, {
    method: 'DELETE',
    path: '/groups/{groupId}/mutes/{userId}',
    name: 'unmuteMember',
    tag,
    summary: 'Let a member write again',
    rights: 'Whoever may mute them.',
    params: ofMember,
    problems,
    handle: ({ params, caller }) => roles.mute(caller, params, 0),
  });
}
