/** One table of the report. */
export interface Table {
  readonly title: string;
  /** What was done, in a sentence. */
  readonly note: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly [string, ...(number | string)[]])[];
}

export function toMarkdown({ title, note, columns, rows }: Table): string {
  const lines = [columns, columns.map(() => '---'), ...rows.map((row) => row.map(toText))];
  return `### ${title}\n\n${note}\n\n${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}

function toText(value: number | string): string {
  if (typeof value === 'string') return value;
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString('en');
  return value.toFixed(Math.abs(value) < 10 ? 2 : 1);
}
