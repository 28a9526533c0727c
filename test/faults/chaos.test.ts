import { expect, test } from 'vitest';
import { kindsOf, runChaos } from './chaos/chaos.ts';
import { newSeed } from './kit/random.ts';
import type { BusKind } from './kit/bus.ts';

// Each kind of fault once, some of them two at a time, in an order that a new seed gives each time. For minutes and hours,
// and for the seeds that once found something, there is `npm run chaos`.

/** What a Redis without a memory adds, and some of what it has in common with one that has one. */
const forgetful = [
  ...['restart Redis without a memory', 'flush Redis'],
  ...['kill server', 'kill service', 'drop devices', 'lose a reply of Redis'],
];

test.each<[BusKind, readonly string[] | undefined]>([
  ['aof', undefined],
  ['single', forgetful],
])(
  'everybody keeps their promises while each kind of fault comes, with Redis as %s',
  { timeout: 240_000 },
  async (bus, only) => {
    const seed = newSeed();
    const load = { rate: 30, devices: 40, speakEveryMs: 2_000 };
    const { isGood, report, came } = await runChaos({ seed, bus, ...load, ...(only && { only }) });
    console.log(`chaos on ${bus}, seed ${seed}\n${report}`);
    expect(isGood, `chaos on ${bus}, seed ${seed}\n${report}`).toBe(true);
    const once = kindsOf({ bus, ...(only && { only }) }).map(({ name }) => [name, 1]);
    expect(Object.fromEntries(came)).toEqual(Object.fromEntries(once));
  },
);
