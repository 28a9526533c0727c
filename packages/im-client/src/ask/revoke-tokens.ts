import { ImError, type DeviceAddress } from 'im-common';
import type { Bus, RevocationOrder } from 'im-common/bus';
import { isSessionName, type Producer } from 'im-common/internal/bus';
import { Fields, invalidArgument, show } from 'im-common/internal/checks';
import { forceLogout } from './force-logout.ts';
import type { Repeater } from '../bus/repeater.ts';
import { copyList } from '../checks/arguments.ts';

/** Which tokens: those that end, or were issued, before a moment; or both. A number is epoch milliseconds. */
export interface RevokeTokensOptions {
  /** Tokens that end before this moment are refused: for tokens that do not say when they were issued. */
  readonly expiringBefore?: Date | number | undefined;
  /** Tokens that were issued before this moment are refused (claims `issuedAt`, in milliseconds, or `iat`). */
  readonly issuedBefore?: Date | number | undefined;
  /** With `issuedBefore`: tokens of these sessions (claim `sid`) are good all the same, and their devices stay. */
  readonly keepSessions?: readonly string[] | undefined;
  /** With `issuedBefore`: when the last of the tokens that it refuses ends by itself. @default in a day */
  readonly until?: Date | number | undefined;
  /** @default the client's `terminals` */
  readonly terminals?: readonly number[] | undefined;
}

export const revokeTokensFields: Fields<keyof RevokeTokensOptions> = new Fields(
  'the options of revokeTokens',
  ['expiringBefore', 'issuedBefore', 'keepSessions', 'until', 'terminals'],
  invalidArgument,
);

const usualLifeMs = 86_400_000;
/** Sessions of one user on one terminal; each costs some bytes in Redis. */
const mostKept = 100;
/** In 1973. As seconds it would be in 5138. */
const earliestMs = 1e11;

/** The same in epoch milliseconds, or INVALID_ARGUMENT. */
export function checkRevocation(given: Record<keyof RevokeTokensOptions, unknown>): RevocationOrder {
  const { expiringBefore, issuedBefore, keepSessions, until } = given;
  if (expiringBefore === undefined && issuedBefore === undefined)
    throw invalidArgument('Neither expiringBefore nor issuedBefore is given.');
  if (issuedBefore === undefined) {
    if (keepSessions !== undefined || until !== undefined)
      throw invalidArgument('keepSessions and until belong to issuedBefore.');
    return { expiringBefore: checkMoment('expiringBefore', expiringBefore) };
  }
  return {
    ...(expiringBefore !== undefined && { expiringBefore: checkMoment('expiringBefore', expiringBefore) }),
    issuedBefore: checkMoment('issuedBefore', issuedBefore),
    keepSessions: keepSessions === undefined ? [] : checkSessions(keepSessions),
    until: until === undefined ? Date.now() + usualLifeMs : checkMoment('until', until),
  };
}

function checkSessions(value: unknown): string[] {
  const expected = `a list of at most ${mostKept} names of letters, digits, _ and -, of 64 at most`;
  const items = copyList('keepSessions', value, expected);
  const names = items.filter(isSessionName);
  if (items.length <= mostKept && names.length === items.length) return names;
  throw invalidArgument(`keepSessions is ${show(value)}; expected ${expected}.`);
}

/** A moment in epoch milliseconds, or INVALID_ARGUMENT: also for seconds, such as the `exp` of a token, which would revoke nothing. */
function checkMoment(name: string, moment: unknown): number {
  const ms = toMs(moment);
  if (Number.isNaN(ms)) {
    throw invalidArgument(`${name} is ${show(moment)}; expected a Date or epoch milliseconds.`);
  }
  if (ms >= earliestMs) return ms;
  throw invalidArgument(
    `${name} is ${ms} ms, which is ${new Date(ms).toISOString()}; expected a Date or epoch milliseconds. ` +
      'A time in seconds, such as exp of a token, must be multiplied by 1000.',
  );
}

/** Whole milliseconds, or NaN. */
function toMs(moment: unknown): number {
  try {
    const isMoment = typeof moment === 'number' || moment instanceof Date;
    return isMoment ? new Date(moment).getTime() : Number.NaN;
  } catch {
    return Number.NaN; // a proxy, or what only claims to be a Date
  }
}

export interface RevokeTokensDeps {
  readonly presence: Bus['presence'];
  readonly producer: Pick<Producer, 'put'>;
  readonly repeater: Repeater;
}

/** First refuses the tokens, then puts out who is in with them: a device that logs in meanwhile meets one or the other. */
export async function revokeTokens(
  { presence, producer, repeater }: RevokeTokensDeps,
  devices: readonly DeviceAddress[],
  order: RevocationOrder,
): Promise<number[]> {
  await repeater.run(() => Promise.all(devices.map((device) => presence.revoke(device, order))));
  // Not the client's Locator: a server whose lease is over may come back with its devices, and then reads its orders.
  const look = async (addresses: readonly DeviceAddress[]): Promise<(HasDevice | undefined)[]> => {
    const serverIds = await repeater.run(() => presence.locate(addresses));
    return serverIds.map((serverId) => (typeof serverId === 'number' ? { serverId } : undefined));
  };
  try {
    return await forceLogout({ look, producer }, devices, { revocation: order });
  } catch (error) {
    throw error instanceof ImError ? onlyRefused(error) : error;
  }
}

function onlyRefused(error: ImError): ImError {
  return new ImError(
    error.code,
    `The tokens are refused from now on, but not every device was put out: ${error.message}`,
    { cause: error, effect: 'partial' },
  );
}

interface HasDevice {
  readonly serverId: number;
}
