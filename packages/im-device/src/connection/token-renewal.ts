import type { GiveToken } from '../options.ts';
import type { Timer } from './clock.ts';

/** What it needs of the device. */
export interface RenewalHost {
  readonly options: { readonly refreshLeadMs: number; readonly token: string | GiveToken };
  /** A fresh token, or undefined when none is to be had now. */
  refreshToken(): Promise<string | undefined>;
}

/** With less time left a fresh token would come too late. */
const shortestRenewalMs = 100;
const longestTimerMs = 2 ** 31 - 1;

/** A token has an end, a connection need not: asks for a fresh one in time, and again when there was none. Returns what ends that. */
export function renewBefore(
  expiresAt: number | undefined,
  host: RenewalHost,
  onToken: (token: string) => void,
): () => void {
  const { refreshLeadMs, token } = host.options;
  let isOver = false;
  let timer: Timer;
  const plan = (hasFailed: boolean): void => {
    const leftMs = (expiresAt ?? 0) - Date.now();
    // No end; or it has ended by our clock, but not by the server's, and only the server's counts.
    if (leftMs < shortestRenewalMs || typeof token === 'string') return;
    const waitMs = hasFailed ? leftMs / 3 : Math.max((leftMs * 2) / 3, leftMs - refreshLeadMs);
    timer = setTimeout(
      () => {
        if (waitMs > longestTimerMs) plan(false);
        else void renew();
      },
      Math.min(waitMs, longestTimerMs),
    );
  };
  const renew = async (): Promise<void> => {
    const fresh = await host.refreshToken();
    if (isOver) return;
    if (fresh === undefined) plan(true);
    else onToken(fresh);
  };
  plan(false);
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}
