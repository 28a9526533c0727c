import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { idOf, idText, time, toTime } from '../api/values.ts';
import { Refusal } from '../http/refusal.ts';
import { conversationId } from '../inbox/conversation-id.ts';
import type { EncryptionService } from './encryption-service.ts';
import {
  longestDeviceKeys,
  longestKey,
  longestMessage,
  longestSignatures,
  mostAddressed,
  mostDevices,
  mostOneTimeKeys,
  mostSignatures,
  mostUsers,
  mostWaitingOfSender,
} from './limits.ts';

const tag = 'End-to-end encryption';
const only = 'Only with `--end-to-end`.';
const usual = 100;

const name = z.string().regex(/^[A-Za-z0-9_+/=:.-]{1,64}$/, 'expected 1 to 64 of A-Z, a-z, 0-9, "_+/=:.-"');
const deviceId = name.meta({ description: 'As the device calls itself', example: 'WEB7' });
const opaque = (longest: number) => z.string().min(1).max(longest);
const key = z.strictObject({ id: name, key: opaque(longestKey) });
const device = z.strictObject({ userId: idOf('Whose it is', '2'), deviceId });
const userIds = z.array(idOf('Of a user', '2')).max(mostUsers);

const state = z.object({
  oneTimeKeys: z.int().meta({ description: 'How many are left' }),
  isFallbackUsed: z
    .boolean()
    .meta({ description: 'There is none, or somebody was given it: make another one' }),
});
const shared =
  'Of friends, of people of the same group, and of those who write to each other encrypted; of all others nothing.';

/** Without a service there is none of it. */
export function deviceApi(app: FastifyInstance, service: EncryptionService | undefined): void {
  const encryption = (): EncryptionService => {
    if (!service) throw new Refusal('endToEndOff', { code: 404 });
    return service;
  };
  ownDevices(app, encryption);
  addApiRoute(app, {
    method: 'POST',
    path: '/encryption/keys/query',
    name: 'queryDeviceKeys',
    tag,
    summary: 'Which devices people have, and what signs them',
    rights: `${shared} ${only}`,
    body: z.strictObject({ userIds }).meta({ example: { userIds: ['2'] } }),
    answer: z.object({
      devices: z.array(
        z.object({
          ...{ userId: idText('Whose it is'), deviceId: z.string(), keys: z.string() },
          mine: z
            .object({ name: z.string().nullable(), addedAt: time })
            .optional()
            .meta({ description: 'Of my own alone: as the session in which it was set up, and since when' }),
        }),
      ),
      identities: z.array(z.object({ userId: idText('Whose they are'), keys: z.string() })),
      signatures: z.array(
        z.object({
          userId: idText('Who has signed'),
          signedUserId: idText('Whose key it is'),
          keyId: z.string(),
          signatures: z.string(),
        }),
      ),
    }),
    problems: ['NOT_FOUND'],
    async handle({ body, caller }) {
      const { devices, identities, signatures } = await encryption().keysOf(caller.userId, body.userIds);
      return {
        devices: devices.map(({ userId, deviceId: id, deviceKeys: keys, name: called, createdTime }) => ({
          ...{ userId: String(userId), deviceId: id, keys },
          ...(userId === caller.userId && { mine: { name: called, addedAt: toTime(createdTime) } }),
        })),
        identities: identities.map(({ userId, keys }) => ({ userId: String(userId), keys })),
        signatures: signatures.map(({ userId, signedUserId, ...signed }) => ({
          ...{ ...signed, userId: String(userId), signedUserId: String(signedUserId) },
        })),
      };
    },
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/encryption/keys/claim',
    name: 'claimDeviceKeys',
    tag,
    summary: 'A key of each of these devices, which nobody else is given',
    rights: `${shared} Of a device that has none left the one that several may have. ${only}`,
    body: z
      .strictObject({ devices: z.array(device).max(mostAddressed) })
      .meta({ example: { devices: [{ userId: '2', deviceId: 'WEB7' }] } }),
    answer: z.object({
      keys: z.array(
        z.object({ userId: idText('Whose it is'), deviceId: z.string(), id: z.string(), key: z.string() }),
      ),
    }),
    problems: ['NOT_FOUND'],
    async handle({ body, caller }) {
      const keys = await encryption().claim(caller.userId, body.devices);
      return { keys: keys.map((one) => ({ ...one, userId: String(one.userId) })) };
    },
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/encryption/messages',
    name: 'sendToDevices',
    tag,
    summary: 'Something for devices alone: it is kept until they have it',
    rights: `To devices of people with whom one shares something. What is for others, for no device, or beyond ${mostWaitingOfSender} that wait for one is passed over. ${only}`,
    body: z
      .strictObject({
        type: name,
        messages: z.array(device.extend({ content: opaque(longestMessage) })).max(mostAddressed),
      })
      .meta({
        example: { type: 'm.room.encrypted', messages: [{ userId: '2', deviceId: 'WEB7', content: '{}' }] },
      }),
    problems: ['NOT_FOUND'],
    handle: ({ body, caller }) => encryption().send(caller.userId, body.type, body.messages),
  });
  addApiRoute(app, {
    method: 'PUT',
    path: '/conversations/{conversationId}/encryption',
    name: 'encryptConversation',
    tag,
    summary: 'From now on it is encrypted. There is no way back',
    rights: `Both of a private conversation who may write there; the owner and admins of a group of up to 100. ${only}`,
    params: z.object({ conversationId }),
    problems: [
      ...(['NOT_FOUND', 'NOT_FRIENDS', 'NOT_WANTED', 'BLOCKED_BY_YOU'] as const),
      ...(['NOT_A_MEMBER', 'GROUP_CLOSED', 'NOT_ALLOWED', 'TOO_MANY'] as const),
    ],
    handle: ({ params, caller }) => encryption().mark(caller.userId, params.conversationId),
  });
}

