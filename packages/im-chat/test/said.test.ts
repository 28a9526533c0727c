import { expect, test } from 'vitest';
import { readSaid } from '../src/end-to-end/said.ts';

const good = { place: 2, since: 1, conversation: 'private:1:2', content: { type: 'text', text: 'hello' } };
const edits = { number: 1, deviceId: 'A', place: 1 };

test('what somebody has sealed is read when it is a message, and is none otherwise', () => {
  const { since: _, ...older } = good;
  for (const said of [good, older, { ...good, edits }, { ...good, since: 0 }, { ...good, key: 'a' }])
    expect(readSaid(JSON.stringify({ content: said }))).toEqual(said);
  for (const bad of [
    ...[null, {}, 'text', { ...good, place: '2' }, { ...good, place: 0 }, { ...good, place: 2 ** 60 }],
    ...[
      { ...good, since: 2 },
      { ...good, since: -1 },
      { ...good, conversation: 7 },
      { ...good, key: 7 },
    ],
    ...[
      { ...good, content: null },
      { ...good, content: { type: 'text' } },
      { ...good, content: [] },
    ],
    ...[
      { ...good, content: { type: 'encrypted', body: '' } },
      { ...good, edits: null },
    ],
    ...[{ ...good, edits: { ...edits, place: {} } }],
  ])
    expect(readSaid(JSON.stringify({ content: bad }))).toBeUndefined();
});
