import { ImError } from '../errors.ts';

/** What the last attempt was told says nothing of those before it. */
export function afterUnknown(error: unknown): unknown {
  if (!(error instanceof ImError) || error.effect !== 'none') return error;
  return new ImError(error.code, error.message, { cause: error, effect: 'unknown' });
}
