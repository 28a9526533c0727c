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
    redisPid: undefined,
    port,
    wire: 'bare',
    backend: {
      pid: undefined,
      send: ({ count, toAll }) => server.ask({ do: toAll ? 'fanout' : 'unicast', count }),
      stop: () => Promise.resolve(),
    },
    stop: () => server.stop(),
  };
}
