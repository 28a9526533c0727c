import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { id, optionalText } from '../http/input.ts';
import { addRoute } from '../http/route.ts';
import type { Caller } from '../http/caller.ts';
import { callModes } from './call.ts';
import type { CallService } from './call-service.ts';

const tag = 'Calls';
const withUid = z.object({ uid: id });
/** What WebRTC made of an offer, an answer or a candidate: JSON, and none of our business. */
const signal = z.string().min(1);

/** Contract C.9. `uid` is the other user. */
export function callRoutes(app: FastifyInstance, calls: CallService): void {
  addRoute(app, {
    method: 'POST',
    url: '/webrtc/private/call',
    tag,
    summary: 'Call a friend; the body is the offer',
    rawBody: true,
    body: signal,
    query: withUid.extend({ mode: z.enum(callModes).default('video') }),
    handle: ({ caller, query, body }) => done(calls.call(caller, query.uid, query.mode, body)),
  });
  addRoute(app, {
    method: 'POST',
    url: '/webrtc/private/accept',
    tag,
    summary: 'Take a call; the body is the answer',
    rawBody: true,
    body: signal,
    query: withUid,
    handle: ({ caller, query, body }) => done(calls.accept(caller, query.uid, body)),
  });
  addRoute(app, {
    method: 'POST',
    url: '/webrtc/private/candidate',
    tag,
    summary: 'Hand on a way to reach this end; the body is the candidate',
    rawBody: true,
    body: signal,
    query: withUid,
    handle: ({ caller, query, body }) => done(calls.candidate(caller, query.uid, body)),
  });
  addRoute(app, {
    method: 'POST',
    url: '/webrtc/private/failed',
    tag,
    summary: 'A call that did not come about',
    query: withUid.extend({ reason: optionalText({ max: [255] }) }),
    handle: ({ caller, query }) => done(calls.fail(caller, query.uid, query.reason)),
  });

  const plain = (name: string, summary: string, act: (caller: Caller, uid: number) => Promise<void>): void =>
    addRoute(app, {
      method: 'POST',
      url: `/webrtc/private/${name}`,
      tag,
      summary,
      query: withUid,
      handle: ({ caller, query }) => done(act(caller, query.uid)),
    });
  plain('reject', 'Refuse a call', (caller, uid) => calls.reject(caller, uid));
  plain('cancel', 'Stop calling', (caller, uid) => calls.cancel(caller, uid));
  plain('handup', 'Hang up', (caller, uid) => calls.hangUp(caller, uid));
  plain('heartbeat', 'Still in the call', (caller, uid) => calls.heartbeat(caller, uid));
}

async function done(work: Promise<void>): Promise<null> {
  await work;
  return null;
}
