import { Buffer } from 'node:buffer';
import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';

// Archives as they are sent: stored, not packed, so that their length is known before; of any size (ZIP64). Nothing of them is on a disk, and no
// more in memory than a piece of a file and the list of names.

export interface ZipEntry {
  /** With `/` between folders; a folder's own ends with one. */
  readonly path: string;
  readonly size: number;
  readonly changedTime: number;
  /** Exactly `size` bytes. Asked for when it is its turn; absent: a folder. */
  readonly read?: () => AsyncIterable<Buffer>;
}

interface Written extends ZipEntry {
  readonly name: Buffer;
  readonly offset: number;
  readonly crc: number;
}

const most32 = 0xffffffff;
const most16 = 0xffff;
/** Sizes and sum follow the file; names are UTF-8. */
const [followed, utf8] = [0x0008, 0x0800];

export async function* zipOf(entries: Iterable<ZipEntry>): AsyncGenerator<Buffer, void, undefined> {
  const all: Written[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.path);
    const head = localHeader(entry, name);
    yield head;
    let [crc, bytes] = [0, 0];
    if (entry.read) {
      for await (const piece of entry.read()) {
        crc = crc32(piece, crc);
        bytes += piece.length;
        if (bytes > entry.size) break;
        yield piece;
      }
      if (bytes !== entry.size) throw new Error('A file is not as long as it was.');
    }
    const tail = entry.read ? descriptor(entry, crc) : Buffer.alloc(0);
    yield tail;
    all.push({ ...entry, name, offset, crc });
    offset += head.length + entry.size + tail.length;
  }
  const begin = offset;
  for (const entry of all) {
    const record = centralRecord(entry);
    yield record;
    offset += record.length;
  }
  yield end(all.length, begin, offset - begin);
}

const leastPiece = 65_536;

/** In pieces that are worth sending: of thousands of small files and folders each would be a write of its own. */
export async function* gathered(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  let [waiting, bytes]: [Buffer[], number] = [[], 0];
  for await (const piece of pieces) {
    waiting.push(piece);
    bytes += piece.length;
    if (bytes < leastPiece) continue;
    yield Buffer.concat(waiting, bytes);
    [waiting, bytes] = [[], 0];
    // What has come from memory alone has let nobody else in between.
    await setImmediate();
  }
  if (bytes > 0) yield Buffer.concat(waiting, bytes);
}

/** How long it will be. */
export function zipLength(entries: Iterable<ZipEntry>): number {
  let [offset, central, count] = [0, 0, 0];
  for (const entry of entries) {
    const name = Buffer.from(entry.path);
    central += centralRecord({ ...entry, name, offset, crc: 0 }).length;
    offset += localHeader(entry, name).length + entry.size + (entry.read ? descriptor(entry, 0).length : 0);
    count++;
  }
  return offset + central + end(count, offset, central).length;
}

function isLarge({ size }: ZipEntry): boolean {
  return size >= most32;
}

function localHeader(entry: ZipEntry, name: Buffer): Buffer {
  const extra = isLarge(entry) ? extraOf([entry.size, entry.size]) : Buffer.alloc(0);
  const size = isLarge(entry) ? most32 : entry.size;
  return Buffer.concat([
    ...[u32(0x04034b50), u16(isLarge(entry) ? 45 : 20), u16(flagsOf(entry)), u16(0), timeOf(entry)],
    ...[u32(0), u32(size), u32(size), u16(name.length), u16(extra.length), name, extra],
  ]);
}

function descriptor(entry: ZipEntry, crc: number): Buffer {
  const sizes = isLarge(entry) ? [u64(entry.size), u64(entry.size)] : [u32(entry.size), u32(entry.size)];
  return Buffer.concat([u32(0x08074b50), u32(crc), ...sizes]);
}

function centralRecord(entry: Written): Buffer {
  const { name, offset, crc, size } = entry;
  const isFar = offset >= most32;
  const longs = [...(isLarge(entry) ? [size, size] : []), ...(isFar ? [offset] : [])];
  const extra = longs.length > 0 ? extraOf(longs) : Buffer.alloc(0);
  const version = u16(longs.length > 0 ? 45 : 20);
  const short = isLarge(entry) ? most32 : size;
  return Buffer.concat([
    ...[u32(0x02014b50), version, version, u16(flagsOf(entry)), u16(0), timeOf(entry)],
    ...[u32(crc), u32(short), u32(short), u16(name.length), u16(extra.length), u16(0), u16(0), u16(0)],
    ...[u32(0), u32(isFar ? most32 : offset), name, extra],
  ]);
}

function end(count: number, offset: number, size: number): Buffer {
  const isLong = count >= most16 || offset >= most32 || size >= most32;
  const long = isLong
    ? [
        ...[u32(0x06064b50), u64(44), u16(45), u16(45), u32(0), u32(0), u64(count), u64(count)],
        ...[u64(size), u64(offset)],
        ...[u32(0x07064b50), u32(0), u64(offset + size), u32(1)],
      ]
    : [];
  const counted = u16(Math.min(count, most16));
  return Buffer.concat([
    ...long,
    ...[u32(0x06054b50), u16(0), u16(0), counted, counted],
    ...[u32(Math.min(size, most32)), u32(Math.min(offset, most32)), u16(0)],
  ]);
}

function flagsOf({ read }: ZipEntry): number {
  return read ? followed | utf8 : utf8;
}

function extraOf(longs: readonly number[]): Buffer {
  return Buffer.concat([u16(1), u16(8 * longs.length), ...longs.map(u64)]);
}

/** Time and date as DOS has them, in UTC. */
function timeOf({ changedTime }: ZipEntry): Buffer {
  const at = new Date(Math.max(changedTime, Date.UTC(1980, 0, 1)));
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
  const date = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
  return Buffer.concat([u16(time), u16(date)]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
