import type { Person } from './person.ts';
import type { TestPlatform } from './test-platform.ts';

/** They run the platform from now on, with the sessions that they have; the command ends these. */
export async function makeAdmin({ platform }: TestPlatform, { id: userId }: Person): Promise<void> {
  await platform.database.sql('im_admin').insert({ userId, createdTime: Date.now() });
}

/** An erasure that was done before, with the id that examples have. */
export async function insertErasure({ platform }: TestPlatform): Promise<void> {
  const row = { userId: 999_999, state: 'done', askedBy: 'self', askedTime: 1, doneTime: 2, counts: '{}' };
  await platform.database.sql('im_erasure').insert({ id: 1, ...row });
}
