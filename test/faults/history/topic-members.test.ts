import { expect, test } from 'vitest';
import { judgeTopics, type TopicDevice } from './topic-members.ts';

const inside = new Map([['1 red', [{ from: 0, to: 5_000 }]]]);
const outside = new Map([['2 red', [{ from: 0, to: 5_000 }]]]);
const message = { topic: 'red', message: '7', from: 10, to: 20, isKept: true, isWhole: true };

function device(
  user: number,
  sessions: readonly [number, number][],
  times: number,
  reloads?: TopicDevice['reloads'],
): TopicDevice {
  return {
    ...{ address: `${user}:0`, userId: String(user), reloads },
    sessions: sessions.map(([from, to]) => ({ from, to })),
    given: new Map([['7', times]]),
  };
}

const throughout: readonly [number, number][] = [[5, 4_000]];
const back: readonly [number, number][] = [
  [5, 15],
  [25, 4_000],
];
const told = [{ topic: 'red', at: 30 }];

test.each<[string, TopicDevice, string[], number?]>([
  ['a message that is missing', device(1, throughout, 0), ['was in it and connected throughout']],
  ['one that came twice', device(1, throughout, 2), ['has it 2 times']],
  ['one that came to somebody who was taken out', device(2, throughout, 1), ['was not in it']],
  ['nothing that is right', device(1, throughout, 1), []],
  ['a follower that came back without it', device(1, back, 0, []), ['came back, and was not told']],
  [
    'one that was told of another topic',
    device(1, back, 0, [{ topic: 'blue', at: 30 }]),
    ['came back, and was not told'],
  ],
  [
    'one that was told before it was sent',
    device(1, back, 0, [{ topic: 'red', at: 9 }]),
    ['came back, and was not told'],
  ],
  ['a follower that has it twice', device(1, back, 2, []), ['has it 2 times']],
  ['a follower that was out of it', device(2, back, 1, []), ['was not in it']],
  ['nothing where one was told', device(1, back, 0, told), []],
  ['nothing where one has it', device(1, back, 1, []), []],
  ['nothing where one that does not follow missed it', device(1, back, 0), [], 0],
  [
    'nothing where one has just come back',
    device(
      1,
      [
        [5, 15],
        [25, 1_000],
      ],
      0,
      [],
    ),
    [],
    0,
  ],
])('finds %s', (_, one, found, checkedCount = 1) => {
  const { problems, checked } = judgeTopics({ devices: [one], inside, outside, sent: [message] });

  expect(checked).toBe(checkedCount);
  expect(problems.map(({ what }) => what)).toEqual(
    found.map((what) => expect.stringContaining(what) as unknown),
  );
});

test('finds one that was left out and has it all the same', () => {
  const sent = [{ ...message, except: ['1:0'] }];
  const { problems } = judgeTopics({ devices: [device(1, throughout, 1)], inside, outside, sent });
  expect(problems).toMatchObject([{ what: expect.stringContaining('was left out') as unknown }]);
});

test('says nothing of who misses one that did not come to all servers', () => {
  const sent = [{ ...message, isWhole: false }];
  const { checked } = judgeTopics({ devices: [device(1, throughout, 0)], inside, outside, sent });
  expect(checked).toBe(0);
});
