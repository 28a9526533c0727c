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
  /** When it logged in: see {@link sinceOf}. */
  readonly msSinceStart: number;
}

const startedAt = Date.now();

/** For `msSinceStart`: milliseconds of the epoch are too many for a number that is no object of its own, and so is a difference of them (engine.ts). */
export function msSinceStart(): number {
  return Math.trunc(Date.now() - startedAt);
}

/** When a device logged in, in epoch milliseconds. */
export function sinceOf({ msSinceStart: ms }: LoggedIn): number {
  return startedAt + ms;
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
