import type { Person } from './person.ts';
import type { TestPlatform } from './test-platform.ts';

/** They run the platform from now on, with the sessions that they have; the command ends these. */
export async function makeAdmin({ platform }: TestPlatform, { id: userId }: Person): Promise<void> {
  await platform.database.sql('im_admin').insert({ userId, createdTime: Date.now() });
}
