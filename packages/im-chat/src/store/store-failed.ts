import { ChatError } from '../errors.ts';

export function storeFailed(cause: unknown): ChatError {
  return new ChatError('STORE_FAILED', 'This device does not keep what it should.', {
    cure: 'Look at `cause`: the disk is full, or the browser lets this page keep nothing. The chat goes on without.',
    cause,
  });
}
