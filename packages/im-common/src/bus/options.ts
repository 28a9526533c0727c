import { either, objectWith, text, type Kind } from '../checks/index.ts';
import type { Bus } from './bus.ts';
import type { RedisBusOptions } from './redis/redis-bus.ts';

// What the option `redis` and the option `bus` may be, wherever there are the two.

export const redisKind: Kind<string | RedisBusOptions> = either(
  text('url', 'an address such as redis://127.0.0.1:6379'),
  objectWith<RedisBusOptions>('an object with url', {}),
);

export const busKind: Kind<Bus> = objectWith<Bus>('a bus of createRedisBus or createMemoryBus', {
  lists: 'object',
  presence: 'object',
  registry: 'object',
  start: 'function',
  close: 'function',
  ping: 'function',
});

export function toRedisBusOptions(redis: string | RedisBusOptions): RedisBusOptions {
  return typeof redis === 'string' ? { url: redis } : redis;
}
