import {
  connect,
  constants,
  type ClientHttp2Session,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
} from 'node:http2';
import { createSigner } from 'fast-jwt';
import { z } from 'zod';
import type { AwayChannel, AwayNotification, AwayOutcome } from '../channel.ts';
import { fitted } from '../fitted.ts';
import { retryAfterMs } from '../retry-after.ts';

/** How Apple's push service knows us. */
export interface ApnsOptions {
  /** The private key, as Apple gives it (`AuthKey_….p8`). */
  readonly key: string;
  readonly keyId: string;
  readonly teamId: string;
  /** The bundle id of the app. */
  readonly topic: string;
  /** @default https://api.push.apple.com; for development https://api.sandbox.push.apple.com */
  readonly host?: string | undefined;
}

export const apnsOptions: z.ZodType<ApnsOptions> = z.strictObject({
  key: z.string().includes('PRIVATE KEY'),
  keyId: z.string().min(1),
  teamId: z.string().min(1),
  topic: z.string().min(1),
  host: z.url({ protocol: /^https?$/ }).optional(),
});

/** Apple takes no token that is older than an hour, and not another one within twenty minutes. */
const freshForMs = 50 * 60_000;
const leastFreshMs = 20 * 60_000;
const keptForS = 86_400;
/** They take 4,096, of which some are what stands around it. */
const mostBytes = 3_800;
const deadTokens = new Set(['BadDeviceToken', 'DeviceTokenNotForTopic', 'Unregistered', 'ExpiredToken']);

/** Apple's devices, over one connection that is kept. */
export function apns({
  key,
  keyId,
  teamId,
  topic,
  host = 'https://api.push.apple.com',
}: ApnsOptions): AwayChannel {
  const sign = createSigner({ key, algorithm: 'ES256', kid: keyId, noTimestamp: true });
  const line = new Line(host);
  let token = { text: '', madeAt: -Infinity };
  const authorization = (): string => {
    const now = Date.now();
    if (now >= token.madeAt + freshForMs)
      token = { text: sign({ iss: teamId, iat: Math.floor(now / 1_000) }), madeAt: now };
    return `bearer ${token.text}`;
  };
  return {
    whyNot: ({ address }) =>
      /^[\da-f]{64,200}$/i.test(address) ? undefined : 'address: expected the token of a device, in hex',
    async send({ address }, notification, { signal }) {
      const isShown = notification.is !== 'withdrawal';
      const answer = await line.post(
        {
          ':path': `/3/device/${address}`,
          authorization: authorization(),
          'apns-topic': topic,
          'apns-push-type': isShown ? 'alert' : 'background',
          'apns-priority': isShown ? '10' : '5',
          'apns-expiration': String(Math.floor(Date.now() / 1_000) + keptForS),
          ...(isShown && { 'apns-collapse-id': notification.collapseKey }),
        },
        JSON.stringify(toPayload(notification)),
        signal,
      );
      // Their clock and ours are apart, perhaps.
      if (answer.reason === 'ExpiredProviderToken' && Date.now() >= token.madeAt + leastFreshMs)
        token = { text: '', madeAt: -Infinity };
      return outcomeOf(answer);
    },
    close: () => line.close(),
  };
}

function outcomeOf({ status, reason, headers }: Answer): AwayOutcome {
  if (status === 200) return { is: 'sent' };
  const said = reason === '' ? `HTTP_${status}` : reason;
  if (status === 410 || deadTokens.has(reason)) return { is: 'gone', reason: said };
  // 403: of the key, which whoever runs the platform mends.
  if (status === 403 || status === 429 || status >= 500)
    return { is: 'later', reason: said, afterMs: retryAfterMs(headers['retry-after']) };
  return { is: 'refused', reason: said };
}

/** One in the background wakes the app, which takes away what it shows and sets the badge: it may have nothing else that is Apple's. */
function toPayload({ collapseKey, ...told }: AwayNotification): object {
  if (told.is === 'withdrawal') return { aps: { 'content-available': 1 }, ...told };
  if (told.is === 'campaign') {
    const { title, body, ...about } = fitted(told, mostBytes);
    return { aps: { alert: { title, body }, sound: 'default', 'thread-id': collapseKey }, ...about };
  }
  const { title, body, badge, ...about } = told;
  const aps = { alert: { title, body }, badge, sound: 'default', 'thread-id': collapseKey };
  return { aps, ...about };
}

interface Answer {
  readonly status: number;
  /** As Apple names it; empty: it says nothing. */
  readonly reason: string;
  readonly headers: IncomingHttpHeaders;
}

/** One HTTP/2 connection, made when it is needed, and anew when it is of no use any more. */
class Line {
  readonly #host: string;
  #session: ClientHttp2Session | undefined;

  constructor(host: string) {
    this.#host = host;
  }

  post(headers: Readonly<Record<string, string>>, body: string, signal: AbortSignal): Promise<Answer> {
    const session = this.#open();
    return new Promise((resolve, reject) => {
      const stream = session.request({ ':method': 'POST', ...headers }, { signal });
      let [text, answered]: [string, IncomingHttpHeaders & IncomingHttpStatusHeader] = ['', {}];
      stream.setEncoding('utf8');
      stream.on('response', (given) => (answered = given));
      stream.on('data', (part: string) => (text += part));
      stream.on('error', (error: Error) => {
        // Nobody answers there: the next one is not to wait as long.
        if (signal.aborted) this.#drop(session);
        reject(error);
      });
      stream.on('close', () => {
        const { ':status': status } = answered;
        if (status === undefined) reject(new Error('The connection ended before the answer'));
        else resolve({ status, reason: reasonIn(text), headers: answered });
      });
      stream.end(body);
    });
  }

  close(): void {
    this.#session?.destroy();
  }

  #open(): ClientHttp2Session {
    if (this.#session && !this.#session.closed && !this.#session.destroyed) return this.#session;
    const session = connect(this.#host);
    this.#session = session;
    const drop = (): void => this.#drop(session);
    session.on('error', drop).on('close', drop);
    // It takes nothing new; what is under way is answered.
    session.on('goaway', () => {
      if (this.#session === session) this.#session = undefined;
      session.close();
    });
    return session;
  }

  #drop(session: ClientHttp2Session): void {
    if (this.#session === session) this.#session = undefined;
    if (!session.destroyed) session.destroy(undefined, constants.NGHTTP2_CANCEL);
  }
}

function reasonIn(text: string): string {
  try {
    const { reason } = JSON.parse(text) as { readonly reason?: unknown };
    return typeof reason === 'string' && /^\w{1,40}$/.test(reason) ? reason : '';
  } catch {
    return '';
  }
}
