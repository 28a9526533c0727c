import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// Payments of which the provider has said what cannot be, and what was decided about them: see wallet/payment-desk.ts.
export async function up(sql: Knex): Promise<void> {
  // MySQL does not undo what was broken off in the middle.
  await down(sql);
  await createTable(sql, 'im_payment_dispute', (table) => {
    table.string('payment_id', 22).primary();
    table.bigInteger('user_id').notNullable().index('idx_payment_dispute_user');
    // Null: the provider named no amount.
    table.bigInteger('paid_amount');
    table.bigInteger('created_time').notNullable();
    // booked, returned; null: nobody has decided.
    table.string('decision', 8);
    table.bigInteger('decided_by');
    table.bigInteger('decided_time');
    table.string('decision_reason', 255);
    table.index(['decision', 'created_time', 'payment_id'], 'idx_payment_dispute_open');
  });
  await sql.raw(`insert into im_payment_dispute (payment_id, user_id, created_time)
    select id, user_id, created_time from im_payment where state = 'disputed'`);
}

export async function down(sql: Knex): Promise<void> {
  await sql.schema.dropTableIfExists('im_payment_dispute');
}
