import { Scope } from '../kit/scope.ts';
import { World, type WorldOptions } from '../kit/world.ts';
import type { HistoryIndex } from '../history/index-of.ts';

export interface RowOptions {
  /** How often the fault is injected. */
  readonly times: number;
  readonly seed: number;
  /** Messages a second, where the row puts a load on the world. */
  readonly rate?: number | undefined;
  /** How many devices there are, where the row has a crowd of its own size. */
  readonly devices?: number | undefined;
  /** Of the platform, where the row has several. */
  readonly instances?: number | undefined;
  /** Called with each step of a row that takes minutes, so that one sees whether it goes on. */
  readonly say?: ((step: string) => void) | undefined;
  /** Ended after the row. */
  readonly scope: Scope;
}

export interface RowReport {
  /** Faults that were injected, and messages (or logins, or what else it is about) that were judged. */
  readonly faults: number;
  readonly checked: number;
  /** What was measured, each with the most that it may be. */
  readonly figures?: Readonly<Record<string, Figure>>;
  /** What does not hold. */
  readonly problems?: readonly string[];
  readonly details?: string | undefined;
}

export interface Figure {
  readonly value: number;
  readonly unit: string;
  /** Undefined: for information. */
  readonly atMost?: number;
  /** What has to have happened, or nothing was shown. */
  readonly atLeast?: number;
}

/** One row, or some, of the table of runs in `docs/guarantees.md`. */
export interface Row {
  readonly name: string;
  readonly numbers: readonly number[];
  /** What holds, as a fact. */
  readonly holds: string;
  /** How often the fault is injected within `npm test`, and for the figures. */
  readonly inTest: number;
  readonly inFull: number;
  /** A smaller load within `npm test`, where each message costs every process of the world its share. */
  readonly loadInTest?: Pick<RowOptions, 'rate' | 'devices'>;
  run(options: RowOptions): Promise<RowReport>;
}

interface RunOptions extends Omit<RowOptions, 'scope'> {
  /** How many times as long as it may everything may take: on a machine that is busy with other tests. @default 1 */
  readonly patience?: number;
}

/** Runs a row, prints what was injected and found, and rejects when something does not hold or nothing was shown. */
export async function runRow(row: Row, { patience = 1, ...options }: RunOptions): Promise<RowReport> {
  const scope = new Scope();
  const startedAt = performance.now();
  try {
    const report = await row.run({ ...options, scope });
    const problems = [...(report.problems ?? []), ...tooMuch(report, patience), ...tooLittle(report)];
    if (report.faults === 0) problems.push('no fault was injected');
    if (report.checked === 0) problems.push('nothing was checked');
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    const lines = [
      `row ${row.numbers.join(', ')} ${row.name}: ${report.faults} faults, ${report.checked} checked, seed ${options.seed}, ${seconds} s`,
      ...figureLines(report),
      ...(report.details === undefined ? [] : [report.details]),
      ...problems.map((problem) => `  PROBLEM ${problem}`),
    ];
    console.log(lines.join('\n'));
    if (problems.length > 0) throw new Error(lines.join('\n'));
    return report;
  } finally {
    await scope.end();
  }
}

function tooMuch({ figures = {} }: RowReport, patience: number): string[] {
  return Object.entries(figures)
    .filter(
      ([, { value, unit, atMost }]) =>
        atMost !== undefined && !(value <= (unit === 'ms' ? patience * atMost : atMost)),
    )
    .map(([name, { value, unit, atMost }]) => `${name} is ${value} ${unit}, and may be ${atMost ?? ''}`);
}

function tooLittle({ figures = {} }: RowReport): string[] {
  return Object.entries(figures)
    .filter(([, { value, atLeast = -Infinity }]) => value < atLeast)
    .map(([name, { value, atLeast = 0 }]) => `${name}: ${value}, expected ${atLeast} or more`);
}

function figureLines({ figures = {} }: RowReport): string[] {
  return Object.entries(figures).map(([name, { value, unit, atMost }]) => {
    const rounded = Math.round(value * 100) / 100;
    return `  ${name}: ${rounded} ${unit}${atMost === undefined ? '' : ` (at most ${atMost})`}`;
  });
}

/** A world under load, hurt by `hurt`, healed and judged; `measure` reads figures out of its history. */
export async function underLoad(
  options: WorldOptions,
  hurt: (world: World) => Promise<void>,
  measure: (history: HistoryIndex) => Readonly<Record<string, Figure>> = () => ({}),
): Promise<RowReport> {
  const world = await World.start(options);
  try {
    world.phase('faults');
    await hurt(world);
    const { isGood, faults, messages, report, history } = await world.finish();
    return {
      faults,
      checked: messages,
      figures: measure(history),
      problems: isGood ? [] : ['the history is bad'],
      details: report,
    };
  } catch (error) {
    await world.abort();
    throw error;
  }
}
