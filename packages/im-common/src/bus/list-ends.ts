import { deadServersKeptMs } from './bus.ts';

/** Whose list of messages or orders it is. */
function serverOf(list: string): number | undefined {
  const [, id] = /^im:(?:message:[a-z]+|user:force_logout):(\d+)$/.exec(list) ?? [];
  return id === undefined ? undefined : Number(id);
}

/**
 * How long lists of servers stay when nobody takes from them: for `ttlMs` of a Producer. Those of a server that the
 * registry knows are looked after when it dies, as long as the registry does; those of box-im's, and of servers that never were, are
 * nobody's.
 */
export function endOfUnknownLists(
  isKnown: (serverId: number) => boolean,
): (list: string) => number | 'taken' | undefined {
  return (list) => {
    const serverId = serverOf(list);
    if (serverId === undefined) return undefined;
    return isKnown(serverId) ? 'taken' : deadServersKeptMs;
  };
}
