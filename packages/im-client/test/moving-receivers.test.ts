import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Place, Sighting } from '../src/locate/place.ts';
import { MovingReceivers } from '../src/locate/moving-receivers.ts';

const graceMs = 200;

it('who was still on the way when it was asked is looked for again, however late the answer is read', async () => {
  const there: Place = { serverId: 7, hasLease: true, features: new Set() };
  const answers: (() => Promise<Sighting[]>)[] = [
    // Asked within the grace, and read after its end, as in a process that is held up.
    () => sleep(2 * graceMs, ['moving']),
    () => Promise.resolve([there]),
  ];
  const moving = new MovingReceivers({
    look: () => answers.shift()?.() ?? Promise.resolve([]),
    graceMs,
    mostWaiting: 10,
  });
  const seen: unknown[] = [];

  await moving.wait({
    kind: 'private',
    addresses: [{ id: '2', terminal: 0 }],
    onSeen: (_, places) => seen.push(...places),
  });

  expect(seen).toEqual([there]);
});
