// People who write messages over HTTP, in a process of their own: raw keep-alive sockets, one request at a time on each.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { payload } from '../payload.ts';
import { nowUs } from '../process-figures.ts';

export interface HttpOrder {
  readonly port: number;
  /** One connection each; the first sends to `receivers[0]`, and so on. */
  readonly tokens: readonly string[];
  readonly receivers: readonly number[];
  /** What the receivers are. @default 'private': users */
  readonly kind?: 'private' | 'group';
  readonly count: number;
  /** Messages a second; 0: each sends the next as soon as the last is answered. */
  readonly rate: number;
}

export interface HttpAnswer {
  readonly id: number;
  readonly error?: string;
  /** From request to answer, in microseconds. */
  readonly latencies: readonly number[];
  readonly perSecond: number;
}

class Writer {
  readonly #socket: Socket;
  readonly #head: string;
  readonly #to: object;
  #answer = '';
  #onAnswer: ((text: string) => void) | undefined;

  constructor(port: number, token: string, kind: 'private' | 'group', receiver: number) {
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.setNoDelay(true);
    this.#to = kind === 'private' ? { recvId: receiver } : { groupId: receiver };
    this.#head = `POST /message/${kind}/send HTTP/1.1\r\nhost: x\r\naccessToken: ${token}\r\ncontent-type: application/json\r\n`;
    this.#socket.setEncoding('utf8').on('data', (text: string) => {
      this.#answer += text;
      const body = wholeBody(this.#answer);
      if (body === undefined) return;
      this.#answer = '';
      this.#onAnswer?.(body);
    });
  }

  /** Microseconds until the answer. */
  async send(index: number): Promise<number> {
    const { content } = JSON.parse(payload()) as { content: string };
    const tmpId = `${process.pid}-${index}-${Date.now() % 1e9}`;
    const body = JSON.stringify({ tmpId, ...this.#to, content, type: 0 });
    const sentAt = nowUs();
    const text = await new Promise<string>((resolve) => {
      this.#onAnswer = resolve;
      this.#socket.write(`${this.#head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    });
    if (!text.startsWith('{"code":200,')) throw new Error(text);
    return nowUs() - sentAt;
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** Of an answer with its length, or in chunks, as Java's servers send it. */
function wholeBody(answer: string): string | undefined {
  const end = answer.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const body = answer.slice(end + 4);
  const length = /content-length: (\d+)/i.exec(answer)?.[1];
  if (length !== undefined) return Buffer.byteLength(body) < Number(length) ? undefined : body;
  return body.endsWith('\r\n0\r\n\r\n') ? body.slice(body.indexOf('\r\n') + 2) : undefined;
}

async function sendAll(order: HttpOrder): Promise<Omit<HttpAnswer, 'id'>> {
  const { port, tokens, receivers, kind = 'private', count, rate } = order;
  const writers = tokens.map((token, index) => new Writer(port, token, kind, receivers[index] ?? 0));
  const latencies: number[] = [];
  let sent = 0;
  const startedAt = nowUs();
  const work = async (writer: Writer): Promise<void> => {
    for (;;) {
      const index = sent++;
      if (index >= count) return;
      const dueUs = rate === 0 ? 0 : startedAt + (index * 1e6) / rate;
      const waitMs = (dueUs - nowUs()) / 1_000;
      if (waitMs > 1) await new Promise((resolve) => setTimeout(resolve, waitMs));
      latencies.push(await writer.send(index));
    }
  };
  try {
    await Promise.all(writers.map(work));
  } finally {
    for (const writer of writers) writer.close();
  }
  return { latencies, perSecond: count / ((nowUs() - startedAt) / 1e6) };
}

process.on('message', ({ id, ...order }: HttpOrder & { id: number }) => {
  sendAll(order).then(
    (answer) => process.send?.({ id, ...answer }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  );
});
await once(process, 'disconnect');
process.exit(0);
