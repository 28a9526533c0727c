import { createHmac } from 'node:crypto';
import { invalidOption } from './checks/index.ts';

// P-17.5: the headers and the signature of standardwebhooks.com, so that receivers in many languages find a library that checks them.

const secretForm = /^(?:whsec_)?([A-Za-z0-9+/]{32,}={0,2})$/;

/** The bytes of a secret as options have it. */
export function readWebhookSecret(text: string): Buffer {
  const [, base64] = secretForm.exec(text) ?? [];
  if (base64 !== undefined) return Buffer.from(base64, 'base64');
  throw invalidOption(
    'A secret of webhooks is not usable; expected whsec_ and 24 bytes or more in base64. Make one: echo "whsec_$(openssl rand -base64 32)"',
  );
}

export interface SignedWebhook {
  readonly 'webhook-id': string;
  /** Seconds. A receiver refuses what is older than some minutes, so that nobody can play it again. */
  readonly 'webhook-timestamp': string;
  /** One signature for each secret, so that a new one can be brought in before the old one goes. */
  readonly 'webhook-signature': string;
}

/** The headers that prove who sends a body, and when. The id stays the same when it is tried again. */
export function signWebhook(
  id: string,
  body: string,
  secrets: readonly Buffer[],
  nowMs: number,
): SignedWebhook {
  const timestamp = String(Math.floor(nowMs / 1_000));
  const signatures = secrets.map((secret) => {
    const hash = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
    return `v1,${hash}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}
