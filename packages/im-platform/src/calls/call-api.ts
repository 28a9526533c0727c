import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { idOf } from '../api/values.ts';
import type { IceServer } from '../options.ts';
import { callModes } from './call.ts';
import type { CallService } from './call-service.ts';

const tag = 'Calls';
const params = z.object({ userId: idOf('Who is at the other end', '42') });
/** Longer than what WebRTC says of a call with many ways to reach its end. */
const mostCharacters = 64_000;
const rights = 'The two devices that are in the call; while it rings, every device of the one who is called.';

/** What WebRTC makes of an offer, an answer or a candidate: JSON, which the platform hands on as it is. */
function signal(what: string): z.ZodType<string, string> {
  return z.string().min(1).max(mostCharacters).meta({ description: what });
}

export interface CallApiDeps {
  readonly calls: CallService;
  readonly iceServers: readonly IceServer[];
}

/** The same calls as at box-im's routes, so that a device of either kind can call the other. What happens is pushed (types 100 to 107). */
export function callApi(app: FastifyInstance, { calls, iceServers }: CallApiDeps): void {
  addApiRoute(app, {
    method: 'GET',
    path: '/ice-servers',
    name: 'listIceServers',
    tag,
    summary: 'Through which servers a call finds its way',
    rights: 'Whoever is signed in.',
    answer: z.object({
      items: z.array(
        z.object({ urls: z.string(), username: z.string().nullable(), credential: z.string().nullable() }),
      ),
    }),
    handle: () => ({
      items: iceServers.map(({ urls, username = null, credential = null }) => ({
        ...{ urls, username, credential },
      })),
    }),
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/calls/{userId}',
    name: 'beginCall',
    tag,
    summary: 'Call somebody: all of their devices ring',
    rights:
      'A device that is connected, for a friend who takes calls from the caller (`whoMayCall`) and is not blocked.',
    params,
    body: z
      .strictObject({ mode: z.enum(callModes), offer: signal('As `JSON.stringify` makes it of the offer') })
      .meta({ example: { mode: 'voice', offer: '{"type":"offer","sdp":""}' } }),
    problems: ['NOT_FRIENDS', 'NOT_WANTED', 'BLOCKED_BY_YOU', 'BUSY', 'NOT_ONLINE'],
    isMessage: true,
    handle: ({ caller, params: { userId }, body: { mode, offer } }) =>
      calls.call(caller, userId, mode, offer),
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/calls/{userId}/answer',
    name: 'answerCall',
    tag,
    summary: 'Take a call that rings; other devices stop ringing',
    rights: 'Every device of the one who is called; the first one has it.',
    params,
    body: z
      .strictObject({ answer: signal('As `JSON.stringify` makes it of the answer') })
      .meta({ example: { answer: '{"type":"answer","sdp":""}' } }),
    problems: ['CALL_OVER'],
    handle: ({ caller, params: { userId }, body: { answer } }) => calls.accept(caller, userId, answer),
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/calls/{userId}/signals',
    name: 'signalInCall',
    tag,
    summary: 'Hand something on to the other end: a way to reach this one, or a new offer or answer',
    rights,
    params,
    body: z
      .strictObject({ signal: signal('JSON') })
      .meta({ example: { signal: '{"candidate":"","sdpMid":"0"}' } }),
    problems: ['CALL_OVER'],
    handle: ({ caller, params: { userId }, body }) => calls.candidate(caller, userId, body.signal),
  });
  addApiRoute(app, {
    method: 'PUT',
    path: '/calls/{userId}/alive',
    name: 'keepCall',
    tag,
    summary: 'Still in the call; whoever says so every ten seconds is not called by others',
    rights: `${rights} For others nothing happens.`,
    params,
    handle: ({ caller, params: { userId } }) => calls.heartbeat(caller, userId),
  });
  addApiRoute(app, {
    method: 'DELETE',
    path: '/calls/{userId}',
    name: 'endCall',
    tag,
    summary:
      'Stop calling, decline, or hang up, as far as it has come; a record of it stays in the conversation',
    rights,
    params,
    query: z.strictObject({
      why: z.enum(['over', 'no-answer', 'failed']).default('over').meta({
        description:
          '`no-answer`: the caller gives up, as nobody took it; `failed`: the two ends did not find each other',
        example: 'over',
      }),
    }),
    problems: ['CALL_OVER'],
    handle: ({ caller, params: { userId }, query: { why } }) =>
      why === 'failed' ? calls.fail(caller, userId, undefined) : calls.end(caller, userId, why),
  });
}
