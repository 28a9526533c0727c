import type { AwayChannel, AwayNotification, AwayOutcome } from '../channel.ts';
import { retryAfterMs } from '../retry-after.ts';
import { fitted } from '../fitted.ts';
import { areSecrets, encrypt, mostPlainBytes } from './encrypt.ts';
import type { Vapid } from './vapid.ts';

export interface WebPushDeps {
  readonly vapid: Pick<Vapid, 'publicKey' | 'headerFor'>;
  /** Where endpoints may be: clients name them, and this asks there. One that begins with a dot stands for all below it. */
  readonly hosts: readonly string[];
}

const longestEndpoint = 1_024;
/** How long a push service keeps what it cannot hand over, in seconds. */
const keptForS = 86_400;

/** Browsers, by the service that each of them has (RFC 8030). */
export function webPush({ vapid, hosts }: WebPushDeps): AwayChannel {
  return {
    isShared: true,
    publicKey: () => vapid.publicKey(),
    whyNot({ address, secrets }) {
      if (!isAllowed(address, hosts))
        return 'address: expected the endpoint of a push service that this platform knows (--web-push-hosts)';
      return secrets && areSecrets(secrets)
        ? undefined
        : 'secrets: expected p256dh and auth, as the browser has them';
    },
    async send(registration, notification, { signal }) {
      const { address } = registration;
      // Safari takes the permission from pages that are told something and show nothing.
      if (notification.is === 'withdrawal' && new URL(address).host.endsWith('.push.apple.com'))
        return { is: 'refused', reason: 'NOT_SILENT' };
      // What was allowed when it came need not be now.
      if (!isAllowed(address, hosts) || !registration.secrets)
        return { is: 'gone', reason: 'HOST_NOT_ALLOWED' };
      const answer = await fetch(address, {
        method: 'POST',
        // Where it leads nobody has looked at.
        redirect: 'manual',
        signal,
        headers: {
          authorization: await vapid.headerFor(new URL(address).origin),
          'content-encoding': 'aes128gcm',
          'content-type': 'application/octet-stream',
          topic: notification.collapseKey,
          ttl: String(keptForS),
          urgency: notification.is === 'message' ? 'high' : 'normal',
        },
        body: encrypt(toPayload(notification), registration.secrets) as Uint8Array<ArrayBuffer>,
      });
      await answer.body?.cancel();
      return outcomeOf(answer);
    },
  };
}

function outcomeOf({ status, headers }: Response): AwayOutcome {
  if (status >= 200 && status < 300) return { is: 'sent' };
  const reason = `HTTP_${status}`;
  if (status === 404 || status === 410) return { is: 'gone', reason };
  if (status === 429 || status >= 500)
    return { is: 'later', reason, afterMs: retryAfterMs(headers.get('retry-after')) };
  return { is: 'refused', reason };
}

/** As the service worker of im-web reads it. */
function toPayload({ collapseKey: _, ...told }: AwayNotification): Buffer {
  return Buffer.from(JSON.stringify(told.is === 'withdrawal' ? told : fitted(told, mostPlainBytes)));
}

function isAllowed(address: string, hosts: readonly string[]): boolean {
  if (address.length > longestEndpoint || !URL.canParse(address)) return false;
  const { protocol, host, hostname, username, password } = new URL(address);
  if (username !== '' || password !== '') return false;
  const isKnown = hosts.some((one) => (one.startsWith('.') ? host.endsWith(one) : host === one));
  // On this machine there are no certificates.
  return (
    isKnown &&
    (protocol === 'https:' || (protocol === 'http:' && /^(127\.0\.0\.1|localhost|\[::1\])$/.test(hostname)))
  );
}
