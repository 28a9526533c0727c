import { describe, expect, it } from 'vitest';
import { drawShares, type Dice, type ToDraw } from '../src/red-packets/draw.ts';

/** mulberry32: the same each time, and without the patterns of simpler ones, which a million draws show. */
function dice(seed: number): Dice {
  let state = seed;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * sides);
  };
}

/** Of each place in the order of grabs, over so many packets. */
function means(toDraw: ToDraw, packets: number): number[] {
  const roll = dice(7);
  const sums = Array.from({ length: toDraw.shares }, () => 0);
  for (let packet = 0; packet < packets; packet++)
    for (const [place, share] of drawShares(toDraw, roll).entries()) sums[place] = (sums[place] ?? 0) + share;
  return sums.map((sum) => sum / packets);
}

describe('what a red packet is split into', () => {
  it.each([
    { amount: 1_000, shares: 5, split: 'lucky' },
    // Next to nothing for each, where every rounding shows.
    { amount: 12, shares: 5, split: 'lucky' },
  ] as const)('is worth the same at every place, over a million packets: %j', (toDraw) => {
    const mean = toDraw.amount / toDraw.shares;

    const found = means(toDraw, 1_000_000);

    // Five times the error that a mean over a million has when a share is off by about half of it.
    const tolerance = (5 * 0.6 * mean) / Math.sqrt(1_000_000);
    for (const one of found) expect(Math.abs(one - mean)).toBeLessThan(tolerance);
  });

  it('is the amount, to the last unit, and nobody gets nothing', () => {
    const roll = dice(11);
    for (let round = 0; round < 20_000; round++) {
      const shares = 1 + roll(60);
      const amount = shares + roll(round % 2 === 0 ? 5 : 20_000);
      const drawn = drawShares({ amount, shares, split: 'lucky' }, roll);
      expect([drawn.length, drawn.reduce((all, one) => all + one, 0), Math.min(...drawn) >= 1]).toEqual([
        ...[shares, amount, true],
      ]);
    }
  });

  it('is the same for all when it is split equally, and differs when it is by luck', () => {
    expect(drawShares({ amount: 900, shares: 3, split: 'equal' }, dice(1))).toEqual([300, 300, 300]);
    const lucky = drawShares({ amount: 10_000, shares: 10, split: 'lucky' }, dice(1));
    expect(new Set(lucky).size).toBeGreaterThan(5);
    expect(drawShares({ amount: 7, shares: 7, split: 'lucky' }, dice(1))).toEqual([1, 1, 1, 1, 1, 1, 1]);
    expect(drawShares({ amount: 7, shares: 1, split: 'lucky' }, dice(1))).toEqual([7]);
  });
});
