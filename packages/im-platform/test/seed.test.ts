import { describe, expect, it } from 'vitest';
import { seed } from '../src/index.ts';
import type { TestPlatform } from './support/test-platform.ts';
import { startTestPlatform, storeKinds } from './support/test-platform.ts';

interface Sent {
  readonly id: number;
  readonly number: number;
}

async function idOf({ platform }: TestPlatform, userName: string): Promise<number> {
  const row = await platform.database.sql('im_user').where({ userName }).first<{ id: number }>('id');
  return row.id;
}

describe.each(storeKinds)('demo accounts on %s', (store) => {
  it('may log in and go on where their conversations ended', async () => {
    const test = await startTestPlatform({ store });
    const accounts = await seed(test.platform.database, { password: 'demo-1234' });
    expect(accounts.map(({ userName }) => userName)).toEqual(['ann', 'bob', 'cleo', 'dan', 'eve']);

    const ann = await test.logIn('ann', { password: 'demo-1234' });
    const text = { recvId: await idOf(test, 'bob'), content: 'Of course!', type: 0 };
    const { id, number } = await ann.post<Sent>('/message/private/send', text);

    const last = await test.platform.database
      .sql('im_private_message')
      .orderBy('id', 'desc')
      .first<Sent>('id');
    expect(id).toBe(last.id);
    const earlier = await test.platform.database
      .sql('im_private_message')
      .where('conversation', `private:${Math.min(ann.id, text.recvId)}:${Math.max(ann.id, text.recvId)}`)
      .orderBy('number')
      .select<Sent[]>('id', 'number');
    expect(earlier.map((message) => message.number)).toEqual([1, 2, 3, 4, 5]);
    expect(earlier.map((message) => message.id)).toEqual(
      earlier.map((message) => message.id).toSorted((one, other) => one - other),
    );
    expect(number).toBe(5);
  });

  it('are made once, also when two seed at the same moment', async () => {
    const test = await startTestPlatform({ store });
    const { database } = test.platform;

    const made = await Promise.all([
      seed(database, { password: 'demo-1234' }),
      seed(database, { password: 'demo-1234' }),
    ]);

    expect(made.map((accounts) => accounts.length).toSorted()).toEqual([0, 5]);
    const rows = await database.sql('im_user').select<object[]>('userName');
    expect(rows).toHaveLength(5);
  });
});
