import { Emitter } from '@socket.io/redis-emitter';
import { Redis } from 'ioredis';
import { ChildProgram } from '../child-program.ts';
import { giveServerItsCore } from '../cores.ts';
import { payload } from '../payload.ts';
import { inTurn, type Subject } from './subject.ts';

interface Backend {
  /** Emits to one room, or to everybody. */
  emit(room: string | undefined): void;
}

export type SocketIoAdapter = 'redis' | 'streams';

export async function startSocketIo(adapter: SocketIoAdapter, redisUrl: string): Promise<Subject> {
  const server = new ChildProgram<object, { readonly id: number; readonly port: number }>(
    'peers/socket-io-server.ts',
    [adapter, redisUrl],
    'built',
  );
  const { port } = await server.ask({});
  giveServerItsCore(server.pid);
  const client = new Redis(redisUrl);
  const backend = adapter === 'redis' ? pubSubBackend(client) : streamsBackend(client);
  return {
    name: adapter === 'redis' ? 'Socket.IO + Redis' : 'Socket.IO + streams',
    pid: server.pid,
    port,
    wire: 'socket-io',
    unicast: (count, users) =>
      inTurn(count, users, 500, (some) => {
        for (const user of some) backend.emit(`u${user}`);
        // The emitter tells nobody when its command was answered; what follows on the connection is answered after it.
        return client.ping();
      }),
    unicastOne: (user) => backend.emit(`u${user}`),
    fanout: async (count) => {
      for (let sent = 0; sent < count; sent += 1) {
        backend.emit(undefined);
        await client.ping();
      }
    },
    clean: async () => {
      await client.del('socket.io');
    },
    stop: async () => {
      client.disconnect();
      await server.stop();
    },
  };
}

function pubSubBackend(client: Redis): Backend {
  const emitter = new Emitter(client);
  return {
    emit: (room) => {
      const data: unknown = JSON.parse(payload());
      if (room === undefined) emitter.emit('m', data);
      else emitter.to(room).emit('m', data);
    },
  };
}

/** The streams adapter has no emitter of its own for version 0.3: the entry that a server of the cluster would add. */
function streamsBackend(client: Redis): Backend {
  return {
    emit: (room) => {
      const data = {
        opts: { rooms: room === undefined ? [] : [room], except: [], flags: {} },
        packet: { type: 2, data: ['m', JSON.parse(payload())], nsp: '/' },
      };
      const fields = ['uid', 'emitter', 'nsp', '/', 'type', '3', 'data', JSON.stringify(data)] as const;
      void client.xadd('socket.io', 'MAXLEN', '~', 1_000_000, '*', ...fields);
    },
  };
}
