import { describe, expect, it } from 'vitest';
import { laneCount, laneOf, laneOfId, lanesOf } from '../src/db/lanes.ts';
import { idEpoch, idsWithin, isTimed, nextId } from '../src/message-log/ids.ts';

const now = Date.UTC(2026, 10, 27);
const nothing = { last: 0, highest: 0, time: now };

/** So many ids of a lane, one after the other. */
function idsOf(lane: number, count: number, known = nothing): number[] {
  const ids: number[] = [];
  for (let last = known.last; ids.length < count; ids.push(last)) last = nextId(lane, { ...known, last });
  return ids;
}

describe('ids', () => {
  it('are of the time and the lane, in numbers that JavaScript knows exactly', () => {
    const id = nextId(63, nothing);

    expect(laneOfId(id)).toBe(63);
    expect(id - idsWithin(now - idEpoch)).toBe(63 * 64);
    expect(isTimed(id)).toBe(true);
    const last = nextId(63, { ...nothing, time: idEpoch + 2 ** 41 - 1 });
    expect(last).toBeLessThanOrEqual(Number.MAX_SAFE_INTEGER);
    expect(laneOfId(last)).toBe(63);
  });

  it('rise within a lane, and 400 at once borrow 6 ms', () => {
    const ids = idsOf(5, 400);

    expect(ids).toEqual(ids.toSorted((one, other) => one - other));
    expect(new Set(ids).size).toBe(400);
    expect(ids.map(laneOfId)).toEqual(Array(400).fill(5));
    expect((ids.at(-1) ?? 0) - (ids[0] ?? 0)).toBeLessThan(idsWithin(7));
  });

  it('are above all that are known, when the clock goes back an hour, and when it did so before', () => {
    const ahead = nextId(9, { ...nothing, time: now + 3_600_000 });

    for (const lane of [3, 9, 20]) {
      const [id = 0, next = 0] = idsOf(lane, 2, { ...nothing, highest: ahead });
      expect(id).toBeGreaterThan(ahead);
      expect(id - ahead).toBeLessThan(idsWithin(2));
      expect(laneOfId(id)).toBe(lane);
      expect(next).toBe(id + 1);
    }
  });

  it('of two lanes never meet, however fast they are given out', () => {
    const ids = new Set<number>();
    let highest = 0;
    for (let round = 0; round < 50; round++)
      for (const lane of [0, 1, 2, 63]) {
        const its = idsOf(lane, 100, { ...nothing, highest });
        for (const id of its) ids.add(id);
        highest = Math.max(highest, ...its);
      }

    expect(ids.size).toBe(50 * 4 * 100);
  });

  it('come above those that counters gave out', () => {
    expect(isTimed(10_000_000_000)).toBe(false);
    expect(nextId(4, { ...nothing, last: 10_000_000_000, highest: 10_000_000_000 })).toBeGreaterThan(
      10_000_000_000,
    );
  });
});

describe('the lane of a conversation', () => {
  // Rows in databases say so too: another answer would be another order of things that are stored.
  it('is the same for ever', () => {
    expect(['private:1:2', 'private:7:900', 'group:1', 'group:77'].map(laneOf)).toEqual([36, 48, 61, 49]);
  });

  it('is even for two people, odd for groups, and all of them are used', () => {
    const names = Array.from({ length: 2_000 }, (_, n) => [`private:${n}:${n + 1}`, `group:${n}`]);
    const used = new Set(names.flat().map(laneOf));

    expect(used.size).toBe(laneCount);
    for (const [pair = '', group = ''] of names)
      expect([laneOf(pair) % 2, laneOf(group) % 2]).toEqual([0, 1]);
    expect([...lanesOf('private'), ...lanesOf('group')].sort((one, other) => one - other)).toEqual(
      [...used].sort((one, other) => one - other),
    );
  });
});
