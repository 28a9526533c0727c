import type { WebSocketEvent, WebSocketLike } from '../platform.ts';
import { eventReader } from './event-reader.ts';

/** Of an answer, while it comes. */
interface Reader {
  read(): Promise<{ readonly value?: Uint8Array | undefined }>;
}

type EventType = 'open' | 'message' | 'close' | 'error';

/** Of the lines of one request, unless one alone is longer. */
const mostPerPost = 16_384;
const gone = 1006;
const always = { method: 'POST', cache: 'no-store', credentials: 'omit', redirect: 'error' } as const;

/** Who listens to a socket. */
export class SocketEvents {
  readonly #listeners: { readonly type: EventType; readonly call: (event: WebSocketEvent) => void }[] = [];

  add(type: EventType, call: (event: WebSocketEvent) => void): void {
    this.#listeners.push({ type, call });
  }

  /** The event as it is: what is read of those of a platform is no property of their own. */
  emit(event: WebSocketEvent): void {
    for (const listener of this.#listeners) if (listener.type === event.type) listener.call(event);
  }
}

/**
 * What a WebSocket does, over plain HTTP (PROTOCOL.md, P-19): frames come in the answer to a POST that stays open, and go by
 * further POSTs, one at a time.
 */
export class SseSocket implements WebSocketLike {
  readonly #url: string;
  readonly #events = new SocketEvents();
  readonly #over = new AbortController();
  #state: 'connecting' | 'open' | 'closing' | 'closed' = 'connecting';
  #stream = '';
  #number = 0;
  #waiting: string[] = [];
  #isPosting = false;
  #goodbye: number | undefined;

  constructor(url: string) {
    this.#url = url.replace(/^ws/i, 'http');
    void this.#listen();
  }

  addEventListener(type: EventType, listener: (event: WebSocketEvent) => void): void {
    this.#events.add(type, listener);
  }

  send(text: string): void {
    if (this.#state !== 'open') return;
    this.#waiting.push(text);
    void this.#post();
  }

  close(code = 1000): void {
    if (this.#state === 'connecting') this.#end(gone);
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    this.#goodbye = code;
    void this.#post();
  }

  terminate(): void {
    this.#end(gone);
  }

  async #listen(): Promise<void> {
    try {
      const { body, ok, status } = await fetch(this.#url, {
        ...{ ...always, body: '', headers: { accept: 'text/event-stream' }, signal: this.#over.signal },
      });
      if (!ok) throw new Error(`The server responded with ${status}.`);
      if (!body) throw new Error('This platform does not read an answer while it comes.');
      const read = eventReader((name, data) => this.#onEvent(name, data));
      const reader: Reader = body.getReader();
      for (let piece = await reader.read(); piece.value; piece = await reader.read()) read(piece.value);
    } catch (error) {
      if (this.#state === 'connecting')
        this.#events.emit({ type: 'error', error, message: messageOf(error) });
    }
    this.#end(gone);
  }

  #onEvent(name: string, data: string): void {
    if (name === 'message') {
      if (this.#state === 'open' || this.#state === 'closing') this.#events.emit({ type: 'message', data });
      return;
    }
    const { code = gone, reason = '', stream = '' } = JSON.parse(data) as Record<string, never>;
    if (name === 'close') {
      this.#end(code, reason);
    } else if (name === 'open' && this.#state === 'connecting') {
      this.#stream = stream;
      this.#state = 'open';
      this.#events.emit({ type: 'open' });
    }
  }

  /** One request after the other keeps the order; what comes meanwhile goes with the next one. */
  async #post(): Promise<void> {
    if (this.#isPosting) return;
    this.#isPosting = true;
    try {
      while (this.#state !== 'closed' && (this.#waiting.length > 0 || this.#goodbye !== undefined))
        await this.#postOnce();
    } catch {
      this.#end(gone);
    }
    this.#isPosting = false;
  }

  async #postOnce(): Promise<void> {
    const lines = this.#takeLines();
    const close = this.#waiting.length === 0 ? this.#goodbye : undefined;
    if (close !== undefined) this.#goodbye = undefined;
    const head = JSON.stringify({ stream: this.#stream, number: ++this.#number, close });
    const body = [head, ...lines].join('\n');
    const request = { ...always, body, keepalive: close !== undefined, signal: this.#over.signal };
    // Once more, under its number: a proxy may have closed a connection that it had kept, in this very moment.
    const { status } = await fetch(this.#url, request).catch(() => fetch(this.#url, request));
    if (status !== 204) throw new Error(`The server responded with ${status}.`);
  }

  #takeLines(): string[] {
    let [count, length] = [0, 0];
    for (const { length: more } of this.#waiting) {
      if (count > 0 && length + more > mostPerPost) break;
      count += 1;
      length += more;
    }
    return this.#waiting.splice(0, count);
  }

  #end(code: number, reason = ''): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#over.abort();
    this.#events.emit({ type: 'close', code, reason });
  }
}

function messageOf(error: unknown): string {
  const { cause, message = '' } = error as { cause?: { code?: string; message?: string }; message?: string };
  return [message, cause?.code, cause?.message].filter(Boolean).join(' ');
}
