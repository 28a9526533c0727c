import { expect, test } from 'vitest';
import { rowTests } from './rows/row-tests.ts';
import { judge, topicMembers } from './rows/topics.ts';

rowTests(topicMembers);

const inside = new Map([['1 red', [{ from: 0, to: 100 }]]]);
const outside = new Map([['2 red', [{ from: 0, to: 100 }]]]);
const sent = [{ topic: 'red', number: 7, from: 10, to: 20 }];

test.each([
  ['a message that is missing', [], [], ['was in it and connected throughout']],
  ['one that came twice', [7, 7], [], ['has it 2 times']],
  ['one that came to somebody who was taken out', [7], [7], ['was not in it']],
  ['nothing that is right', [7], [], []],
])('the checker of topics finds %s', (_, first, second, found) => {
  const sessions = new Map([
    [1, [{ from: 5, to: 50, seen: first }]],
    [2, [{ from: 5, to: 50, seen: second }]],
  ]);

  const { problems, checked } = judge({ sessions, following: new Map(), inside, outside, sent });

  expect(checked).toBe(2);
  expect(problems).toEqual(found.map((what) => expect.stringContaining(what) as unknown));
});

test.each([
  ['a follower that came back without it', [], [], [], ['came back, and was not told']],
  ['one that was told of something else', [], [{ topic: 'red', at: 9 }], [], ['came back, and was not told']],
  ['one that has it twice', [7, 7], [], [], ['has it 2 times']],
  ['one that was out of it', [7], [], [7], ['was not in it']],
  ['nothing where one was told', [], [{ topic: 'red', at: 30 }], [], []],
  ['nothing where one has it', [7], [], [], []],
])('the checker of topics finds %s', (_, first, reloads, second, found) => {
  const long = new Map([['1 red', [{ from: 0, to: 5_000 }]]]);
  const following = new Map([
    [1, { online: [5, 25], seen: first, reloads }],
    [2, { online: [5], seen: second, reloads: [] }],
  ]);

  const { problems, checked } = judge({ sessions: new Map(), following, inside: long, outside, sent });

  expect(checked).toBe(2);
  expect(problems).toEqual(found.map((what) => expect.stringContaining(what) as unknown));
});
