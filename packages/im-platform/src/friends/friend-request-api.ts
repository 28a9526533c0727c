import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { cursorQuery, pageOf, readCursor, toPage } from '../api/cursor.ts';
import { idOf, idText, limitOf, time, toTime } from '../api/values.ts';
import { longestRequestText, type ShownRequest } from './friend-request.ts';
import type { FriendRequestService } from './friend-request-service.ts';

const tag = 'Friends';
const usual = 50;

const request = z
  .object({
    userId: idText('Of the other one'),
    nickName: z.string(),
    thumbnail: z.string().nullable(),
    text: z.string(),
    sentAt: time,
    endsAt: time.meta({ description: 'Until then it can be accepted, and is not asked again' }),
  })
  .meta({ id: 'FriendRequest' });

const ofUser = z.object({ userId: idOf('Of the other one', '5') });
const ofPage = z.strictObject({ cursor: cursorQuery, limit: limitOf(200, usual) });

export function friendRequestApi(app: FastifyInstance, requests: FriendRequestService): void {
  addApiRoute(app, {
    method: 'POST',
    path: '/friend-requests',
    name: 'askToBeFriends',
    tag,
    summary: 'Ask somebody to be friends',
    rights:
      'Anybody whom the other one has not blocked, and so many in a day. Accepted with `PUT /v1/friends/{userId}`, or by asking back.',
    body: z
      .strictObject({
        userId: idOf('Whom', '5'),
        text: z.string().max(longestRequestText, 'requestTextTooLong').optional(),
      })
      .meta({ example: { userId: '5', text: 'We met at the climbing hall' } }),
    answer: z.object({
      state: z.enum(['asked', 'friends']).meta({
        description: 'friends: the other one asks as well, they were friends before, or nobody need ask here',
      }),
    }),
    status: 201,
    problems: ['NOT_FOUND', 'NOT_WANTED', 'BLOCKED_BY_YOU'],
    handle: async ({ body, caller }) => ({ state: await requests.ask(caller, body.userId, body.text) }),
  });
  addApiRoute(app, {
    method: 'GET',
    path: '/friend-requests/received',
    name: 'listReceivedRequests',
    tag,
    summary: 'Who asks me to be friends',
    rights: 'Whoever is signed in, their own.',
    query: ofPage,
    answer: pageOf(request),
    async handle({ query: { cursor, limit = usual }, caller }) {
      const rows = await requests.receivedBy(caller.userId, readCursor(cursor, z.int()) ?? 0, limit + 1);
      return toPage(rows, limit, {
        placeOf: ({ fromId }) => fromId,
        toItem: (row: ShownRequest) => toRequest(row, row.fromId),
      });
    },
  });
  addApiRoute(app, {
    method: 'GET',
    path: '/friend-requests/sent',
    name: 'listSentRequests',
    tag,
    summary: 'Whom I have asked',
    rights: 'Whoever is signed in, their own. What was declined is not told.',
    query: ofPage,
    answer: pageOf(request),
    async handle({ query: { cursor, limit = usual }, caller }) {
      const rows = await requests.sentBy(caller.userId, readCursor(cursor, z.int()) ?? 0, limit + 1);
      return toPage(rows, limit, {
        placeOf: ({ toId }) => toId,
        toItem: (row: ShownRequest) => toRequest(row, row.toId),
      });
    },
  });
  addApiRoute(app, {
    method: 'DELETE',
    path: '/friend-requests/received/{userId}',
    name: 'declineRequest',
    tag,
    summary: 'Decline what somebody asks',
    rights: 'Whoever was asked. The other one is not told.',
    params: ofUser,
    handle: ({ params, caller }) => requests.decline(caller, params.userId),
  });
  addApiRoute(app, {
    method: 'DELETE',
    path: '/friend-requests/sent/{userId}',
    name: 'withdrawRequest',
    tag,
    summary: 'Take a request back',
    rights: 'Whoever asked. Asked again before its end, the other one finds it again and is not told.',
    params: ofUser,
    handle: ({ params, caller }) => requests.withdraw(caller, params.userId),
  });
}

function toRequest(
  { nickName, headImageThumb, text, sentTime, endTime }: ShownRequest,
  otherId: number,
): z.output<typeof request> {
  return {
    ...{ userId: String(otherId), nickName, text, sentAt: toTime(sentTime), endsAt: toTime(endTime) },
    thumbnail: headImageThumb === '' ? null : headImageThumb,
  };
}
