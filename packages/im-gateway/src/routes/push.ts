import type { FastifyInstance } from 'fastify';
import type { ImClient, Receipt } from 'im-client';
import { stages } from 'im-common/internal/bus';
import { invalidArgument } from 'im-common/internal/checks';
import { z } from 'zod';
import { noServer } from '../http/gateway-error.ts';
import { addRoute } from '../http/route.ts';
import { address, terminal, terminals, topic, userId } from './schemas.ts';

const longestWaitMs = 30_000;

const common = {
  recvTerminals: terminals.optional().meta({ description: 'The terminals of each receiver' }),
  sendResult: z.boolean().default(true).meta({ description: 'Whether results are wanted' }),
  messageId: z
    .string()
    .regex(/^[\w.@-]{1,64}$/, 'expected 1 to 64 characters out of A-Z a-z 0-9 _ . @ -')
    .optional()
    .meta({
      description: 'An id of your own: the same request with the same id, within four minutes, sends once',
    }),
  expiresInMs: z.int().min(1).optional().meta({ description: 'After so long nobody is given it any more' }),
  replaces: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .meta({ description: 'A key: older messages with the same one that still wait are dropped' }),
  priority: z
    .enum(['normal', 'high'])
    .optional()
    .meta({ description: 'high goes before all that is not handed to a connection yet' }),
  data: z.unknown().meta({ description: 'Any JSON. It reaches the device byte for byte' }),
  waitMs: z.int().min(0).max(longestWaitMs).optional().meta({
    description:
      'Answers when all results are known, or after so long, with what is known then, and with the rest in pending',
  }),
};

const keep = z
  .strictObject({ forMs: z.int().min(1), most: z.int().min(1).max(1_000).optional() })
  .optional()
  .meta({ description: 'Waits so long for the next login of each terminal that it does not reach' });

const fromUser = {
  sender: z.strictObject({ id: userId, terminal }),
  sendToSelf: z.boolean().default(true).meta({ description: "Copies for the sender's other devices" }),
  ...common,
};

const toUsers = z.array(userId).meta({ description: 'One that is named twice gets the message once' });

const privateMessage = z.strictObject({ recvId: userId.nullable(), keep, ...fromUser });
const groupMessage = z.strictObject({ recvIds: toUsers, keep, ...fromUser });
const systemMessage = z.strictObject({
  keep,
  recvIds: z.union([toUsers, z.literal('everyone')], {
    error: 'expected a list of user ids, or the text "everyone"',
  }),
  ...common,
});

const topicMessage = z.strictObject({
  topic,
  except: z
    .array(z.strictObject({ id: userId, terminal }))
    .optional()
    .meta({ description: 'Devices that do not get it' }),
  trackMembers: z.boolean().default(false).meta({ description: 'Whether results name each member' }),
  keep: keep.meta({
    description: 'The topic keeps it so long, among its last ones, for devices of members that come back',
  }),
  ...fromUser,
});

const stage = z.enum(stages).meta({ description: 'How far it came (the README, Results)' });

const receiverResult = address.extend({
  code: z.int().meta({ description: '0 arrived, 1 not online, 2 no channel, 9999 error' }),
  stage,
  reason: z.string().optional().meta({ description: 'Why it did not arrive (the README, Results)' }),
});

const receiptAnswer = z.object({
  messageId: z.string(),
  queued: z.array(address).meta({ description: 'Terminals whose servers have the message now' }),
  repeated: z
    .array(address)
    .optional()
    .meta({ description: 'Those of queued to which a former request with this messageId has sent it' }),
  offline: z.array(address).meta({ description: 'Terminals that are not connected' }),
  kept: z.array(address).optional().meta({ description: 'Those of offline for whose next login it waits' }),
  leftOut: z
    .array(z.int())
    .optional()
    .meta({ description: 'Servers of box-im that a push to everyone left out' }),
  results: z.array(receiverResult).optional().meta({ description: 'With waitMs: what is known' }),
  counts: z
    .array(
      z.object({
        serverId: z.int().optional(),
        count: z.int(),
        code: z.int(),
        stage,
        reason: z.string().optional(),
      }),
    )
    .optional()
    .meta({ description: 'With waitMs, to a topic: at how many devices of each server it ended how' }),
  pending: z
    .array(address)
    .optional()
    .meta({ description: 'With waitMs: terminals of which nothing was known when it was over' }),
  pendingServers: z
    .array(z.int())
    .optional()
    .meta({ description: 'The same to a topic or to everyone: servers that have more to report' }),
});

