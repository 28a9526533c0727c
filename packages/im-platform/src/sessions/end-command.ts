import { createImClient } from 'im-client';
import { createRedisBus, type RedisBusOptions } from 'im-common/bus';
import { Registry } from 'prom-client';
import { openDatabase } from '../db/database.ts';
import { Audit, type WriteAudit } from '../operations/audit.ts';
import { endAllSessions, type SocketCloser } from './end-sessions.ts';
import { SessionStore } from './session-store.ts';

export interface EndCommand {
  readonly whose: number | 'everybody';
  readonly database: string;
  readonly redis: RedisBusOptions | undefined;
  readonly service: string;
  readonly accessTtlS: number;
}

const nobody: SocketCloser = { revokeTokens: () => Promise.resolve() };

/** Works beside platforms that run, and without any. Returns what is to be said. */
export async function endSessionsOf(command: EndCommand, write: WriteAudit): Promise<string> {
  const { whose, service, redis, accessTtlS } = command;
  const database = openDatabase({ url: command.database });
  const bus = redis && createRedisBus(redis);
  try {
    await bus?.start();
    const im = bus && createImClient({ service, bus });
    const count = await endAllSessions(
      {
        ...{ database, accessTtlS },
        store: new SessionStore(database),
        sockets: im ?? nobody,
        audit: new Audit(write, new Registry()),
      },
      whose,
    );
    await im?.close();
    const told = bus
      ? ''
      : ' No --redis was given: sockets that are open stay until they close by themselves.';
    return `The sessions of ${count} ${count === 1 ? 'user' : 'users'} have ended.${told}`;
  } finally {
    await bus?.close();
    await database.close();
  }
}
