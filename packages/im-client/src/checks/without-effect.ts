import { ImError } from 'im-common';

/** The same error, of a call that changes nothing, however it ends. */
export function withoutEffect(error: unknown): unknown {
  if (!(error instanceof ImError) || error.effect === 'none') return error;
  return new ImError(error.code, error.message, { cause: error, effect: 'none' });
}
