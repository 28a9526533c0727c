import { Emitter } from '@socket.io/redis-emitter';
import { Redis } from 'ioredis';
import { payload } from '../payload.ts';
import { sent, type Backend } from './backend.ts';

export function emitterBackend(redisUrl: string): Backend {
  const redis = new Redis(redisUrl);
  const emitter = new Emitter(redis);
  return {
    toOne: (user) => {
      emitter.to(`u${user}`).emit('m', JSON.parse(payload()));
      return sent;
    },
    toAll: () => {
      emitter.emit('m', JSON.parse(payload()));
      return sent;
    },
    // The emitter tells nobody when its command was answered; what follows on the connection is answered after it.
    flush: () => redis.ping(),
  };
}

/** The streams adapter has no emitter of its own for version 0.3: the entry that a server of the cluster would add. */
export function streamsBackend(redisUrl: string): Backend {
  const redis = new Redis(redisUrl);
  const add = (rooms: readonly string[]): Promise<unknown> => {
    const data = {
      opts: { rooms, except: [], flags: {} },
      packet: { type: 2, data: ['m', JSON.parse(payload())], nsp: '/' },
    };
    const fields = ['uid', 'emitter', 'nsp', '/', 'type', '3', 'data', JSON.stringify(data)] as const;
    return redis.xadd('socket.io', 'MAXLEN', '~', 1_000_000, '*', ...fields);
  };
  return { toOne: (user) => add([`u${user}`]), toAll: () => add([]), flush: () => redis.ping() };
}
