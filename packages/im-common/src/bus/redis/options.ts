import { either, objectWith, text, type Kind, type TextKind } from '../../checks/index.ts';
import type { Bus } from '../bus.ts';
import { parseRedisUrl, type RedisBusOptions } from './connect.ts';

// What options that are about the bus may be, wherever there are such.

export const redisAddress: TextKind<string> = {
  placeholder: '<url>',
  expected:
    'redis://host:port/db, redis+sentinel://host:port,host:port/master or redis+cluster://host:port,host:port (rediss for TLS; in a password / is %2F, @ is %40 and % is %25)',
  hides: 'password',
  read: (value) => (typeof value === 'string' && isRedisUrl(value) ? value : undefined),
  fromText: (value) => (isRedisUrl(value) ? value : undefined),
};

/** Of the option `redis`: as text it is an address. */
export const redisKind: TextKind<string | RedisBusOptions> = {
  ...redisAddress,
  ...either(redisAddress, objectWith<RedisBusOptions>('an object with url', {})),
  expectedText: redisAddress.expected,
};

/** Our own keys use braces for Redis Cluster. */
export const keyPrefix: TextKind<string> = text('text', 'a text without braces', /^[^{}]*$/);

export const busKind: Kind<Bus> = objectWith<Bus>('a bus of createRedisBus or createMemoryBus', {
  lists: 'object',
  presence: 'object',
  registry: 'object',
  sessions: 'object',
  kept: 'object',
  uplinks: 'object',
  start: 'function',
  close: 'function',
  ping: 'function',
});

export function toRedisBusOptions(redis: string | RedisBusOptions): RedisBusOptions {
  return typeof redis === 'string' ? { url: redis } : redis;
}

function isRedisUrl(text: string): boolean {
  try {
    parseRedisUrl(text);
    return true;
  } catch {
    return false;
  }
}
