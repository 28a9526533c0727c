import { expect, it } from 'vitest';
import { winnerOf } from '../src/campaigns/winner.ts';

it('the variant that more have opened wins, and is sure only beyond what chance does', () => {
  const [few, many] = [{ sent: 100 }, { sent: 10_000 }];

  expect(winnerOf([{ name: 'A', ...few, opened: 12 }])).toBeNull();
  expect(
    winnerOf([
      { name: 'A', ...few, opened: 12 },
      { name: 'B', sent: 0, opened: 0 },
    ]),
  ).toBeNull();
  expect(
    winnerOf([
      { name: 'A', ...few, opened: 12 },
      { name: 'B', ...many, opened: 1_200 },
    ]),
  ).toBeNull();
  expect(
    winnerOf([
      { name: 'A', ...few, opened: 12 },
      { name: 'B', ...few, opened: 16 },
    ]),
  ).toEqual({ variant: 'B', isSure: false });
  expect(
    winnerOf([
      { name: 'A', ...many, opened: 1_200 },
      { name: 'B', ...many, opened: 1_600 },
      { name: 'C', ...many, opened: 900 },
    ]),
  ).toEqual({ variant: 'B', isSure: true });
});
