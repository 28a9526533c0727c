import { isUtf8 } from 'node:buffer';
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { ByteText } from 'im-common/bus';
import { fromByteText, scanObject, toByteText } from 'im-common/internal/bus';
import { rememberingLast } from './engine.ts';
import type { Framing } from './link.ts';

// P-18: the same frames as protobuf (im.proto). Everything else in the server speaks JSON; here it is turned into protobuf and
// back, at the edge, with `data` as the text that it is. Loaded when the first device asks for it.

/** P-18.2: the fields of im.proto. */
const field = { cmd: 1, data: 2, id: 3, attempt: 4, more: 5 } as const;

/** How nearly all frames begin that are sent. Their `data` comes last; that of cmd 2 does not (P-8.4). */
const usualHead = /^\{"cmd":(?!2,)(\d+),(?:"id":"([^"\\]*)",)?(?:"attempt":(\d+),)?"data":/;

/** One frame of ours, which is JSON, as protobuf. */
export function toProtobuf(body: ByteText): string {
  const [head, cmd, id, attempt] = usualHead.exec(body) ?? [];
  if (head !== undefined) {
    const data = body.slice(head.length, -1);
    return encode({ cmd: Number(cmd), id, attempt: Number(attempt ?? 1), data });
  }
  const {
    cmd: number = '0',
    data = 'null',
    id: name,
    attempt: count = '1',
    ...others
  } = Object.fromEntries(scanObject(body));
  const more = Object.entries(others).map(([key, value]) => `${JSON.stringify(key)}:${value}`);
  return encode({
    cmd: Number(number),
    id: name === undefined ? undefined : toByteText(JSON.parse(fromByteText(name)) as string),
    attempt: Number(count),
    data,
    ...(more.length > 0 && { more: `{${more.join(',')}}` }),
  });
}

/**
 * The frame as the JSON that it would be otherwise; empty, which is no frame, for bytes that are none. Fields that are not for
 * the server are skipped. `cmdOfHeader` counts instead of its own.
 */
export function fromProtobuf(bytes: Uint8Array, cmdOfHeader?: number): string {
  try {
    const reader = new BinaryReader(bytes);
    let cmd = 0;
    let data: Uint8Array | undefined;
    while (reader.pos < reader.len) {
      const [number, type] = reader.tag();
      if (number === field.cmd && type === WireType.Varint) cmd = reader.uint32();
      else if (number === field.data && type === WireType.LengthDelimited) data = reader.bytes();
      else reader.skip(type, number);
    }
    cmd = cmdOfHeader ?? cmd;
    if (!data || data.length === 0) return `{"cmd":${cmd}}`;
    // Behind data, as of two equal keys the last one counts.
    return isUtf8(data) ? `{"data":${Buffer.from(data).toString('utf8')},"cmd":${cmd}}` : '';
  } catch {
    return '';
  }
}

/** All texts are bytes. */
interface Parts {
  readonly cmd: number;
  readonly id: string | undefined;
  readonly attempt: number;
  readonly data: string;
  readonly more?: string;
}

function encode({ cmd, id, attempt, data, more }: Parts): string {
  const isPlain = id === undefined && more === undefined;
  if (isPlain)
    return data === 'null' ? plainHead(cmd * 2 ** 32) : plainHead(cmd * 2 ** 32 + data.length) + data;
  const writer = new BinaryWriter();
  if (cmd !== 0) writer.tag(field.cmd, WireType.Varint).uint32(cmd);
  if (id !== undefined) writer.tag(field.id, WireType.LengthDelimited).bytes(Buffer.from(id, 'latin1'));
  if (attempt > 1) writer.tag(field.attempt, WireType.Varint).uint32(attempt);
  if (more !== undefined) writer.tag(field.more, WireType.LengthDelimited).bytes(Buffer.from(more, 'latin1'));
  // What is long is not copied.
  const isNull = data === 'null';
  if (!isNull) writer.tag(field.data, WireType.LengthDelimited).uint32(data.length);
  const head = writer.finish();
  const text = Buffer.from(head.buffer, head.byteOffset, head.length).toString('latin1');
  return isNull ? text : text + data;
}

/** Before data alone, of frames to devices that do not acknowledge. Kept by command and length. */
const plainHead = rememberingLast((key) => {
  const [cmd, length] = [Math.floor(key / 2 ** 32), key % 2 ** 32];
  const writer = new BinaryWriter();
  if (cmd !== 0) writer.tag(field.cmd, WireType.Varint).uint32(cmd);
  if (length > 0) writer.tag(field.data, WireType.LengthDelimited).uint32(length);
  return Buffer.from(writer.finish()).toString('latin1');
});

/** P-18.3: magic, version, flags, length, command, sequence. */
export const headerSize = 16;
const magic = 0x494d; // IM
const version = 1;

/** Undefined: it is none of ours. */
export function lengthInHeader(received: Buffer, start: number): number | undefined {
  const isOurs = received.readUInt16BE(start) === magic && received.readUInt8(start + 2) === version;
  return isOurs ? received.readUInt32BE(start + 4) : undefined;
}

/** The frame behind a header, as JSON. */
export function fromTcp(received: Buffer, start: number, end: number): string {
  return fromProtobuf(received.subarray(start + headerSize, end), received.readUInt32BE(start + 8));
}

export const tcpProtobufFraming: Framing = {
  index: 3,
  text: (body) => {
    const frame = toProtobuf(body);
    const header = Buffer.alloc(headerSize);
    header.writeUInt16BE(magic, 0);
    header.writeUInt8(version, 2);
    header.writeUInt32BE(frame.length, 4);
    header.writeUInt32BE(commandOf(body), 8);
    return header.toString('latin1') + frame;
  },
  ping: undefined,
  hasCloseCodes: false,
};

function commandOf(body: ByteText): number {
  return Number(/^\{"cmd":(\d+)/.exec(body)?.[1] ?? 0);
}
