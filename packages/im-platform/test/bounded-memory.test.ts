import { expect, it } from 'vitest';
import { BoundedMemory } from '../src/limits/bounded-memory.ts';

it('keeps no more counters than it may, and lets go of the oldest', async () => {
  const memory = new BoundedMemory({ points: 10, duration: 60 }, 100);
  for (let n = 0; n < 100; n++) await memory.consume(`key-${n}`);
  await memory.consume('key-0');

  for (let n = 100; n < 150; n++) await memory.consume(`key-${n}`);

  expect((await memory.get('key-0'))?.consumedPoints).toBeUndefined();
  expect((await memory.get('key-49'))?.consumedPoints).toBeUndefined();
  expect((await memory.get('key-50'))?.consumedPoints).toBe(1);
  await memory.reward('key-0');
  expect(await memory.get('key-0')).toBeNull();
});
