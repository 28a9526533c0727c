import { frameBytes, Opcode, type FrameParts } from '../../support/raw-websocket.ts';

// The cases of the Autobahn test suite that need no compression (sections 1 to 7, 9 and 10; "9.4.2" is its number),
// written anew from RFC 6455 and the suite's list. Autobahn wants an echo; an im-server answers heartbeats, each with
// one and the same text, and ignores what is no command. So messages that must get through are heartbeats wherever the
// case leaves the text open. Messages beyond 64 KiB, which the server refuses (P-11.1), are expected to be refused.

export interface WebSocketCase {
  readonly id: string;
  readonly about: string;
  readonly bytes: Buffer;
  /** Sent in pieces of so many bytes. */
  readonly chop?: number;
  /** What comes from the server, in order, as `describe` of RawWebSocket puts it. */
  readonly answers: readonly string[];
  /** Whether the connection can be used afterwards, or the code that it must be closed with. */
  readonly then: 'open' | CloseExpectation;
}

/** A number: of the close frame. `empty`: a close frame without a code. */
type CloseExpectation = number | 'empty';

export const heartbeatAnswer = 'text:{"cmd":1,"data":null}';
const maxFrameBytes = 65_536;

/** A heartbeat that takes just so many bytes. */
export function heartbeat(length = 9): string {
  const empty = '{"cmd":1,"data":""}';
  if (length < empty.length) return '{"cmd":1}'.padEnd(length);
  return `${empty.slice(0, -2)}${'*'.repeat(length - empty.length)}"}`;
}

const frames = (...parts: FrameParts[]): Buffer => Buffer.concat(parts.map(frameBytes));
const text = (payload: string | Uint8Array = heartbeat()): FrameParts => ({ opcode: Opcode.TEXT, payload });
const binary = (payload: string | Uint8Array): FrameParts => ({ opcode: Opcode.BINARY, payload });
const ping = (payload: string | Uint8Array = ''): FrameParts => ({ opcode: Opcode.PING, payload });
const pong = (payload: string | Uint8Array = ''): FrameParts => ({ opcode: Opcode.PONG, payload });
const more = (payload: string | Uint8Array, fin = false): FrameParts => ({
  opcode: Opcode.CONTINUATION,
  payload,
  fin,
});
const close = (code?: number, reason: string | Uint8Array = ''): FrameParts => {
  const head = Buffer.alloc(code === undefined ? 0 : 2);
  if (code !== undefined) head.writeUInt16BE(code);
  return { opcode: Opcode.CLOSE, payload: Buffer.concat([head, Buffer.from(reason as string)]) };
};
const begin = (payload: string | Uint8Array, opcode: number = Opcode.TEXT): FrameParts => ({
  opcode,
  payload,
  fin: false,
});
const latin1 = (payload: Uint8Array): string => Buffer.from(payload).toString('latin1');

type Extra = Partial<Pick<WebSocketCase, 'chop' | 'answers'>>;

function stays(id: string, about: string, bytes: Buffer, extra: Extra = {}): WebSocketCase {
  return { id, about, bytes, answers: [], then: 'open', ...extra };
}

function closes(
  id: string,
  about: string,
  bytes: Buffer,
  code: CloseExpectation,
  extra: Extra = {},
): WebSocketCase {
  return { id, about, bytes, answers: [], then: code, ...extra };
}

const answered = { answers: [heartbeatAnswer] };
const kib = 1_024;

/** In `pieces` of at most so many bytes, as one fragmented message. */
function fragmented(payload: string, size: number, opcode: number = Opcode.TEXT): Buffer {
  const pieces: FrameParts[] = [];
  for (let at = 0; at < payload.length; at += size) {
    const piece = payload.slice(at, at + size);
    const fin = at + size >= payload.length;
    pieces.push({ opcode: at === 0 ? opcode : Opcode.CONTINUATION, payload: piece, fin });
  }
  return frames(...pieces);
}

