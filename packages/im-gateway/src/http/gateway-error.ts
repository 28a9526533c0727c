import type { Effect } from 'im-common';

export type GatewayErrorCode =
  | 'KEY_REFUSED'
  | 'SCOPE_MISSING'
  | 'TOO_MANY_REQUESTS'
  | 'BODY_REFUSED'
  | 'NOT_FOUND'
  | 'NO_SERVER'
  | 'INTERNAL';

export interface GatewayErrorOptions {
  readonly status: number;
  readonly retryable?: boolean;
  /** Seconds, when it is known from when on the same call is worth it. */
  readonly retryAfterS?: number;
  readonly effect?: Effect;
}

/** What the gateway itself refuses; what im-client refuses keeps its own code. */
export class GatewayError extends Error {
  readonly code: GatewayErrorCode;
  readonly status: number;
  readonly retryable: boolean;
  readonly retryAfterS: number | undefined;
  readonly effect: Effect;

  constructor(code: GatewayErrorCode, message: string, options: GatewayErrorOptions) {
    super(message);
    this.name = 'GatewayError';
    this.code = code;
    this.status = options.status;
    this.retryable = options.retryable ?? false;
    this.retryAfterS = options.retryAfterS;
    this.effect = options.effect ?? 'none';
  }
}

/** `unknown`: one whose lease is over, and that may come back, may have it. */
export function noServer(problem: string, effect: Effect = 'none'): GatewayError {
  return new GatewayError('NO_SERVER', problem, { status: 503, retryable: true, retryAfterS: 1, effect });
}
