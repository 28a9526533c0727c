import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromByteText, toByteText } from '../src/bus/byte-text.ts';
import { ScanError } from '../src/bus/json-scan.ts';
import {
  codeOf,
  codeOfReason,
  decodeResult,
  encodeLastResult,
  encodeResults,
  ResultCode,
  stages,
  type Handling,
  type Outcome,
  type Reason,
  type ResultSource,
} from '../src/bus/result.ts';
import { messageKinds } from '../src/protocol/command.ts';
import { someCharacter } from './some-character.ts';

const reasons = Object.keys(codeOfReason) as Reason[];

const someSource: fc.Arbitrary<ResultSource & Handling> = fc.record(
  {
    dataText: fc.json({ stringUnit: someCharacter }).map(toByteText),
    attempt: fc.integer({ min: 1, max: 9 }),
    senderText: fc.constant(toByteText('{"id":1,"terminal":0}')),
    messageId: fc.string({ unit: someCharacter }),
    serverId: fc.nat(),
    queuedAt: fc.nat(2_000_000_000_000),
    takenAt: fc.nat(2_000_000_000_000),
    resolvedAt: fc.nat(2_000_000_000_000),
  },
  { requiredKeys: ['dataText', 'attempt'] },
);

const someOutcomes: fc.Arbitrary<Outcome[]> = fc.uniqueArray(
  fc.record({
    address: fc.record({ id: fc.nat(50).map(String), terminal: fc.constantFrom(0, 1) }),
    stage: fc.constantFrom(...stages),
    reason: fc.option(fc.constantFrom(...reasons), { nil: undefined }),
  }),
  { selector: ({ address }) => `${address.id}:${address.terminal}`, maxLength: 12 },
);

const source: ResultSource = {
  dataText: toByteText('{"id":101}'),
  senderText: toByteText('{"id":1,"terminal":0}'),
  attempt: 1,
};

function reached(id: number, reason?: Reason): Outcome {
  return { address: { id: String(id), terminal: 0 }, stage: reason ? 'queued' : 'proved', reason };
}

describe('results', () => {
  it('are read as they were written, each outcome once', () => {
    fc.assert(
      fc.property(fc.constantFrom(...messageKinds), someSource, someOutcomes, (kind, given, outcomes) => {
        const results = encodeResults(kind, given, outcomes, given).map(decodeResult);

        const inCodeOrder = [0, 1, 2, 9999].flatMap((code) =>
          outcomes.filter((outcome) => codeOf(outcome) === code),
        );
        expect(results.flatMap((result) => result.outcomes)).toEqual(
          kind === 'private' ? outcomes : inCodeOrder,
        );
        for (const result of results) {
          expect(result).toMatchObject(given);
          expect(result.outcomes.map(codeOf)).toEqual(result.outcomes.map(() => result.code));
          expect(result.last).toBe(false);
        }
      }),
    );
  });

  it("are read as the same with space in them, which makes them anybody's", () => {
    fc.assert(
      fc.property(fc.constantFrom(...messageKinds), someSource, someOutcomes, (kind, source, outcomes) => {
        for (const text of encodeResults(kind, { ...source, messageId: 'a1b2-7' }, outcomes, source)) {
          const spaced = text.replace('{"code":', '{ "code": ') as typeof text;
          expect(decodeResult(text)).toEqual(decodeResult(spaced));
        }
      }),
    );
  });

  it('of a private message are one object per receiver, as box-im writes them', () => {
    expect(encodeResults('private', source, [reached(2), reached(3, 'NO_CHANNEL')])).toEqual([
      '{"code":0,"data":{"id":101},"receiver":{"id":2,"terminal":0},"sender":{"id":1,"terminal":0},"attempt":1,"stage":"proved"}',
      '{"code":2,"data":{"id":101},"receiver":{"id":3,"terminal":0},"sender":{"id":1,"terminal":0},"attempt":1,"stage":"queued","reason":"NO_CHANNEL"}',
    ]);
  });

  it.each(['group', 'system'] as const)(
    'of a %s message are one batch per code: success, no channel, error',
    (kind) => {
      const outcomes = [
        reached(2, 'POISON'),
        reached(3, 'NO_CHANNEL'),
        reached(4),
        reached(5),
        reached(6, 'DRAINING'),
      ];

      expect(encodeResults(kind, source, outcomes)).toEqual([
        '{"code":0,"data":{"id":101},"receivers":[{"id":4,"terminal":0},{"id":5,"terminal":0}],"sender":{"id":1,"terminal":0},"attempt":1,"stage":"proved"}',
        '{"code":2,"data":{"id":101},"receivers":[{"id":3,"terminal":0},{"id":6,"terminal":0,"stage":"queued","reason":"DRAINING"}],"sender":{"id":1,"terminal":0},"attempt":1,"stage":"queued","reason":"NO_CHANNEL"}',
        '{"code":9999,"data":{"id":101},"receiver":{"id":2,"terminal":0},"receivers":[{"id":2,"terminal":0}],"sender":{"id":1,"terminal":0},"attempt":1,"stage":"queued","reason":"POISON"}',
      ]);
    },
  );

  it('of nobody are none', () => {
    expect(encodeResults('group', source, [])).toEqual([]);
    expect(encodeResults('private', source, [])).toEqual([]);
  });

  it('end with a last one that has no receivers, for a push to everyone', () => {
    const result = decodeResult(encodeLastResult(source));

    expect(result).toMatchObject({ last: true, outcomes: [], dataText: '{"id":101}' });
  });

  it('are UTF-8, also with a message id that is not ASCII', () => {
    const [text = toByteText('')] = encodeResults('private', { ...source, messageId: '订单-é' }, [
      reached(2),
    ]);

    expect(JSON.parse(fromByteText(text))).toMatchObject({ messageId: '订单-é' });
    expect(decodeResult(text).messageId).toBe('订单-é');
  });
});

describe("box-im's results", () => {
  it.each([
    [0, { stage: 'handed', reason: undefined }],
    [1, { stage: 'queued', reason: 'NOT_ONLINE' }],
    [2, { stage: 'queued', reason: 'NO_CHANNEL' }],
    [9999, { stage: 'queued', reason: 'UNKNOWN' }],
  ])('with code %d are understood', (code, meaning) => {
    const single = `{"code":${code},"data":{"id":1},"receiver":{"id":2,"terminal":0},"sender":{"id":1,"terminal":0}}`;
    const batch = `{"code":"${code}","data":{"id":1},"receivers":[{"terminal":"0","id":"2"}]}`;

    for (const text of [single, batch]) {
      const { outcomes, attempt, dataText } = decodeResult(toByteText(text));
      expect({ outcomes, attempt, dataText }).toEqual({
        outcomes: [{ address: { id: '2', terminal: 0 }, ...meaning }],
        attempt: 1,
        dataText: '{"id":1}',
      });
    }
  });

  it.each([
    '',
    '[]',
    '{}',
    '{"code":7}',
    '{"code":null}',
    '{"code":0,"receiver":{"id":2}}',
    '{"code":0,"receivers":{}}',
  ])('that are none are refused: %s', (text) => {
    expect(() => decodeResult(toByteText(text))).toThrow(ScanError);
  });
});

it('every reason has one of the four codes', () => {
  const codes: number[] = Object.values(ResultCode);
  for (const reason of reasons) expect(codes).toContain(codeOfReason[reason]);
});
