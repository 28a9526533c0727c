import type { Bus } from 'im-common/bus';

/** Is called instead of a method of the bus; `call` carries it out. */
export type Around = (method: string, list: unknown, call: () => Promise<unknown>) => Promise<unknown>;

/** A bus with something around each call: fault points that cannot be hit from outside, and that no product has. */
export function aroundBus(bus: Bus, around: Around): Bus {
  const wrap = <T extends object>(part: T, name: string): T =>
    new Proxy(part, {
      get(target, key) {
        const method: unknown = Reflect.get(target, key, target);
        if (typeof method !== 'function') return method;
        return (...args: unknown[]) =>
          around(
            `${name}.${String(key)}`,
            args[0],
            () => Reflect.apply(method, target, args) as Promise<unknown>,
          );
      },
    });
  return {
    lists: wrap(bus.lists, 'lists'),
    presence: wrap(bus.presence, 'presence'),
    registry: wrap(bus.registry, 'registry'),
    claims: wrap(bus.claims, 'claims'),
    topics: wrap(bus.topics, 'topics'),
    sessions: wrap(bus.sessions, 'sessions'),
    kept: wrap(bus.kept, 'kept'),
    uplinks: wrap(bus.uplinks, 'uplinks'),
    start: () => bus.start(),
    close: () => bus.close(),
    ping: () => bus.ping(),
  };
}

/** Dies here and now, and never returns. */
export function die(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
}
