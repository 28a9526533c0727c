import { CloseCode, comeBack } from 'im-common';
import type { Ending } from '../connection/ending.ts';
import type { KickedWhy } from '../events.ts';

export interface Backoff {
  readonly backoffBaseMs: number;
  readonly backoffCeilingMs: number;
  /** From 0 to below 1. */
  readonly random: () => number;
}

export type Next =
  | { readonly kind: 'never'; readonly by: string; readonly why: KickedWhy }
  | {
      readonly kind: 'again';
      readonly ms: number;
      /** Attempts in a row that came to nothing, this one included. */
      readonly failures: number;
      readonly elsewhere: boolean;
      readonly withNewToken: boolean;
    };

/** The longest wait after so many failures in a row. */
function backoffLimitMs(failures: number, { backoffBaseMs, backoffCeilingMs }: Backoff): number {
  return Math.min(backoffCeilingMs, backoffBaseMs * 2 ** failures);
}

/** Full jitter: anything from nothing to the limit, so that those who were cut off together do not come back together. */
export function backoffMs(failures: number, backoff: Backoff): number {
  return backoff.random() * backoffLimitMs(failures, backoff);
}

/** Decides what comes after an ending; `failures` is how many in a row there were before it. */
export function afterEnding(ending: Ending, failures: number, backoff: Backoff): Next {
  const { code, kickedBy, kickedWhy, onlineMs, text, why } = ending;
  const back = comeBack(code);
  if (kickedBy !== undefined || back === 'never')
    return { kind: 'never', by: kickedBy ?? text, why: kickedWhy ?? whyOf(text) };
  // It counts as a success when it lasted longer than one waits for it, or a server that dies of its logins is rushed.
  const before = onlineMs > backoffLimitMs(failures, backoff) ? 0 : failures;
  // A plain box-im server just hangs up when it does not like the token.
  const withNewToken = back === 'with-new-token' || why === 'login-failed';
  return {
    kind: 'again',
    ms: waitMs(code, text, before, backoff),
    failures: before + 1,
    // Nobody at home, or nobody who answers.
    elsewhere: back === 'elsewhere' || why === 'cannot-connect' || (why === 'no-answer' && onlineMs === 0),
    withNewToken,
  };
}

/** A device that is closed without a frame reads it in the text beside the code (PROTOCOL.md, P-4.1). */
function whyOf(text: string): KickedWhy {
  if (text === 'login ended') return 'ended';
  if (text === 'already logged in') return 'occupied';
  return text === 'logged in elsewhere' ? 'elsewhere' : undefined;
}

function waitMs(code: number, text: string, before: number, backoff: Backoff): number {
  const hint = code === CloseCode.GOING_ELSEWHERE ? /^delay=(\d+)$/.exec(text)?.[1] : undefined;
  const hintMs = Math.min(Number(hint ?? 0), backoff.backoffCeilingMs);
  // The first time there is nothing to be patient about: the server has said when, or all it wants is another token.
  if (before === 0 && (hint !== undefined || code === CloseCode.TOKEN_REFUSED)) return hintMs;
  return Math.max(hintMs, backoffMs(before, backoff));
}
