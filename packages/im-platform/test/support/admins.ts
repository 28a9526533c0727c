import { orderAdmins } from '../../src/admins/admin-command.ts';
import type { Person } from './person.ts';
import type { TestPlatform } from './test-platform.ts';

/** They run the platform from now on, as the command says. */
export async function makeAdmin({ platform }: TestPlatform, { userName }: Person): Promise<void> {
  await orderAdmins(platform.database, { what: 'grant', userName });
}
