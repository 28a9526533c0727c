import type { DeviceState } from 'im-device';
import type { Problem } from 'im-platform/client';

/** How the push server is reached. */
export type Connection =
  | { readonly kind: 'connecting' | 'online' }
  /** What is written goes out when it is back. `retryAt`: epoch milliseconds. */
  | { readonly kind: 'offline'; readonly retryAt: number | undefined }
  /** Another device of this kind has taken over, or holds the place: `comeBack()` takes it. */
  | { readonly kind: 'kicked'; readonly why: 'elsewhere' | 'occupied'; readonly detail: string };

/**
 * Why nobody is signed in: nobody was; who was has signed out here; the session ended, by its time, a new password, or from
 * another device; the account is banned, or deleted here. `detail` is what the platform says, for the user.
 */
export type SignedOutWhy = 'never' | 'signed-out' | 'ended' | 'banned' | 'deleted';

export type Session =
  | { readonly kind: 'signed-out'; readonly why: SignedOutWhy; readonly detail: string }
  | { readonly kind: 'signed-in'; readonly userId: string; readonly connection: Connection };

export function connectionOf(state: DeviceState, before: Connection | undefined): Connection {
  switch (state.kind) {
    case 'online':
      return { kind: 'online' };
    case 'connecting':
      // Of one that is off, an attempt is no news.
      return before?.kind === 'offline' ? before : { kind: 'connecting' };
    case 'kicked':
      return {
        ...{ kind: 'kicked', detail: state.by },
        why: state.why === 'occupied' ? 'occupied' : 'elsewhere',
      };
    case 'waiting':
      return { kind: 'offline', retryAt: Date.now() + state.ms };
    case 'offline':
    case 'closed':
      return { kind: 'offline', retryAt: undefined };
  }
}

export function whyOver(problem: Problem | undefined): Extract<Session, { kind: 'signed-out' }> {
  const why = problem?.code === 'BANNED' ? 'banned' : 'ended';
  return { kind: 'signed-out', why, detail: problem?.detail ?? '' };
}
