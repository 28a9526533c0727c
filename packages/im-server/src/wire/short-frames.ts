import { Writable } from 'node:stream';

/**
 * Nearly all that devices say is a pong or a text, and alone in what the system hands over. Those are read here, logins among
 * them; on the way of everything else, through the stream that `ws` reads from, each would cost a dozen objects and a turn of
 * the queue of ticks, and the first one leaves a list behind for as long as the connection lives. Whatever is not plain goes
 * that way: several frames at once, pieces of one, long ones, close frames, other letters than ASCII. So `ws` alone says what
 * is an error.
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
}

const atStartOfFrame = 0;
/** The last of its message (or the only one), and what it is. */
const pong = 0x8a;
const text = 0x81;
const masked = 0x80;
const maskBytes = 4;
const shortHead = 2 + maskBytes;
/** Of a length from 126 on, in two bytes more. */
const longerHead = 4 + maskBytes;
const longestShort = 125;
const twoBytesFollow = 126;
const longest = 4_096;
const notAscii = 0x80;

/** The property in which ws' reader has its WebSocket, and what readers are made from, here and by `ws`: once it is known. */
let owner: symbol | undefined;
let ours: object | undefined;
let theirs: object | null;

/** `reader` is that of `ws`, and new. */
export function readShortFramesFirst(reader: unknown, frames: ShortFrames): void {
  if (!isKnown(reader)) return;
  owner ??= Object.getOwnPropertySymbols(reader).find((name) => Reflect.get(reader, name) === frames);
  if (ownerOf(reader) !== frames) return;
  ours ??= Object.create((theirs = Object.getPrototypeOf(reader) as object), {
    write: { value: write },
  }) as object;
  // Not a property of its own: there are as many as connections.
  if (Object.getPrototypeOf(reader) === theirs) Object.setPrototypeOf(reader, ours);
}

function ownerOf(reader: object): ShortFrames | undefined {
  return owner && (reader as Record<symbol, ShortFrames>)[owner];
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
  const head = headOf(chunk);
  if (head === 0) return false;
  const frames = ownerOf(reader);
  if (!frames) return false;
  if (chunk[0] === pong) {
    if (head !== shortHead) return false;
    unmask(chunk, head);
    frames.onShortPong(chunk.toString('latin1', head));
    return true;
  }
  // In the middle of a message only control frames may come.
  if (chunk[0] !== text || reader._fragmented !== 0 || !isAscii(chunk, head)) return false;
  if (reader._maxPayload > 0 && chunk.length - head > reader._maxPayload) return false;
  unmask(chunk, head);
  frames.onShortText(chunk.toString('latin1', head));
  return true;
}

/** Bytes before the payload of a chunk that is one masked frame, and not a long one; else 0. */
function headOf(chunk: Buffer): number {
  const length = chunk.length - shortHead;
  if (length < 0) return 0;
  if (length <= longestShort && chunk[1] === (masked | length)) return shortHead;
  if (chunk[1] !== (masked | twoBytesFollow) || chunk.length > longerHead + longest) return 0;
  const longer = chunk.length - longerHead;
  return longer > longestShort && byteAt(chunk, 2) * 256 + byteAt(chunk, 3) === longer ? longerHead : 0;
}

function isAscii(chunk: Buffer, head: number): boolean {
  let bits = 0;
  for (let at = head; at < chunk.length; at += 1) bits |= plainAt(chunk, head, at);
  return (bits & notAscii) === 0;
}

function unmask(chunk: Buffer, head: number): void {
  for (let at = head; at < chunk.length; at += 1) chunk[at] = plainAt(chunk, head, at);
}

/** RFC 6455, 5.3. */
function plainAt(chunk: Buffer, head: number, at: number): number {
  return byteAt(chunk, at) ^ byteAt(chunk, head - maskBytes + ((at - head) & 3));
}

function byteAt(chunk: Buffer, at: number): number {
  return chunk[at] ?? 0;
}
