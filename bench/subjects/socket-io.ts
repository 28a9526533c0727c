import { Redis } from 'ioredis';
import { ChildProgram } from '../child-program.ts';
import { giveServerItsCore } from '../cores.ts';
import { LiveSender, type OwnRedis, type Subject } from './subject.ts';

export type SocketIoAdapter = 'redis' | 'streams';

export async function startSocketIo(adapter: SocketIoAdapter, redis: OwnRedis): Promise<Subject> {
  const server = new ChildProgram<object, { readonly id: number; readonly port: number }>(
    'peers/socket-io-server.ts',
    [adapter, redis.url],
    'built',
  );
  const { port } = await server.ask({});
  giveServerItsCore(server.pid);
  const backend = new LiveSender([adapter === 'redis' ? 'redis-emitter' : 'redis-streams', redis.url]);
  return {
    name: adapter === 'redis' ? 'Socket.IO + Redis' : 'Socket.IO + streams',
    pid: server.pid,
    redisPid: redis.pid,
    port,
    wire: 'socket-io',
    backend,
    ...(adapter === 'streams' && { clean: () => dropStream(redis.url) }),
    stop: async () => {
      await backend.stop();
      await server.stop();
    },
  };
}

async function dropStream(redisUrl: string): Promise<void> {
  const client = new Redis(redisUrl);
  await client.del('socket.io');
  client.disconnect();
}