function ownDevices(app: FastifyInstance, encryption: () => EncryptionService): void {
  const params = z.object({ deviceId });
  addApiRoute(app, {
    method: 'PUT',
    path: '/encryption/devices/{deviceId}',
    name: 'uploadDeviceKeys',
    tag,
    summary: 'Public keys of a device of mine',
    rights: `Whoever is signed in; ${mostDevices} devices, and ${mostOneTimeKeys} keys of one. ${only}`,
    params,
    body: z
      .strictObject({
        deviceKeys: opaque(longestDeviceKeys).optional(),
        oneTimeKeys: z.array(key).max(mostOneTimeKeys).optional(),
        fallbackKey: key.optional(),
      })
      .meta({ example: { deviceKeys: '{}' } }),
    answer: state,
    problems: ['NOT_FOUND', 'TOO_MANY'],
    handle: ({ params: { deviceId: id }, body, caller }) =>
      encryption().upload({ userId: caller.userId, deviceId: id }, body, caller.sessionId),
  });
  addApiRoute(app, {
    method: 'DELETE',
    path: '/encryption/devices/{deviceId}',
    name: 'removeEncryptionDevice',
    tag,
    summary: 'A device of mine is gone',
    rights: `Whoever is signed in, their own. ${only}`,
    params,
    problems: ['NOT_FOUND'],
    handle: ({ params: { deviceId: id }, caller }) =>
      encryption().removeDevice({ userId: caller.userId, deviceId: id }),
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/encryption/devices/{deviceId}/sync',
    name: 'syncDevice',
    tag,
    summary: 'What there is for a device of mine; what it has is forgotten',
    rights: `Whoever is signed in, of their own. ${only}`,
    params,
    body: z
      .strictObject({
        acknowledged: z.int().min(0).meta({ description: 'The id of the last message that it has' }),
        tracked: z
          .strictObject({
            userIds: z.array(idOf('Of a user', '2')).max(2_000),
            since: z.int().min(0).meta({ description: '`until` of the last answer' }),
          })
          .optional()
          .meta({
            description: 'Whose devices it knows: said when it comes back, as pushes may have been missed',
          }),
      })
      .meta({ example: { acknowledged: 0 } }),
    answer: state.extend({
      messages: z.array(
        z.object({ id: z.int(), senderId: idText('Of the user'), type: z.string(), content: z.string() }),
      ),
      hasMore: z.boolean(),
      changed: z.array(z.string()).meta({ description: 'Of the tracked those whose devices are others now' }),
      until: z.int(),
      conversations: z.array(z.string()).meta({ description: 'Those of mine that are encrypted' }),
    }),
    problems: ['NOT_FOUND'],
    async handle({ params: { deviceId: id }, body, caller }) {
      const asked = { ...body, limit: usual };
      const { messages, changed, until, conversations, oneTimeKeys, isFallbackUsed } = await encryption().ask(
        { userId: caller.userId, deviceId: id },
        asked,
      );
      return {
        ...{ oneTimeKeys, isFallbackUsed, until, conversations: [...conversations] },
        messages: messages.map((message) => ({ ...message, senderId: String(message.senderId) })),
        hasMore: messages.length === usual,
        changed: changed.map(String),
      };
    },
  });
  addApiRoute(app, {
    method: 'PUT',
    path: '/encryption/identity',
    name: 'putIdentity',
    tag,
    summary: 'The public keys that sign my devices',
    rights: `Whoever is signed in. Others see that they are new ones, and say so. ${only}`,
    body: z
      .strictObject({
        keys: opaque(longestDeviceKeys),
        isFirst: z
          .boolean()
          .optional()
          .meta({ description: 'I have none yet. Another device has made some meanwhile: `NOT_ALLOWED`' }),
      })
      .meta({ example: { keys: '{}' } }),
    problems: ['NOT_ALLOWED', 'NOT_FOUND'],
    handle: ({ body: { keys, isFirst = false }, caller }) =>
      encryption().putIdentity(caller.userId, keys, isFirst),
  });
  addApiRoute(app, {
    method: 'PUT',
    path: '/encryption/signatures',
    name: 'putSignatures',
    tag,
    summary: 'What I have signed: devices of mine, and people whom I have verified',
    rights: `Whoever is signed in, ${mostSignatures} keys of one person. Whom I have verified is told to nobody else. ${only}`,
    body: z
      .strictObject({
        signatures: z
          .array(
            z.strictObject({
              signedUserId: idOf('Whose key it is', '2'),
              keyId: name,
              signatures: opaque(longestSignatures),
            }),
          )
          .max(mostSignatures),
      })
      .meta({ example: { signatures: [{ signedUserId: '2', keyId: 'WEB7', signatures: '{}' }] } }),
    problems: ['NOT_FOUND', 'TOO_MANY'],
    handle: ({ body, caller }) => encryption().sign(caller.userId, body.signatures),
  });
}
