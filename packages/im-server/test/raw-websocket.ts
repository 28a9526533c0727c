import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { ImServer } from 'im-server';
import { onCleanup } from 'im-test/support';

/** A WebSocket spoken by hand, for what no library would send. */
export interface RawWebSocket {
  readonly socket: Socket;
  /** Resolves with the code of the server's close frame, or 1006 when it ends without one. */
  readonly closed: Promise<number>;
  send(opcode: number, payload: string | Buffer, flags?: FrameFlags): void;
}

interface FrameFlags {
  /** The first byte's upper bits; @default FIN */
  readonly first?: number;
  /** @default true */
  readonly masked?: boolean;
}

export async function openRaw(server: ImServer): Promise<RawWebSocket> {
  const { hostname, port } = new URL(server.url);
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
  onCleanup(() => socket.destroy());
  socket.on('error', () => undefined);
  socket.write(
    `GET /im HTTP/1.1\r\nHost: ${hostname}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  await once(socket, 'data'); // the handshake's answer
  return {
    socket,
    closed: closeCode(socket),
    send: (opcode, payload, flags) => socket.write(frame(opcode, Buffer.from(payload as string), flags)),
  };
}

/** A mask of zeros is a mask. */
function frame(opcode: number, payload: Buffer, { first = 0x80, masked = true }: FrameFlags = {}): Buffer {
  const mask = masked ? 0x80 : 0;
  const { length } = payload;
  const head =
    length < 126 ? [first | opcode, mask | length] : [first | opcode, mask | 126, length >> 8, length & 255];
  return Buffer.concat([Buffer.from(head), Buffer.alloc(masked ? 4 : 0), payload]);
}

async function closeCode(socket: Socket): Promise<number> {
  let received = Buffer.alloc(0);
  for await (const chunk of socket.on('error', () => undefined).iterator({ destroyOnReturn: false })) {
    received = Buffer.concat([received, chunk as Buffer]);
    // The frames of these tests are short, so each is two bytes and its payload.
    for (let at = 0; at + 1 < received.length; at += 2 + received[at + 1]!) {
      if (received[at] === 0x88 && at + 3 < received.length) return received.readUInt16BE(at + 2);
    }
  }
  return 1006;
}
