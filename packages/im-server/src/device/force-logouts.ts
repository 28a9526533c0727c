import type { Taken } from 'im-common/bus';
import { decodeForceLogout, isRevoked, ScanError, type ForceLogout } from 'im-common/internal/bus';
import type { Connection } from './connection.ts';
import { tokenOf } from './logged-in.ts';
import type { Devices } from './devices.ts';
import { kick } from './kick.ts';
import type { LoginRoutes } from './login-deps.ts';

export interface ForceLogoutDeps {
  readonly devices: Devices;
  readonly routes: Pick<LoginRoutes, 'isHere'>;
  /** Sends an order for all sessions of an address to those that are not here. */
  readonly orderOthers: (order: ForceLogout) => void;
  readonly kickGraceMs: number;
  readonly onMalformed: (problem: string) => void;
}

/** The login of one device on another server, as an order tells of it. */
interface Rival {
  readonly connection: Connection;
  readonly order: ForceLogout;
}

/** Box-im writes the order before the route of the login that it is for, and takes the route back when that is over. */
const javaLoginMs = 1_000;
/** Who has no route any more gets it back sooner. */
const firstLookMs = 200;

/** Lets go of devices that are logged in elsewhere, or that the business wants out (contract A.3). */
export async function applyForceLogouts(batch: readonly Taken[], deps: ForceLogoutDeps): Promise<void> {
  const javaLogins: Rival[] = [];
  for (const { text } of batch) {
    try {
      const order = decodeForceLogout(text);
      if (isForAll(order)) deps.orderOthers(order);
      for (const connection of deps.devices.claimants(order.address)) {
        if (order.session !== undefined && order.loginServerId !== undefined) letGo(connection, order, deps);
        else if (order.loginServerId !== undefined) await applyOurs({ connection, order }, deps);
        else if (order.devId !== undefined) javaLogins.push({ connection, order });
        else if (isMeant(connection, order))
          kick(
            connection,
            { why: order.revocation ? 'revoked' : 'ended', words: order.words },
            deps.kickGraceMs,
          );
      }
    } catch (error) {
      if (!(error instanceof ScanError)) throw error;
      deps.onMalformed(error.message);
    }
  }
  if (javaLogins.length === 0) return;
  setTimeout(() => {
    for (const { connection, order } of javaLogins)
      if (connection.takesMessages) void deps.routes.isHere(order.address);
  }, firstLookMs).unref();
  setTimeout(() => {
    for (const rival of javaLogins) void letTheLaterStay(rival, deps);
  }, javaLoginMs).unref();
}

/** Of the business. */
function isForAll({ devId, loginServerId, session }: ForceLogout): boolean {
  return session === undefined && loginServerId === undefined && devId === undefined;
}

/** One that follows a revocation is for those whose token that refuses, one with a session for that alone. */
function isMeant({ login, session }: Connection, { revocation, session: id }: ForceLogout): boolean {
  if (id !== undefined && session?.id !== id) return false;
  return !revocation || !login || isRevoked(tokenOf(login), revocation);
}

/** The user has logged in on another terminal, and may be in on one only. */
function letGo(
  connection: Connection,
  { devId, session }: ForceLogout,
  { kickGraceMs }: ForceLogoutDeps,
): void {
  if (connection.session?.id === session)
    kick(connection, { why: 'elsewhere', newDevId: devId }, kickGraceMs);
}

/** From a server of ours, which has written the route of the login. */
async function applyOurs(rival: Rival, deps: ForceLogoutDeps): Promise<void> {
  const { connection } = rival;
  // Which of the two logins is the later one is known when both have written their route.
  if (connection.state.kind === 'logging-in') connection.isDisputed = true;
  else await letTheLaterStay(rival, deps);
}

/** Also for a login that is over already: a page that gave up on a server which hung comes here, and the order after it. */
async function letTheLaterStay({ connection, order }: Rival, deps: ForceLogoutDeps): Promise<void> {
  const { devices, kickGraceMs, routes } = deps;
  // A login that came meanwhile is newer than the order; and this one may have gone.
  const isStill = (): boolean =>
    connection.takesMessages && devices.claimants(order.address).includes(connection);
  if (!isStill() || (await routes.isHere(order.address)) || !isStill()) return;
  kick(connection, { why: 'elsewhere', newDevId: order.devId }, kickGraceMs);
}
