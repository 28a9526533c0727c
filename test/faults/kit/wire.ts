import { WebSocket } from 'ws';
import { connectFromAfar } from './distance.ts';

/** A device's connection, with nothing of ours in it. */
export interface Wire {
  /** Of the connection that frames come by; undefined before it is there. */
  readonly localPort: number | undefined;
  send(text: string): void;
  /** Says goodbye. */
  close(code: number): void;
  terminate(): void;
}

export interface WireHandlers {
  readonly opened: () => void;
  readonly frame: (text: string) => void;
  /** Called once, whatever happened before. */
  readonly closed: (code: number) => void;
}

/** `wayMs`: how far away the door is, in one direction. */
export function openWebSocket(port: number, handlers: WireHandlers, wayMs = 0): Wire {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/im`, {
    perMessageDeflate: false,
    // http is content with any stream.
    ...(wayMs > 0 && { createConnection: () => connectFromAfar(port, wayMs) }),
  });
  let localPort: number | undefined;
  socket.on('error', () => undefined); // 'close' follows
  socket.on('open', () => {
    localPort = (socket as unknown as { _socket: { localPort: number } })._socket.localPort;
    handlers.opened();
  });
  socket.on('message', (bytes: Buffer) => handlers.frame(bytes.toString()));
  socket.on('close', handlers.closed);
  return {
    get localPort() {
      return localPort;
    },
    send: (text) => socket.send(text),
    close: (code) => socket.close(code),
    terminate: () => socket.terminate(),
  };
}
