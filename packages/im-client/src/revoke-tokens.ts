import { ImError, type DeviceAddress } from 'im-common';
import type { Bus, Producer } from 'im-common/bus';
import { forceLogout } from './force-logout.ts';
import type { Repeater } from './repeat.ts';

export interface RevokeTokensOptions {
  /** Tokens that end before this moment are refused; a number is epoch milliseconds. */
  readonly expiringBefore: Date | number;
  /** @default the client's `terminals` */
  readonly terminals?: readonly number[] | undefined;
}

/** A moment in epoch milliseconds, or INVALID_ARGUMENT. */
export function checkMoment(moment: unknown): number {
  const ms = moment instanceof Date || typeof moment === 'number' ? new Date(moment).getTime() : Number.NaN;
  if (!Number.isNaN(ms)) return ms;
  throw new ImError(
    'INVALID_ARGUMENT',
    `expiringBefore is ${String(moment)}, expected a Date or epoch milliseconds.`,
  );
}

export interface RevokeParts {
  readonly presence: Bus['presence'];
  readonly producer: Pick<Producer, 'put'>;
  readonly repeater: Repeater;
}

/** First refuses the tokens, then puts out who is in with them: whoever logs in meanwhile meets one or the other. */
export async function revokeTokens(
  { presence, producer, repeater }: RevokeParts,
  devices: readonly DeviceAddress[],
  expiringBefore: number,
): Promise<number[]> {
  await repeater.run(() => Promise.all(devices.map((device) => presence.revoke(device, expiringBefore))));
  // Not the client's Locator: a server whose lease is over may come back with its devices, and then reads its orders.
  const locate = async (addresses: readonly DeviceAddress[]): Promise<(HasDevice | undefined)[]> => {
    const serverIds = await repeater.run(() => presence.locate(addresses));
    return serverIds.map((serverId) => (serverId === undefined ? undefined : { serverId }));
  };
  try {
    return await forceLogout({ locator: { locate }, producer }, devices);
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
