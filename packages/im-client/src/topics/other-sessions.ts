import type { DeviceAddress } from 'im-common';
import type { Bus, Session } from 'im-common/bus';
import type { Locator } from '../locate/locator.ts';
import { serversThatServe } from '../locate/place.ts';

interface Deps {
  readonly bus: Pick<Bus, 'sessions'>;
  readonly locator: Pick<Locator, 'view'>;
}

/** Sessions beside those that the routes point to, where a server says that there may be some: nothing is asked otherwise. */
export async function otherSessions(
  addresses: readonly DeviceAddress[],
  { bus, locator }: Deps,
): Promise<readonly Session[]> {
  const servers = serversThatServe(await locator.view());
  const several = new Set(
    servers.flatMap(({ features, serverId }) => (features.has('several') ? [serverId] : [])),
  );
  if (several.size === 0) return [];
  const sessions = await bus.sessions.list(addresses);
  return sessions.flat().filter(({ serverId }) => several.has(serverId));
}
