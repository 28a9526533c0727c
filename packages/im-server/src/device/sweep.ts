import { CloseCode } from 'im-common';
import type { ServerMetrics } from '../metrics/metrics.ts';
import type { ResolvedOptions } from '../options/options.ts';
import type { Connection } from './connection.ts';
import { hasEnded } from './logged-in.ts';
import { nowMs } from './now-ms.ts';

type SweepOptions = Pick<
  ResolvedOptions,
  'loginTimeoutMs' | 'pingAfterSilenceMs' | 'proofTimeoutMs' | 'ackTimeoutMs' | 'tokenExpiry'
>;

/**
 * Ends what has overstayed one of its deadlines. One walk over all connections now and then, instead of timers of their
 * own: a timer per connection and deadline costs more memory than the connection.
 */
export function sweep(
  connections: Iterable<Connection>,
  options: SweepOptions,
  metrics: Pick<ServerMetrics, 'loggedIn'>,
): void {
  const now = nowMs();
  for (const connection of connections) {
    const { state } = connection;
    switch (state.kind) {
      case 'awaiting-login':
      case 'logging-in':
        if (now - state.since > options.loginTimeoutMs) {
          metrics.loggedIn('timeout');
          connection.end(CloseCode.LOGIN_TIMEOUT, 'login timeout', 'CLOSED_BEFORE_PROOF');
        }
        break;
      case 'online':
        connection.relieve();
        sweepOnline(connection, options, now);
        break;
      case 'leaving':
        if (now > state.until) connection.closeGoingElsewhere(state.goodbye);
        break;
      case 'kicked': // `kick` ends it
        break;
      case 'closing':
        if (now > state.until) connection.destroy();
        break;
      case 'gone':
    }
  }
}

function sweepOnline(connection: Connection, options: SweepOptions, now: number): void {
  const { lastHeardAt, link, login, oldestUnprovenAt, pingSentAt } = connection;
  const silenceMs = now - lastHeardAt;
  if (pingSentAt !== undefined && now - pingSentAt > options.proofTimeoutMs) {
    connection.end(CloseCode.NO_PROOF, 'no pong', 'CLOSED_BEFORE_PROOF');
  } else if (
    login?.acknowledges &&
    oldestUnprovenAt !== undefined &&
    now - oldestUnprovenAt > options.ackTimeoutMs
  ) {
    connection.end(CloseCode.NO_PROOF, 'no acknowledgement', 'CLOSED_BEFORE_PROOF');
  } else if (silenceMs > link.idleTimeoutMs) {
    // Contract A.1: dropped without a close frame.
    connection.destroy();
  } else if (options.tokenExpiry === 'close' && hasEnded(login?.expiresAt)) {
    connection.end(CloseCode.TOKEN_REFUSED, 'token expired', 'CLOSED_BEFORE_PROOF');
  } else if (silenceMs > options.pingAfterSilenceMs) {
    connection.ping(now);
  }
}
