import { ImError } from '../errors.ts';

/** One frame on a socket, either way: exactly `cmd` and `data` (PROTOCOL.md, P-2.1). */
export interface Frame {
  readonly cmd: number;
  readonly data: unknown;
}

/** The text of a frame whose `data` is JSON text already. */
export function encodeFrame(cmd: number, dataText: string): string {
  return `{"cmd":${cmd},"data":${dataText}}`;
}

/** Reads a frame, or throws INVALID_FRAME saying what is wrong with it. A numeric string is taken as `cmd`, as Java does. */
export function decodeFrame(text: string): Frame {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ImError('INVALID_FRAME', 'The frame is not JSON.', { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ImError('INVALID_FRAME', 'The frame is not a JSON object.');
  }
  const { cmd, data, ...rest } = value as Record<string, unknown>;
  const extra = Object.keys(rest)[0];
  if (extra !== undefined) {
    throw new ImError('INVALID_FRAME', `The frame has the key "${extra}"; only cmd and data are allowed.`);
  }
  const number = typeof cmd === 'string' && /^\d{1,9}$/.test(cmd) ? Number(cmd) : cmd;
  if (typeof number !== 'number' || !Number.isInteger(number)) {
    throw new ImError('INVALID_FRAME', 'The frame has no integer cmd.');
  }
  return { cmd: number, data };
}
