import { Command, encodeFrame, type DeviceAddress } from 'im-common';
import type { ByteText } from 'im-common/bus';
import type { Connection } from './connection.ts';
import { judgeLogin } from './judge-login.ts';
import { endKicked, kick } from './kick.ts';
import type { LoggedIn } from './logged-in.ts';
import type { Bound, LoginDeps } from './login-deps.ts';
import {
  closeOccupied,
  closeTokenRefused,
  closeTokenRevoked,
  closeTryAgainLater,
  named,
} from './login-refusals.ts';
import { readRequest } from './login-request.ts';

/** Logs a device in (contract A.3), or closes it with a code that says what to do. */
export async function logIn(connection: Connection, data: unknown, deps: LoginDeps): Promise<void> {
  // P-2.8. It also bounds what a flood of logins costs.
  if (connection.isShowingToken) return;
  connection.isShowingToken = true;
  try {
    const request = readRequest(data);
    const login = await judgeLogin(connection, request, deps);
    if (login) await enter(connection, login, request?.topics, deps);
  } finally {
    connection.isShowingToken = false;
  }
}

/** Points the route here, puts out who was in before, and answers. */
async function enter(
  connection: Connection,
  login: LoggedIn,
  topics: unknown,
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
  deps.topics.expect(connection, login.address);
  let bound: Bound;
  try {
    bound = await deps.routes.bind(connection, login);
    if (typeof bound !== 'string' && isLoggingIn(connection)) {
      const { mayHaveTopics } = bound;
      const entered = deps.topics.enter({ connection, address: login.address, mayHaveTopics, asked: topics });
      if (entered) await entered;
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
    closeOccupied(connection, login, deps);
    return;
  }
  // Never taken back: something may have been kept since the route was written, and it was told so.
  connection.hasKept ||= bound.hasKept;
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
    closeTokenRefused(connection, 'otherAddress', deps, named(login.address));
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

function isSame(a: DeviceAddress, b: DeviceAddress): boolean {
  return a.id === b.id && a.terminal === b.terminal;
}