function framing(): WebSocketCase[] {
  const sizes = [0, 125, 126, 127, 128, 65_535, 65_536];
  const payload = (size: number): string => (size === 0 ? '' : heartbeat(size));
  const texts = sizes.map((size, index) =>
    stays(`1.1.${index + 1}`, `a text of ${size} bytes`, frames(text(payload(size))), {
      answers: size === 0 ? [] : [heartbeatAnswer],
    }),
  );
  const binaries = sizes.map((size, index) =>
    stays(`1.2.${index + 1}`, `a binary message of ${size} bytes`, frames(binary(Buffer.alloc(size, 0xfe)))),
  );
  const chop = 997;
  return [
    ...texts,
    stays('1.1.8', 'a text of 65536 bytes in pieces of 997', frames(text(heartbeat(65_536))), {
      chop,
      ...answered,
    }),
    ...binaries,
    stays('1.2.8', 'the same, binary', frames(binary(Buffer.alloc(65_536, 0xfe))), { chop }),
  ];
}

function pingsAndPongs(): WebSocketCase[] {
  const bytes = Buffer.of(0x00, 0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0x00, 0xff);
  const longest = Buffer.alloc(125, 0xfe);
  const ten = Array.from({ length: 10 }, (_, n) => `payload-${n}`);
  const tenPings = frames(...ten.map(ping));
  const tenPongs = ten.map((payload) => `pong:${payload}`);
  return [
    stays('2.1', 'a ping without payload', frames(ping()), { answers: ['pong:'] }),
    stays('2.2', 'a ping with text', frames(ping('Hello, world!')), { answers: ['pong:Hello, world!'] }),
    stays('2.3', 'a ping with bytes', frames(ping(bytes)), { answers: [`pong:${latin1(bytes)}`] }),
    stays('2.4', 'a ping of 125 bytes', frames(ping(longest)), { answers: [`pong:${latin1(longest)}`] }),
    closes('2.5', 'a ping of 126 bytes', frames(ping(Buffer.alloc(126, 0xfe))), 1002),
    stays('2.6', 'a ping of 125 bytes, byte by byte', frames(ping(longest)), {
      chop: 1,
      answers: [`pong:${latin1(longest)}`],
    }),
    stays('2.7', 'an unasked pong without payload', frames(pong())),
    stays('2.8', 'an unasked pong with payload', frames(pong('unasked'))),
    stays('2.9', 'an unasked pong and a ping', frames(pong('unasked'), ping('asked')), {
      answers: ['pong:asked'],
    }),
    stays('2.10', 'ten pings', tenPings, { answers: tenPongs }),
    stays('2.11', 'ten pings, byte by byte', tenPings, { chop: 1, answers: tenPongs }),
  ];
}

function reservedBits(): WebSocketCase[] {
  const rsv = (parts: FrameParts, bits: number): FrameParts => ({ ...parts, rsv: bits });
  const small = text();
  return [
    closes('3.1', 'RSV 1 on a text', frames(rsv(small, 1)), 1002),
    closes(
      '3.2',
      'RSV 2 on a text, after a good one',
      frames(small, rsv(small, 2), ping('late')),
      1002,
      answered,
    ),
    closes(
      '3.3',
      'RSV 3 on a text, after a good one',
      frames(small, rsv(small, 3), ping('late')),
      1002,
      answered,
    ),
    closes('3.4', 'RSV 4, byte by byte', frames(small, rsv(small, 4), ping('late')), 1002, {
      chop: 1,
      ...answered,
    }),
    closes('3.5', 'RSV 5 on a binary message', frames(rsv(binary('x'), 5)), 1002),
    closes('3.6', 'RSV 6 on a ping', frames(rsv(ping('x'), 6)), 1002),
    closes('3.7', 'RSV 7 on a close', frames(rsv(close(1000), 7)), 1002),
  ];
}

function reservedOpcodes(): WebSocketCase[] {
  const ofSection = (section: string, first: number): WebSocketCase[] =>
    [0, 1, 2, 3, 4].map((index) => {
      const opcode = first + index;
      const payload = index % 2 === 0 ? '' : 'reserved opcode payload';
      const alone = index < 2;
      return closes(
        `${section}.${index + 1}`,
        `opcode ${opcode}${alone ? '' : ' after a good text'}`,
        alone ? frames({ opcode, payload }) : frames(text(), { opcode, payload }, ping('late')),
        1002,
        { ...(alone ? {} : answered), ...(index === 4 && { chop: 1 }) },
      );
    });
  return [...ofSection('4.1', 3), ...ofSection('4.2', 11)];
}

