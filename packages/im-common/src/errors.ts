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
  'OVERLOADED',
  'BUS_REFUSED',
  'BUS_TOO_OLD',
  'TOKEN_INVALID',
  'TOKEN_EXPIRED',
  'KEYS_UNAVAILABLE',
  'CLOSED',
  'PORT_IN_USE',
  'NOT_ONLINE',
  'NO_REPLY',
  'DEVICE_LOST',
  'DEVICE_FAILED',
  'UNSUPPORTED',
] as const;

export type ImErrorCode = (typeof imErrorCodes)[number];

const retryableCodes: ReadonlySet<ImErrorCode> = new Set([
  'BUS_UNAVAILABLE',
  'BUS_FULL',
  'OVERLOADED',
  'KEYS_UNAVAILABLE',
  'NOT_ONLINE',
  'NO_REPLY',
  'DEVICE_LOST',
]);

/**
 * What a call that failed has done all the same. `none`: nothing, and nothing comes later. `partial`: what the message
 * says. `unknown`: it had gone out, and nobody knows what became of it.
 */
export type Effect = 'none' | 'partial' | 'unknown';

/**
 * The one error class of the project: `code` says what happened, `retryable` whether the same call may succeed later,
 * `effect` whether this one took effect.
 */
export class ImError extends Error {
  readonly code: ImErrorCode;
  readonly retryable: boolean;
  readonly effect: Effect;

  constructor(code: ImErrorCode, message: string, options?: { cause?: unknown; effect?: Effect }) {
    super(message, options);
    this.name = 'ImError';
    this.code = code;
    this.retryable = retryableCodes.has(code);
    this.effect = options?.effect ?? (code === 'BUS_UNAVAILABLE' ? 'unknown' : 'none');
  }
}
