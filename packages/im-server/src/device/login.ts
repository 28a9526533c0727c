import { CloseCode, Command, encodeFrame, ImError, toUserId, type DeviceAddress } from 'im-common';
import type { ByteText } from 'im-common/bus';
import { isSessionName } from 'im-common/internal/bus';
import type { Identity } from 'im-common/token';
import type { Logger } from 'im-common';
import type { ServerMetrics } from '../metrics/metrics.ts';
import type { Authenticate, ResolvedOptions } from '../options/options.ts';
import type { Connection } from './connection.ts';
import type { LoggedIn } from './logged-in.ts';
import type { Devices } from './devices.ts';
import { endKicked, kick } from './kick.ts';
import { networkOf, type Quota } from 'im-common/internal/network';

/** Where the bus says that a device is. */
export interface LoginRoutes {
  /**
   * Points the address here. `kept`: the same, and messages are kept for it. `revoked`: the token counts no more; `occupied`:
   * the devices that are in stay in. Nothing was changed then.
   */
  bind(connection: Connection, login: LoggedIn): Promise<Bound>;
  /** The route points here, as far as the bus can be asked. */
  isHere(address: DeviceAddress): Promise<boolean>;
  isRevoked(login: LoggedIn): Promise<boolean>;
  /** Who is in may stay in beside the newcomer. */
  mayBeSeveral(address: DeviceAddress): boolean;
  /** The device is in. */
  onOnline(connection: Connection): void;
  /** Removes the route of a device that is gone. With `graceMs` it counts as on its way for so long. */
  unbind(connection: Connection, left?: Left): Promise<void>;
}

export type Bound = 'here' | 'kept' | 'revoked' | 'occupied';

export interface Left {
  readonly graceMs?: number;
  /** The close code. */
  readonly code?: number;
  /** Another connection is the device of the address, or about to be: only what is this one's own goes. */
  readonly isReplaced?: boolean;
}

/** Gives a device that has come online what was kept for it. */
export interface KeptMessages {
  catchUp(connection: Connection): void;
}

/** What a login has to know of topics. */
export interface LoginTopics {
  /** Learns what the user of a device is in. After the route points here, and before the login is answered. */
  enter(connection: Connection, address: DeviceAddress, asked?: unknown): Promise<void>;
  /** Gives it what it missed of them. In the moment after the answer. */
  giveMissed(connection: Connection, address: DeviceAddress): void;
}

/** Devices that are gone. */
export interface LoginDepartures {
  /** Takes back what was written for one that has gone meanwhile. */
  repeat(connection: Connection): Promise<void>;
}

export interface LoginDeps {
  readonly departures: LoginDepartures;
  readonly topics: LoginTopics;
  readonly authenticate: Authenticate;
  readonly devices: Devices;
  readonly routes: LoginRoutes;
  readonly kept: KeptMessages;
  readonly terminals: readonly number[];
  readonly tokenExpiry: ResolvedOptions['tokenExpiry'];
  readonly kickGraceMs: number;
  /** What devices that acknowledge are told that this server can do. */
  readonly features: readonly string[];
  /** By user id. */
  readonly userLogins: Quota;
  /** By network. */
  readonly failedLogins: Quota;
  readonly metrics: Pick<ServerMetrics, 'loggedIn'>;
  readonly logger: Logger;
}

/** The `data` of a login frame, checked. */
interface LoginRequest {
  readonly token: string;
  readonly devId: string | undefined;
  readonly acknowledges: boolean;
  readonly terminal: number | undefined;
  /** How far a device that acknowledges has the messages of topics; for the part that knows them. */
  readonly topics: unknown;
}

/** After its end a token counts for so long, as clocks differ and a fresh one may be on its way. */
const tokenGraceMs = 5_000;

export function hasEnded(expiresAt: number | undefined): boolean {
  return expiresAt !== undefined && Date.now() > expiresAt + tokenGraceMs;
}

/** Logs a device in (contract A.3), or closes it with a code that says what to do. */
export async function logIn(connection: Connection, data: unknown, deps: LoginDeps): Promise<void> {
  // P-2.8. It also bounds what a flood of logins costs.
  if (connection.isShowingToken) return;
  connection.isShowingToken = true;
  try {
    await checkAndEnter(connection, data, deps);
  } finally {
    connection.isShowingToken = false;
  }
}

