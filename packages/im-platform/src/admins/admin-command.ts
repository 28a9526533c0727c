import { invalidOption } from 'im-common/internal/checks';
import { toTime } from '../api/values.ts';
import type { Database } from '../db/database.ts';
import type { AdminOrder } from './admin-order.ts';
import { Trail } from './trail.ts';

/** Does it, and returns what is to be said. */
export async function orderAdmins(
  database: Pick<Database, 'sql' | 'transaction'>,
  order: AdminOrder,
): Promise<string[]> {
  if (order.what === 'list') {
    const rows = await database
      .sql('im_admin as a')
      .join('im_user as u', 'u.id', 'a.userId')
      .orderBy('u.userName')
      .select<{ userName: string; createdTime: number }[]>('u.userName', 'a.createdTime');
    return rows.map(({ userName, createdTime }) => `${userName}  since ${toTime(createdTime)}`);
  }
  const { what, userName } = order;
  return database.transaction(async (sql) => {
    const user = await sql('im_user')
      .where({ userName })
      .whereNull('deletedTime')
      .first<{ id: number } | undefined>('id');
    if (!user) throw invalidOption(`There is no user with the name ${userName}.`);
    const row = { userId: user.id, createdTime: Date.now() };
    if (what === 'grant') {
      if (await sql('im_admin').where({ userId: user.id }).first('userId'))
        return [`${userName} is an admin already.`];
      await sql('im_admin').insert(row).onConflict('userId').ignore();
      // They sign in anew, by themselves: a back end may have opened some of these, which would be an admin's now.
      await sql('im_session').where({ userId: user.id }).delete();
    } else await sql('im_admin').where({ userId: user.id }).delete();
    await new Trail(database).add(sql, {
      ...{ actorId: null, action: `${what}Admin`, subject: `user:${user.id}`, network: '' },
      details: {},
    });
    return [
      what === 'grant' ? `${userName} is an admin, and has to sign in again.` : `${userName} is no admin.`,
    ];
  });
}
