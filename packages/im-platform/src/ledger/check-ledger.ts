import type { Database, Sql } from '../db/database.ts';
import { outside } from './ledger.ts';

/** What of the books is not as it must be; all of it is nothing where they are. */
export interface LedgerCheck {
  /** All balances together. */
  readonly sum: number;
  /** Accounts that owe something. */
  readonly below: number;
  /** Accounts whose balance is not the sum of their entries. */
  readonly wrongAccounts: number;
  /** Transfers whose entries are not nothing together. */
  readonly wrongTransfers: number;
  /** Red packets whose account is not what is left of them, or whose grabs are not what was taken. */
  readonly wrongPackets: number;
}

/** Reads all of it as it is at one moment. */
export function checkLedger(database: Pick<Database, 'transaction'>): Promise<LedgerCheck> {
  return database.transaction(async (sql) => ({
    sum: await numberOf(sql, 'select coalesce(sum(balance), 0) as found from im_ledger_account'),
    below: await numberOf(
      sql,
      `select count(*) as found from im_ledger_account where balance < 0 and account <> '${outside}'`,
    ),
    wrongAccounts: await numberOf(
      sql,
      `select count(*) as found from im_ledger_account a where balance <>
        (select coalesce(sum(amount), 0) from im_ledger_entry e where e.account = a.account)`,
    ),
    wrongTransfers: await numberOf(
      sql,
      `select count(*) as found from (select t.name from im_ledger_transaction t
        left join im_ledger_entry e on e.transaction_name = t.name
        group by t.name having coalesce(sum(e.amount), 1) <> 0) wrong`,
    ),
    wrongPackets: await numberOf(
      sql,
      `select count(*) as found from im_red_packet p where
        (select count(*) from im_red_packet_grab g where g.packet_id = p.id) <> p.taken or
        (select coalesce(sum(amount), 0) from im_red_packet_grab g where g.packet_id = p.id) <> p.taken_amount or
        (select balance from im_ledger_account a where a.account = ${packetAccountIn(sql)}) <>
          p.amount - p.taken_amount - coalesce(p.refunded, 0)`,
    ),
  }));
}

export function isSound(check: LedgerCheck): boolean {
  return Object.values(check).every((found) => found === 0);
}

function packetAccountIn(sql: Sql): string {
  const { dialect } = sql.client as { dialect: string };
  return dialect === 'mysql' ? "concat('packet:', p.id)" : "'packet:' || p.id";
}

async function numberOf(sql: Sql, question: string): Promise<number> {
  const [row] = await sql.select<{ found: number | string }[]>('found').fromRaw(`(${question}) answer`);
  return Number(row?.found ?? 0);
}
