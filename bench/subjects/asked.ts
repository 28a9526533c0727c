import { createToken } from 'im-common/token';
import { ChildProgram } from '../child-program.ts';
import { giveServerItsCore } from '../cores.ts';
import { benchSecret, startServer } from '../start-server.ts';

/** What devices ask, and whose CPU time that costs. */
export interface Asked {
  readonly name: string;
  readonly serverPid: number;
  /** Undefined where the server answers itself. */
  readonly handlerPid: number | undefined;
  readonly url: string;
  readonly hello: (user: number) => Promise<string> | string;
  readonly question: (n: number, payload: string) => string;
  /** The number of the question that a frame replies to; undefined for other frames. */
  readonly answered: (frame: string) => number | undefined;
  stop(): Promise<void>;
}

type Peer = ChildProgram<object, { readonly id: number; readonly port: number }>;

/** Our server with its limits out of the way, and a handler in a process of its own. */
export async function startImAsked(redisUrl: string): Promise<Asked> {
  const server = await startServer(redisUrl, [
    ...['--uplink-to', 'echo', '--max-uplinks-per-second', '1000000', '--max-uplinks-waiting', '100000'],
    ...['--max-frames-per-second', '1000000', '--max-bytes-per-second', '1000000000'],
  ]);
  const service: Peer = new ChildProgram('peers/uplink-service.ts', [redisUrl], 'built');
  await service.ask({});
  return {
    name: 'im',
    serverPid: server.pid,
    handlerPid: service.pid,
    url: server.url,
    hello: async (user) => {
      const accessToken = await createToken(benchSecret, { userId: user, terminal: 0, expiresInS: 7_200 });
      return JSON.stringify({ cmd: 0, data: { accessToken, devId: String(user) } });
    },
    question: (n, payload) =>
      `{"cmd":20,"data":{"to":"echo","box":"b","n":${n},"ask":true,"data":${payload}}}`,
    answered: (frame) => {
      const [, n] = /^\{"cmd":21,.*?"n":(\d+),"reply"/.exec(frame) ?? [];
      return n === undefined ? undefined : Number(n);
    },
    stop: async () => {
      await service.stop();
      await server.stop();
    },
  };
}

/** Socket.IO, answering in the server itself or, through its Redis adapter, in another process. */
export async function startSocketIoAsked(redisUrl: string, where: 'here' | 'elsewhere'): Promise<Asked> {
  const start = (role: string): Peer =>
    new ChildProgram('peers/socket-io-asked.ts', [redisUrl, role], 'built');
  const handler = where === 'elsewhere' ? start('answers') : undefined;
  await handler?.ask({});
  const server = start(where);
  const { port } = await server.ask({});
  giveServerItsCore(server.pid);
  return {
    name: where === 'here' ? 'Socket.IO, handler in the server' : 'Socket.IO, handler over its Redis adapter',
    serverPid: server.pid,
    handlerPid: handler?.pid,
    url: `ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`,
    hello: (user) => `40{"user":${user}}`,
    question: (n, payload) => `42${n}["ask",${payload}]`,
    answered: (frame) => {
      const [, n] = /^43(\d+)\[/.exec(frame) ?? [];
      return n === undefined ? undefined : Number(n);
    },
    stop: async () => {
      await server.stop();
      await handler?.stop();
    },
  };
}
