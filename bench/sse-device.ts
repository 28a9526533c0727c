import { Agent, request, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

const lineBreak = 10;

/** A device that comes by server-sent events (P-19), and only counts what comes. */
export class SseDevice {
  frames = 0;
  readonly #where: { readonly host: string; readonly port: string; readonly path: string };
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  #stream = '';
  #posts = 0;
  #last: Promise<unknown> = Promise.resolve();
  #down: Socket | undefined;
  #up: Socket | undefined;
  #tell: (() => void) | undefined;

  constructor(url: string) {
    const { hostname, pathname, port } = new URL(url);
    this.#where = { host: hostname, path: pathname, port };
  }

  /** Resolves when it may speak. */
  async open(): Promise<void> {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const down = request({
        ...{ ...this.#where, method: 'POST', agent: false, headers: { accept: 'text/event-stream' } },
      });
      down.on('response', resolve).on('error', reject).end();
    });
    this.#down = response.socket;
    const opened = new Promise<void>((resolve) => {
      let head = '';
      let last = 0;
      response
        .on('error', () => undefined)
        .on('data', (piece: Buffer) => {
          if (this.#stream === '') {
            head += piece.toString();
            this.#stream = /"stream":"([\w-]{24})"/.exec(head)?.[1] ?? '';
            if (this.#stream !== '') resolve();
            return;
          }
          // A frame ends with two line breaks, which may come apart, and has none of its own.
          for (const byte of piece) {
            const isEnd = byte === lineBreak && last === lineBreak;
            if (isEnd) this.frames += 1;
            last = isEnd ? 0 : byte;
          }
          this.#tell?.();
        });
    });
    await opened;
  }

  /** A request of its own, after those before. */
  send(text: string): void {
    const body = `{"stream":"${this.#stream}","number":${(this.#posts += 1)}}\n${text}`;
    this.#last = this.#last.then(() => this.#post(body));
  }

  /** Resolves at the next frame. */
  nextFrame(): Promise<void> {
    return new Promise((resolve) => (this.#tell = resolve));
  }

  close(): void {
    this.#down?.destroy();
    this.#agent.destroy();
  }

  bytes(): { readonly read: number; readonly written: number } {
    return { read: this.#down?.bytesRead ?? 0, written: this.#up?.bytesWritten ?? 0 };
  }

  #post(body: string): Promise<void> {
    return new Promise((resolve) => {
      const up = request({ ...this.#where, method: 'POST', agent: this.#agent }, (response) => {
        response.resume().on('end', resolve);
      });
      up.on('socket', (socket) => (this.#up = socket)).on('error', () => resolve());
      up.end(body);
    });
  }
}
