import type { FastifyInstance } from 'fastify';
import type { ImClient } from 'im-client';
import { z } from 'zod';
import { addRoute } from '../http/route.ts';
import { moment, terminal, terminals, userId } from './schemas.ts';

const mostUsers = 10_000;

const reached = z.object({ terminals: terminals.meta({ description: 'Those that an order went out for' }) });

const session = z.object({
  userId: z.string(),
  terminal,
  server: z.int(),
  session: z
    .string()
    .optional()
    .meta({ description: 'Its name; absent, with all below, where a server keeps no sessions' }),
  since: z.number().optional(),
  heardAt: z.number().optional(),
  address: z.string().optional(),
  agent: z.string().optional(),
  devId: z.string().optional(),
});

/** Who is online, and who has to go. */
export function addUserRoutes(app: FastifyInstance, im: ImClient): void {
  addRoute(app, {
    method: 'POST',
    url: '/v1/online',
    summary: 'The terminals on which each user is connected',
    scope: 'read',
    body: z.strictObject({ userIds: z.array(userId).max(mostUsers) }),
    answer: z.object({
      online: z
        .record(z.string(), terminals)
        .meta({ description: 'By user id; users who are nowhere are left out' }),
    }),
    handle: async ({ userIds }) => ({ online: Object.fromEntries(await im.onlineTerminals(userIds)) }),
  });
  addRoute(app, {
    method: 'POST',
    url: '/v1/sessions',
    summary: 'Where a user is logged in',
    scope: 'read',
    body: z.strictObject({ userId, terminals: terminals.optional() }),
    answer: z.object({ sessions: z.array(session) }),
    handle: async ({ userId: id, ...options }) => ({ sessions: await im.sessions(id, options) }),
  });
  addRoute(app, {
    method: 'POST',
    url: '/v1/sessions/end',
    summary: 'Closes one session for good',
    scope: 'kick',
    body: z.strictObject({ userId, terminal, session: z.string(), reason: z.string().optional() }),
    answer: z.object({ ended: z.boolean().meta({ description: 'False: it was over already' }) }),
    handle: async ({ reason, ...which }) => ({
      ended: await im.endSession(which, reason === undefined ? {} : { reason }),
    }),
  });
  addRoute(app, {
    method: 'POST',
    url: '/v1/kick',
    summary: "Closes the user's devices for good; their tokens still let them in",
    scope: 'kick',
    body: z.strictObject({ userId, terminals: terminals.optional() }),
    answer: reached,
    handle: async ({ userId: id, ...options }) => ({ terminals: await im.forceLogout(id, options) }),
  });
  addRoute(app, {
    method: 'POST',
    url: '/v1/revoke',
    summary:
      'Refuses tokens of a user that were issued, or that end, before a moment, and closes their devices',
    scope: 'kick',
    body: z.strictObject({
      userId,
      issuedBefore: moment.optional(),
      expiringBefore: moment.optional(),
      keepSessions: z.array(z.string()).max(100).optional(),
      until: moment.optional(),
      terminals: terminals.optional(),
    }),
    answer: reached,
    handle: async ({ userId: id, ...options }) => ({ terminals: await im.revokeTokens(id, options) }),
  });
}
