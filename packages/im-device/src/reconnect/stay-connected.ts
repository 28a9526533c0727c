import { CloseCode } from 'im-common';
import { Connection, type ConnectionHost } from '../connection/connection.ts';
import type { Ending } from '../connection/ending.ts';
import { DeviceError, type DeviceErrorCode } from '../errors.ts';
import type { DeviceState, KickedWhy, WaitReason } from '../events.ts';
import type { Where } from './locate.ts';
import { platform } from '../platform.ts';
import { afterEnding } from './after-ending.ts';

export interface StayConnectedOptions extends ConnectionHost {
  onState(state: DeviceState): void;
  onError(error: DeviceError): void;
  onConnection(connection: Connection): void;
  /** It is over: messages of it that the application has not processed will not be acknowledged any more. */
  onEnded(connection: Connection): void;
  /** Resolves after so long, or when there is reason to try at once. */
  pause(ms: number): Promise<void>;
}

/** Why it stopped without being told to. */
export type GivenUp =
  | { readonly kind: 'kicked'; readonly by: string; readonly why: KickedWhy }
  | { readonly kind: 'closed'; readonly error: DeviceError };

/** What the next attempt has learned from the last one. */
interface Attempt {
  readonly not?: string | undefined;
  readonly refresh?: boolean;
}

/** Connects again and again, until the signal says stop (undefined), or the server says never. */
export async function stayConnected(
  options: StayConnectedOptions,
  stop: AbortSignal,
): Promise<GivenUp | undefined> {
  const { token } = options.options;
  let attempt: Attempt = {};
  let failures = 0;
  const isStopped = (): boolean => stop.aborted;
  while (!isStopped()) {
    options.onState({ kind: 'connecting' });
    const { ending, url } = await connectOnce(attempt, options, stop);
    if (isStopped()) break;
    const next = afterEnding(ending, failures, options.options);
    if (next.kind === 'never') return { kind: 'kicked', by: next.by, why: next.why };
    if (ending.code === CloseCode.TOKEN_REFUSED && typeof token === 'string') {
      return { kind: 'closed', error: new DeviceError('TOKEN_REFUSED', `The server says: ${ending.text}.`) };
    }
    ({ failures } = next);
    attempt = {
      not: next.elsewhere ? url : undefined,
      // A wish for a fresh token stays one until there was a token.
      refresh: next.withNewToken || (attempt.refresh === true && ending.why === 'token-failed'),
    };
    options.onState(waitingState(ending, next.ms));
    await options.pause(next.ms);
  }
  return undefined;
}

function waitingState({ code, why }: Ending, ms: number): DeviceState {
  if (platform.navigator?.onLine === false) return { kind: 'offline' };
  return { kind: 'waiting', ms, reason: why, ...(why === 'closed' && { code }) };
}

/** One connection from its beginning to its end. */
async function connectOnce(
  { not, refresh = false }: Attempt,
  options: StayConnectedOptions,
  stop: AbortSignal,
): Promise<{ ending: Ending; url?: string | undefined }> {
  const { connectTimeoutMs, locate } = options.options;
  let url: string | undefined;
  let step: [DeviceErrorCode, WaitReason] = ['LOCATE_FAILED', 'locate-failed'];
  let connection: Connection;
  try {
    const place = await within(connectTimeoutMs, async () => locate({ not }));
    // P-17.9; a text has no urls.
    const { urls = [place as string] } = place as Partial<Where>;
    url = urls.find((one) => one !== not) ?? urls[0];
    if (!url) throw new Error('No server.');
    step = ['TOKEN_FAILED', 'token-failed'];
    const token = await askToken(options.options, refresh);
    if (stop.aborted) return { ending: failed('closed') };
    step = ['CANNOT_CONNECT', 'cannot-connect'];
    connection = new Connection(url, token, options);
  } catch (cause) {
    const [code, why] = step;
    if (!stop.aborted) options.onError(new DeviceError(code, `${why}: ${String(cause)}`, { cause }));
    return { ending: failed(why), url };
  }
  options.onConnection(connection);
  const ending = await connection.ended;
  options.onEnded(connection);
  return { ending, url };
}

function failed(why: WaitReason): Ending {
  return { why, code: 1006, text: '', onlineMs: 0 };
}

export async function askToken(
  { connectTimeoutMs, token }: ConnectionHost['options'],
  refresh: boolean,
): Promise<string> {
  return typeof token === 'string' ? token : within(connectTimeoutMs, async () => token({ refresh }));
}

/** A function of the application may never return. */
async function within<T>(ms: number, work: () => Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${ms} ms.`)), ms);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
