import { DeviceError } from '../errors.ts';
import type { Item, Lane } from './lane.ts';

/** What the application says to a service. */
export interface Call {
  readonly to: string;
  readonly data: unknown;
  readonly asks: boolean;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

const longestTimerMs = 2 ** 31 - 1;

/**
 * Puts a call into its lane. Resolves with the reply to one that asks, else when it is stored; rejects when it has waited too
 * long, or its caller does not want it any more.
 */
export function enter(call: Call, lane: Lane, isSaved: boolean, onChange: () => void): Promise<unknown> {
  const { to, data, asks, timeoutMs, signal } = call;
  return new Promise((resolve, reject) => {
    const giveUp = (error: unknown): void => {
      lane.giveUp(item, error);
      onChange();
    };
    const onAbort = (): void => giveUp(signal?.reason);
    const timer = setTimeout(
      () => giveUp(new DeviceError('TIMEOUT', `${to} has not answered within ${timeoutMs} ms.`)),
      Math.min(timeoutMs, longestTimerMs),
    );
    signal?.addEventListener('abort', onAbort);
    const end = (tell: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      tell();
    };
    const item: Item = {
      ...{ n: lane.next++, data, asks, at: Date.now() },
      ...{ isSaved, isSent: false, isStored: false, isLeft: false },
      resolve: (reply) => end(() => resolve(reply)),
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- or the signal's own reason
      reject: (error) => end(() => reject(error)),
    };
    lane.items.push(item);
    onChange();
  });
}

/** As it goes out: what changes later must not change what is sent again. */
export function copyOf(data: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(data ?? null)) as unknown;
  } catch (cause) {
    throw new DeviceError('INVALID_OPTION', `data cannot be written as JSON: ${String(cause)}`, { cause });
  }
}