async function checkAndEnter(connection: Connection, data: unknown, deps: LoginDeps): Promise<void> {
  const { remoteAddress } = connection.link;
  // Before the token is checked, which costs more than anything else here. Who is in has shown a good one.
  if (connection.state.kind !== 'online' && deps.failedLogins.isSpent(networkOf(remoteAddress))) {
    closeTooManyLogins(connection, 'too many logins failed from its address', deps);
    return;
  }
  const request = readRequest(data);
  if (!request) {
    closeTokenRefused(connection, 'the login has no accessToken', 'refused', deps);
    return;
  }
  let identity: Identity;
  let id: string;
  try {
    identity = await deps.authenticate(request.token, { devId: request.devId, remoteAddress });
    // Somebody else's function: whatever it returns becomes part of keys.
    id = toUserId(identity.userId);
  } catch (error) {
    if (error instanceof ImError && error.retryable) {
      closeTryAgainLater(connection, error, deps);
      return;
    }
    const expired = error instanceof ImError && error.code === 'TOKEN_EXPIRED';
    closeTokenRefused(connection, messageOf(error), expired ? 'expired' : 'refused', deps);
    return;
  }
  const { expiresAt, issuedAt } = identity;
  // Somebody else's function may say anything.
  const session = isSessionName(identity.session) ? identity.session : undefined;
  if (deps.tokenExpiry === 'close' && hasEnded(expiresAt)) {
    closeTokenRefused(connection, 'the token has expired', 'expired', deps);
    return;
  }
  const terminal = identity.terminal ?? request.terminal ?? 0;
  if (!deps.terminals.includes(terminal)) {
    closeTokenRefused(
      connection,
      `terminal ${terminal} is not one of ${deps.terminals.join(', ')}`,
      'refused',
      deps,
    );
    return;
  }
  if (deps.userLogins.isSpent(id)) {
    closeTooManyLogins(connection, `too many logins of user ${id}`, deps);
    return;
  }
  deps.userLogins.spend(id);
  const address = { id, terminal };
  const { devId, acknowledges } = request;
  const since = Date.now();
  const login = { address, devId, acknowledges, expiresAt, issuedAt, session, since };
  await enter(connection, login, request, deps);
}

async function enter(
  connection: Connection,
  login: LoggedIn,
  request: LoginRequest,
  deps: LoginDeps,
): Promise<void> {
  const { state } = connection;
  if (state.kind === 'online') {
    await stayIn(connection, login, deps);
    return;
  }
  // Gone, or closed for being late, while the token was checked.
  if (state.kind !== 'awaiting-login') return;
  connection.state = { kind: 'logging-in', since: state.since };
  connection.login = login;
  connection.hold();
  deps.devices.announce(connection, login.address);
  let bound: Bound;
  try {
    bound = await deps.routes.bind(connection, login);
    if (bound !== 'revoked' && isLoggingIn(connection)) {
      await deps.topics.enter(connection, login.address, request.topics);
    }
  } catch (error) {
    deps.userLogins.giveBack(login.address.id);
    // Whether it was written nobody knows.
    if (!isLoggingIn(connection)) await deps.departures.repeat(connection);
    closeTryAgainLater(connection, error, deps);
    return;
  }
  if (bound === 'revoked') {
    closeTokenRevoked(connection, login, deps);
    return;
  }
  if (bound === 'occupied') {
    closeOccupied(connection, deps);
    return;
  }
  if (bound === 'kept') connection.hasKept = true;
  // Gone, or kicked by a still later login, while the route was written.
  if (!isLoggingIn(connection)) {
    await deps.departures.repeat(connection);
    return;
  }
  // Only now: a token that was revoked must not put anybody out.
  if (deps.routes.mayBeSeveral(login.address)) deps.devices.registerBeside(connection, login.address);
  else {
    const before = deps.devices.register(connection, login.address);
    if (before) kick(before, { why: 'elsewhere', newDevId: login.devId }, deps.kickGraceMs);
  }
  if (!(await isLatest(connection, login.address, deps))) return;
  deps.metrics.loggedIn('accepted');
  deps.logger.debug(
    { user: login.address.id, terminal: login.address.terminal, from: connection.link.remoteAddress },
    'device logged in',
  );
  answer(connection, login, deps);
  deps.topics.giveMissed(connection, login.address);
  connection.goOnline();
  deps.routes.onOnline(connection);
  if (connection.hasKept) deps.kept.catchUp(connection);
}

