import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { cursorQuery, pageOf, readCursor, toPage } from '../api/cursor.ts';
import { idOf, idText, limitOf, time, toTime } from '../api/values.ts';
import type { Caller } from '../http/caller.ts';
import { Refusal } from '../http/refusal.ts';
import { addAdminRoute, type AdminRouteDeps } from './admin-route.ts';
import { session, toSession } from '../sessions/session-api.ts';
import { prefixQuery } from './prefix.ts';
import type { AdminUser, UserAdmin } from './user-admin.ts';

const usual = 50;
const longestReason = 255;

const user = z
  .object({
    id: idText('Of the user'),
    userName: z.string(),
    nickName: z.string(),
    externalId: z.string().nullable(),
    ban: z
      .object({
        reason: z.string(),
        until: time.nullable().meta({ description: 'Null: it does not end by itself' }),
      })
      .nullable(),
    isAdmin: z.boolean(),
    isDeleted: z.boolean(),
    createdAt: time,
    lastSignInAt: time.nullable(),
  })
  .meta({ id: 'AdminUser' });

function toUser(found: AdminUser): z.output<typeof user> {
  const { id, userName, nickName, externalId, reason, bannedUntil, createdTime, lastLoginTime } = found;
  return {
    ...{ id: String(id), userName, nickName, externalId },
    ban: found.isBanned === 1 ? { reason, until: bannedUntil === null ? null : toTime(bannedUntil) } : null,
    ...{ isAdmin: found.adminId !== null, isDeleted: found.deletedTime !== null },
    ...{
      createdAt: toTime(createdTime),
      lastSignInAt: lastLoginTime === null ? null : toTime(lastLoginTime),
    },
  };
}

const adminSession = session
  .omit({ isCurrent: true })
  .extend({ isOnline: z.boolean().meta({ description: 'Whether a device of this kind is connected' }) })
  .meta({ id: 'AdminSession' });

const params = z.object({ userId: idOf('Of the user', '5') });
const subject = ({ userId }: z.output<typeof params>): string => `user:${userId}`;

/** When a ban ends. */
const until = z.iso
  .datetime()
  .refine((text) => Date.parse(text) > Date.now(), { error: 'expected a moment to come' })
  .optional()
  .meta({ description: 'When it ends by itself; absent: it does not', example: '2099-01-01T00:00:00Z' });

export function userAdminApi(app: FastifyInstance, deps: AdminRouteDeps, users: UserAdmin): void {
  addAdminRoute(app, deps, {
    method: 'GET',
    path: '/admin/users',
    name: 'adminListUsers',
    summary: 'Users whose user name or nickname begins so, or with that id',
    query: z.strictObject({ prefix: prefixQuery, cursor: cursorQuery, limit: limitOf(200, usual) }),
    answer: pageOf(user),
    subject: () => 'users',
    async handle({ query: { prefix = '', cursor, limit = usual } }) {
      const rows = await users.page(prefix, readCursor(cursor, z.int()) ?? 0, limit + 1);
      return toPage(rows, limit, { placeOf: ({ id }) => id, toItem: toUser });
    },
  });
  addAdminRoute(app, deps, {
    method: 'GET',
    path: '/admin/users/{userId}',
    name: 'adminGetUser',
    summary: 'One user',
    params,
    answer: user,
    problems: ['NOT_FOUND'],
    subject,
    handle: async ({ params: { userId } }) => toUser(await users.find(userId)),
  });
  addAdminRoute(app, deps, {
    method: 'PUT',
    path: '/admin/users/{userId}/ban',
    name: 'adminBanUser',
    summary: 'Ban a user: from then on nothing of theirs is answered, and their devices are put out',
    params,
    body: z
      .strictObject({ reason: z.string().min(1).max(longestReason), until })
      .meta({ example: { reason: 'spam' } }),
    problems: ['NOT_FOUND'],
    subject,
    handle: ({ params: { userId }, body, caller }, note) => {
      mustBeAnother(userId, caller);
      return users.ban(
        userId,
        body.reason,
        body.until === undefined ? undefined : Date.parse(body.until),
        note,
      );
    },
  });
  addAdminRoute(app, deps, {
    method: 'DELETE',
    path: '/admin/users/{userId}/ban',
    name: 'adminUnbanUser',
    summary: 'Lift the ban of a user',
    params,
    problems: ['NOT_FOUND'],
    subject,
    handle: ({ params: { userId } }, note) => users.unban(userId, note),
  });
  addAdminRoute(app, deps, {
    method: 'GET',
    path: '/admin/users/{userId}/sessions',
    name: 'adminListSessions',
    summary: 'Where a user is signed in',
    params,
    answer: z.object({ items: z.array(adminSession) }),
    problems: ['NOT_FOUND'],
    subject,
    handle: async ({ params: { userId } }) => ({
      items: (await users.sessions(userId)).map((one) => ({ ...toSession(one), isOnline: one.isOnline })),
    }),
  });
  addAdminRoute(app, deps, {
    method: 'DELETE',
    path: '/admin/users/{userId}/sessions',
    name: 'adminEndSessions',
    summary: 'End all sessions of a user; they may sign in again',
    params,
    problems: ['NOT_FOUND'],
    subject,
    handle: ({ params: { userId } }, note) => users.endSessions(userId, note),
  });
  addAdminRoute(app, deps, {
    method: 'DELETE',
    path: '/admin/users/{userId}/second-factor',
    name: 'adminRemoveSecondFactor',
    summary: 'Take the second factor of a user away, who has lost it; sure who they are',
    params,
    problems: ['NOT_FOUND', 'SECOND_FACTOR_STATE'],
    subject,
    handle: ({ params: { userId } }, note) => users.removeSecondFactor(userId, note),
  });
  addAdminRoute(app, deps, {
    method: 'POST',
    path: '/admin/users/{userId}/password-reset',
    name: 'adminResetPassword',
    summary: 'Make a token with which the user sets a new password, once; the one before it is void',
    params,
    answer: z.object({ token: z.string(), expiresAt: time }),
    status: 201,
    problems: ['NOT_FOUND'],
    subject,
    async handle({ params: { userId } }, note) {
      const { token, endTime } = await users.resetPassword(userId, note);
      return { token, expiresAt: toTime(endTime) };
    },
  });
  addAdminRoute(app, deps, {
    method: 'DELETE',
    path: '/admin/users/{userId}',
    name: 'adminDeleteUser',
    summary: 'Delete an account for good, as its user could',
    params,
    problems: ['NOT_FOUND'],
    subject,
    handle: ({ params: { userId }, caller }, note) => {
      mustBeAnother(userId, caller);
      return users.delete(userId, note);
    },
  });
}

/** Else the last admin may lock themselves out by a slip. */
function mustBeAnother(userId: number, caller: Pick<Caller, 'userId'>): void {
  if (userId === caller.userId) throw new Refusal('notToYourself');
}
