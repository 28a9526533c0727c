import type { Knex } from 'knex';

// How far the messages of a private conversation have reached the devices of each of the two; and who asks for changes by
// `POST /v1/sync`, and so wants to be told of them. How far somebody has read stands in their place alone from now on.
export async function up(sql: Knex): Promise<void> {
  await addColumn(sql, 'im_conversation_member', 'delivered_number', (table) =>
    table.bigInteger('delivered_number').notNullable().defaultTo(0),
  );
  await addColumn(sql, 'im_user_stamp', 'syncs', (table) =>
    table.tinyint('syncs').notNullable().defaultTo(0),
  );
}

export async function down(sql: Knex): Promise<void> {
  // Those of before read it there, as the id of a message.
  await sql.raw(`update im_group_member set read_id = coalesce((
      select g.id from im_conversation_member p
      join im_group_message g on g.group_id = im_group_member.group_id and g.number = p.read_number
      where p.user_id = im_group_member.user_id and p.conversation = concat('group:', im_group_member.group_id)
    ), read_id) where quit = 0`);
  await sql.schema.alterTable('im_user_stamp', (table) => table.dropColumn('syncs'));
  await sql.schema.alterTable('im_conversation_member', (table) => table.dropColumn('delivered_number'));
}

/** MySQL does not undo what was broken off in the middle. */
async function addColumn(
  sql: Knex,
  table: string,
  column: string,
  define: (table: Knex.CreateTableBuilder) => void,
): Promise<void> {
  if (!(await sql.schema.hasColumn(table, column))) await sql.schema.alterTable(table, define);
}