type ReceiptAnswer = z.input<typeof receiptAnswer>;

/** `closing` ends what waits for results: it is answered with what is known then. */
export function addPushRoutes(app: FastifyInstance, im: ImClient, closing: AbortSignal): void {
  const common = { method: 'POST', scope: 'push', answer: receiptAnswer } as const;
  const deps = { im, closing };
  addRoute(app, {
    ...common,
    url: '/v1/push/private',
    summary: 'Sends to each terminal of one user',
    body: privateMessage,
    handle: ({ waitMs, ...message }) =>
      send(deps, { ...message, waitMs }, () => im.sendPrivateMessage(message)),
  });
  addRoute(app, {
    ...common,
    url: '/v1/push/group',
    summary: 'Sends to each terminal of many users',
    body: groupMessage,
    handle: ({ waitMs, ...message }) =>
      send(deps, { ...message, waitMs }, () => im.sendGroupMessage(message)),
  });
  addRoute(app, {
    ...common,
    url: '/v1/push/topic',
    summary: 'Sends to the members of a topic, wherever they are connected',
    body: topicMessage,
    handle: ({ waitMs, ...message }) =>
      send({ ...deps, isToTopic: !message.trackMembers }, { ...message, waitMs }, () =>
        im.sendGroupMessage(message),
      ),
  });
  addRoute(app, {
    ...common,
    url: '/v1/push/system',
    summary: 'Sends what has no sender: to many users, or to everyone who is online',
    body: systemMessage,
    handle: ({ waitMs, ...message }) =>
      send(deps, { ...message, waitMs }, () => im.sendSystemMessage(message)),
  });
}

interface SendDeps {
  readonly im: ImClient;
  readonly closing: AbortSignal;
  /** Its members have no names. */
  readonly isToTopic?: boolean;
}

interface Sent {
  readonly sendResult: boolean;
  readonly waitMs: number | undefined;
  readonly keep?: unknown;
}

async function send(
  { im, closing, isToTopic = false }: SendDeps,
  { sendResult, waitMs, keep }: Sent,
  put: () => Promise<Receipt>,
): Promise<ReceiptAnswer> {
  // Before anything is sent.
  if (waitMs !== undefined && !sendResult)
    throw invalidArgument('waitMs is given beside "sendResult": false; there would be nothing to wait for.');
  const receipt = await put();
  if (keep === undefined) await checkServers(im, receipt, sendResult);
  const { messageId, queued, repeated, offline, kept, leftOut } = receipt;
  return {
    ...{ messageId, queued: [...queued], offline: [...offline] },
    ...(repeated.length > 0 && { repeated: [...repeated] }),
    ...(kept.length > 0 && { kept: [...kept] }),
    ...(leftOut.length > 0 && { leftOut: [...leftOut] }),
    ...(waitMs !== undefined && (await endOf(receipt, isToTopic, waitMs, closing))),
  };
}

/** Without a server everybody looks absent, which is an outage. Of servers of box-im, which nobody counts, `queued` or `leftOut` tell. */
async function checkServers(im: ImClient, receipt: Receipt, sendResult: boolean): Promise<void> {
  const { queued, offline, leftOut } = receipt;
  if (queued.length + leftOut.length > 0 || (await im.listServers()).length > 0) return;
  // A push to a topic or to everyone names nobody.
  const isNamed = offline.length > 0;
  if (!isNamed && sendResult && receipt.known().pendingServers.length > 0) return;
  throw noServer(
    'No push server is alive, so nobody is connected. Send it again later, or with keep to have it wait for its receivers.',
    isNamed || sendResult ? 'none' : 'unknown',
  );
}

async function endOf(
  receipt: Receipt,
  isToTopic: boolean,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Partial<ReceiptAnswer>> {
  try {
    await receipt.results({ timeoutMs, signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  const { results, counts, pending, pendingServers } = receipt.known();
  return {
    ...(isToTopic ? { counts: [...counts] } : { results: [...results] }),
    ...(pending.length > 0 && { pending: [...pending] }),
    ...(pendingServers.length > 0 && { pendingServers: [...pendingServers] }),
  };
}
