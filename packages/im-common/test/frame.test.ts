import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ImError } from '../src/errors.ts';
import { decodeFrame, encodeFrame } from '../src/protocol/frame.ts';
import { someCharacter } from './some-character.ts';

describe('a frame', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.integer(), fc.json({ stringUnit: someCharacter }), (cmd, data) => {
        expect(decodeFrame(encodeFrame(cmd, data))).toEqual({ cmd, data: JSON.parse(data) as unknown });
      }),
    );
  });

  it.each(['{"cmd":"1","data":{}}', ' {"data":{},\n"cmd":1} ', '{"cmd":1.0,"data":{}}'])(
    'may be written as %j',
    (text) => {
      expect(decodeFrame(text)).toEqual({ cmd: 1, data: {} });
    },
  );

  it('may have no data', () => {
    expect(decodeFrame('{"cmd":1}')).toEqual({ cmd: 1, data: undefined });
  });

  it.each([
    '',
    'text',
    '{',
    '[]',
    '[{"cmd":1}]',
    '1',
    'null',
    '"{}"',
    '{}',
    '{"data":1}',
    '{"cmd":null}',
    '{"cmd":1.5}',
    '{"cmd":"one"}',
    '{"cmd":"-1"}',
    '{"cmd":"1 "}',
    '{"cmd":""}',
    '{"cmd":"12345678901"}',
    '{"cmd":[1]}',
    '{"cmd":true}',
    '{"cmd":1e999}',
    '{"cmd":1,"data":{},"id":3}',
    '{"cmd":1,"data":{},"__proto__":{}}',
    '{"cmd":1,"constructor":1}',
    '\ufeff{"cmd":1}',
  ])('is not %j', (text) => {
    expect(() => decodeFrame(text)).toThrow(expect.objectContaining({ code: 'INVALID_FRAME' }));
  });

  it('pollutes nothing with the keys of Object.prototype in its data', () => {
    decodeFrame(
      '{"cmd":0,"data":{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}}',
    );

    expect({}).not.toHaveProperty('polluted');
  });

  it('nested as deep as 64 KiB allow costs no stack', () => {
    expect(decodeFrame(`{"cmd":1,"data":${'['.repeat(32_000)}${']'.repeat(32_000)}}`).cmd).toBe(1);
  });

  it('or an ImError is made of any text', () => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc.jsonValue().map((value) => JSON.stringify({ cmd: value, data: value })),
    );
    fc.assert(
      fc.property(text, (given) => {
        try {
          expect(Number.isInteger(decodeFrame(given).cmd)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(ImError);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
