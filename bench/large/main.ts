// npm run large -- seed|measure|migrate --database sqlite:./large.db [--messages 10000000] [--times 200] [--only sync] [--plans plans.json]
// npm run large -- document mariadb.json sqlite.json
// A database of millions of messages: `seed` makes it, `measure` asks what people ask, `migrate` takes it back to what it was before
// conversations had rows and measures the way forward again, and `document` writes docs/queries.md from what two runs of `measure` found.
import { writeFile } from 'node:fs/promises';
import { migrate, openDatabase, rollback } from 'im-platform';
import { ownArguments } from '../../scripts/own-arguments.ts';
import { median } from '../process-figures.ts';
import { documentLarge } from './document.ts';
import { measureLarge } from './measure.ts';
import { planOf } from './plans.ts';
import { seedLarge } from './seed.ts';
import { sizesOf } from './sizes.ts';

const { values, positionals } = ownArguments({
  name: 'large',
  takes: 'seed, measure or migrate; document mariadb.json sqlite.json',
  options: {
    database: { type: 'string' },
    messages: { type: 'string', default: '10000000' },
    times: { type: 'string', default: '200' },
    only: { type: 'string' },
    plans: { type: 'string' },
  },
});
const [task, ...files] = positionals;
if (task === 'document') {
  const [mariadb = '', sqlite = ''] = files;
  await writeFile('docs/queries.md', await documentLarge(mariadb, sqlite));
  process.exit(0);
}
const { database: url, plans, only } = values;
const messages = Number(values.messages);
if (url === undefined) throw new Error('Say which database: --database mysql://… or sqlite:…');

const database = openDatabase({ url });
try {
  switch (task) {
    case 'seed':
      await seedLarge(database, sizesOf(messages));
      break;
    case 'measure': {
      const large = await measureLarge(url, {
        messages,
        times: Number(values.times),
        ...(only !== undefined && { only }),
      });
      const { measured, platform } = large;
      const rows = [];
      for (const { asked, ...figures } of measured) {
        const statements = [];
        for (const statement of asked)
          statements.push({
            ...{ sql: statement.sql, times: statement.ms.length, ms: median(statement.ms) },
            ...(await planOf(platform.database, statement)),
          });
        rows.push({ ...figures, statements });
        for (const { isScan, sql, lines } of statements)
          if (isScan) console.log(`READS A WHOLE TABLE: ${figures.name}\n  ${sql}\n  ${lines.join('\n  ')}`);
      }
      if (plans !== undefined) await writeFile(plans, `${JSON.stringify(rows, null, 1)}\n`);
      await large.close();
      break;
    }
    case 'migrate': {
      // As if they had been made afterwards.
      await database.sql('im_migration').where('name', '>', '008-group-topics').update({ batch: 2 });
      const ofTask = { back: () => rollback(database.sql), forth: () => migrate(database.sql) };
      for (const way of ['back', 'forth'] as const) {
        const startedAt = performance.now();
        const done = await ofTask[way]();
        console.log(
          `${way}: ${done.join(', ')} in ${Math.round((performance.now() - startedAt) / 100) / 10} s`,
        );
      }
      break;
    }
    default:
      throw new Error('Say what to do: seed, measure or migrate');
  }
} finally {
  await database.close();
}
