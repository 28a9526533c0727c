import type { FastifyInstance } from 'fastify';
import type { ImClient } from 'im-client';
import { z } from 'zod';
import { addRoute } from '../http/route.ts';
import { topic, userId } from './schemas.ts';

const change = z.strictObject({ topic, userIds: z.array(userId) });

const changed = z.object({
  refused: z.array(z.string()).meta({ description: 'Users who are in 1,000 topics already' }),
});

/** Who is in which topic. What is sent to one when a change was answered reaches those whom it names. */
export function addTopicRoutes(app: FastifyInstance, { topics }: ImClient): void {
  const common = { method: 'POST', scope: 'topics' } as const;
  addRoute(app, {
    ...common,
    url: '/v1/topics/add',
    summary: 'Puts users into a topic',
    body: change,
    answer: changed,
    handle: async (body) => ({ refused: [...(await topics.add(body.topic, body.userIds)).refused] }),
  });
  addRoute(app, {
    ...common,
    url: '/v1/topics/remove',
    summary: 'Takes users out of a topic',
    body: change,
    answer: z.object({}),
    handle: async (body) => {
      await topics.remove(body.topic, body.userIds);
      return {};
    },
  });
  addRoute(app, {
    ...common,
    url: '/v1/topics/replace',
    summary: 'Says who is in a topic, and that nobody else is',
    body: change,
    answer: changed,
    handle: async (body) => ({ refused: [...(await topics.replace(body.topic, body.userIds)).refused] }),
  });
  addRoute(app, {
    ...common,
    url: '/v1/topics/of',
    summary: 'The topics that a user is in',
    body: z.strictObject({ userId }),
    answer: z.object({ topics: z.array(z.string()) }),
    handle: async (body) => ({ topics: await topics.topicsOf(body.userId) }),
  });
  addRoute(app, {
    ...common,
    url: '/v1/topics/online',
    summary: 'Members who are connected, a page at a time; one may come twice',
    body: z.strictObject({ topic, next: z.string().optional() }),
    answer: z.object({
      userIds: z.array(z.string()),
      next: z.string().optional().meta({ description: 'For the next page; absent on the last one' }),
    }),
    handle: async (body) => {
      const { userIds, next } = await topics.online(body.topic, body.next);
      return { userIds: [...userIds], ...(next !== undefined && { next }) };
    },
  });
}
