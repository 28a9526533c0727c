import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { PostAnswer } from '../metrics/metrics.ts';
import type { DeviceLink } from './link.ts';
import { SseLink, type Post } from './sse.ts';

export interface SseDoorOptions {
  readonly maxFrameBytes: number;
  readonly tcpIdleTimeoutMs: number;
  readonly allowedOrigins?: readonly string[] | undefined;
  /** With rules for sessions, what devices call themselves is kept. */
  readonly sessions?: string | undefined;
}

export interface SseDoorDeps {
  readonly options: SseDoorOptions;
  /** The status with which a device must not come in now; undefined when it may. */
  readonly refusal: (request: IncomingMessage) => number | undefined;
  readonly addressOf: (request: IncomingMessage) => string;
  readonly onLink: (link: DeviceLink) => void;
  /** Ends what a socket is counted as that has not shown who it is. True when it was counted. */
  readonly endHandshake: (socket: Socket) => boolean;
  readonly beginHandshake: (socket: Socket) => void;
  /** What was said to a request that brought what a device says. */
  readonly onPost: (answer: PostAnswer) => void;
}

const statusOf: Readonly<Record<PostAnswer, number>> = { taken: 204, unknown: 404, gap: 409, malformed: 400 };

/** P-19.5. Proxies hang up on an answer after 30 s or more of nothing. */
const beatMs = 15_000;
/** Of the first line of what a device sends. */
const longestHead = 256;
const longestAgent = 256;

/** No proxy is to keep, press or gather what comes: `x-accel-buffering` is nginx's word for it. */
const headOfStream = [
  'HTTP/1.1 200 OK',
  'Content-Type: text/event-stream',
  'Cache-Control: no-store, no-transform',
  'X-Accel-Buffering: no',
  'Connection: close',
];

/** P-19.1: takes devices in by POST, for networks that let no WebSocket through. */
export class SseDoor {
  readonly #deps: SseDoorDeps;
  readonly #links = new Map<string, SseLink>();
  /** Sockets with a stream: nothing else is asked over them. */
  readonly #taken = new WeakSet<Socket>();
  /** Sockets that count again as strangers' when they bring nothing more. */
  readonly #counted = new WeakSet<Socket>();
  #beats: NodeJS.Timeout | undefined;

  constructor(deps: SseDoorDeps) {
    this.#deps = deps;
  }

  /** A request for the path of devices. False when it is none for this door. */
  take(request: IncomingMessage, response: ServerResponse): boolean {
    const { socket } = request;
    if (this.#taken.has(socket)) {
      socket.destroy();
      return true;
    }
    if (request.method !== 'POST') return false;
    if (isForStream(request)) this.#open(request, response);
    else this.#read(request, response, (body, bytes) => this.#receive(request, response, body, bytes));
    return true;
  }

  /** What comes over such a socket is no request any more. */
  has(socket: Socket): boolean {
    return this.#taken.has(socket);
  }

  get hasStreams(): boolean {
    return this.#links.size > 0;
  }

