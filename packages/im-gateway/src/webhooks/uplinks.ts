import { UplinkRefusal, type Uplink, type UplinkHandler } from 'im-client';
import { post, type Receiver } from './post.ts';

/**
 * What devices say to a service, posted at once rather than by the list of webhooks: a device may wait for the reply, which is
 * the body of the answer. Its order, repetitions and dead letters are im-client's (P-17.11).
 */
export function uplinkHandler(to: string, service: string, receiver: Receiver): UplinkHandler {
  return async ({ signal, ...uplink }: Uplink) => {
    const { id } = uplink;
    const body = JSON.stringify({ id, type: 'uplink', service, at: Date.now(), uplink: { to, ...uplink } });
    const answer = await post(receiver, id, body, signal);
    if (answer.kind === 'taken') return reply(answer.text);
    if (answer.kind === 'refused') throw new UplinkRefusal(answer.why);
    throw new Error(`The webhook of an uplink was not taken: ${answer.why}`);
  };
}

function reply(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('The answer to the webhook of an uplink is no JSON.');
  }
}
