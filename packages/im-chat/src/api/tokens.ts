import type { ApiTokens, TokenStore } from 'im-platform/client';
import { platform } from '../platform.ts';

/** As long as the process lives. */
export function memoryTokens(): TokenStore {
  let kept: ApiTokens | undefined;
  return {
    read: () => kept,
    write: (tokens) => {
      kept = tokens;
    },
  };
}

/** In the browser's storage, so that a page that comes back is signed in; the same in all tabs. One name for each account. */
export function localStorageTokens(name = 'im'): TokenStore {
  const key = `im-chat:tokens:${name}`;
  return {
    read() {
      const text = platform.localStorage?.getItem(key);
      return text == null ? undefined : (JSON.parse(text) as ApiTokens); // nobody else writes there
    },
    write(tokens) {
      if (tokens) platform.localStorage?.setItem(key, JSON.stringify(tokens));
      else platform.localStorage?.removeItem(key);
    },
  };
}

/** Whose token it is. Nothing is checked: the platform does that. */
export function userIdOf(accessToken: string): string | undefined {
  try {
    const payload = accessToken.split('.')[1] ?? '';
    const { aud } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as { aud?: unknown };
    return typeof aud === 'string' ? aud : undefined;
  } catch {
    return undefined;
  }
}
