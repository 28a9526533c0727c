import type { Bus } from 'im-common/bus';

/** The same bus, which tells when devices have been located for the first time. */
export function watchLocate(bus: Bus): { bus: Bus; located: Promise<void> } {
  let tell: () => void;
  const located = new Promise<void>((resolve) => (tell = resolve));
  const watched: Bus = {
    lists: bus.lists,
    registry: bus.registry,
    presence: {
      bind: (...args) => bus.presence.bind(...args),
      unbind: (address, serverId) => bus.presence.unbind(address, serverId),
      unbindAll: (routes) => bus.presence.unbindAll(routes),
      routes: () => bus.presence.routes(),
      refresh: (addresses, serverId) => bus.presence.refresh(addresses, serverId),
      revoke: (...args) => bus.presence.revoke(...args),
      revocations: (addresses) => bus.presence.revocations(addresses),
      async locate(addresses) {
        const places = await bus.presence.locate(addresses);
        tell();
        return places;
      },
    },
    start: () => bus.start(),
    close: () => bus.close(),
    ping: () => bus.ping(),
  };
  return { bus: watched, located };
}
