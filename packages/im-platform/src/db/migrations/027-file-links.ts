import type { Knex } from 'knex';

// Which files are pictures of people or groups: those need no signed address (decision 056). Those of now are found once.
export async function up(sql: Knex): Promise<void> {
  // MySQL does not undo what was broken off in the middle.
  if (!(await sql.schema.hasColumn('im_file_info', 'is_public')))
    await sql.schema.alterTable('im_file_info', (table) => {
      table.tinyint('is_public').notNullable().defaultTo(0);
    });
  for (const table of ['im_user', 'im_group'])
    for (let after = 0; ;) {
      const rows: Row[] = await sql(table)
        .where('id', '>', after)
        .orderBy('id')
        .limit(atOnce)
        .select('id', 'headImage', 'headImageThumb');
      const last = rows.at(-1);
      if (!last) break;
      after = last.id;
      await publish(
        sql,
        rows.flatMap(({ headImage, headImageThumb }) => [headImage, headImageThumb]),
      );
    }
}

export async function down(sql: Knex): Promise<void> {
  await sql.schema.alterTable('im_file_info', (table) => table.dropColumn('is_public'));
}

const atOnce = 200;

interface Row {
  readonly id: number;
  readonly headImage: string | null;
  readonly headImageThumb: string | null;
}

/** As in files/file-addresses.ts; this stays as it is. */
const fileKey = /\/files\/((?:file|image|thumb)\/\d{8}\/[\w-]{22}\.[a-z0-9]{1,10})$/;

async function publish(sql: Knex, addresses: readonly (string | null)[]): Promise<void> {
  const keys = addresses.flatMap((address) => fileKey.exec(address ?? '')?.[1] ?? []);
  for (const column of ['filePath', 'compressedPath'])
    if (keys.length > 0) await sql('im_file_info').whereIn(column, keys).update({ isPublic: 1 });
}
