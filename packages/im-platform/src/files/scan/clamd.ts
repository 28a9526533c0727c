import { once } from 'node:events';
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';

/** What a scanner says of a file. */
export type Verdict =
  | { readonly is: 'clean' }
  | { readonly is: 'infected'; readonly by: string }
  /** It takes none of this size. */
  | { readonly is: 'tooLarge' };

/** The scanner does not answer, or not as it should. */
export class ScannerAway extends Error {
  override readonly name = 'ScannerAway';
}

/** A reply is a line; more is none of clamd's. */
const longestReply = 4_096;

/** Where clamd listens: tcp://host:3310 or unix:/run/clamav/clamd.ctl. */
export function clamdAt(address: string): NetConnectOpts {
  if (address.startsWith('unix:')) return { path: address.slice('unix:'.length) };
  const { hostname, port } = new URL(address);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) };
}

/**
 * Has clamd look at what is read, by its command INSTREAM: chunks, each after its length in four bytes, and an empty one at the end.
 * Rejects with a ScannerAway; reads no further then.
 */
export async function scanByClamd(at: NetConnectOpts, file: Readable, timeoutMs: number): Promise<Verdict> {
  const socket = connect(at);
  const timer = setTimeout(() => socket.destroy(new Error(`no verdict within ${timeoutMs} ms`)), timeoutMs);
  const replied = replyOf(socket);
  // It may say what it has to say in the midst of the file, and then listens no more.
  const sent = send(socket, file);
  try {
    return await Promise.race([replied, sent.then(() => replied)]);
  } catch (cause) {
    throw new ScannerAway(`clamd gives no verdict: ${(cause as Error).message}`, { cause });
  } finally {
    clearTimeout(timer);
    socket.destroy();
    file.destroy();
    await Promise.allSettled([sent, replied]);
  }
}

async function send(socket: Socket, file: Readable): Promise<void> {
  const write = async (bytes: Buffer): Promise<void> => {
    if (!socket.write(bytes)) await drained(socket);
  };
  await write(Buffer.from('zINSTREAM\0'));
  for await (const chunk of file as AsyncIterable<Buffer>) {
    // What it has said meanwhile is heard before a line that it has closed breaks.
    await setImmediate();
    if (socket.destroyed) return;
    const length = Buffer.alloc(4);
    length.writeUInt32BE(chunk.length);
    await write(length);
    await write(chunk);
  }
  await write(Buffer.alloc(4));
}

/** Or closed, and then nobody waits. */
async function drained(socket: Socket): Promise<void> {
  if (socket.destroyed) return;
  const over = new AbortController();
  await Promise.race([
    once(socket, 'drain', { signal: over.signal }),
    once(socket, 'close', { signal: over.signal }),
  ]).finally(() => over.abort());
}

/** A reply ends with a zero byte; one that is cut off is none. Read as it comes: what is in a stream when it breaks is lost. */
function replyOf(socket: Socket): Promise<Verdict> {
  return new Promise((resolve, reject) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      const end = text.indexOf('\0');
      if (end === -1 && text.length <= longestReply) return;
      const reply = text.slice(0, end);
      const verdict = verdictIn(reply);
      if (verdict) resolve(verdict);
      else reject(new Error(`it says ${JSON.stringify(reply.slice(0, 100))}`));
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error(`it has closed the line after ${JSON.stringify(text)}`)));
  });
}

/** Undefined: it is none. */
function verdictIn(reply: string): Verdict | undefined {
  if (reply === 'stream: OK') return { is: 'clean' };
  const [, by] = /^stream: (.+) FOUND$/.exec(reply) ?? [];
  if (by !== undefined) return { is: 'infected', by };
  return reply.includes('size limit exceeded') ? { is: 'tooLarge' } : undefined;
}