function fragments(): WebSocketCase[] {
  const [first, second] = [heartbeat(40).slice(0, 20), heartbeat(40).slice(20)];
  const inTwo = [begin(first), more(second, true)];
  const pinged = [begin(first), ping('between'), more(second, true)];
  const pieces = ['{"cmd', '":1,"d', 'ata":"', 'in five', '"}'] as const;
  const inFive = frames(
    begin(pieces[0]),
    more(pieces[1]),
    ping('one'),
    more(pieces[2]),
    more(pieces[3]),
    ping('two'),
    more(pieces[4], true),
  );
  const chops = [0, 7, 1];
  const variants = (
    number: number,
    about: string,
    parts: FrameParts[],
    make: (id: string, about: string, bytes: Buffer, chop: number) => WebSocketCase,
  ): WebSocketCase[] =>
    chops.map((chop, index) =>
      make(
        `5.${number + index}`,
        `${about}${chop ? `, ${chop} bytes at a time` : ''}`,
        frames(...parts),
        chop,
      ),
    );
  return [
    closes('5.1', 'a ping in two fragments', frames(begin('frag', Opcode.PING), more('ment', true)), 1002),
    closes('5.2', 'a pong in two fragments', frames(begin('frag', Opcode.PONG), more('ment', true)), 1002),
    ...variants(3, 'a text in two fragments', inTwo, (id, about, bytes, chop) =>
      stays(id, about, bytes, { chop, ...answered }),
    ),
    ...variants(6, 'a ping between two fragments', pinged, (id, about, bytes, chop) =>
      stays(id, about, bytes, { chop, answers: ['pong:between', heartbeatAnswer] }),
    ),
    ...variants(
      9,
      'a last continuation of nothing',
      [more('nothing', true), text()],
      (id, about, bytes, chop) => closes(id, about, bytes, 1002, { chop }),
    ),
    ...variants(12, 'a continuation of nothing', [more('nothing'), text()], (id, about, bytes, chop) =>
      closes(id, about, bytes, 1002, { chop }),
    ),
    closes(
      '5.15',
      'a continuation after the last one',
      frames(...inTwo, more('nothing'), text()),
      1002,
      answered,
    ),
    closes(
      '5.16',
      'a continuation before a fragmented text, twice',
      frames(more('nothing'), ...inTwo, more('nothing'), ...inTwo),
      1002,
    ),
    closes(
      '5.17',
      'a last continuation before a fragmented text, twice',
      frames(more('nothing', true), ...inTwo, more('nothing', true), ...inTwo),
      1002,
    ),
    closes('5.18', 'both fragments with the opcode of a text', frames(begin(first), text(second)), 1002),
    stays('5.19', 'five fragments with two pings between them', inFive, {
      chop: 11,
      answers: ['pong:one', 'pong:two', heartbeatAnswer],
    }),
    stays('5.20', 'the same in one packet', inFive, { answers: ['pong:one', 'pong:two', heartbeatAnswer] }),
  ];
}

const utf8 = (...bytes: number[]): Buffer => Buffer.from(bytes);
/** κόσμε with the accented letter in its own, three-byte form. */
const kosme = Buffer.from('\u03ba\u1f79\u03c3\u03bc\u03b5');

