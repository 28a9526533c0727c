import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// What somebody who left a group still sees of it: the group as it was then, and its members as they were then. See
// groups/who-left.ts.
export async function up(sql: Knex): Promise<void> {
  await sql.schema.alterTable('im_group_member', (table) => {
    table.text('group_when_left');
  });
  await createTable(sql, 'im_group_member_past', (table) => {
    table.bigIncrements('id');
    table.bigInteger('group_id').notNullable();
    table.bigInteger('user_id').notNullable();
    table.string('user_nick_name', 255).notNullable();
    table.string('remark_nick_name', 255).notNullable();
    table.string('head_image', 255).notNullable();
    table.bigInteger('joined_time').notNullable();
    table.bigInteger('quit_time');
    table.bigInteger('until').notNullable();
    table.index(['group_id', 'until'], 'idx_past_until');
    table.index(['user_id', 'group_id', 'until'], 'idx_past_member');
  });
  // Who left before this was kept sees the group as it is now, and no news of it.
  const columns = [
    'name',
    'ownerId',
    'headImage',
    'headImageThumb',
    'notice',
    'dissolve',
    'isBanned',
    'reason',
  ];
  const groups = await sql('im_group as g')
    .whereExists(sql('im_group_member').whereRaw('group_id = g.id').where({ quit: 1 }))
    .select<{ id: number }[]>('id', ...columns);
  for (const { id, ...asItIs } of groups)
    await sql('im_group_member')
      .where({ groupId: id, quit: 1 })
      .update({ groupWhenLeft: JSON.stringify(asItIs) });
}

export async function down(sql: Knex): Promise<void> {
  await sql.schema.dropTableIfExists('im_group_member_past');
  await sql.schema.alterTable('im_group_member', (table) => {
    table.dropColumn('group_when_left');
  });
}
