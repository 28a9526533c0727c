import type { FastifyInstance } from 'fastify';
import { Terminal } from 'im-client';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { time, toTime } from '../api/values.ts';
import { seenTimeOf, type OwnSessions } from './own-sessions.ts';
import type { Session } from './session-store.ts';

const tag = 'Accounts';

/** The kinds of devices; one of each kind is online at a time, unless the push servers let in more. */
export const devices = { web: Terminal.WEB, app: Terminal.APP, pc: Terminal.PC } as const;
export type Device = keyof typeof devices;
export const device = z.enum(Object.keys(devices) as [Device, ...Device[]]);

export const session = z
  .object({
    id: z.string().meta({ description: 'Of the session; it signs nobody in' }),
    device,
    name: z
      .string()
      .meta({ description: 'What the device calls itself; empty: nothing that could be shown' }),
    network: z.string().meta({ description: 'Where it signed in: an IPv4 /24 or an IPv6 /64' }),
    createdAt: time,
    seenAt: time.meta({ description: 'When it was used last, to a minute' }),
    isCurrent: z.boolean().meta({ description: 'The one that asks' }),
  })
  .meta({ id: 'Session' });

export function sessionApi(app: FastifyInstance, sessions: OwnSessions): void {
  addApiRoute(app, {
    method: 'GET',
    path: '/sessions',
    name: 'listSessions',
    tag,
    summary: 'Where I am signed in',
    rights: 'Whoever is signed in, their own.',
    answer: z.object({ items: z.array(session) }),
    handle: async ({ caller }) => ({
      items: (await sessions.list(caller)).map((one) => toSession(one, caller.sessionId)),
    }),
  });
  addApiRoute(app, {
    method: 'DELETE',
    path: '/sessions',
    name: 'endOtherSessions',
    tag,
    summary: 'Sign out everywhere else',
    rights: 'Ends all sessions of the caller but the one that asks, here and at the push servers.',
    handle: ({ caller, request }) => sessions.endOthers(caller, request.network),
  });
  addApiRoute(app, {
    method: 'DELETE',
    path: '/sessions/{sessionId}',
    name: 'endSession',
    tag,
    summary: 'Sign out one device',
    rights: 'Whoever is signed in, their own. Its device is put out, and its refresh token is void.',
    params: z.object({
      sessionId: z
        .string()
        .regex(/^[\w-]{1,64}$/, 'expected the id of a session, as `GET /v1/sessions` has it')
        .meta({ description: 'Of the session', example: 'AAAAAAAAAAAAAAAAAAAAAA' }),
    }),
    problems: ['NOT_FOUND'],
    handle: ({ params, caller, request }) => sessions.end(caller, params.sessionId, request.network),
  });
}

export function toSession(one: Session, currentId?: string): z.output<typeof session> {
  const { id, terminal, deviceName: name, network, createdTime } = one;
  return {
    ...{ id, device: deviceOf(terminal) ?? 'web', name, network: coarse(network) },
    ...{ createdAt: toTime(createdTime), seenAt: toTime(seenTimeOf(one)), isCurrent: id === currentId },
  };
}

/** Null: no client of ours. */
export function deviceOf(terminal: number): Device | null {
  return device.options.find((one) => devices[one] === terminal) ?? null;
}

/** Enough to know a place by. A network of IPv6 is that already. */
function coarse(network: string): string {
  return network.replace(/^(\d+\.\d+\.\d+)\.\d+$/, '$1.0/24');
}
