import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// Who has how much, and why: see ledger/. What is paid in and out: see wallet/.
export async function up(sql: Knex): Promise<void> {
  await createTable(sql, 'im_ledger_account', (table) => {
    // user:5, packet:…, payment:…, unclaimed, outside.
    table.string('account', 48).primary();
    table.bigInteger('balance').notNullable();
    // The database itself lets nobody owe anything: only what came from outside is less than nothing there.
    table.check("balance >= 0 or account = 'outside'", undefined, 'ck_ledger_balance');
  });
  await createTable(sql, 'im_ledger_transaction', (table) => {
    // What it is for: written down once.
    table.string('name', 64).primary();
    table.string('kind', 12).notNullable();
    table.bigInteger('created_time').notNullable();
  });
  await createTable(sql, 'im_ledger_entry', (table) => {
    table.bigIncrements('id');
    table.string('transaction_name', 64).notNullable().index('idx_ledger_entry_transaction');
    table.string('account', 48).notNullable();
    // Whose it is, if it is somebody's.
    table.bigInteger('user_id');
    table.string('kind', 12).notNullable();
    table.bigInteger('amount').notNullable();
    table.bigInteger('created_time').notNullable();
    table.index(['user_id', 'id'], 'idx_ledger_entry_user');
    table.index(['account'], 'idx_ledger_entry_account');
  });
  await createTable(sql, 'im_payment', (table) => {
    // Nobody guesses it; the provider knows the payment by it.
    table.string('id', 22).primary();
    table.bigInteger('user_id').notNullable();
    table.string('direction', 4).notNullable();
    table.bigInteger('amount').notNullable();
    // begun, done, refused, disputed.
    table.string('state', 8).notNullable();
    table.string('url', 2_048);
    table.string('reason', 255);
    table.string('once_key', 43).notNullable();
    table.string('asked', 43).notNullable();
    table.integer('tries').notNullable().defaultTo(0);
    table.bigInteger('created_time').notNullable();
    // When an instance asks the provider how it stands; null: nobody does any more.
    table.bigInteger('next_time').index('idx_payment_next');
    table.unique(['user_id', 'once_key'], { indexName: 'uk_payment_once' });
    table.index(['user_id', 'created_time'], 'idx_payment_user');
  });
  await sql('im_ledger_account').insert([
    { account: 'outside', balance: 0 },
    { account: 'unclaimed', balance: 0 },
  ]);
}

export async function down(sql: Knex): Promise<void> {
  for (const table of ['im_payment', 'im_ledger_entry', 'im_ledger_transaction', 'im_ledger_account'])
    await sql.schema.dropTableIfExists(table);
}
