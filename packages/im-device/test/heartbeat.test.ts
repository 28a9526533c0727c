import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  died,
  startHeartbeat,
  survived,
  type Heartbeat,
  type HeartbeatLimits,
} from '../src/connection/heartbeat.ts';

const limits: HeartbeatLimits = { heartbeatFloorMs: 10_000, heartbeatCeilingMs: 50_000 };
const floors = fc.integer({ min: 1, max: 60_000 });
const allLimits: fc.Arbitrary<HeartbeatLimits> = fc
  .tuple(floors, floors)
  .map(([a, b]) => ({ heartbeatFloorMs: Math.min(a, b), heartbeatCeilingMs: Math.max(a, b) }));

/** One heartbeat in a network that forgets what is silent for longer than `keepsMs`. */
function beat(
  heartbeat: Heartbeat,
  keepsMs: number,
  within: HeartbeatLimits,
): { next: Heartbeat; died: boolean } {
  const silenceMs = heartbeat.intervalMs;
  return silenceMs <= keepsMs
    ? { next: survived(heartbeat, silenceMs, within), died: false }
    : { next: died(heartbeat, silenceMs, within), died: true };
}

function run(heartbeat: Heartbeat, keepsMs: number, beats: number, within: HeartbeatLimits) {
  let deaths = 0;
  for (let i = 0; i < beats; i++) {
    const result = beat(heartbeat, keepsMs, within);
    heartbeat = result.next;
    if (result.died) deaths += 1;
  }
  return { heartbeat, deaths };
}

test('whatever happens, the interval stays between floor and ceiling', () => {
  const events = fc.array(fc.tuple(fc.boolean(), fc.double({ min: 0, max: 1e6, noNaN: true })), {
    maxLength: 300,
  });
  fc.assert(
    fc.property(allLimits, events, (within, happenings) => {
      let heartbeat = startHeartbeat(within);
      for (const [good, silenceMs] of happenings) {
        heartbeat = (good ? survived : died)(heartbeat, silenceMs, within);
        expect(heartbeat.intervalMs).toBeGreaterThanOrEqual(within.heartbeatFloorMs);
        expect(heartbeat.intervalMs).toBeLessThanOrEqual(within.heartbeatCeilingMs);
        if (heartbeat.badMs !== undefined) expect(heartbeat.badMs).toBeGreaterThan(heartbeat.goodMs);
      }
    }),
  );
});

test('it finds the longest interval that the network keeps, to an eighth, for a handful of lost connections', () => {
  fc.assert(
    fc.property(fc.double({ min: 10_000, max: 200_000, noNaN: true }), (keepsMs) => {
      const { heartbeat, deaths } = run(startHeartbeat(limits), keepsMs, 40, limits);
      const best = Math.min(keepsMs, limits.heartbeatCeilingMs);
      expect(heartbeat.intervalMs).toBeLessThanOrEqual(best);
      expect(heartbeat.intervalMs * 1.125).toBeGreaterThanOrEqual(best);
      expect(deaths).toBeLessThanOrEqual(4);
    }),
  );
});

test('in a network that has become worse it falls back, and finds the new limit', () => {
  fc.assert(
    fc.property(fc.double({ min: 10_000, max: 50_000, noNaN: true }), (keepsMs) => {
      const before = run(startHeartbeat(limits), Infinity, 20, limits).heartbeat;
      expect(before.intervalMs).toBe(limits.heartbeatCeilingMs);
      const { heartbeat, deaths } = run(before, keepsMs, 40, limits);
      expect(heartbeat.intervalMs).toBeLessThanOrEqual(keepsMs);
      expect(heartbeat.intervalMs * 1.125).toBeGreaterThanOrEqual(keepsMs);
      expect(deaths).toBeLessThanOrEqual(6);
    }),
  );
});

test('a known good interval that failed is not tried at once again', () => {
  const settled = run(startHeartbeat(limits), 30_000, 20, limits).heartbeat;
  const next = died(settled, settled.intervalMs, limits);
  expect(next.intervalMs).toBe(limits.heartbeatFloorMs);
  expect(run(next, 30_000, 20, limits).heartbeat.intervalMs).toBeLessThan(settled.intervalMs);
});

test('a false alarm is forgotten in the long run, and costs a good network nothing for ever', () => {
  const settled = run(died(startHeartbeat(limits), 12_000, limits), Infinity, 20, limits).heartbeat;
  expect(settled.intervalMs).toBeLessThan(12_000);
  expect(run(settled, Infinity, 120, limits).heartbeat.intervalMs).toBe(limits.heartbeatCeilingMs);
});

test('in a network with a limit, looking again costs at most one connection in a hundred heartbeats', () => {
  const settled = run(startHeartbeat(limits), 23_000, 40, limits).heartbeat;
  expect(run(settled, 23_000, 1_000, limits).deaths).toBeLessThanOrEqual(10);
});

test('what was silent for less than the floor says nothing about silence', () => {
  const heartbeat = run(startHeartbeat(limits), 30_000, 20, limits).heartbeat;
  expect(died(heartbeat, 9_999, limits)).toEqual(heartbeat);
  expect(survived(startHeartbeat(limits), 5, limits).goodMs).toBe(limits.heartbeatFloorMs);
});
