import { decodeForceLogout, ScanError, type ForceLogout, type Taken } from 'im-common/bus';
import type { Routes } from '../cluster/routes.ts';
import type { Connection } from '../device/connection.ts';
import type { Devices } from '../device/devices.ts';
import { kick } from '../device/kick.ts';

export interface ForceLogoutOptions {
  readonly devices: Devices;
  readonly routes: Pick<Routes, 'isHere'>;
  readonly kickGraceMs: number;
  readonly onMalformed: (problem: string) => void;
}

/** Lets go of devices that are logged in elsewhere, or that the business wants out (contract A.3). */
export async function obeyForceLogouts(batch: readonly Taken[], options: ForceLogoutOptions): Promise<void> {
  for (const { text } of batch) {
    try {
      await obey(decodeForceLogout(text), options);
    } catch (error) {
      if (!(error instanceof ScanError)) throw error;
      options.onMalformed(error.message);
    }
  }
}

async function obey(order: ForceLogout, options: ForceLogoutOptions): Promise<void> {
  for (const connection of options.devices.claimants(order.address))
    await obeyFor(connection, order, options);
}

async function obeyFor(
  connection: Connection,
  { address, devId, loginServerId }: ForceLogout,
  { devices, kickGraceMs, routes }: ForceLogoutOptions,
): Promise<void> {
  if (loginServerId !== undefined) {
    if (connection.state.kind === 'logging-in') {
      // Which of the two logins is the later one is known when both have written their route.
      connection.isDisputed = true;
      return;
    }
    if (await routes.isHere(address)) return;
    // A login that came while we asked is newer than the order.
    if (devices.find(address) !== connection) return;
  }
  kick(connection, devId, kickGraceMs);
}
