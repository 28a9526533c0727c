import type { WebSocketEvent } from '../platform.ts';

/** Why no connection came about, as far as the platform tells. Browsers tell nothing. */
export interface Unreachable {
  readonly url: string;
  /**
   * `refused`: something answered, with `status` instead of a WebSocket. `tls`: TLS met plain text, or a certificate that
   * is not trusted. `nobody`: no such host, or nobody listens. `hung-up`: the connection was cut, as a port with TLS
   * does when it is spoken to in plain text. `timeout`: no answer in time. `unknown`: the platform does not tell.
   */
  readonly problem: 'refused' | 'tls' | 'nobody' | 'hung-up' | 'timeout' | 'unknown';
  /** The HTTP status: 404 is a wrong path, 403 an origin that is not allowed, 429 and 503 a server that is full. */
  readonly status?: number;
  /** The platform's own words. */
  readonly detail: string;
}

/** In the words of Node's errors and of OpenSSL; React Native and `ws` quote the status in a sentence. */
const signs = [
  ['tls', /EPROTO|SSL|TLS|CERT|certificate|WRONG_VERSION/],
  ['nobody', /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UNREACH/],
  ['hung-up', /ECONNRESET|hang up/],
] as const;

export function readProblem({ error, message = '' }: WebSocketEvent): Omit<Unreachable, 'url'> {
  const { code = '' } = (error ?? {}) as { code?: unknown };
  const detail = [code, message].filter(Boolean).join(' ');
  const status = /respon\D*(?:101\D+)?([1-5]\d\d)/.exec(message)?.[1];
  if (status !== undefined) return { problem: 'refused', status: Number(status), detail };
  const [problem = 'unknown'] = signs.find(([, sign]) => sign.test(detail)) ?? [];
  return { problem, detail };
}
