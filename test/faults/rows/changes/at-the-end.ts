import type { Stage } from './stage.ts';

/** Whether what is counted is what is there, and the books are right. */
export async function wrongAtTheEnd({ database: { sql } }: Stage): Promise<string[]> {
  const problems: string[] = [];
  const same = async (what: string, said: string, are: string): Promise<void> => {
    const [one, other] = [await rowsOf(said), await rowsOf(are)];
    if (one !== other) problems.push(`${what}: said ${one}, and there is ${other}`);
  };
  const rowsOf = async (query: string): Promise<string> => {
    const answer: unknown = await sql.raw(query);
    const rows = (Array.isArray(answer) && Array.isArray(answer[0]) ? answer[0] : answer) as object[];
    return JSON.stringify(rows.map((row) => Object.values(row).map(String)));
  };
  const drives = 'from im_drive_node where parent_id = 0 order by owner_id';
  await same(
    'things in drives',
    `select owner_id, nodes ${drives}`,
    `select owner_id, (select count(*) - 1 from im_drive_node n where n.owner_id = im_drive_node.owner_id) ${drives}`,
  );
  const use = 'from im_file_usage where user_id > 0 order by user_id';
  await same(
    'bytes of files',
    `select user_id, bytes ${use}`,
    `select user_id, coalesce((select sum(stored_bytes) from im_file_info f where f.user_id = im_file_usage.user_id), 0) ${use}`,
  );
  await same(
    'rows that have the same bytes',
    'select id, refs from im_file_content order by id',
    'select id, (select count(*) from im_file_info f where f.content_id = im_file_content.id) from im_file_content order by id',
  );
  const fates = 'campaign_id, variant, state, reason';
  await same(
    'receivers of campaigns',
    `select ${fates}, receivers from im_campaign_count where receivers <> 0 order by ${fates}`,
    `select ${fates}, count(*) from im_campaign_receiver group by ${fates} order by ${fates}`,
  );
  await same('all balances', 'select sum(balance) from im_ledger_account', 'select 0');
  await same(
    'balances',
    'select account, balance from im_ledger_account order by account',
    'select a.account, coalesce((select sum(amount) from im_ledger_entry e where e.account = a.account), 0) from im_ledger_account a order by account',
  );
  return problems;
}
