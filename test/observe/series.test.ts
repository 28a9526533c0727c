import { expect, test } from 'vitest';
import { pathOf, seriesOf, show, topOf } from './page/series.ts';

// What the page of `npm run demo:observe` makes of Prometheus' answers.

test('a series is named after its labels', () => {
  const values = [[10, '1.5'] as const, [12, 'NaN'] as const];
  const answer = { data: { result: [{ metric: { instance: 'push-1' }, values }] } };

  expect(seriesOf(answer, '{{instance}} {{worker}}')).toEqual([
    {
      name: 'push-1',
      points: [
        [10, 1.5],
        [12, Number.NaN],
      ],
    },
  ]);
});

test('a line ends where there is no value, and none for long, and goes on behind', () => {
  const points = [
    [0, 1] as const,
    [2, 2] as const,
    [4, Number.NaN] as const,
    [6, 4] as const,
    [20, 5] as const,
  ];

  expect(
    pathOf(
      points,
      (at) => at,
      (value) => value,
      6,
    ),
  ).toBe('M0.0 1.0L2.0 2.0M6.0 4.0M20.0 5.0');
});

test.each([
  [0, 1],
  [0.003, 0.004],
  [3, 4],
  [8, 8],
  [81, 100],
])('an axis with %d goes up to %d', (most, top) => {
  expect(topOf(most)).toBeCloseTo(top, 10);
});

test.each([
  [0.0123, 's', '12.3 ms'],
  [2, 's', '2 s'],
  [0.5, 'ops', '0.5/s'],
  [2_000, 'Bps', '2 kB/s'],
  [Number.NaN, 'short', '–'],
] as const)('%d %s is shown as %s', (value, unit, text) => {
  expect(show(value, unit)).toBe(text);
});
