import { objectWith, type Kind } from 'im-common/internal/checks';

/** One of this platform, or of a library that makes its own. */
export const abortSignal: Kind<AbortSignal> = objectWith('an AbortSignal', {
  aborted: 'boolean',
  addEventListener: 'function',
  removeEventListener: 'function',
  throwIfAborted: 'function',
});
