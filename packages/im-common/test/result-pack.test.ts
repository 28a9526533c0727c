import { expect, it } from 'vitest';
import { toByteText, type ByteText } from '../src/bus/byte-text.ts';
import { ScanError } from '../src/bus/json-scan.ts';
import { decodeResults, mostPerPack, packResults } from '../src/bus/result-pack.ts';
import { decodeResult, encodeResults } from '../src/bus/result.ts';

const handling = { serverId: 7, takenAt: 1_700_000_000_001, resolvedAt: 1_700_000_000_002 };

/** What a server says of a message to this user: braces, brackets and quotes are in it as well. */
function resultTo(id: string, data: string = JSON.stringify({ text: `]},"[{\\ ${id} é` })): ByteText {
  const address = { id, terminal: 0 };
  const source = { dataText: toByteText(data), messageId: `m-${id}`, attempt: 1, queuedAt: 3 };
  const [text] = encodeResults('private', source, [{ address, stage: 'proved' }], handling);
  return text!;
}

it('carries results in their order, a few in each entry', () => {
  const texts = Array.from({ length: 3 * mostPerPack + 1 }, (_, index) => resultTo(String(index)));

  const packs = packResults(texts);

  expect(packs).toHaveLength(4);
  expect(packs.at(-1), 'one alone is as it always was').toBe(texts.at(-1));
  expect(packs.flatMap(decodeResults)).toEqual(texts.map(decodeResult));
  for (const pack of packs) expect(() => JSON.parse(pack) as unknown).not.toThrow();
});

it('carries large results alone', () => {
  const large = resultTo('1', JSON.stringify('x'.repeat(100_000)));

  expect(packResults([large, large, resultTo('2')])).toEqual([large, large, resultTo('2')]);
});

it('reads results of any shape beside those that it knows', () => {
  const group = encodeResults(
    'group',
    { dataText: toByteText('[1]'), attempt: 1 },
    [
      { address: { id: '1', terminal: 0 }, stage: 'proved' },
      { address: { id: '2', terminal: 0 }, stage: 'written' },
    ],
    handling,
  );
  const texts = [
    resultTo('1'),
    ...group,
    toByteText(' { "code" : 2 , "receiver" : null } '),
    resultTo('u.2'),
  ];

  expect(packResults(texts).flatMap(decodeResults)).toEqual(texts.map(decodeResult));
});

it.each(['[', '[]x', `[${resultTo('1')}`, `[${resultTo('1')},]`, `[${resultTo('1')}]]`, '[{"code":3}]'])(
  'refuses %s',
  (text) => {
    expect(() => decodeResults(toByteText(text))).toThrow(ScanError);
  },
);
