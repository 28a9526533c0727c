import { readFile } from 'node:fs/promises';

/** What `measure --plans` writes. */
interface Row {
  readonly name: string;
  readonly p50: number;
  readonly p99: number;
  readonly statements: readonly {
    readonly sql: string;
    readonly lines: readonly string[];
    readonly isScan: boolean;
  }[];
}

const longestLine = 150;
const longestStatement = 600;

const head = `# What the platform asks of its database

Made by \`npm run large -- document\` from a database of ten million messages on each of MariaDB and SQLite: one conversation of a million,
a group of 10,000 with half a million, somebody who is in a thousand conversations, and everybody else. \`npm run large\` says how to make
them. Nothing here reads a table from one end to the other; \`packages/im-platform/test/message-queries.test.ts\` fails when something does.

Figures are of whole requests over HTTP, one at a time; the load, the platform and the database share two cores, which had nothing else to do. MariaDB
had a buffer pool of 5 GB, in which all of it lies. To migrate these ten million messages from before conversations had rows, numbers and lanes to now
took 78 s on SQLite and 122 s on MariaDB (\`npm run large -- migrate\`, on a busy machine).
`;

/** Of both databases, from their files. */
export async function documentLarge(mariadb: string, sqlite: string): Promise<string> {
  const [ofMariaDb, ofSqlite] = [await read(mariadb), await read(sqlite)];
  const figures = ofMariaDb.map(({ name, p50, p99 }) => {
    const other = ofSqlite.find((row) => row.name === name);
    const cells = [p50, p99, other?.p50 ?? Number.NaN, other?.p99 ?? Number.NaN].map((ms) => ms.toFixed(1));
    return `| ${[name, ...cells].join(' | ')} |`;
  });
  const table = [
    '| ms | MariaDB p50 | p99 | SQLite p50 | p99 |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...figures,
  ];
  const [mine, theirs] = [plansIn(ofMariaDb), plansIn(ofSqlite)];
  const statements = [...new Set([...mine.keys(), ...theirs.keys()])].sort(byTable);
  const parts = statements.map((statement) => {
    const plans = [
      ['MariaDB', mine.get(statement)],
      ['SQLite', theirs.get(statement)],
    ] as const;
    const answers = plans.flatMap(([name, plan]) =>
      plan ? [`-- ${name}`, ...plan.map((line) => `--   ${line}`)] : [],
    );
    return ['```sql', ...wrap(statement), ...answers, '```'].join('\n');
  });
  return [head, table.join('\n'), '\n## How each is answered\n', parts.join('\n\n'), ''].join('\n');
}

async function read(file: string): Promise<Row[]> {
  return JSON.parse(await readFile(file, 'utf8')) as Row[];
}

/** The plan of each statement, by its short form. */
function plansIn(rows: readonly Row[]): Map<string, readonly string[]> {
  const plans = new Map<string, readonly string[]>();
  for (const { statements } of rows)
    for (const { sql, lines } of statements)
      if (lines.length > 0 && !sql.startsWith('insert')) plans.set(shorten(sql), counted(lines));
  return plans;
}

/** Without names of columns that are only answered, and what is said again and again. */
function shorten(sql: string): string {
  const text = sql
    .replaceAll('`', '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\?(, \?)+/g, '…')
    .replaceAll(/\(…\)(, \(…\))+/g, '(…), …')
    .replaceAll(/select (?!\(select)[^()]{60,}? from/g, 'select … from')
    .replaceAll(/( when \d+ then \d+)+/g, ' when … then …')
    .replaceAll(/\b(\d{6,})\b/g, '?');
  const once = text
    .replaceAll(/( or \([^()]*\))\1+/g, '$1 or …')
    .replaceAll(/( union all .*?)\1+/g, '$1 union all …');
  return once.length > longestStatement ? `${once.slice(0, longestStatement)} …` : once;
}

function counted(lines: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const line of lines) {
    const plain = line.replaceAll(/<(derived|union)[\d,.]+>/g, '<$1>').replaceAll(/-\d+\b/g, '');
    counts.set(plain, (counts.get(plain) ?? 0) + 1);
  }
  return [...counts].slice(0, 8).map(([line, times]) => (times > 1 ? `${line} (${times} times)` : line));
}

function byTable(one: string, other: string): number {
  const [of, to] = [one, other].map((text) => /\bim_\w+/.exec(text)?.[0] ?? '');
  return `${of ?? ''} ${one}` < `${to ?? ''} ${other}` ? -1 : 1;
}

function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length + 1 > longestLine) {
      lines.push(line);
      line = ' ';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
