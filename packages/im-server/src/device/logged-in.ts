import type { DeviceAddress } from 'im-common';
import type { ShownToken } from 'im-common/bus';

/** What a login made known about a device. */
export interface LoggedIn {
  readonly address: DeviceAddress;
  readonly devId: string | undefined;
  /** Epoch milliseconds. */
  readonly expiresAt: number | undefined;
  /** What revocations look at, beside its end. */
  readonly issuedAt: number | undefined;
  readonly session: string | undefined;
  /** The device acknowledges what its application took. */
  readonly acknowledges: boolean;
  /** When it logged in, in epoch milliseconds. */
  readonly since: number;
}

/** What revocations look at. */
export function tokenOf({ expiresAt, issuedAt, session }: LoggedIn): ShownToken {
  return { endsAt: expiresAt, issuedAt, session };
}

/** After its end a token counts for so long, as clocks differ and a fresh one may be on its way. */
const tokenGraceMs = 5_000;

export function hasEnded(expiresAt: number | undefined): boolean {
  return expiresAt !== undefined && Date.now() > expiresAt + tokenGraceMs;
}
