import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createToken } from 'im-common/token';
import { secret } from '../faults/kit/im-server.ts';
import type { Random } from '../faults/kit/random.ts';
import { openSse } from '../faults/kit/sse-wire.ts';
import { command, ended, type Attack, type Target } from './attacks.ts';
import { mutate, randomBytes } from './mutate.ts';

/** So long an answer may take that may not come at all. */
const patienceMs = 200;
const answerMs = 10_000;
const mostPerStream = 15;

/** The door of server-sent events (P-19): streams that are opened well and badly, and what is posted to them, to others, and to none. */
export const sseRequests: Attack = async (target, count, random, toll) => {
  const port = Number(new URL(target.url).port);
  for (let left = count; left > 0;) {
    const stream = await Stream.open(port, random.chance(0.5) ? lines(target, random) : Buffer.alloc(0));
    left -= 1;
    toll.sent += 1;
    for (let n = 0; n < mostPerStream && left > 0; n += 1) {
      left -= 1;
      toll.sent += 1;
      ended(toll, await attackOnce(port, stream, target, random));
    }
    stream.end(random);
    await letsIn(port, random.between(800_000_000, 900_000_000));
  }
};

async function attackOnce(port: number, stream: Stream, target: Target, random: Random): Promise<string> {
  const chance = random.next();
  if (chance < 0.5) {
    stream.posts += 1;
    return exchange(port, request(headOf(stream.id, stream.posts), lines(target, random)), answerMs);
  }
  if (chance < 0.8) {
    const head = mutate(headOf(stream.id, random.pick([0, 1, stream.posts, 10 ** 14])), random);
    return exchange(port, request(head, lines(target, random)), answerMs);
  }
  const accept = random.chance(0.3) ? 'text/event-stream' : '*/*';
  const whole = request(headOf(stream.id, stream.posts), lines(target, random), accept);
  return exchange(port, chance < 0.95 ? mutate(whole, random) : whole.subarray(0, -3), patienceMs);
}

/** Nothing of this hurts a device that means well. */
async function letsIn(port: number, userId: number): Promise<void> {
  const token = await createToken(secret, { userId, terminal: 1, expiresInS: 600 });
  await new Promise<void>((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error('no login by server-sent events any more')), answerMs);
    const wire = openSse(port, {
      opened: () => wire.send(JSON.stringify({ cmd: 0, data: { accessToken: token } })),
      frame: () => wire.close(1000),
      closed: (code) => {
        clearTimeout(limit);
        if (code === 1000) resolve();
        else reject(new Error(`a device by server-sent events was closed with ${code}`));
      },
    });
  });
}

function lines(target: Target, random: Random): Buffer {
  const all = Array.from({ length: random.between(0, 4) }, () => command(target, random));
  return Buffer.concat(all.flatMap((line) => [line, Buffer.from('\n')]));
}

function headOf(id: string, number: number): string {
  return `{"stream":"${id}","number":${number}}`;
}

function request(head: string | Buffer, body: Buffer, accept = '*/*'): Buffer {
  const content = Buffer.concat([Buffer.from(head as string), Buffer.from('\n'), body]);
  const fields = [
    'POST /im HTTP/1.1',
    'Host: localhost',
    `Accept: ${accept}`,
    `Content-Length: ${content.length}`,
  ];
  return Buffer.concat([Buffer.from(`${fields.join('\r\n')}\r\n\r\n`), content]);
}

/** Sends it over a connection of its own. Resolves with the status, or how else it ended. */
async function exchange(port: number, bytes: Buffer, withinMs: number): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => undefined); // 'close' follows
  const status = await new Promise<string>((resolve) => {
    setTimeout(() => resolve('no answer'), withinMs).unref();
    socket.once('data', (answer: Buffer) =>
      resolve(/^HTTP\/1.1 (\d+)/.exec(answer.toString())?.[1] ?? 'odd'),
    );
    socket.once('close', () => resolve('ended by the server'));
    socket.write(bytes);
  });
  socket.destroy();
  if (status === 'no answer' && withinMs === answerMs) throw new Error('a whole request was not answered');
  return status;
}

/** An open one, over a connection of its own. */
class Stream {
  readonly id: string;
  readonly #socket: Socket;
  posts = 0;

  private constructor(id: string, socket: Socket) {
    this.id = id;
    this.#socket = socket;
  }

  static async open(port: number, frames: Buffer): Promise<Stream> {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('error', () => undefined); // 'close' follows
    await once(socket, 'connect');
    const id = new Promise<string>((resolve, reject) => {
      let text = '';
      socket.on('data', (bytes: Buffer) => {
        text += bytes.toString();
        const [, found] = /"stream":"([\w-]{24})"/.exec(text) ?? [];
        if (found !== undefined) resolve(found);
      });
      socket.once('close', () => reject(new Error(`no stream was opened: ${text.slice(0, 200)}`)));
    });
    const head = ['POST /im HTTP/1.1', 'Host: localhost', 'Accept: text/event-stream'];
    socket.write(`${head.join('\r\n')}\r\nContent-Length: ${frames.length}\r\n\r\n`);
    socket.write(frames);
    return new Stream(await id, socket);
  }

  /** With a last word where nobody may speak, or without. */
  end(random: Random): void {
    if (random.chance(0.3)) this.#socket.end(randomBytes(random, 20));
    else this.#socket.destroy();
  }
}
