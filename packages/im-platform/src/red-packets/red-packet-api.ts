import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { cursorQuery, pageOf } from '../api/cursor.ts';
import { idText, limitOf, time, toTime } from '../api/values.ts';
import { Refusal } from '../http/refusal.ts';
import { conversationId } from '../inbox/conversation-id.ts';
import { secretId } from '../wallet/wallet-api.ts';
import { stateOf, type Grab, type RedPacket } from './red-packet.ts';
import type { RedPackets, SeenPacket } from './red-packet-service.ts';
import { bestOf } from './red-packet-store.ts';

const tag = 'Red packets';
const usual = 50;
const mostListed = 200;
const longestGreeting = 64;

const whole = z.int().min(1).max(Number.MAX_SAFE_INTEGER);

const redPacket = z
  .object({
    id: idText('Of the red packet'),
    conversationId: z.string(),
    senderId: z.string(),
    greeting: z.string(),
    split: z.enum(['equal', 'lucky']),
    amount: z.int().meta({ description: 'In the smallest unit, as cents' }),
    shares: z.int(),
    taken: z.int().meta({ description: 'How many shares were taken' }),
    takenAmount: z.int(),
    state: z.enum(['open', 'empty', 'over']).meta({
      description: '`empty`: all shares were taken. `over`: its time was over before that',
    }),
    mine: z.object({ amount: z.int(), takenAt: time }).nullable().meta({ description: 'What I have of it' }),
    refunded: z
      .int()
      .nullable()
      .meta({ description: 'What went back to the sender; null: nothing, or not yet' }),
    createdAt: time,
    endsAt: time.meta({ description: 'What is left by then goes back' }),
    emptiedInS: z
      .number()
      .nullable()
      .meta({ description: 'How long it took until the last share was taken; null: it was not' }),
  })
  .meta({ id: 'RedPacket' });

const grab = z
  .object({
    userId: z.string(),
    name: z.string(),
    amount: z.int(),
    takenAt: time,
    isBest: z
      .boolean()
      .meta({ description: 'The largest share of a lucky split, once no more can be taken' }),
  })
  .meta({ id: 'RedPacketGrab' });

const ofOne = z.object({ packetId: secretId('Of the red packet') });
const rights =
  'Who is in its conversation now, its sender, and whoever has a share. To all others it is not there.';

/** Without a service there are none. */
export function redPacketApi(app: FastifyInstance, given: RedPackets | undefined): void {
  const service = (): RedPackets => {
    if (!given) throw new Refusal('redPacketsOff', { code: 404 });
    return given;
  };
  addApiRoute(app, {
    method: 'POST',
    path: '/conversations/{conversationId}/red-packets',
    name: 'sendRedPacket',
    tag,
    summary: 'Send a red packet',
    rights:
      'Who may write there, and has the money. Needs an `Idempotency-Key`: sent again with it, it is the same packet. Only with `--red-packets`.',
    takesIdempotencyKey: true,
    isMessage: true,
    params: z.object({ conversationId }),
    body: z
      .strictObject({
        amount: whole.meta({ description: 'All of it, in the smallest unit' }),
        shares: whole.meta({ description: 'In a conversation of two one' }),
        split: z.enum(['equal', 'lucky']),
        greeting: z.string().trim().min(1).max(longestGreeting),
      })
      .meta({ example: { amount: 1_000, shares: 1, split: 'equal', greeting: 'Happy new year' } }),
    answer: redPacket,
    status: 201,
    problems: [
      ...(['NOT_FOUND', 'NOT_FRIENDS', 'NOT_WANTED', 'BLOCKED_BY_YOU', 'NOT_A_MEMBER', 'MUTED'] as const),
      ...(['GROUP_CLOSED', 'BALANCE_TOO_LOW', 'TOO_MANY', 'MESSAGE_REFUSED'] as const),
      'IDEMPOTENCY_KEY_REUSED',
    ],
    async handle({ params, body, caller, idempotencyKey }) {
      const packets = service();
      if (idempotencyKey === undefined) throw new Refusal('keyNeeded');
      return show(await packets.send(caller, params.conversationId, { ...body, onceKey: idempotencyKey }));
    },
  });
  addApiRoute(app, {
    method: 'GET',
    path: '/red-packets/{packetId}',
    name: 'getRedPacket',
    tag,
    summary: 'How a red packet stands',
    rights,
    params: ofOne,
    answer: redPacket,
    problems: ['NOT_FOUND'],
    handle: async ({ params, caller }) => show(await service().find(caller, params.packetId)),
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/red-packets/{packetId}/grab',
    name: 'grabRedPacket',
    tag,
    summary: 'Take a share of a red packet',
    rights:
      'In a group who is in it now, the sender as well; in a conversation of two the other one. Once: asked again, the answer is the same.',
    params: ofOne,
    answer: redPacket,
    problems: ['NOT_FOUND', 'RED_PACKET_CLOSED', 'NOT_ALLOWED'],
    async handle({ params, caller }) {
      const { packet, grab: mine } = await service().grab(caller, params.packetId);
      return show({ packet, mine });
    },
  });
  addApiRoute(app, {
    method: 'GET',
    path: '/red-packets/{packetId}/grabs',
    name: 'listRedPacketGrabs',
    tag,
    summary: 'Who has taken what, the first one first',
    rights,
    params: ofOne,
    query: z.strictObject({ cursor: cursorQuery, limit: limitOf(mostListed, usual) }),
    answer: pageOf(grab),
    problems: ['NOT_FOUND'],
    async handle({ params, query: { cursor, limit = usual }, caller }) {
      const { packet, page } = await service().list(caller, params.packetId, { cursor, limit });
      const best = bestOf(packet);
      return { ...page, items: page.items.map((one) => showGrab(one, best)) };
    },
  });
}

function show({ packet, mine }: SeenPacket): z.input<typeof redPacket> {
  const { id, conversation, senderId, greeting, split, amount, shares, taken, takenAmount } = packet;
  const state = stateOf(packet);
  return {
    ...{ id, conversationId: conversation, senderId: String(senderId), greeting, split, amount, shares },
    ...{ taken, takenAmount, state, refunded: packet.refunded },
    mine: mine ? { amount: mine.amount, takenAt: toTime(mine.createdTime) } : null,
    ...{ createdAt: toTime(packet.createdTime), endsAt: toTime(packet.endTime) },
    emptiedInS: state === 'empty' ? emptiedInS(packet) : null,
  };
}

function emptiedInS({ createdTime, closedTime }: RedPacket): number | null {
  return closedTime === null ? null : Math.max(0, closedTime - createdTime) / 1_000;
}

function showGrab(
  { userId, nickName, amount, position, createdTime }: Grab & { nickName: string | null },
  best: number | undefined,
): z.input<typeof grab> {
  const takenAt = toTime(createdTime);
  return { userId: String(userId), name: nickName ?? '', amount, takenAt, isBest: position === best };
}
