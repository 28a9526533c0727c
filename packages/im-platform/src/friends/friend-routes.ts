import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { flag, id, integer } from '../http/input.ts';
import { addRoute } from '../http/route.ts';
import { Refusal } from '../http/refusal.ts';
import type { FriendRequestService } from './friend-request-service.ts';
import type { FriendService } from './friend-service.ts';
import { friendVO, toFriendVO } from './friend.ts';

const tag = 'Friends';

/** Ours: box-im asks nobody. */
const requestSent = 10_010;

export interface FriendRouteDeps {
  readonly friends: FriendService;
  readonly requests: Pick<FriendRequestService, 'ask'>;
}

/** Contract C.4. */
export function friendRoutes(app: FastifyInstance, { friends, requests }: FriendRouteDeps): void {
  addRoute(app, {
    method: 'GET',
    url: '/friend/list',
    tag,
    summary: 'My friends, deleted ones too',
    answer: z.array(friendVO),
    handle: async ({ caller }) => (await friends.list(caller.userId)).map(toFriendVO),
  });
  addRoute(app, {
    method: 'GET',
    url: '/friend/find/:friendId',
    tag,
    summary: 'One of my friends, also when deleted',
    params: z.object({ friendId: id }),
    answer: friendVO,
    handle: async ({ params, caller }) => toFriendVO(await friends.find(caller.userId, params.friendId)),
  });
  addRoute(app, {
    method: 'POST',
    url: '/friend/add',
    tag,
    summary: 'Become friends, or ask to; what says so is a refusal, as pages take 200 for friends',
    oncePer5s: true,
    query: z.object({ friendId: id }),
    async handle({ query, caller }) {
      if ((await requests.ask(caller, query.friendId)) === 'asked')
        throw new Refusal('requestSent', { code: requestSent });
      return null;
    },
  });
  addRoute(app, {
    method: 'DELETE',
    url: '/friend/delete/:friendId',
    tag,
    summary: 'End a friendship, for both',
    params: z.object({ friendId: id }),
    async handle({ params, caller }) {
      await friends.delete(caller, params.friendId);
      return null;
    },
  });
  addRoute(app, {
    method: 'PUT',
    url: '/friend/dnd',
    tag,
    summary: 'Mute a friend, or no longer',
    body: z.object({ friendId: integer('friendIdRequired'), isDnd: flag('dndRequired') }),
    async handle({ body, caller }) {
      await friends.setDnd(caller, body.friendId, body.isDnd);
      return null;
    },
  });
}
