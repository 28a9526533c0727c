/** The first bytes of whole frames (RFC 6455, 5.2). */
export const opcode = { text: '\x81', binary: '\x82', close: '\x88', ping: '\x89', pong: '\x8a' } as const;

export function headOf(first: string, length: number): string {
  return first + lengthBytes(length);
}

export function webSocketPing(payload: string): string {
  return headOf(opcode.ping, payload.length) + payload;
}

/** One length byte, or 126 and two, or 127 and eight. */
function lengthBytes(length: number): string {
  if (length < 126) return String.fromCharCode(length);
  if (length < 65_536) return String.fromCharCode(126, length >> 8, length & 0xff);
  return String.fromCharCode(
    127,
    0,
    0,
    0,
    0,
    (length >>> 24) & 0xff,
    (length >>> 16) & 0xff,
    (length >>> 8) & 0xff,
    length & 0xff,
  );
}