/** Sections of well-formed and ill-formed texts: [section, bytes, whether they are UTF-8]. */
function utf8Samples(): (readonly [section: string, bytes: Buffer, good: boolean])[] {
  const continuations = Array.from({ length: 64 }, (_, n) => 0x80 + n);
  const lonely = (from: number, to: number): Buffer =>
    Buffer.from(Array.from({ length: to - from + 1 }, (_, n) => [from + n, 0x20]).flat());
  const cut = [
    utf8(0xc0),
    utf8(0xe0, 0x80),
    utf8(0xf0, 0x80, 0x80),
    utf8(0xf8, 0x80, 0x80, 0x80),
    utf8(0xfc, 0x80, 0x80, 0x80, 0x80),
    utf8(0xdf),
    utf8(0xef, 0xbf),
    utf8(0xf7, 0xbf, 0xbf),
    utf8(0xfb, 0xbf, 0xbf, 0xbf),
    utf8(0xfd, 0xbf, 0xbf, 0xbf, 0xbf),
  ];
  const nonCharacters = Array.from({ length: 17 }, (_, plane) =>
    [0xfffe, 0xffff].map((at) => plane * 0x10000 + at),
  );
  const high = [
    [0xa0, 0x80],
    [0xad, 0xbf],
    [0xae, 0x80],
    [0xaf, 0xbf],
  ] as const;
  const low = [
    [0xb0, 0x80],
    [0xbf, 0xbf],
  ] as const;
  const good = (section: string, ...all: Buffer[]): (readonly [string, Buffer, boolean])[] =>
    all.map((bytes) => [section, bytes, true]);
  const bad = (section: string, ...all: Buffer[]): (readonly [string, Buffer, boolean])[] =>
    all.map((bytes) => [section, bytes, false]);
  return [
    ...good(
      '6.5',
      ...['hello$world', 'hello¢world', 'hello€world', 'hello𤭢world', kosme].map((t) =>
        Buffer.from(t as string),
      ),
    ),
    // Every beginning of a word: whole characters end after 2, 5, 7, 9 and 11 bytes.
    ...Array.from({ length: kosme.length }, (_, n) => n + 1).map(
      (end) => ['6.6', kosme.subarray(0, end), [2, 5, 7, 9, 11].includes(end)] as const,
    ),
    ...good('6.7', utf8(0), utf8(0xc2, 0x80), utf8(0xe0, 0xa0, 0x80), utf8(0xf0, 0x90, 0x80, 0x80)),
    ...bad('6.8', utf8(0xf8, 0x88, 0x80, 0x80, 0x80), utf8(0xfc, 0x84, 0x80, 0x80, 0x80, 0x80)),
    ...good('6.9', utf8(0x7f), utf8(0xdf, 0xbf), utf8(0xef, 0xbf, 0xbf), utf8(0xf4, 0x8f, 0xbf, 0xbf)),
    ...bad(
      '6.10',
      utf8(0xf7, 0xbf, 0xbf, 0xbf),
      utf8(0xfb, 0xbf, 0xbf, 0xbf, 0xbf),
      utf8(0xfd, 0xbf, 0xbf, 0xbf, 0xbf, 0xbf),
    ),
    ...good(
      '6.11',
      utf8(0xed, 0x9f, 0xbf),
      utf8(0xee, 0x80, 0x80),
      utf8(0xef, 0xbf, 0xbd),
      utf8(0xf4, 0x8f, 0xbf, 0xbf),
    ),
    ...bad('6.11', utf8(0xf4, 0x90, 0x80, 0x80)),
    ...bad(
      '6.12',
      utf8(0x80),
      utf8(0xbf),
      ...[2, 3, 4, 5, 6].map((n) => Buffer.from([0x80, 0xbf, 0x80, 0xbf, 0x80, 0xbf].slice(0, n))),
      Buffer.from(continuations),
    ),
    ...bad(
      '6.13',
      lonely(0xc0, 0xdf),
      lonely(0xe0, 0xef),
      lonely(0xf0, 0xf7),
      lonely(0xf8, 0xfb),
      lonely(0xfc, 0xfd),
    ),
    ...bad('6.14', ...cut),
    ...bad('6.15', Buffer.concat(cut)),
    ...bad('6.16', utf8(0xfe), utf8(0xff), utf8(0xfe, 0xfe, 0xff, 0xff)),
    ...bad(
      '6.17',
      utf8(0xc0, 0xaf),
      utf8(0xe0, 0x80, 0xaf),
      utf8(0xf0, 0x80, 0x80, 0xaf),
      utf8(0xf8, 0x80, 0x80, 0x80, 0xaf),
      utf8(0xfc, 0x80, 0x80, 0x80, 0x80, 0xaf),
    ),
    ...bad(
      '6.18',
      utf8(0xc1, 0xbf),
      utf8(0xe0, 0x9f, 0xbf),
      utf8(0xf0, 0x8f, 0xbf, 0xbf),
      utf8(0xf8, 0x87, 0xbf, 0xbf, 0xbf),
      utf8(0xfc, 0x83, 0xbf, 0xbf, 0xbf, 0xbf),
    ),
    ...bad(
      '6.19',
      utf8(0xc0, 0x80),
      utf8(0xe0, 0x80, 0x80),
      utf8(0xf0, 0x80, 0x80, 0x80),
      utf8(0xf8, 0x80, 0x80, 0x80, 0x80),
      utf8(0xfc, 0x80, 0x80, 0x80, 0x80, 0x80),
    ),
    ...bad('6.20', ...[...high, [0xb0, 0x80], [0xbe, 0x80], [0xbf, 0xbf]].map((two) => utf8(0xed, ...two))),
    ...bad('6.21', ...high.flatMap((one) => low.map((other) => utf8(0xed, ...one, 0xed, ...other)))),
    ...good('6.22', ...nonCharacters.flat().map((point) => Buffer.from(String.fromCodePoint(point)))),
    ...good(
      '6.23',
      ...[0xfff9, 0xfffa, 0xfffb, 0xfffc, 0xfffd, 0xfffe, 0xffff].map((point) =>
        Buffer.from(String.fromCodePoint(point)),
      ),
    ),
  ];
}

