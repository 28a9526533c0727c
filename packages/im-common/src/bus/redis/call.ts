import { createHash } from 'node:crypto';
import { Command } from 'ioredis';
import { ImError } from '../../errors.ts';
import { isAscii, type ByteText } from '../byte-text.ts';
import type { RedisClient } from './connect.ts';

type Argument = string | number | Buffer;

/** An entry as an argument: ioredis would write a string as UTF-8, and these are bytes already. */
export function bytes(text: ByteText): string | Buffer {
  return isAscii(text) ? text : Buffer.from(text, 'latin1');
}

/** Sends one command; replies are byte texts. */
export async function call(client: RedisClient, name: string, args: readonly Argument[]): Promise<unknown> {
  try {
    return await client.sendCommand(new Command(name, [...args], { replyEncoding: 'latin1' }));
  } catch (cause) {
    throw asBusError(cause, `${name.toUpperCase()} ${String(args[0])}`);
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
  try {
    try {
      return await client.sendCommand(new Command('evalsha', [sha, ...rest], { replyEncoding: 'latin1' }));
    } catch (error) {
      if (!messageOf(error).startsWith('NOSCRIPT')) throw error;
      return await client.sendCommand(new Command('eval', [script, ...rest], { replyEncoding: 'latin1' }));
    }
  } catch (cause) {
    throw asBusError(cause, `a script on ${keys[0] ?? ''}`);
  }
}

function asBusError(cause: unknown, what: string): ImError {
  const message = messageOf(cause);
  if (message.startsWith('OOM')) {
    return new ImError(
      'BUS_FULL',
      `Redis refused ${what}: it has no memory left. Raise maxmemory, or look for a list that nobody consumes.`,
      { cause },
    );
  }
  return new ImError('BUS_UNAVAILABLE', `Redis did not carry out ${what}: ${message}`, { cause });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
