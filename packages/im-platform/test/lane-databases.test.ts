import { silentLogger } from 'im-common';
import { onCleanup } from 'im-test/support';
import { expect, test, vi } from 'vitest';
import { askEach } from '../src/db/by-lane-database.ts';
import { openDatabase } from '../src/db/database.ts';
import { isNews } from '../src/inbox/sync-service.ts';
import { meetLaneDatabases } from '../src/lanes/lane-databases.ts';
import { migratedDatabase } from './support/migrated-database.ts';

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

test('a sync asks for changes where a stamp of the user or of a lane that is there has risen', () => {
  const since = { mine: 3, elsewhere: { east: 5 }, lanes: [1, 1, 7] };
  const asked = (now: object): boolean[] => [
    isNews('', [0, 1], since, { ...since, ...now }),
    isNews('east', [2], since, { ...since, ...now }),
    isNews('', undefined, since, { ...since, ...now }),
  ];
  expect(asked({})).toEqual([false, false, false]);
  expect(asked({ mine: 4 })).toEqual([true, false, true]);
  expect(asked({ elsewhere: { east: 6 } })).toEqual([false, true, false]);
  expect(asked({ lanes: [1, 1, 8] })).toEqual([false, true, true]);
  expect(asked({ lanes: [1, 2, 7] })).toEqual([true, false, true]);
  // One that has come since has told nothing yet.
  expect(isNews('west', [], since, { ...since, elsewhere: { west: 1 } })).toBe(true);
});

test('who knows one database says that orders of several were left, and carries none out', async () => {
  const database = openDatabase({ url: await migratedDatabase('sqlite') });
  onCleanup(() => database.close());
  const warn = vi.fn();
  await meetLaneDatabases(database, { ...silentLogger, warn });
  expect(warn).not.toHaveBeenCalled();

  await database.sql('im_lane_order').insert({ conversation: 'private:1:2', nextTime: 0, draft: '{}' });
  await meetLaneDatabases(database, { ...silentLogger, warn });
  expect(warn).toHaveBeenCalledExactlyOnceWith({ orders: 1 }, expect.stringContaining('with laneDatabases'));
  expect(await database.sql('im_lane_order')).toHaveLength(1);
});
