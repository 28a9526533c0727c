// What Prometheus answers, as lines of a chart. Nothing of the browser.

export interface Series {
  readonly name: string;
  /** Seconds of the epoch, and the value; NaN where there is none. */
  readonly points: readonly (readonly [at: number, value: number])[];
}

export type Unit = 'short' | 's' | 'ops' | 'Bps';

/** As `/api/v1/query_range` answers. */
export interface RangeAnswer {
  readonly data: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly values: readonly (readonly [number, string])[];
    }[];
  };
}

/** A series for each label set; `{{instance}}` in the legend is its label. */
export function seriesOf({ data }: RangeAnswer, legend: string): Series[] {
  return data.result.map(({ metric, values }) => ({
    name: legend.replace(/\{\{(\w+)\}\}/g, (_, label: string) => metric[label] ?? '').trim() || 'all',
    points: values.map(([at, value]) => [at, Number(value)] as const),
  }));
}

/** Up to where an axis goes that has `most` on it, in four steps that can be read. */
export function topOf(most: number): number {
  if (!(most > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [1, 2, 4, 8, 10].find((factor) => factor * power >= most) ?? 10;
  return step * power;
}

export function show(value: number, unit: Unit): string {
  if (!Number.isFinite(value)) return '–';
  if (unit === 's') return value >= 1 || value === 0 ? `${trim(value)} s` : `${trim(value * 1_000)} ms`;
  if (unit === 'ops') return `${trim(value)}/s`;
  if (unit === 'Bps') return value >= 1_000 ? `${trim(value / 1_000)} kB/s` : `${trim(value)} B/s`;
  return trim(value);
}

function trim(value: number): string {
  return String(Number(value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2)));
}

/** The `d` of an SVG path, in pieces where something is missing: no value, or none for longer than `gapS`. */
export function pathOf(
  points: Series['points'],
  x: (at: number) => number,
  y: (value: number) => number,
  gapS: number,
): string {
  let before: number | undefined;
  return points
    .flatMap(([at, value]) => {
      if (!Number.isFinite(value)) {
        before = undefined;
        return [];
      }
      const goesOn = before !== undefined && at - before <= gapS;
      before = at;
      return [`${goesOn ? 'L' : 'M'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`];
    })
    .join('');
}
