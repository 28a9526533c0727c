import { expect, test } from 'vitest';
import { askEach } from '../src/db/by-lane-database.ts';

test('what is asked of conversations goes to each database once, with what is in it', async () => {
  const of = (conversation: string): string => (Number(conversation) % 2 === 0 ? 'even' : 'odd');
  const asked: (readonly [string, readonly string[]])[] = [];
  const found = await askEach(
    { of },
    ['1', '2', '3', '4'].map((conversation) => ({ conversation })),
    async (database, some) => {
      const names = some.map(({ conversation }) => conversation);
      asked.push([database, names]);
      return names;
    },
  );
  expect(asked).toEqual([
    ['odd', ['1', '3']],
    ['even', ['2', '4']],
  ]);
  expect([...found].sort()).toEqual(['1', '2', '3', '4']);
});