/** False when the device has logged in elsewhere meanwhile; then this connection is closed. */
async function isLatest(
  connection: Connection,
  address: DeviceAddress,
  { routes }: LoginDeps,
): Promise<boolean> {
  while (connection.isDisputed) {
    connection.isDisputed = false;
    const isHere = await routes.isHere(address);
    if (!isLoggingIn(connection)) return false;
    if (isHere) continue;
    endKicked(connection, 'elsewhere');
    return false;
  }
  return true;
}

/** A function, because the compiler does not see that a state changes while one waits. */
function isLoggingIn({ state }: Connection): boolean {
  return state.kind === 'logging-in';
}

/** A login on a connection that is logged in: the same device shows a fresh token. */
async function stayIn(connection: Connection, login: LoggedIn, deps: LoginDeps): Promise<void> {
  const now = connection.login;
  if (!now || !isSame(now.address, login.address)) {
    closeTokenRefused(connection, 'the new token belongs to another user or terminal', 'refused', deps);
    return;
  }
  if (await deps.routes.isRevoked(login)) {
    closeTokenRevoked(connection, login, deps);
    return;
  }
  if (connection.state.kind !== 'online') return; // kicked or gone meanwhile
  // How messages are proved stays as it was: those under way count on it.
  const { expiresAt, issuedAt, session } = login;
  connection.login = { ...now, expiresAt, issuedAt, session };
  deps.metrics.loggedIn('accepted');
  answer(connection, connection.login, deps);
}

function answer(connection: Connection, login: LoggedIn, { features }: LoginDeps): void {
  // Contract A.2: null. A device that asked for acknowledgements learns by the answer that it has them.
  const { acknowledges, expiresAt } = login;
  const data = acknowledges
    ? JSON.stringify({ ack: true, ...(expiresAt !== undefined && { expiresAt }), features })
    : 'null';
  connection.answer((framing) => framing.text(encodeFrame(Command.LOGIN, data) as ByteText));
}

/** More logins than are good: those who keep to the pauses that a close asks for come in with the next one. */
function closeTooManyLogins(connection: Connection, why: string, { logger, metrics }: LoginDeps): void {
  metrics.loggedIn('limited');
  logger.debug({ from: connection.link.remoteAddress, why }, 'too many logins');
  connection.end(CloseCode.TRY_AGAIN_LATER, 'too many logins', 'CLOSED_BEFORE_PROOF');
}

/** Nothing is wrong with the device or its token: it may come back with the same one. */
function closeTryAgainLater(connection: Connection, error: unknown, { logger, metrics }: LoginDeps): void {
  metrics.loggedIn('error');
  logger.warn({ err: error, from: connection.link.remoteAddress }, 'a login could not be carried out');
  connection.end(CloseCode.TRY_AGAIN_LATER, 'try again later', 'CLOSED_BEFORE_PROOF');
}

/** Somebody else of the same user is in, and stays in. */
function closeOccupied(connection: Connection, { logger, metrics }: LoginDeps): void {
  metrics.loggedIn('refused');
  logger.debug({ from: connection.link.remoteAddress }, 'login refused: the user is logged in already');
  endKicked(connection, 'occupied');
}

/** Not held against the user: whoever has a stolen token would lock its owner out. */
function closeTokenRevoked(connection: Connection, { address }: LoggedIn, deps: LoginDeps): void {
  deps.userLogins.giveBack(address.id);
  closeTokenRefused(connection, 'the token was revoked', 'refused', deps);
}

function closeTokenRefused(
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

function readRequest(data: unknown): LoginRequest | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { accessToken, devId, ack, terminal, topics } = data as Record<string, unknown>;
  if (typeof accessToken !== 'string' || accessToken === '') return undefined;
  return {
    token: accessToken,
    devId: readDevId(devId),
    acknowledges: ack === true,
    terminal: typeof terminal === 'number' && Number.isInteger(terminal) ? terminal : undefined,
    topics: ack === true ? topics : undefined,
  };
}

/** A number from box-im's pages (contract A.2); kept as text, as on the force-logout list. */
function readDevId(devId: unknown): string | undefined {
  if (typeof devId === 'number') return String(devId);
  return typeof devId === 'string' && devId !== '' ? devId.slice(0, 128) : undefined;
}

function isSame(a: DeviceAddress, b: DeviceAddress): boolean {
  return a.id === b.id && a.terminal === b.terminal;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
