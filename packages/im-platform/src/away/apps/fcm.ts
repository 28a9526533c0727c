import { createPrivateKey } from 'node:crypto';
import { createSigner } from 'fast-jwt';
import { z } from 'zod';
import type { AwayChannel, AwayNotification, AwayOutcome } from '../channel.ts';
import { fitted } from '../fitted.ts';
import { retryAfterMs } from '../retry-after.ts';

/** The account of a service, as Google gives it: what of its JSON is needed. */
export interface FcmOptions {
  readonly project_id: string;
  readonly client_email: string;
  readonly private_key: string;
  readonly token_uri: string;
  /** @default https://fcm.googleapis.com */
  readonly host?: string | undefined;
}

export const fcmOptions: z.ZodType<FcmOptions> = z.object({
  project_id: z.string().regex(/^[\w-]+$/),
  client_email: z.string().min(1),
  private_key: z.string().refine(isOfRsa),
  token_uri: z.url({ protocol: /^https?$/ }),
  host: z.url({ protocol: /^https?$/ }).optional(),
});

function isOfRsa(key: string): boolean {
  try {
    return createPrivateKey(key).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}

const scope = 'https://www.googleapis.com/auth/firebase.messaging';
const askedForS = 3_600;
/** They take 4,096 of data and what is shown; title and body are in both. */
const mostBytes = 1_900;
/** What Google asks those to wait whom it does not tell. */
const usualPauseMs = 60_000;

/** Android's devices, and what else has Firebase in it (FCM's HTTP v1). */
export function fcm(options: FcmOptions): AwayChannel {
  const { project_id: project, host = 'https://fcm.googleapis.com' } = options;
  const access = accessTo(options);
  return {
    whyNot: ({ address }) =>
      /^[\w:-]{20,1024}$/.test(address) ? undefined : 'address: expected the token of a registration at FCM',
    async send({ address }, notification, { signal }) {
      const token = await access.token(signal);
      const answer = await fetch(`${host}/v1/projects/${project}/messages:send`, {
        method: 'POST',
        redirect: 'error',
        signal,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ message: { token: address, ...toMessage(notification) } }),
      });
      const { status, headers } = answer;
      const code = codeIn(await answer.text());
      if (status === 401) access.forget(token);
      return outcomeOf(status, code, retryAfterMs(headers.get('retry-after')));
    },
  };
}

function outcomeOf(status: number, code: string, afterMs: number | undefined): AwayOutcome {
  if (status === 200) return { is: 'sent' };
  const reason = code === '' ? `HTTP_${status}` : code;
  if (code === 'UNREGISTERED' || code === 'SENDER_ID_MISMATCH') return { is: 'gone', reason };
  if (status === 429) return { is: 'later', reason, afterMs: afterMs ?? usualPauseMs };
  if (status === 401 || status === 403 || status >= 500) return { is: 'later', reason, afterMs };
  return { is: 'refused', reason };
}

/** What is withdrawn is data alone: the app takes away what has this tag. */
function toMessage({ collapseKey, ...given }: AwayNotification): object {
  const told = given.is === 'withdrawal' ? given : fitted(given, mostBytes);
  const data = Object.fromEntries(Object.entries(told).map(([name, value]) => [name, String(value ?? '')]));
  const android = { collapse_key: collapseKey, ttl: '86400s' };
  if (told.is === 'withdrawal')
    return { data: { ...data, tag: collapseKey }, android: { ...android, priority: 'NORMAL' } };
  const { title, body } = told;
  const shown = { tag: collapseKey, ...(told.is === 'message' && { notification_count: told.unread }) };
  return {
    data,
    notification: { title, body },
    android: { ...android, priority: told.is === 'message' ? 'HIGH' : 'NORMAL', notification: shown },
  };
}

/** A token for an hour, for all who ask meanwhile. */
function accessTo({ client_email: iss, private_key: key, token_uri: aud }: FcmOptions) {
  const sign = createSigner({ key, algorithm: 'RS256', noTimestamp: true });
  let kept: { readonly token: string; readonly until: number } | undefined;
  let asking: Promise<string> | undefined;
  const ask = async (signal: AbortSignal): Promise<string> => {
    const iat = Math.floor(Date.now() / 1_000);
    const answer = await fetch(aud, {
      method: 'POST',
      redirect: 'error',
      signal,
      body: new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: sign({ iss, scope, aud, iat, exp: iat + askedForS }),
      }),
    });
    const { access_token: token, expires_in: lifeS } = granted.parse(await answer.json());
    // Not one that ends on its way.
    kept = { token, until: Date.now() + (lifeS - 60) * 1_000 };
    return token;
  };
  return {
    token(signal: AbortSignal): Promise<string> {
      if (kept && Date.now() < kept.until) return Promise.resolve(kept.token);
      asking ??= ask(signal).finally(() => (asking = undefined));
      return asking;
    },
    forget(token: string): void {
      if (kept?.token === token) kept = undefined;
    },
  };
}

const granted = z.object({ access_token: z.string().min(1), expires_in: z.number() });

const failure = z.object({
  error: z.object({
    status: z.string().default(''),
    details: z.array(z.object({ errorCode: z.string().optional() })).default([]),
  }),
});

/** FCM's own code, else that of the API. */
function codeIn(text: string): string {
  try {
    const { status, details } = failure.parse(JSON.parse(text)).error;
    const code = details.find(({ errorCode }) => errorCode !== undefined)?.errorCode ?? status;
    return /^\w{1,40}$/.test(code) ? code : '';
  } catch {
    return '';
  }
}