  close(): void {
    clearInterval(this.#beats);
  }

  #open(request: IncomingMessage, response: ServerResponse): void {
    const { addressOf, endHandshake, onLink, options, refusal } = this.#deps;
    const status = refusal(request);
    if (status !== undefined) {
      this.#answer(request, response, status);
      return;
    }
    const { socket } = request;
    this.#taken.add(socket);
    this.#read(request, response, (body, bytes) => {
      endHandshake(socket);
      const link = new SseLink(socket, {
        remoteAddress: addressOf(request),
        agent:
          options.sessions === undefined ? undefined : request.headers['user-agent']?.slice(0, longestAgent),
        idleTimeoutMs: options.tcpIdleTimeoutMs,
        onGone: (gone) => {
          this.#forget(gone);
        },
      });
      this.#links.set(link.id, link);
      this.#beats ??= setInterval(() => {
        for (const one of this.#links.values()) one.beat();
      }, beatMs).unref();
      const origin = this.#originFor(request);
      link.open(
        [...headOfStream, ...(origin === undefined ? [] : [`Access-Control-Allow-Origin: ${origin}`])].join(
          '\r\n',
        ) + '\r\n\r\n',
      );
      onLink(link);
      link.bytesRead += bytes;
      const frames = linesOf(body);
      if (frames.length > 0) link.hear(frames);
    });
  }

  #receive(request: IncomingMessage, response: ServerResponse, body: string, bytes: number): void {
    const post = readPost(body, bytes);
    const link = post && this.#links.get(post.stream);
    if (link) this.#own(link, request.socket);
    const answer = post ? (link ? (link.receive(post) ? 'taken' : 'gap') : 'unknown') : 'malformed';
    this.#deps.onPost(answer);
    this.#answer(request, response, statusOf[answer]);
  }

  /** P-19.6: one socket for each stream brings what its device says. Those from before count as strangers'. */
  #own(link: SseLink, socket: Socket): void {
    const { upSocket } = link;
    if (upSocket === socket) return;
    if (this.#deps.endHandshake(socket)) this.#counted.add(socket);
    link.upSocket = socket;
    if (upSocket) this.#disown(upSocket);
  }

  #disown(socket: Socket): void {
    if (this.#counted.delete(socket) && !socket.destroyed) this.#deps.beginHandshake(socket);
  }

  #forget(link: SseLink): void {
    this.#links.delete(link.id);
    if (link.upSocket) this.#disown(link.upSocket);
    if (this.#links.size > 0) return;
    clearInterval(this.#beats);
    this.#beats = undefined;
  }

  #read(
    request: IncomingMessage,
    response: ServerResponse,
    then: (body: string, bytes: number) => void,
  ): void {
    const most = this.#deps.options.maxFrameBytes + longestHead;
    if (Number(request.headers['content-length'] ?? 0) > most) {
      this.#answer(request, response, 413);
      return;
    }
    if (request.headers.expect !== undefined) response.writeContinue();
    const pieces: Buffer[] = [];
    let bytes = 0;
    request.on('error', () => undefined); // its socket ends
    request.on('data', (piece: Buffer) => {
      bytes += piece.length;
      if (bytes <= most) pieces.push(piece);
    });
    request.on('end', () => {
      if (bytes > most) this.#answer(request, response, 413);
      else then(Buffer.concat(pieces).toString('utf8'), bytes);
    });
  }

  #answer(request: IncomingMessage, response: ServerResponse, status: number): void {
    const origin = this.#originFor(request);
    if (origin !== undefined) response.setHeader('access-control-allow-origin', origin);
    // Whoever was refused does not keep the connection, nor have more of its body read.
    if (status !== 204) response.setHeader('connection', 'close');
    response.writeHead(status, { 'cache-control': 'no-store' });
    response.end(status === 204 ? undefined : `${STATUS_CODES[status] ?? ''}\n`);
  }

  /** Whose pages may read the answer. */
  #originFor({ headers: { origin } }: IncomingMessage): string | undefined {
    const { allowedOrigins } = this.#deps.options;
    if (!allowedOrigins) return '*';
    return origin !== undefined && allowedOrigins.includes(origin) ? origin : undefined;
  }
}

function isForStream({ headers: { accept = '' } }: IncomingMessage): boolean {
  return accept.includes('text/event-stream');
}

interface PostOfStream extends Post {
  readonly stream: string;
}

const headOfPost = /^\{"stream":"([\w-]{24})","number":(\d{1,15})(?:,"close":([134]\d{3}))?\}$/;

/** P-19.3: a line that says whose it is, then a frame on each line. */
function readPost(body: string, bytes: number): PostOfStream | undefined {
  const end = body.indexOf('\n');
  const [, stream, number, close] = headOfPost.exec(end < 0 ? body : body.slice(0, end)) ?? [];
  if (stream === undefined || Number(number) < 1) return undefined;
  return {
    ...{ stream, number: Number(number), bytes },
    frames: end < 0 ? [] : linesOf(body.slice(end + 1)),
    close: close === undefined ? undefined : Number(close),
  };
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}
