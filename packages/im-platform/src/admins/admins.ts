import { gather } from 'im-common/internal/bus';
import type { Database } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';

/** Who runs the platform. Asked at each request, as the role may be taken away. */
export class Admins {
  readonly isAdmin: (userId: number) => Promise<boolean>;

  constructor({ sql }: Pick<Database, 'sql'>) {
    this.isAdmin = gather(async (userIds: readonly number[]) => {
      const rows = await sql('im_admin')
        .whereIn('userId', [...new Set(userIds)])
        .select<{ userId: number }[]>('userId');
      const admins = new Set(rows.map(({ userId }) => userId));
      return userIds.map((id) => admins.has(id));
    });
  }

  /** Refuses everybody else. */
  async check(userId: number): Promise<void> {
    if (!(await this.isAdmin(userId))) throw new Refusal('adminsOnly');
  }
}
