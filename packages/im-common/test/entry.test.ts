import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeviceAddress } from '../src/address.ts';
import { fromByteText, toByteText, type ByteText } from '../src/bus/byte-text.ts';
import { decodeEntry, encodeEntry, PoisonError, type Entry } from '../src/bus/entry.ts';
import { messageKinds } from '../src/protocol/command.ts';
import { someCharacter } from './some-character.ts';

const someAddress: fc.Arbitrary<DeviceAddress> = fc.record({
  id: fc.oneof(
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
    fc.uuid(),
    fc.constantFrom('0', '9007199254740993', 'user@example.com', 'null', 'true', '007', '1.5', '-'),
  ),
  terminal: fc.constantFrom(0, 1, 2, -1, 17),
});

const someJson = fc.json({ stringUnit: someCharacter }).map(toByteText);

const someEntry: fc.Arbitrary<Entry> = fc.record(
  {
    dataText: someJson,
    receivers: fc.array(someAddress, { maxLength: 5 }),
    sendResult: fc.boolean(),
    attempt: fc.integer({ min: 1, max: 9 }),
    everyoneOn: fc.array(fc.integer({ min: -1, max: 9 })),
    senderText: fc.constantFrom('{"id":1,"terminal":0}', '{"terminal": 2, "id": "x"}').map(toByteText),
    serviceName: fc.string({ unit: someCharacter }),
    messageId: fc.string({ unit: someCharacter }),
    queuedAt: fc.nat(2_000_000_000_000),
    extras: fc.record({
      topic: fc.constantFrom('room:7', 'a b{}"é'),
      except: fc.array(fc.constantFrom('1:0', 'anna:-1')),
      number: fc.maxSafeInteger(),
    }),
  },
  { requiredKeys: ['dataText', 'receivers', 'sendResult', 'attempt'] },
);

describe('an entry of ours', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.constantFrom(...messageKinds), someEntry, (kind, entry) => {
        expect(decodeEntry(encodeEntry(kind, entry))).toEqual(entry);
      }),
    );
  });

  it("is read as the same entry with space in it, which makes it anybody's", () => {
    const ours = { messageId: 'a1b2-7', serviceName: 'shop:a1b2', queuedAt: 1_763_618_400_000 };
    fc.assert(
      fc.property(fc.constantFrom(...messageKinds), someEntry, (kind, entry) => {
        const text = encodeEntry(kind, { ...entry, ...ours });

        expect(decodeEntry(text)).toEqual(decodeEntry(text.replace('{"cmd":', '{ "cmd": ') as ByteText));
      }),
    );
  });

  it('is JSON in UTF-8 that a Java consumer can read', () => {
    fc.assert(
      fc.property(someEntry, (entry) => {
        const text = fromByteText(encodeEntry('group', entry));

        expect(JSON.parse(text)).toMatchObject({ cmd: 4, sendResult: entry.sendResult });
        expect(toByteText(text)).toBe(encodeEntry('group', entry));
      }),
    );
  });

  it('carries integer ids bare, so that Java reads longs, and others quoted', () => {
    const receivers = ['9007199254740993', '-1', 'anna', '007'].map((id) => ({ id, terminal: 0 }));
    const entry = { dataText: toByteText('1'), receivers, sendResult: false, attempt: 1 };

    expect(encodeEntry('private', entry)).toContain(
      '[{"id":9007199254740993,"terminal":0},{"id":-1,"terminal":0},{"id":"anna","terminal":0},{"id":"007","terminal":0}]',
    );
  });
});

describe('an entry as Java writes it', () => {
  const receivers = [{ id: '2', terminal: 0 }];

  it.each([
    [
      'the keys in any order',
      '{"serviceName":"app","sender":{"terminal":0,"id":1},"sendResult":true,"receivers":[{"terminal":0,"id":2}],"data":{},"cmd":3}',
    ],
    [
      'blanks everywhere',
      ' { "data" : {} , "receivers" : [ { "id" : 2 , "terminal" : 0 } ] , "sendResult" : true , "serviceName" : "app" } ',
    ],
    [
      'numbers as strings',
      '{"cmd":"3","data":{},"receivers":[{"id":"2","terminal":"0"}],"sendResult":"true","serviceName":"app"}',
    ],
    [
      'keys that nobody knows',
      '{"data":{},"new":{"a":[1]},"receivers":[{"id":2,"new":null,"terminal":0}],"sendResult":true,"x":{"new":{},"toString":1},"serviceName":"app"}',
    ],
    [
      'escapes in its strings',
      '{"d\\u0061ta":{},"receivers":[{"id":2,"terminal":0}],"sendResult":true,"serviceName":"\\u0061pp"}',
    ],
    [
      'nulls for what it leaves out',
      '{"data":{},"messageId":null,"attempt":null,"queuedAt":null,"everyoneOn":null,"receivers":[{"id":2,"terminal":0}],"sendResult":true,"sender":null,"serviceName":"app"}',
    ],
    [
      'a reference for a receiver',
      '{"data":{},"receivers":[{"$ref":"$.sender"}],"sendResult":true,"sender":{"id":2,"terminal":0},"serviceName":"app"}',
    ],
    [
      'a reference for its receivers',
      '{"a":[{"id":2,"terminal":0}],"data":{},"receivers":{"$ref":"$.a"},"sendResult":true,"serviceName":"app"}',
    ],
  ])('may have %s', (_, text) => {
    expect(decodeEntry(toByteText(text))).toMatchObject({
      dataText: '{}',
      receivers,
      sendResult: true,
      serviceName: 'app',
    });
  });

  it('may have a reference for its sender', () => {
    const text =
      '{"data":{},"receivers":[{"id":2,"terminal":0}],"sendResult":true,"sender":{"$ref":"$.receivers[0]"}}';

    expect(decodeEntry(toByteText(text)).senderText).toBe('{"id":2,"terminal":0}');
  });

  it('without receivers, sendResult or service wants no result of anybody', () => {
    const entry = decodeEntry(toByteText('{"data":7}'));

    expect(entry).toMatchObject({ dataText: '7', receivers: [], sendResult: false, attempt: 1 });
    expect(entry.serviceName).toBeUndefined();
  });

  it('has its escaped names read as characters', () => {
    const text = toByteText('{"serviceName":"\\u4f60é\\n","messageId":"\\u00e9"}');

    expect(decodeEntry(text)).toMatchObject({ serviceName: '你é\n', messageId: 'é' });
  });

  it('keeps data byte for byte', () => {
    const data = '{ "n":9007199254740993,"s":"\\u003Cé😀\\/" , "z":1,"a":1e400,"a":-0.0 }';

    const entry = decodeEntry(toByteText(`{"data": ${data} ,"receivers":[]}`));

    expect(fromByteText(entry.dataText)).toBe(data);
  });
});

