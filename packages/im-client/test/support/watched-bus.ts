import { setTimeout as sleep } from 'node:timers/promises';
import type { Bus, Presence } from 'im-common/bus';

/** The same bus, which tells when devices have been located for the first time. */
export function watchLocate(bus: Bus): { bus: Bus; located: Promise<void> } {
  let tell: () => void;
  const located = new Promise<void>((resolve) => (tell = resolve));
  const watched = withLocate(bus, async (addresses) => {
    const places = await bus.presence.locate(addresses);
    tell();
    return places;
  });
  return { bus: watched, located };
}

/** The same bus, which takes so long to locate devices. */
export function withSlowLocate(bus: Bus, ms: number): Bus {
  return withLocate(bus, async (addresses) => {
    await sleep(ms);
    return bus.presence.locate(addresses);
  });
}

/** Lookups for more than one device have no answer before `until` resolves. */
export function withHeldLocate(bus: Bus, until: Promise<void>): Bus {
  return withLocate(bus, async (addresses) => {
    if (addresses.length > 1) await until;
    return bus.presence.locate(addresses);
  });
}

/** The same bus, which locates devices in this way. */
export function withLocate(bus: Bus, locate: Presence['locate']): Bus {
  const presence = new Proxy(bus.presence, {
    get(target, key) {
      if (key === 'locate') return locate;
      const method: unknown = Reflect.get(target, key, target);
      return typeof method === 'function' ? (method.bind(target) as unknown) : method;
    },
  });
  return {
    ...bus,
    presence,
    start: () => bus.start(),
    close: () => bus.close(),
    ping: () => bus.ping(),
  };
}