function utf8Handling(): WebSocketCase[] {
  const bad = Buffer.concat([kosme, utf8(0xed, 0xa0, 0x80), Buffer.from('edited')]);
  const cutInside = Buffer.concat([kosme, utf8(0xf4, 0x90)]);
  const counts = new Map<string, number>();
  const samples = utf8Samples().map(([section, bytes, isGood]) => {
    const number = (counts.get(section) ?? 0) + 1;
    counts.set(section, number);
    const about = `the text ${bytes.length > 16 ? `${bytes.toString('hex', 0, 16)}…` : bytes.toString('hex')}`;
    return isGood
      ? stays(`${section}.${number}`, about, frames(text(bytes)))
      : closes(`${section}.${number}`, about, frames(text(bytes)), 1007);
  });
  const inside = heartbeat(60).replace('***********', 'Hello-µ@ßöäüàá-UTF-8!!');
  const insideBytes = Buffer.from(inside);
  const middle = insideBytes.indexOf(0xc3) + 1; // between the two bytes of a letter
  return [
    stays('6.1.1', 'an empty text', frames(text(''))),
    stays('6.1.2', 'three empty fragments', frames(begin(''), more(''), more('', true))),
    stays(
      '6.1.3',
      'three fragments, only the middle one not empty',
      frames(begin(''), more(heartbeat()), more('', true)),
      answered,
    ),
    stays('6.2.1', 'letters beyond ASCII in a text', frames(text(inside)), answered),
    stays(
      '6.2.2',
      'the same in two fragments, cut between letters',
      frames(begin(inside.slice(0, 30)), more(inside.slice(30), true)),
      answered,
    ),
    stays('6.2.3', 'the same, a fragment a byte', fragmentsOfBytes(insideBytes), answered),
    stays(
      '6.2.4',
      'the same, cut inside a letter',
      frames(begin(insideBytes.subarray(0, middle)), more(insideBytes.subarray(middle), true)),
      answered,
    ),
    closes('6.3.1', 'a text that is no UTF-8', frames(text(bad)), 1007),
    closes('6.3.2', 'the same, a fragment a byte', fragmentsOfBytes(bad), 1007),
    // An early end is welcome and not demanded: the code counts.
    closes(
      '6.4.1',
      'fragments that go wrong in the second',
      frames(begin(kosme), more(utf8(0xf4, 0x90, 0x80, 0x80)), more('edited', true)),
      1007,
    ),
    closes(
      '6.4.2',
      'fragments that go wrong inside a letter',
      frames(begin(cutInside), more(utf8(0x80, 0x80)), more('edited', true)),
      1007,
    ),
    closes(
      '6.4.3',
      'a text that goes wrong in its middle, in pieces',
      frames(text(Buffer.concat([kosme, utf8(0xf4, 0x90, 0x80, 0x80), Buffer.from('edited')]))),
      1007,
      { chop: 15 },
    ),
    closes(
      '6.4.4',
      'the same, cut inside the letter',
      frames(text(Buffer.concat([cutInside, utf8(0x80, 0x80), Buffer.from('edited')]))),
      1007,
      { chop: 18 },
    ),
    ...samples,
  ];
}

function fragmentsOfBytes(bytes: Buffer): Buffer {
  return frames(
    ...Array.from(bytes, (byte, at) =>
      at === 0 ? begin(Buffer.of(byte)) : more(Buffer.of(byte), at === bytes.length - 1),
    ),
  );
}

const goodCodes = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999];
/** Given out by IANA since the suite was written. */
const newCodes = [1012, 1013, 1014];
const badCodes = [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999];