describe('an entry that cannot be pushed', () => {
  const receiver = '"receivers":[{"id":2,"terminal":0}]';

  it.each([
    'no JSON',
    '',
    '[]',
    'null',
    '"text"',
    '{"data":',
    `{"data":{},${receiver}`,
    `{"data":01,${receiver}}`,
    `{"data":${'['.repeat(100_000)},${receiver}}`,
    '{"receivers":{}}',
    '{"receivers":"2"}',
    '{"receivers":[2]}',
    '{"receivers":[null]}',
    '{"receivers":[{}]}',
    '{"receivers":[{"id":null,"terminal":0}]}',
    '{"receivers":[{"id":true,"terminal":0}]}',
    '{"receivers":[{"id":1.5,"terminal":0}]}',
    '{"receivers":[{"id":1e3,"terminal":0}]}',
    '{"receivers":[{"id":123456789012345678901234567890,"terminal":0}]}',
    '{"receivers":[{"id":"","terminal":0}]}',
    '{"receivers":[{"id":"a b","terminal":0}]}',
    '{"receivers":[{"id":{},"terminal":0}]}',
    '{"receivers":[{"id":2}]}',
    '{"receivers":[{"id":2,"terminal":0.5}]}',
    '{"receivers":[{"id":2,"terminal":"web"}]}',
    '{"receivers":[{"$ref":"$.nowhere"}]}',
    '{"receivers":{"$ref":"$.receivers"}}',
    `{${receiver},"sendResult":"yes"}`,
    `{${receiver},"sendResult":{}}`,
    `{${receiver},"serviceName":7}`,
    `{${receiver},"messageId":{}}`,
    `{${receiver},"attempt":"first"}`,
    `{${receiver},"everyoneOn":7}`,
    `{${receiver},"x":7}`,
    `{${receiver},"x":{"topic":7}}`,
    `{${receiver},"x":{"except":[1]}}`,
    '{"cmd":3,"receivers":[],"sendResult":true,"x":{"topic":["a"]},"data":{}}',
    '{"cmd":3,"receivers":[{"id":2,"terminal":0},,"sendResult":true,"data":{}}',
  ])('is poison: %.80s', (text) => {
    expect(() => decodeEntry(toByteText(text))).toThrow(PoisonError);
  });

  it('is poison when its bytes are no UTF-8', () => {
    expect(() => decodeEntry('{"data":"\xff\xfe"}' as ByteText)).toThrow(PoisonError);
  });

  it('still says who should hear of it, where that can be read', () => {
    const text =
      '{"messageId":"m","receivers":[{"id":2,"terminal":0}],"sendResult":true,"sender":{"id":1,"terminal":0},"serviceName":"app","data":{"a":}}';

    const salvaged = salvageOf(text);

    expect(salvaged).toMatchObject({
      messageId: 'm',
      receivers: [{ id: '2', terminal: 0 }],
      sendResult: true,
      senderText: '{"id":1,"terminal":0}',
      serviceName: 'app',
    });
    expect(salvaged?.dataText).toBeUndefined();
  });

  it('never makes anything but an entry or poison of any text', () => {
    const nearly = fc
      .tuple(someEntry, fc.nat(), fc.nat(5), fc.string({ maxLength: 3 }))
      .map(([entry, at, count, piece]) => {
        const text = encodeEntry('group', entry);
        const start = at % text.length;
        return (text.slice(0, start) + toByteText(piece) + text.slice(start + count)) as ByteText;
      });
    fc.assert(
      fc.property(nearly, (text) => {
        try {
          expect(decodeEntry(text).receivers).toBeInstanceOf(Array);
        } catch (error) {
          expect(error).toBeInstanceOf(PoisonError);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  function salvageOf(text: string): Partial<Entry> | undefined {
    try {
      decodeEntry(toByteText(text));
    } catch (error) {
      if (error instanceof PoisonError) return error.salvaged;
    }
    return undefined;
  }
});
