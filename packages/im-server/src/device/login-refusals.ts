import { CloseCode } from 'im-common';
import { networkOf } from 'im-common/internal/network';
import type { Connection } from './connection.ts';
import { endKicked } from './kick.ts';
import type { LoggedIn } from './logged-in.ts';
import type { LoginDeps } from './login-deps.ts';

// The ends of a login that does not come about: what is counted, what is logged, and what the device is told.

/** More logins than are good: those who keep to the pauses that a close asks for come in with the next one. */
export function closeTooManyLogins(
  connection: Connection,
  why: string,
  { logger, metrics }: LoginDeps,
): void {
  metrics.loggedIn('limited');
  logger.debug({ from: connection.link.remoteAddress, why }, 'too many logins');
  connection.end(CloseCode.TRY_AGAIN_LATER, 'too many logins', 'CLOSED_BEFORE_PROOF');
}

/** Nothing is wrong with the device or its token: it may come back with the same one. */
export function closeTryAgainLater(
  connection: Connection,
  error: unknown,
  { logger, metrics }: LoginDeps,
): void {
  metrics.loggedIn('error');
  logger.warn({ err: error, from: connection.link.remoteAddress }, 'a login could not be carried out');
  connection.end(CloseCode.TRY_AGAIN_LATER, 'try again later', 'CLOSED_BEFORE_PROOF');
}

/** Somebody else of the same user is in, and stays in. */
export function closeOccupied(connection: Connection, { logger, metrics }: LoginDeps): void {
  metrics.loggedIn('refused');
  logger.debug({ from: connection.link.remoteAddress }, 'login refused: the user is logged in already');
  endKicked(connection, 'occupied');
}

/** Not held against the user: the thief of a token could lock its owner out. */
export function closeTokenRevoked(connection: Connection, { address }: LoggedIn, deps: LoginDeps): void {
  deps.userLogins.giveBack(address.id);
  closeTokenRefused(connection, 'the token was revoked', 'refused', deps);
}

export function closeTokenRefused(
  connection: Connection,
  why: string,
  outcome: 'refused' | 'expired',
  deps: LoginDeps,
): void {
  deps.metrics.loggedIn(outcome);
  deps.failedLogins.spend(networkOf(connection.link.remoteAddress));
  deps.logger.debug({ from: connection.link.remoteAddress, why }, 'login refused');
  const reason = outcome === 'expired' ? 'token expired' : 'token refused';
  connection.end(CloseCode.TOKEN_REFUSED, reason, 'CLOSED_BEFORE_PROOF');
}
