import { decodeForceLogout, ScanError, type ForceLogout, type Presence, type Taken } from 'im-common/bus';
import type { Devices } from '../device/devices.ts';
import { kick } from '../device/kick.ts';

export interface ForceLogoutOptions {
  readonly devices: Devices;
  readonly presence: Presence;
  readonly serverId: number;
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

async function obey(
  { address, devId, loginServerId }: ForceLogout,
  options: ForceLogoutOptions,
): Promise<void> {
  const connection = options.devices.find(address);
  if (!connection) return;
  if (loginServerId !== undefined && (await hasComeBack(address, options))) return;
  // A login that came while we asked is newer than the order.
  if (options.devices.find(address) !== connection) return;
  kick(connection, devId, options.kickGraceMs);
}

/**
 * Two servers may order each other's connection out at the same moment. The route says who logged in last: while it
 * points here, our connection is the newer one and stays. Exactly one of the two goes, and nobody loops. Where it points
 * nowhere the other login is over already (a device that gave up on a slow server): ours stays, and has its route again.
 */
async function hasComeBack(
  address: ForceLogout['address'],
  { presence, serverId }: ForceLogoutOptions,
): Promise<boolean> {
  try {
    const [holder] = await presence.locate([address]);
    if (holder !== undefined) return holder === serverId;
    return (await presence.refresh([address], serverId)).length === 0;
  } catch {
    // The bus is away. When it is back, `Routes.refresh` finds a route that points elsewhere, and lets the device go.
    return true;
  }
}
