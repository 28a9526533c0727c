import type { Table } from './table.ts';

const width = 640;
const rowHeight = 26;
const labelWidth = 190;
const barWidth = 380;

/** Horizontal bars of one column of a table, as an SVG that reads on light and dark pages. */
export function toBars(table: Table, column: number): string {
  const rows = table.rows.map((row) => ({ label: row[0], value: Number(row[column]) }));
  const highest = Math.max(...rows.map(({ value }) => value));
  const height = 40 + rows.length * rowHeight;
  const bars = rows.map(({ label, value }, index) => {
    const y = 34 + index * rowHeight;
    const fill = label.startsWith('im') ? '#2f6fde' : '#9aa4b2';
    const length = Math.max(1, (value / highest) * barWidth);
    return (
      `<text x="${labelWidth - 8}" y="${y + 14}" text-anchor="end">${label}</text>` +
      `<rect x="${labelWidth}" y="${y}" width="${length.toFixed(1)}" height="18" fill="${fill}"/>` +
      `<text x="${labelWidth + length + 6}" y="${y + 14}">${value.toFixed(1)}</text>`
    );
  });
  return page(height, `${table.title}: ${table.columns[column] ?? ''}`, bars);
}

/** One line over a logarithmic axis: what a figure does as something grows. */
export function toCurve(table: Table, column: number): string {
  const points = table.rows.map((row) => ({ x: Number(row[0].replaceAll(',', '')), y: Number(row[column]) }));
  const [first = 1, last = 10] = [points[0]?.x, points.at(-1)?.x];
  const highest = Math.max(...points.map(({ y }) => y));
  const place = ({ x, y }: { x: number; y: number }): { left: number; top: number } => ({
    left: 60 + (Math.log(x / first) / Math.log(last / first)) * (width - 120),
    top: 220 - (y / highest) * 160,
  });
  const placed = points.map((point) => ({ ...point, ...place(point) }));
  const line = placed.map(({ left, top }) => `${left.toFixed(1)},${top.toFixed(1)}`).join(' ');
  const marks = placed.map(
    ({ left, top, x, y }) =>
      `<circle cx="${left.toFixed(1)}" cy="${top.toFixed(1)}" r="3" fill="#2f6fde"/>` +
      `<text x="${left.toFixed(1)}" y="${(top - 8).toFixed(1)}" text-anchor="middle">${y.toFixed(1)}</text>` +
      `<text x="${left.toFixed(1)}" y="240" text-anchor="middle">${x.toLocaleString('en')}</text>`,
  );
  const curve = `<polyline points="${line}" fill="none" stroke="#2f6fde" stroke-width="2"/>`;
  return page(256, `${table.title}: ${table.columns[column] ?? ''}`, [curve, ...marks]);
}

function page(height: number, title: string, parts: readonly string[]): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family="sans-serif" font-size="12" fill="#6b7280">\n` +
    `<text x="8" y="18" font-weight="bold">${title}</text>\n${parts.join('\n')}\n</svg>\n`
  );
}