function closing(): WebSocketCase[] {
  const longest = '*'.repeat(123);
  return [
    closes('7.1.1', 'a text and a close', frames(text(), close(1000)), 1000, answered),
    closes('7.1.2', 'two closes', frames(close(1000), close(1000)), 1000),
    closes('7.1.3', 'a ping after the close', frames(close(1000), ping('late')), 1000),
    closes('7.1.4', 'a text after the close', frames(close(1000), text()), 1000),
    closes(
      '7.1.5',
      'a close in the middle of a text',
      frames(begin(heartbeat()), close(1000), more('', true)),
      1000,
    ),
    closes(
      '7.1.6',
      'a long text, a close and a ping',
      frames(text(heartbeat(maxFrameBytes)), close(1000), ping('late')),
      1000,
      answered,
    ),
    closes('7.3.1', 'a close without a code', frames(close()), 'empty'),
    closes('7.3.2', 'a close of one byte', frames({ opcode: Opcode.CLOSE, payload: 'a' }), 1002),
    closes('7.3.3', 'a close with a code', frames(close(1000)), 1000),
    closes('7.3.4', 'a close with a code and a reason', frames(close(1000, 'Hello World!')), 1000),
    closes('7.3.5', 'a close with the longest reason', frames(close(1000, longest)), 1000),
    closes('7.3.6', 'a close with a longer reason', frames(close(1000, `${longest}*`)), 1002),
    closes(
      '7.5.1',
      'a close whose reason is no UTF-8',
      frames(close(1000, Buffer.concat([kosme, utf8(0xf4, 0x90, 0x80, 0x80)]))),
      1007,
    ),
    ...goodCodes.map((code, index) =>
      closes(`7.7.${index + 1}`, `a close with ${code}`, frames(close(code)), code),
    ),
    ...newCodes.map((code, index) =>
      closes(`7.7.${goodCodes.length + index + 1}`, `a close with ${code}`, frames(close(code)), code),
    ),
    ...badCodes.map((code, index) =>
      closes(`7.9.${index + 1}`, `a close with ${code}, which nobody may send`, frames(close(code)), 1002),
    ),
    closes('7.13.1', 'a close with 5000', frames(close(5000)), 1002),
    closes('7.13.2', 'a close with 65535', frames(close(65_535)), 1002),
  ];
}

function sizes(): WebSocketCase[] {
  const mib = kib * kib;
  const name = (bytes: number): string => (bytes < mib ? `${bytes / kib} KiB` : `${bytes / mib} MiB`);
  const largest = [64 * kib, 256 * kib, mib, 4 * mib, 8 * mib, 16 * mib];
  // Beyond the limit the head alone decides, and no more than this is ever sent of the rest.
  const tooLong = (opcode: number, length: number): Buffer =>
    frameBytes({ opcode, length, payload: Buffer.alloc(64 * kib, 0x2a) });
  const fragmentSizes = [64, 256, kib, 4 * kib, 16 * kib, 64 * kib, 256 * kib, mib, 4 * mib];
  const chops = [64, 128, 256, 512, kib, 2 * kib];
  const both = [
    { opcode: Opcode.TEXT, kind: 'text', payload: heartbeat(64 * kib), answers: [heartbeatAnswer] },
    { opcode: Opcode.BINARY, kind: 'binary message', payload: '*'.repeat(64 * kib), answers: [] },
  ];
  return both.flatMap(({ opcode, kind, payload, answers }, index) => [
    ...largest.map((length, nth) =>
      length <= maxFrameBytes
        ? stays(`9.${index + 1}.${nth + 1}`, `a ${kind} of ${name(length)}`, frames({ opcode, payload }), {
            answers,
          })
        : closes(`9.${index + 1}.${nth + 1}`, `a ${kind} of ${name(length)}`, tooLong(opcode, length), 1009),
    ),
    ...fragmentSizes.map((size, nth) =>
      size <= maxFrameBytes
        ? stays(
            `9.${index + 3}.${nth + 1}`,
            `a ${kind} of 64 KiB in fragments of ${size} bytes`,
            fragmented(payload, size, opcode),
            { answers },
          )
        : closes(
            `9.${index + 3}.${nth + 1}`,
            `a ${kind} of 4 MiB in fragments of ${name(size)}`,
            tooLong(opcode, size),
            1009,
          ),
    ),
    ...chops.map((chop, nth) =>
      stays(
        `9.${index + 5}.${nth + 1}`,
        `a ${kind} of 64 KiB in pieces of ${chop} bytes`,
        frames({ opcode, payload }),
        { chop, answers },
      ),
    ),
  ]);
}

