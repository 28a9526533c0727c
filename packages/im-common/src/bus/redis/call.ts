import { createHash } from 'node:crypto';
import { Command } from 'ioredis';
import { ImError } from '../../errors.ts';
import { isAscii, type ByteText } from '../byte-text.ts';
import type { RedisClient } from './connect.ts';

export type Argument = string | number | Buffer;

/** An entry as an argument: ioredis would write a string as UTF-8, and these are bytes already. */
export function bytes(text: ByteText): string | Buffer {
  return isAscii(text) ? text : Buffer.from(text, 'latin1');
}

/** What was closed on purpose: a call to it is a mistake of the caller, and no Redis that is away. */
const closedClients = new WeakSet<RedisClient>();

export function closeClient(client: RedisClient): void {
  closedClients.add(client);
  client.disconnect();
}

/** Sends one command; replies are byte texts. */
export async function call(client: RedisClient, name: string, args: readonly Argument[]): Promise<unknown> {
  const what = `${name.toUpperCase()} ${String(args[0] ?? '')}`;
  requireOpen(client, what);
  try {
    return await client.sendCommand(new Command(name, [...args], { replyEncoding: 'latin1' }));
  } catch (cause) {
    requireOpen(client, what, 'unknown');
    throw asBusError(cause, what);
  }
}

const shaOf = new Map<string, string>();

/** Runs a script by its hash, and by its text when Redis does not know it yet. */
export async function run(
  client: RedisClient,
  script: string,
  keys: readonly string[],
  args: readonly Argument[],
): Promise<unknown> {
  let sha = shaOf.get(script);
  if (sha === undefined) {
    sha = createHash('sha1').update(script).digest('hex');
    shaOf.set(script, sha);
  }
  const rest = [keys.length, ...keys, ...args];
  const what = `a script on ${keys[0] ?? ''}`;
  requireOpen(client, what);
  try {
    try {
      return await client.sendCommand(new Command('evalsha', [sha, ...rest], { replyEncoding: 'latin1' }));
    } catch (error) {
      if (!messageOf(error).startsWith('NOSCRIPT')) throw error;
      return await client.sendCommand(new Command('eval', [script, ...rest], { replyEncoding: 'latin1' }));
    }
  } catch (cause) {
    requireOpen(client, what, 'unknown');
    throw asBusError(cause, what);
  }
}

const shortestRestMs = 50;
const longestRestMs = 1_000;

/**
 * Connects again whenever ioredis has given up for good, which it does when a connection breaks at a bad moment: while
 * it asks Redis whether it is ready, or while a Sentinel announces a fail-over. No retry strategy is asked then.
 */
export function keepConnected(client: RedisClient): void {
  let restMs = shortestRestMs;
  client.on('ready', () => (restMs = shortestRestMs));
  client.on('end', () => {
    if (closedClients.has(client)) return;
    setTimeout(() => {
      if (!closedClients.has(client)) client.connect().catch(() => undefined); // ends again
    }, restMs);
    restMs = Math.min(longestRestMs, restMs * 2);
  });
}

export function requireOpen(client: RedisClient, what: string, effect: 'none' | 'unknown' = 'none'): void {
  if (!closedClients.has(client)) return;
  const end = effect === 'none' ? 'was not carried out' : 'was not answered';
  throw new ImError('CLOSED', `The connection to Redis is closed; ${what} ${end}.`, { effect });
}

function asBusError(cause: unknown, what: string): ImError {
  const message = messageOf(cause);
  // Inside a script, Redis 6.2 puts the place before it.
  if (message.includes('OOM command not allowed')) {
    return new ImError(
      'BUS_FULL',
      `Redis refused ${what}: it has no memory left. Raise maxmemory, or look for a list that nobody consumes.`,
      { cause },
    );
  }
  if (isRefusal(message)) {
    return new ImError('BUS_REFUSED', `Redis refused ${what}, and will again: ${message}`, { cause });
  }
  return new ImError('BUS_UNAVAILABLE', `Redis did not carry out ${what}: ${message}`, {
    cause,
    effect: mayBeCarriedOut(cause) ? 'unknown' : 'none',
  });
}

/** False when it is certain that not: Redis said so, or nothing was written to it, as there is no connection. */
function mayBeCarriedOut(cause: unknown): boolean {
  if (cause instanceof Error && cause.name === 'ReplyError') return false;
  return !/^(?:Stream isn't writeable|Cluster isn't ready) /.test(messageOf(cause));
}

const refusal = /^(?:WRONGTYPE|NOPERM|NOAUTH|WRONGPASS|CROSSSLOT|ERR DB index is out of range)\b/;
/** Of a script that finds keys itself, said by what stands for several Redis. */
const wantsKeysNamed = /undeclared key|non.local key|hash to the same slot|using the KEYS array/i;

/** Redis will say the same whenever it is asked. */
export function isRefusal(message: string): boolean {
  return refusal.test(message) || wantsKeysNamed.test(message);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
