/**
 * Every code that an {@link ImError} can carry. `docs/errors.md` gives cause and cure of each; a test compares the two.
 */
export const imErrorCodes = [
  'INVALID_OPTION',
  'INVALID_ARGUMENT',
  'INVALID_FRAME',
  'MESSAGE_TOO_LARGE',
  'BUS_UNAVAILABLE',
  'BUS_FULL',
  'BUS_REFUSED',
  'BUS_TOO_OLD',
  'TOKEN_INVALID',
  'TOKEN_EXPIRED',
  'KEYS_UNAVAILABLE',
  'CLOSED',
  'PORT_IN_USE',
] as const;

export type ImErrorCode = (typeof imErrorCodes)[number];

const retryableCodes: ReadonlySet<ImErrorCode> = new Set(['BUS_UNAVAILABLE', 'BUS_FULL', 'KEYS_UNAVAILABLE']);

/** The one error class of the project: `code` says what happened, `retryable` whether the same call may succeed later. */
export class ImError extends Error {
  readonly code: ImErrorCode;
  readonly retryable: boolean;

  constructor(code: ImErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'ImError';
    this.code = code;
    this.retryable = retryableCodes.has(code);
  }
}
