import { printable } from 'im-common/internal/program';

/** Undefined: it is not known, or there is none. */
export type Cell = string | number | undefined;

/** Columns under their names. A terminal's controls in cells are escapes. */
export function tableOf(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = [head, ...rows.map((row) => row.map(textOf))];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

function textOf(cell: Cell): string {
  return cell === undefined || cell === '' ? '-' : printable(String(cell));
}
