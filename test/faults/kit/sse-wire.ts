import { Agent, request, type ClientRequest, type IncomingMessage } from 'node:http';
import type { Wire, WireHandlers } from './wire.ts';

const cutOff = 1006;

/** Server-sent events down and POST up (P-19), written by hand. */
export function openSse(port: number, handlers: WireHandlers): Wire {
  return new SseWire(port, handlers);
}

class SseWire implements Wire {
  readonly #port: number;
  readonly #handlers: WireHandlers;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #down: ClientRequest;
  #stream: string | undefined;
  #posts = 0;
  #waiting: string[] = [];
  #goodbye: number | undefined;
  #isPosting = false;
  #isOver = false;
  localPort: number | undefined;

  constructor(port: number, handlers: WireHandlers) {
    this.#port = port;
    this.#handlers = handlers;
    this.#down = this.#post(undefined, { accept: 'text/event-stream' }, '', (response) => {
      if (response.statusCode !== 200) {
        this.terminate();
        return;
      }
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        const events = (text + piece).split('\n\n');
        text = events.pop() ?? '';
        for (const event of events) this.#read(event);
      });
      response.on('error', () => undefined); // 'close' follows
      response.on('close', () => this.#end(cutOff));
    });
    this.#down.on('socket', (socket) => socket.once('connect', () => (this.localPort = socket.localPort)));
    this.#down.on('error', () => this.#end(cutOff));
  }

  send(text: string): void {
    this.#waiting.push(text);
    void this.#postAll();
  }

  close(code: number): void {
    this.#goodbye = code;
    if (this.#stream === undefined) this.terminate();
    else void this.#postAll();
  }

  terminate(): void {
    this.#end(cutOff);
  }

  #read(event: string): void {
    const lines = event.split('\n');
    const name = lines.find((line) => line.startsWith('event: '))?.slice(7);
    const data = lines.flatMap((line) => (line.startsWith('data: ') ? [line.slice(6)] : [])).join('\n');
    if (data === '' || this.#isOver) return;
    if (name === undefined) this.#handlers.frame(data);
    else if (name === 'close') this.#end((JSON.parse(data) as { code: number }).code);
    else if (name === 'open') {
      this.#stream = (JSON.parse(data) as { stream: string }).stream;
      this.#handlers.opened();
    }
  }

  /** One request after the other keeps the order. */
  async #postAll(): Promise<void> {
    if (this.#isPosting) return;
    this.#isPosting = true;
    while (!this.#isOver && (this.#waiting.length > 0 || this.#goodbye !== undefined)) {
      const close = this.#goodbye;
      this.#goodbye = undefined;
      const head = JSON.stringify({ stream: this.#stream, number: (this.#posts += 1), close });
      const body = [head, ...this.#waiting.splice(0)].join('\n');
      // Once more under its number, as its answer may have been lost.
      const isTaken = (await this.#isTaken(body)) || (await this.#isTaken(body));
      if (!isTaken) this.#end(cutOff);
    }
    this.#isPosting = false;
  }

  #isTaken(body: string): Promise<boolean> {
    return new Promise((resolve) => {
      const up = this.#post(this.#agent, {}, body, (response) => {
        response.resume();
        response.on('close', () => resolve(response.statusCode === 204));
      });
      up.on('error', () => resolve(false));
    });
  }

  #post(
    agent: Agent | undefined,
    headers: Record<string, string>,
    body: string,
    onResponse: (response: IncomingMessage) => void,
  ): ClientRequest {
    const where = { host: '127.0.0.1', port: this.#port, path: '/im', method: 'POST' };
    const post = request({ ...where, headers, agent: agent ?? false }, onResponse);
    post.end(body);
    return post;
  }

  #end(code: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#down.destroy();
    this.#agent.destroy();
    this.#handlers.closed(code);
  }
}
