/** Every code that a {@link DeviceError} can carry. */
export type DeviceErrorCode =
  /** `createDevice` or `on` was given something that it cannot use; the message names it. Thrown at once. */
  | 'INVALID_OPTION'
  /** `start()` after `close()`. Thrown at once. */
  | 'CLOSED'
  /** A handler threw or rejected: `cause` has what. Its message counts as refused. */
  | 'HANDLER_FAILED'
  /** The function `token` failed or took too long: `cause` has what. It is asked again. */
  | 'TOKEN_FAILED'
  /** The server did not take the token, and there is no function to ask for another one. The device has given up. */
  | 'TOKEN_REFUSED'
  /** The function `locate` failed or took too long: `cause` has what. It is asked again. */
  | 'LOCATE_FAILED'
  /** What was said to a service, or asked of it, had no answer in time. It may be carried out all the same. */
  | 'TIMEOUT'
  /** The service refuses: the message says why. */
  | 'REFUSED'
  /** The service could not take it, in all its attempts. */
  | 'SERVICE_FAILED'
  /** The server lets devices not speak to this service: see its `uplinkTo`. */
  | 'NOT_ALLOWED'
  /** `data` is longer than the server's `maxUplinkBytes`. */
  | 'TOO_LARGE'
  /** Too much waits in the outbox. */
  | 'OUTBOX_FULL'
  /** The outbox cannot be saved: `cause` has why. It was not sent. */
  | 'STORE_FAILED'
  /** The server does not take anything for services. */
  | 'UNSUPPORTED'
  /** The address is none, or the page may not connect there: `cause` has what. It is tried again. */
  | 'CANNOT_CONNECT';

/** The one error class of the package: `code` says what happened. */
export class DeviceError extends Error {
  readonly code: DeviceErrorCode;

  constructor(code: DeviceErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'DeviceError';
    this.code = code;
  }
}
