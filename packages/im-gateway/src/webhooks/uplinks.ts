import { jsonText, UplinkRefusal, type Uplink, type UplinkHandler } from 'im-client';
import { post, type Receiver } from './post.ts';

/**
 * What devices say to a service, posted at once rather than by the list of webhooks: a device may wait for the reply, which is
 * the body of the answer. Its order, repetitions and dead letters are im-client's (P-17.11).
 */
export function uplinkHandler(to: string, service: string, receiver: Receiver): UplinkHandler {
  return async ({ signal, ...uplink }: Uplink) => {
    const body = bodyOf(to, service, uplink);
    const answer = await post({ ...receiver, replies: true }, uplink.id, body, signal);
    if (answer.kind === 'taken') return reply(answer.text);
    if (answer.kind === 'refused') throw new UplinkRefusal(answer.why);
    throw new Error(`The webhook of an uplink was not taken: ${answer.why}`);
  };
}

/** With its payload byte for byte, as results have it. */
function bodyOf(to: string, service: string, { dataText, ...uplink }: Omit<Uplink, 'signal'>): string {
  const { id } = uplink;
  const about = { to, ...uplink, data: undefined };
  const text = JSON.stringify({ id, type: 'uplink', service, at: Date.now(), uplink: about });
  return `${text.slice(0, -2)},"data":${dataText}}}`;
}

function reply(text: string): unknown {
  if (text.trim() === '') return null;
  try {
    return jsonText(text);
  } catch {
    throw new Error('The answer to the webhook of an uplink is no JSON.');
  }
}
