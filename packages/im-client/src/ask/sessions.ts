import { ImError, type DeviceAddress, type UserId } from 'im-common';
import type { Session, Sessions } from 'im-common/bus';
import { encodeForceLogout, forceLogoutList, mostBytesOfWords, type Producer } from 'im-common/internal/bus';
import { Fields, invalidArgument } from 'im-common/internal/checks';
import { checkId, checkTerminal, refuse } from '../checks/arguments.ts';
import type { Place } from '../locate/place.ts';

/** One device that a user is logged in with. */
export interface UserSession {
  readonly userId: string;
  readonly terminal: number;
  readonly server: number;
  /** Names it. Undefined, with all below, on a server that keeps no sessions (im-server's option `sessions`). */
  readonly session: string | undefined;
  /** When it logged in, in epoch milliseconds of its server. */
  readonly since: number | undefined;
  /** When its server last heard of the device, as of the last time that it said so: at the login, then every `refreshRoutesMs` (2 minutes). */
  readonly heardAt: number | undefined;
  /** Where it comes from, as its server sees it. */
  readonly address: string | undefined;
  /** The `User-Agent` of its WebSocket, cut to 256 characters. */
  readonly agent: string | undefined;
  readonly devId: string | undefined;
}

export interface SessionsOptions {
  /** @default the client's `terminals` */
  readonly terminals?: readonly number[] | undefined;
}

/** Which session: one of `im.sessions()` as it is. */
export interface WhichSession {
  readonly userId: UserId;
  readonly terminal: number;
  readonly session: string | undefined;
}

export interface EndSessionOptions {
  /** What the device is told, in words of yours: at most 123 bytes. @default nothing of its own */
  readonly reason?: string | undefined;
}

export const sessionsFields: Fields<'terminals'> = new Fields(
  'the options of sessions',
  ['terminals'],
  invalidArgument,
);

export const endSessionFields: Fields<'reason'> = new Fields(
  'the options of endSession',
  ['reason'],
  invalidArgument,
);

export interface SessionsDeps {
  readonly sessions: Pick<Sessions, 'list'>;
  readonly locate: (addresses: readonly DeviceAddress[]) => Promise<readonly (Place | undefined)[]>;
  /** The ids of servers that live. */
  readonly liveServers: () => Promise<ReadonlySet<number>>;
}

/** The sessions of each address, the oldest first; and where somebody is online of whom no more is known, that. */
export async function sessionsOf(
  addresses: readonly DeviceAddress[],
  { liveServers, locate, sessions }: SessionsDeps,
): Promise<UserSession[]> {
  const [kept, places, live] = await Promise.all([
    sessions.list(addresses),
    locate(addresses),
    liveServers(),
  ]);
  return addresses.flatMap((address, index) => {
    const own = (kept[index] ?? []).filter(({ serverId }) => live.has(serverId)).map(toUserSession);
    const serverId = places[index]?.serverId;
    if (serverId === undefined || own.some(({ server }) => server === serverId)) return own;
    return [...own, { ...unknown, userId: address.id, terminal: address.terminal, server: serverId }];
  });
}

const unknown = {
  session: undefined,
  since: undefined,
  heardAt: undefined,
  address: undefined,
  agent: undefined,
  devId: undefined,
} as const;

function toUserSession({ address, agent, devId, from, heardAt, id, serverId, since }: Session): UserSession {
  return {
    ...{ userId: address.id, terminal: address.terminal, server: serverId, session: id },
    ...{ since, heardAt, address: from, agent, devId },
  };
}

export interface EndSessionDeps {
  readonly sessions: Pick<Sessions, 'list'>;
  readonly producer: Pick<Producer, 'put'>;
}

/** Puts an order on the list of the session's server. False when it is over. */
export async function endSession(
  { address, id }: { readonly address: DeviceAddress; readonly id: string },
  words: string | undefined,
  { producer, sessions }: EndSessionDeps,
): Promise<boolean> {
  const [open = []] = await sessions.list([address]);
  const session = open.find((one) => one.id === id);
  if (!session) return false;
  const order = encodeForceLogout({ address, session: id, words });
  const outcome = await producer.put(forceLogoutList(session.serverId), order);
  if (outcome.status === 'full')
    throw new ImError('BUS_FULL', 'The force-logout list of the server of the session is full.');
  // Closed: the server has gone, and its devices with it.
  return outcome.status === 'put';
}

export function checkWhich(which: unknown): { readonly address: DeviceAddress; readonly id: string } {
  if (typeof which !== 'object' || which === null)
    return refuse('the session', which, 'an object with userId, terminal and session');
  const { session, terminal, userId } = which as Record<keyof WhichSession, unknown>;
  const id = checkSession(session);
  return {
    address: { id: checkId('userId', userId), terminal: checkTerminal('terminal', terminal) },
    id,
  };
}

export function checkSession(session: unknown): string {
  return typeof session === 'string' && /^[\w-]{1,80}$/.test(session)
    ? session
    : refuse('session', session, 'the name of a session, as in im.sessions()');
}

/** A WebSocket's close frame has room for so much; what is no text could not be read. */
export function checkWords(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const expected = `a text of 1 to ${mostBytesOfWords} bytes`;
  if (typeof value !== 'string' || value === '') return refuse(name, value, expected);
  const bytes = Buffer.from(value);
  return bytes.length <= mostBytesOfWords && bytes.toString() === value
    ? value
    : refuse(name, value, expected);
}