/** `count` messages of each size in a row. */
function manyMessages(count: number): WebSocketCase[] {
  return [0, 16, 64, 256, kib, 4 * kib].flatMap((size, index) => {
    const payload = size === 0 ? '' : heartbeat(size);
    const answers = size === 0 ? [] : Array.from({ length: count }, () => heartbeatAnswer);
    const texts = Buffer.concat(Array.from({ length: count }, () => frames(text(payload))));
    const binaries = Buffer.concat(Array.from({ length: count }, () => frames(binary(payload))));
    return [
      stays(`9.7.${index + 1}`, `${count} texts of ${size} bytes`, texts, { answers }),
      stays(`9.8.${index + 1}`, `${count} binary messages of ${size} bytes`, binaries),
    ];
  });
}

/** What the suite does not have. */
function ours(): WebSocketCase[] {
  const unmasked = (parts: FrameParts): FrameParts => ({ ...parts, mask: false });
  const mask = Buffer.of(0x37, 0xfa, 0x21, 0x3d); // of RFC 6455, 5.7
  return [
    closes('A.1', 'a text that is not masked', frames(unmasked(text())), 1002),
    closes('A.2', 'a ping that is not masked', frames(unmasked(ping('x'))), 1002),
    closes('A.3', 'a close that is not masked', frames(unmasked(close(1000))), 1002),
    closes('A.4', 'a continuation that is not masked', frames(begin('x'), unmasked(more('y', true))), 1002),
    stays('A.5', 'masks that are not zero', frames({ ...text(), mask }, { ...ping('masked'), mask }), {
      answers: [heartbeatAnswer, 'pong:masked'],
    }),
    closes(
      'A.6',
      'a length of 2^63',
      frameBytes({ opcode: Opcode.TEXT, length: 2n ** 63n, lengthBytes: 8 }),
      1009,
    ),
    closes(
      'A.7',
      'a length of 2^53',
      frameBytes({ opcode: Opcode.TEXT, length: 2n ** 53n, lengthBytes: 8 }),
      1009,
    ),
    closes('A.8', 'a message of one byte too many', frames(text('x'.repeat(maxFrameBytes + 1))), 1009),
    closes(
      'A.9',
      'fragments of one byte too many',
      frames(begin('x'.repeat(maxFrameBytes)), more('x', true)),
      1009,
    ),
    // 5.2 demands the shortest form of the writer; a reader loses nothing by taking the others.
    stays(
      'A.10',
      'a length in more bytes than it needs',
      frames({ ...text(), lengthBytes: 2 }, { ...text(), lengthBytes: 8 }),
      {
        answers: [heartbeatAnswer, heartbeatAnswer],
      },
    ),
    closes(
      'A.11',
      'a control frame with a long form of length',
      frames({ ...ping('x'), lengthBytes: 2 }),
      1002,
    ),
    closes(
      'A.12',
      'a compressed text (RSV 1 after an extension that was declined)',
      frames({ ...text('\u00f2\u00cd'), rsv: 4 }),
      1002,
    ),
    closes('A.13', 'a close in pieces', frames(close(3001, 'bye')), 3001, { chop: 1 }),
    closes('A.14', 'a text and a broken frame in one packet', frames(text(), { opcode: 3 }), 1002, answered),
    closes(
      'A.15',
      'fragments of a binary message that go on as text',
      frames(begin('x', Opcode.BINARY), text('y')),
      1002,
    ),
    closes(
      'A.16',
      'a text in more than 1,024 fragments',
      Buffer.concat([frames(begin('')), ...Array.from({ length: 1_024 }, () => frames(more('')))]),
      1008,
    ),
    stays('A.17', 'a text in 1,024 fragments', fragmented(heartbeat(1_024), 1), answered),
  ];
}

export function webSocketCases({ messages }: { readonly messages: number }): readonly WebSocketCase[] {
  return [
    ...framing(),
    ...pingsAndPongs(),
    ...reservedBits(),
    ...reservedOpcodes(),
    ...fragments(),
    ...utf8Handling(),
    ...closing(),
    ...sizes(),
    ...manyMessages(messages),
    stays(
      '10.1.1',
      'a text of 64 KiB in fragments of 1300 bytes',
      fragmented(heartbeat(64 * kib), 1_300),
      answered,
    ),
    ...ours(),
  ];
}
