import { userIdToJson, type DeviceAddress } from '../address.ts';
import { fromByteText, toByteText, type ByteText } from './byte-text.ts';
import { readAddress } from './entry.ts';
import { scanObject, ScanError } from './json-scan.ts';
import type { Revocation } from './revocation.ts';

/** An order on a force-logout list (contract A.3): close this device, it is logged in elsewhere or not wanted any more. */
export interface ForceLogout {
  readonly address: DeviceAddress;
  /** The new login's device id: a connection with the same one is the same page coming back, and is not told off. */
  readonly devId?: string | undefined;
  /**
   * The server of the new login. The order only stands while the route still points away from the server that holds the
   * connection; without this (Java, or the business itself) it always stands.
   */
  readonly loginServerId?: number | undefined;
  /** The order follows this revocation, and is for a connection whose token it refuses. Absent: for any. */
  readonly revocation?: Revocation | undefined;
  /** Only this session. */
  readonly session?: string | undefined;
  /** What the device is told, in the words of the business. */
  readonly words?: string | undefined;
}

/** What a WebSocket close frame has room for. */
export const mostBytesOfWords = 123;

export function encodeForceLogout(order: ForceLogout): ByteText {
  const { address, devId, loginServerId, revocation, session, words } = order;
  const devIdText = devId === undefined ? '' : `"devId":${JSON.stringify(devId)},`;
  const fence = loginServerId === undefined ? '' : `,"loginServer":${loginServerId}`;
  const { expiringBefore, issuedBefore, keepSessions = [] } = revocation ?? {};
  const end = expiringBefore === undefined ? '' : `,"expiringBefore":${expiringBefore}`;
  const issue =
    issuedBefore === undefined
      ? ''
      : `,"issuedBefore":${issuedBefore},"keepSessions":${JSON.stringify(keepSessions.join(','))}`;
  const sessionText = session === undefined ? '' : `,"session":${JSON.stringify(session)}`;
  const wordsText = words === undefined ? '' : `,"words":${JSON.stringify(words)}`;
  return toByteText(
    `{${devIdText}"terminal":${address.terminal},"userId":${userIdToJson(address.id)}${fence}${end}${issue}${sessionText}${wordsText}}`,
  );
}

/** Throws a {@link ScanError} that says what is wrong. */
export function decodeForceLogout(text: ByteText): ForceLogout {
  const members = scanObject(text);
  const address = readAddress(
    `{"id":${members.get('userId') ?? 'null'},"terminal":${members.get('terminal') ?? 'null'}}`,
  );
  const devId = members.get('devId');
  const loginServer = members.get('loginServer');
  if (loginServer !== undefined && !/^\d{1,10}$/.test(loginServer)) {
    throw new ScanError(`loginServer is ${loginServer.slice(0, 40)}, expected a server id`, 0);
  }
  return {
    address,
    devId: devId === undefined || devId === 'null' ? undefined : plain(devId),
    loginServerId: loginServer === undefined ? undefined : Number(loginServer),
    revocation: readRevoked(members),
    ...readText('session', members, 128),
    ...readText('words', members, mostBytesOfWords),
  };
}

function readRevoked(members: ReadonlyMap<string, string>): ForceLogout['revocation'] {
  const expiringBefore = readMoment('expiringBefore', members);
  const issuedBefore = readMoment('issuedBefore', members);
  if (expiringBefore === undefined && issuedBefore === undefined) return undefined;
  const sessions = members.get('keepSessions') ?? '""';
  if (!/^"[\w,-]*"$/.test(sessions))
    throw new ScanError(`keepSessions is ${sessions.slice(0, 40)}, expected names of sessions`, 0);
  return { expiringBefore, issuedBefore, keepSessions: sessions.slice(1, -1).split(',') };
}

function readText<Name extends string>(
  name: Name,
  members: ReadonlyMap<string, string>,
  mostBytes: number,
): { readonly [Key in Name]?: string } {
  const text = members.get(name);
  if (text === undefined || text === 'null') return {};
  const value = text.startsWith('"') ? (JSON.parse(fromByteText(text)) as string) : undefined;
  if (value !== undefined && Buffer.byteLength(value) <= mostBytes)
    return { [name]: value } as { readonly [Key in Name]?: string };
  throw new ScanError(`${name} is ${text.slice(0, 40)}, expected a text of at most ${mostBytes} bytes`, 0);
}

function readMoment(name: string, members: ReadonlyMap<string, string>): number | undefined {
  const text = members.get(name);
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new ScanError(`${name} is ${text.slice(0, 40)}, expected epoch milliseconds`, 0);
}

function plain(text: string): string {
  return text.startsWith('"') ? (JSON.parse(fromByteText(text)) as string) : text;
}
