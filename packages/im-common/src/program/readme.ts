import { namedRows, usual, type NamedRow, type Program } from './program.ts';

/** The options as tables in Markdown, by the names of their groups. */
export function optionTables(program: Pick<Program, 'table' | 'envPrefix'>): ReadonlyMap<string, string> {
  const rows = namedRows(program);
  const groups = [...new Set(rows.map(({ group }) => group))];
  return new Map(groups.map((group) => [group, tableOf(rows.filter((row) => row.group === group))]));
}

/** A README whose tables are those of the program: each follows the heading of its group. */
export function withOptionTables(readme: string, tables: ReadonlyMap<string, string>): string {
  let written = readme;
  for (const [group, table] of tables) {
    const place = `\n### ${group}\n\n`;
    const [before, after] = [
      written.indexOf(place),
      written.indexOf('\n\n', written.indexOf(place) + place.length),
    ];
    if (before < 0) throw new Error(`The README has no heading ### ${group}.`);
    written = written.slice(0, before + place.length) + table + written.slice(after);
  }
  return written;
}

function tableOf(rows: readonly NamedRow[]): string {
  const code = (text: string): string => (text === '' ? '' : `\`${text}\``);
  const cells = rows.map((row) => [
    code(row.flag),
    row.env.map(code).join(', '),
    code(row.name),
    code(usual(row)),
    row.about,
  ]);
  const all = [['flag', 'environment', 'file', 'default', 'meaning'], ...cells];
  const widths = (all[0] ?? []).map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0)));
  const lines = all.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | '));
  const rule = widths.map((width) => '-'.repeat(width)).join(' | ');
  return [lines[0], rule, ...lines.slice(1)].map((line) => `| ${line} |`).join('\n');
}
