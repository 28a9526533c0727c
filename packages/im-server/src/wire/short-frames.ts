import { Writable } from 'node:stream';

/**
 * Nearly all that devices say is a pong or a short text, and alone in what the system hands over. Those are read here; on
 * the way of everything else, through the stream that `ws` reads from, each would cost a dozen objects and a turn of the
 * queue of ticks. Whatever is not plain goes that way: several frames at once, pieces of one, close frames, other letters
 * than ASCII. So `ws` alone says what is an error.
 */
export interface ShortFrames {
  onShortPong(payload: string): void;
  onShortText(text: string): void;
}

/** The part of ws' reader that says where it stands. Another version may do without it; then all goes its way. */
interface Reader extends Writable {
  _state: number;
  _bufferedBytes: number;
  _fragmented: number;
  _maxPayload: number;
  frames: ShortFrames;
}

const atStartOfFrame = 0;
/** The last of its message (or the only one), and what it is. */
const pong = 0x8a;
const text = 0x81;
const masked = 0x80;
const headBytes = 6;
const longestShort = 125;
const notAscii = 0x80;

/** `reader` is that of `ws`, and new. */
export function readShortFramesFirst(reader: unknown, frames: ShortFrames): void {
  if (!isKnown(reader)) return;
  // Properties of its own, and no closure: there are as many as connections.
  reader.frames = frames;
  reader.write = write;
}

function isKnown(reader: unknown): reader is Reader {
  if (!(reader instanceof Writable)) return false;
  const { _state, _bufferedBytes, _fragmented, _maxPayload } = reader as Partial<Reader>;
  return (
    _state === atStartOfFrame && _bufferedBytes === 0 && _fragmented === 0 && typeof _maxPayload === 'number'
  );
}

const writeToStream = Reflect.get(Writable.prototype, 'write') as (this: Writable, chunk: Buffer) => boolean;

function write(this: Reader, chunk: Buffer): boolean {
  if (isBetweenFrames(this) && takeShort(this, chunk)) return true;
  return writeToStream.call(this, chunk);
}

/** It holds nothing of a frame, is not in the middle of one, and has not come to an end. */
function isBetweenFrames(reader: Reader): boolean {
  return (
    reader._state === atStartOfFrame &&
    reader._bufferedBytes === 0 &&
    reader.writableLength === 0 &&
    // After a close frame and after an error it is not.
    reader.writable
  );
}

function takeShort(reader: Reader, chunk: Buffer): boolean {
  const length = chunk.length - headBytes;
  if (length < 0 || length > longestShort || chunk[1] !== (masked | length)) return false;
  if (chunk[0] === pong) {
    unmask(chunk);
    reader.frames.onShortPong(chunk.toString('latin1', headBytes));
    return true;
  }
  // In the middle of a message only control frames may come.
  if (chunk[0] !== text || reader._fragmented !== 0 || !isAscii(chunk)) return false;
  if (reader._maxPayload > 0 && length > reader._maxPayload) return false;
  unmask(chunk);
  reader.frames.onShortText(chunk.toString('latin1', headBytes));
  return true;
}

function isAscii(chunk: Buffer): boolean {
  let bits = 0;
  for (let at = headBytes; at < chunk.length; at += 1) bits |= plainAt(chunk, at);
  return (bits & notAscii) === 0;
}

function unmask(chunk: Buffer): void {
  for (let at = headBytes; at < chunk.length; at += 1) chunk[at] = plainAt(chunk, at);
}

/** RFC 6455, 5.3. */
function plainAt(chunk: Buffer, at: number): number {
  return (chunk[at] ?? 0) ^ (chunk[2 + ((at - headBytes) & 3)] ?? 0);
}
