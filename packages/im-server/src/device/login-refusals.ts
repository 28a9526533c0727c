import { CloseCode, type DeviceAddress } from 'im-common';
import { networkOf } from 'im-common/internal/network';
import type { Connection } from './connection.ts';
import { endKicked } from './kick.ts';
import type { LoggedIn } from './logged-in.ts';
import type { LoginDeps } from './login-deps.ts';

// The ends of a login that does not come about: what is counted, what is logged, and what the device is told.

/** What is wrong with what a device shows, as the log has it: each is a line of its own, and rare on its own. */
const flaws = {
  noToken: 'login refused: it has no accessToken',
  badToken: 'login refused: its token was not accepted',
  expired: 'login refused: its token has expired',
  revoked: 'login refused: its token was revoked',
  terminal: 'login refused: its terminal is not among the option terminals',
  otherAddress: 'login refused: a fresh token must be of the user and terminal that are logged in',
} as const;

/** Which of the limits of logins was met. */
const limits = {
  address: 'login put off: too many have failed from its address (maxFailedLoginsPerAddress)',
  user: 'login put off: the user has logged in too often (maxLoginsPerUser)',
} as const;

/** Whom a refused login was of, as far as it is known, and what was said of it. */
interface Refused {
  readonly user?: string | undefined;
  readonly terminal?: number | undefined;
  readonly why?: string | undefined;
}

/** More logins than are good: those who keep to the pauses that a close asks for come in with the next one. */
export function closeTooManyLogins(
  connection: Connection,
  limit: keyof typeof limits,
  { logger, metrics }: LoginDeps,
  refused: Refused = {},
): void {
  metrics.loggedIn('limited');
  logger.info({ from: connection.link.remoteAddress, ...refused }, limits[limit]);
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
export function closeOccupied(
  connection: Connection,
  { address }: LoggedIn,
  { logger, metrics }: LoginDeps,
): void {
  metrics.loggedIn('refused');
  logger.info(
    { from: connection.link.remoteAddress, ...named(address) },
    'login refused: the user is logged in already, and newcomers are refused',
  );
  endKicked(connection, 'occupied');
}

/** Not held against the user: the thief of a token could lock its owner out. */
export function closeTokenRevoked(connection: Connection, { address }: LoggedIn, deps: LoginDeps): void {
  deps.userLogins.giveBack(address.id);
  closeTokenRefused(connection, 'revoked', deps, named(address));
}

export function closeTokenRefused(
  connection: Connection,
  flaw: keyof typeof flaws,
  deps: LoginDeps,
  refused: Refused = {},
): void {
  const { remoteAddress } = connection.link;
  const isExpired = flaw === 'expired';
  deps.metrics.loggedIn(isExpired ? 'expired' : 'refused');
  deps.failedLogins.spend(networkOf(remoteAddress));
  deps.logger.info({ from: remoteAddress, ...refused }, flaws[flaw]);
  const reason = isExpired ? 'token expired' : 'token refused';
  connection.end(CloseCode.TOKEN_REFUSED, reason, 'CLOSED_BEFORE_PROOF');
}

export function named({ id, terminal }: DeviceAddress): Refused {
  return { user: id, terminal };
}
