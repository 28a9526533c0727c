import type { Duplex } from 'node:stream';
import type { ByteText } from 'im-common/bus';

/**
 * One device's wire, WebSocket, TCP or server-sent events: the smallest thing that the rest of the server needs of it.
 * `websocket.ts`, `tcp.ts` and `sse.ts` make them; nothing else knows the difference.
 */
export interface DeviceLink {
  readonly remoteAddress: string;
  /** What the peer calls itself, where it says so and somebody wants to know. */
  readonly agent: string | undefined;
  readonly framing: Framing;
  /** How long silence may last on this kind of wire. */
  readonly idleTimeoutMs: number;
  /** Bytes handed over that the operating system has not taken yet. */
  readonly bufferedBytes: number;
  /** Bytes that came from the peer so far, of whole frames or not. */
  readonly bytesRead: number;

  attach(handlers: LinkHandlers): void;
  /** Writes bytes that are framed already. */
  write(bytes: string): void;
  /**
   * Calls `onTaken` when the operating system has taken all that was written so far, in this round or before; at once when
   * it has, as is the rule.
   */
  whenTaken(round: number): void;
  /** Ends politely: what was written is sent first, then the code (where the wire has such a thing). */
  close(code: number, reason: string): void;
  /** Ends at once; what was not sent is lost. */
  destroy(): void;
}

export interface LinkHandlers {
  /** A text frame arrived. */
  onText(text: string): void;
  /** See {@link DeviceLink.whenTaken}. */
  onTaken(round: number): void;
  /** The peer's stack answered a ping. */
  onPong(payload: string): void;
  /** Anything else arrived that shows life. */
  onSignOfLife(): void;
  /** The wire is gone. Called once. */
  onGone(code: number): void;
}

/** How bytes become a frame. One object per kind of wire, so that a message framed for one device is framed for all. */
export interface Framing {
  /** Name of the cache slot for frames of this kind. */
  readonly index: number;
  text(body: ByteText): string;
  /** The peer is shown the code with which its wire is closed. */
  readonly hasCloseCodes: boolean;
  /** A ping that the peer's stack must answer with the same payload; undefined where there is no such thing. */
  readonly ping: ((payload: string) => string) | undefined;
}

/** {@link DeviceLink.whenTaken} of a socket. A callback for every write would cost each a closure and a tick. */
export function whenTaken(socket: Duplex, handlers: LinkHandlers, round: number): void {
  if (socket.writableLength === 0) {
    if (socket.writable) handlers.onTaken(round);
    return;
  }
  // Node calls back with an error for what was still waiting when the wire broke: the system never took it.
  socket.write('', (error) => {
    if (!error) handlers.onTaken(round);
  });
}
