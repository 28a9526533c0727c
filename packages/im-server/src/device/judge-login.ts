import { ImError, toUserId } from 'im-common';
import { isSessionName } from 'im-common/internal/bus';
import { networkOf } from 'im-common/internal/network';
import type { Identity } from 'im-common/token';
import type { Connection } from './connection.ts';
import { hasEnded, msSinceStart, type LoggedIn } from './logged-in.ts';
import type { LoginDeps } from './login-deps.ts';
import { closeTokenRefused, closeTooManyLogins, closeTryAgainLater } from './login-refusals.ts';
import type { LoginRequest } from './login-request.ts';

/** Judges a login by its token and by the limits, before anything is written. Undefined when the connection was closed for it. */
export async function judgeLogin(
  connection: Connection,
  request: LoginRequest | undefined,
  deps: LoginDeps,
): Promise<LoggedIn | undefined> {
  const { remoteAddress } = connection.link;
  // Before the token is checked, which costs more than anything else here. Who is in has shown a good one.
  if (connection.state.kind !== 'online' && deps.failedLogins.isSpent(networkOf(remoteAddress))) {
    closeTooManyLogins(connection, 'address', deps);
    return undefined;
  }
  if (!request) {
    closeTokenRefused(connection, 'noToken', deps);
    return undefined;
  }
  const { devId, acknowledges } = request;
  let identity: Identity;
  let id: string;
  try {
    identity = await deps.authenticate(request.token, { devId, remoteAddress });
    // Somebody else's function: whatever it returns becomes part of keys.
    id = toUserId(identity.userId);
  } catch (error) {
    if (error instanceof ImError && error.retryable) {
      closeTryAgainLater(connection, error, deps);
      return undefined;
    }
    const expired = error instanceof ImError && error.code === 'TOKEN_EXPIRED';
    closeTokenRefused(connection, expired ? 'expired' : 'badToken', deps, { why: messageOf(error) });
    return undefined;
  }
  const { expiresAt, issuedAt } = identity;
  // Somebody else's function may say anything.
  const session = isSessionName(identity.session) ? identity.session : undefined;
  if (deps.tokenExpiry === 'close' && hasEnded(expiresAt)) {
    closeTokenRefused(connection, 'expired', deps, { user: id });
    return undefined;
  }
  const terminal = identity.terminal ?? request.terminal ?? 0;
  if (!deps.terminals.includes(terminal)) {
    closeTokenRefused(connection, 'terminal', deps, { user: id, terminal });
    return undefined;
  }
  if (deps.userLogins.isSpent(id)) {
    closeTooManyLogins(connection, 'user', deps, { user: id, terminal });
    return undefined;
  }
  deps.userLogins.spend(id);
  return {
    address: { id, terminal },
    devId,
    acknowledges,
    expiresAt,
    issuedAt,
    session,
    msSinceStart: msSinceStart(),
  };
}

/** Most that the log has of what somebody else's function says. */
const longestWhy = 200;

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, longestWhy);
}
