import { expect, test } from 'vitest';
import { Memory } from '../src/end-to-end/memory.ts';
import { memoryStore } from '../src/store/memory-store.ts';

test('a tab that gets the keys goes on where the one before it was, and before that writes over nothing', async () => {
  const store = await memoryStore().open('1');
  const first = await Memory.open(store);
  await first.lead();
  await first.keepDevice({ deviceId: 'A', acknowledged: 0, since: 0 });
  await first.encrypted('private:1:2', 3);
  const second = await Memory.open(store);
  expect(await first.nextPlace('private:1:2', 'said')).toBe(1);
  await store.write(first.arrived('private:1:2', 1));
  await first.removed('2');
  await first.encrypted('private:1:3', 4);
  expect(await first.nextPlace('private:1:3', 'said')).toBe(1);
  // Both hear of it, and of one that the first was not told of any more.
  for (const id of ['private:1:2', 'private:1:3', 'private:1:4']) await second.encrypted(id, 9);
  expect(second.isEncrypted('private:1:4')).toBe(true);

  await second.lead();

  expect(await second.nextPlace('private:1:2', 'said')).toBe(2);
  expect(second.lastArrived('private:1:2')).toBe(1);
  expect(second.mustRenew('private:1:2', ['2'])).toBe(true);
  expect(await second.nextPlace('private:1:3', 'said')).toBe(2);
  const next = await Memory.open(store);
  expect(next.conversations).toEqual(['private:1:2', 'private:1:3', 'private:1:4']);
  expect(next.plainUpTo('private:1:3')).toBe(4);
});

test('what was opened of a conversation before anybody said that it is encrypted is not forgotten', async () => {
  const store = await memoryStore().open('1');
  const memory = await Memory.open(store);
  await memory.lead();
  const said = { deviceId: 'A', place: 2, number: 5 };
  expect(await memory.isInOrder('private:1:2', said)).toBe(true);
  await memory.encrypted('private:1:2', 5);

  const next = await Memory.open(store);

  expect(next.conversations).toEqual(['private:1:2']);
  expect(next.plainUpTo('private:1:2')).toBe(5);
  expect(await next.isInOrder('private:1:2', { ...said, number: 6 })).toBe(false);
});
