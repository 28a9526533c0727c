import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { cursorQuery, pageOf, readCursor, toPage } from '../api/cursor.ts';
import { idOf, idText, limitOf } from '../api/values.ts';
import { conversationOf } from '../messages/private/private-message.ts';
import type { FriendService } from './friend-service.ts';
import type { Friend } from './friend.ts';

const tag = 'Friends';
const usual = 50;

const friend = z
  .object({
    userId: idText('Of the friend'),
    nickName: z.string(),
    thumbnail: z.string().nullable(),
    isMuted: z.boolean(),
    conversationId: idText('Of what the two say to each other'),
  })
  .meta({ id: 'Friend' });

const ofFriend = z.object({ userId: idOf('Of the friend', '2') });

function toFriend({
  userId,
  friendId,
  friendNickName,
  friendHeadImage,
  isDnd,
}: Friend): z.output<typeof friend> {
  return {
    ...{ userId: String(friendId), nickName: friendNickName, isMuted: isDnd === 1 },
    thumbnail: friendHeadImage === '' ? null : friendHeadImage,
    conversationId: conversationOf(userId, friendId),
  };
}

export function friendApi(app: FastifyInstance, friends: FriendService): void {
  addApiRoute(app, {
    method: 'GET',
    path: '/friends',
    name: 'listFriends',
    tag,
    summary: 'My friends',
    rights: 'Whoever is signed in, their own.',
    query: z.strictObject({ cursor: cursorQuery, limit: limitOf(200, usual) }),
    answer: pageOf(friend),
    async handle({ query: { cursor, limit = usual }, caller }) {
      const after = readCursor(cursor, z.int()) ?? 0;
      const rows = await friends.page(caller.userId, after, limit + 1);
      return toPage(rows, limit, { placeOf: ({ friendId }) => friendId, toItem: toFriend });
    },
  });
  addApiRoute(app, {
    method: 'PUT',
    path: '/friends/{userId}',
    name: 'addFriend',
    tag,
    summary: 'Become friends: accept what somebody asks',
    rights:
      'With whoever asks it (`GET /v1/friend-requests/received`); where `friendship` is open, anybody with anybody. Done again it changes nothing.',
    params: ofFriend,
    answer: friend,
    problems: ['NOT_FOUND', 'NOT_WANTED', 'BLOCKED_BY_YOU', 'REQUEST_NEEDED'],
    async handle({ params, caller }) {
      await friends.add(caller, params.userId);
      return toFriend(await friends.find(caller.userId, params.userId));
    },
  });
  addApiRoute(app, {
    method: 'PATCH',
    path: '/friends/{userId}',
    name: 'changeFriend',
    tag,
    summary: 'Mute a friend, or no longer',
    rights: 'A friend, for themselves.',
    params: ofFriend,
    body: z.strictObject({ isMuted: z.boolean() }).meta({ example: { isMuted: true } }),
    answer: friend,
    problems: ['NOT_FOUND'],
    async handle({ params, body, caller }) {
      await friends.setDnd(caller, params.userId, body.isMuted);
      return toFriend(await friends.find(caller.userId, params.userId));
    },
  });
  addApiRoute(app, {
    method: 'DELETE',
    path: '/friends/{userId}',
    name: 'removeFriend',
    tag,
    summary: 'End a friendship, for both',
    rights: 'Either of the two. Both keep what they said; neither can say more.',
    params: ofFriend,
    problems: ['NOT_FOUND'],
    handle: ({ params, caller }) => friends.delete(caller, params.userId),
  });
}
