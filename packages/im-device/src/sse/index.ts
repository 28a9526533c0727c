import { platform, type WebSocketConstructor, type WebSocketEvent, type WebSocketLike } from '../platform.ts';
import { SocketEvents, SseSocket } from './sse-socket.ts';

export type { WebSocketConstructor, WebSocketEvent, WebSocketLike } from '../platform.ts';

export interface OrSseOptions {
  /** How long a WebSocket may take to open. Keep it well below `connectTimeoutMs` of the device. @default 4_000 */
  readonly webSocketWithinMs?: number | undefined;
  /** For how long a network that let no WebSocket through is not asked again. @default 600_000 */
  readonly retryWebSocketMs?: number | undefined;
}

/**
 * A WebSocket class for the option `WebSocket` of `createDevice`: where no WebSocket comes about, it speaks plain HTTP with the
 * server, as far as that has the option `sse`.
 *
 * @example
 * const device = createDevice({ url, token, WebSocket: orSse() });
 */
export function orSse(
  WebSocket: WebSocketConstructor | undefined = platform.WebSocket,
  { webSocketWithinMs = 4_000, retryWebSocketMs = 600_000 }: OrSseOptions = {},
): WebSocketConstructor {
  if (!WebSocket) return SseSocket;
  const First = WebSocket;
  /** By server: until when it is spoken to by SSE at once. */
  const blockedUntil = new Map<string, number>();

  return class implements WebSocketLike {
    readonly #url: string;
    readonly #events = new SocketEvents();
    #socket: WebSocketLike;
    #isOver = false;

    constructor(url: string) {
      this.#url = url;
      this.#socket =
        performance.now() < (blockedUntil.get(url) ?? 0) ? this.#openSse() : this.#openWebSocket();
    }

    addEventListener(
      type: 'open' | 'message' | 'close' | 'error',
      listener: (event: WebSocketEvent) => void,
    ): void {
      this.#events.add(type, listener);
    }

    send(text: string): void {
      this.#socket.send(text);
    }

    close(code?: number, reason?: string): void {
      this.#isOver = true;
      this.#socket.close(code, reason);
    }

    terminate(): void {
      this.#isOver = true;
      this.#socket.terminate?.();
    }

    #openWebSocket(): WebSocketLike {
      const socket = new First(this.#url);
      let isTried = true;
      let problem: WebSocketEvent | undefined;
      const fallBack = (): void => {
        isTried = false;
        clearTimeout(timer);
        this.#socket = this.#openSse(problem);
      };
      const timer = setTimeout(() => {
        fallBack();
        socket.close();
        socket.terminate?.();
      }, webSocketWithinMs);
      socket.addEventListener('open', (event) => {
        if (!isTried) return;
        isTried = false;
        clearTimeout(timer);
        this.#forward(socket);
        this.#events.emit(event);
      });
      socket.addEventListener('error', (event) => (problem ??= event));
      socket.addEventListener('close', (event) => {
        if (!isTried) return;
        if (!this.#isOver) {
          fallBack();
          return;
        }
        clearTimeout(timer);
        this.#events.emit(event);
      });
      return socket;
    }

    /** What the WebSocket had to say counts, when this does not come about either. */
    #openSse(problem?: WebSocketEvent): WebSocketLike {
      const socket = new SseSocket(this.#url);
      socket.addEventListener('open', (event) => {
        blockedUntil.set(this.#url, performance.now() + retryWebSocketMs);
        this.#events.emit(event);
      });
      socket.addEventListener('error', (event) => {
        blockedUntil.delete(this.#url);
        this.#events.emit(problem ?? event);
      });
      this.#forward(socket);
      return socket;
    }

    #forward(socket: WebSocketLike): void {
      for (const type of ['message', 'close'] as const)
        socket.addEventListener(type, (event) => this.#events.emit(event));
    }
  };
}

/** The same without a try of a WebSocket. */
export function overSse(): WebSocketConstructor {
  return SseSocket;
}
