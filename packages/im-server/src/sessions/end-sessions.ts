import type { Bus } from 'im-common/bus';
import type { PresenceTeller } from './presence-teller.ts';

export interface EndSessionsDeps {
  readonly bus: Pick<Bus, 'sessions'>;
  readonly teller: PresenceTeller;
  readonly mayGoOn: () => Promise<boolean>;
}

/** Ends what dead servers have in their tables, and has told it. Can be broken off and repeated. */
export async function endSessions(serverIds: readonly number[], deps: EndSessionsDeps): Promise<void> {
  const { bus, mayGoOn, teller } = deps;
  const counts = await bus.sessions.count(serverIds);
  for (const [index, serverId] of serverIds.entries()) {
    if (counts[index] === 0) continue;
    for await (const rows of bus.sessions.table(serverId)) {
      if (!(await mayGoOn())) return;
      const ended = rows.map(({ address, id, since }) => ({ address, id, serverId, since }));
      const standings = await bus.sessions.unbind(ended);
      const at = Date.now();
      for (const [place, session] of ended.entries()) {
        const standing = standings[place];
        if (standing) teller.tell({ event: 'went', session, standing, at });
      }
    }
  }
}
