import { ChildProgram } from '../child-program.ts';
import { giveServerItsCore } from '../cores.ts';
import type { BareAnswer, BareOrder } from '../peers/bare-ws-server.ts';
import type { Subject } from './subject.ts';

export async function startBareWs(): Promise<Subject> {
  const server = new ChildProgram<BareOrder, BareAnswer>('peers/bare-ws-server.ts', [], 'built');
  const { port = 0 } = await server.ask({ do: 'port' });
  giveServerItsCore(server.pid);
  return {
    name: 'bare ws',
    pid: server.pid,
    port,
    wire: 'bare',
    unicast: async (count) => {
      await server.ask({ do: 'unicast', count });
      return undefined;
    },
    unicastOne: () => {
      void server.ask({ do: 'unicast', count: 1 });
    },
    fanout: async (count) => {
      await server.ask({ do: 'fanout', count });
    },
    clean: () => Promise.resolve(),
    stop: () => server.stop(),
  };
}
