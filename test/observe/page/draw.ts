import { pathOf, show, topOf, type Series, type Unit } from './series.ts';

const width = 390;
const height = 150;
const left = 52;
const right = 8;
const top = 8;
const bottom = 20;
const colors = ['#2563eb', '#d97706', '#059669', '#db2777', '#7c3aed', '#64748b', '#0891b2', '#b91c1c'];

export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A chart with its legend, as HTML. */
export function chart(
  title: string,
  series: readonly Series[],
  unit: Unit,
  span: { readonly from: number; readonly to: number; readonly stepS: number },
): string {
  const { from, stepS, to } = span;
  const values = series.flatMap(({ points }) => points.map(([, value]) => value)).filter(Number.isFinite);
  const most = topOf(Math.max(0, ...values));
  const x = (at: number): number => left + ((at - from) / (to - from)) * (width - left - right);
  const y = (value: number): number => top + (1 - value / most) * (height - top - bottom);
  const grid = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const at = y(most * part);
    const label = part % 0.5 === 0 ? show(most * part, unit) : '';
    return `<line x1="${left}" x2="${width - right}" y1="${at}" y2="${at}" class="grid"/>
      <text x="${left - 6}" y="${at + 3.5}" text-anchor="end">${label}</text>`;
  });
  const times = [0, 0.5, 1].map((part) => {
    const anchor = (['start', 'middle', 'end'] as const)[part * 2] ?? 'middle';
    return `<text x="${x(from + part * (to - from))}" y="${height - 4}" text-anchor="${anchor}">${clock(from + part * (to - from))}</text>`;
  });
  const lines = series.map(
    ({ points }, index) =>
      `<path d="${pathOf(points, x, y, 3 * stepS)}" stroke="${colors[index % colors.length] ?? ''}"/>`,
  );
  const legend = series.map(({ name, points }, index) => {
    const [at, value] = points.at(-1) ?? [0, 0];
    // What is not there any more has no value now.
    const last = to - at <= 3 * stepS ? value : Number.NaN;
    return `<li><i style="background:${colors[index % colors.length] ?? ''}"></i>${escaped(name)} <b>${show(last, unit)}</b></li>`;
  });
  const empty =
    values.length === 0
      ? `<text x="${width / 2}" y="${height / 2}" text-anchor="middle">nothing so far</text>`
      : '';
  return `<section class="chart"><h3>${escaped(title)}</h3>
    <svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">${[...grid, ...times, ...lines].join('')}${empty}</svg>
    <ul>${legend.join('')}</ul></section>`;
}

function clock(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().slice(11, 19);
}

/** As `im trace --json` prints a message. */
export interface Traced {
  readonly id?: string;
  readonly ownId?: string;
  readonly kind?: string;
  readonly sender?: string;
  readonly steps: readonly TracedStep[];
  readonly waiting: readonly { readonly user: string; readonly sinceMs: number }[];
}

export interface TracedStep {
  readonly step: string;
  readonly at: number;
  readonly by: string;
  readonly ms?: number;
  readonly user?: string;
  readonly stage?: string;
  readonly reason?: string;
  readonly text?: string;
}

/** The steps of a message under each other, each where it stands in time. */
export function traced(message: Traced): string {
  const { id = '', kind = '', ownId = '', sender = '', steps, waiting } = message;
  const from = steps[0]?.at ?? 0;
  const lasted = Math.max(1, ...steps.map(({ at, ms = 0, step }) => at + (step === 'sent' ? ms : 0) - from));
  const rows = steps.map((step) => {
    const [begin, end] = spanOf(step);
    const place = ((begin - from) / lasted) * 100;
    const share = ((end - begin) / lasted) * 100;
    return `<tr class="${step.reason === undefined ? '' : 'failed'}"><td>${escaped(step.by.replace(/@.*/, ''))}</td>
      <td>${escaped(wordsOf(step))}</td><td class="ms">+${step.at - from} ms</td>
      <td class="bar"><i style="left:${place * 0.96}%;width:max(5px,${share * 0.96}%)"></i></td></tr>`;
  });
  const open = waiting.map(
    ({ sinceMs, user }) =>
      `<tr class="failed"><td></td><td>${escaped(user)} has not proved it, since ${Math.round(sinceMs / 1_000)} s</td><td></td><td></td></tr>`,
  );
  return `<section class="trace"><h3>${escaped(kind)} <code>${escaped(id)}</code> from ${escaped(sender)}, the application's ${escaped(ownId)}</h3>
    <table>${[...rows, ...open].join('')}</table></section>`;
}

/** What took its time ends at `at`, but for a send, which begins there. */
function spanOf({ at, ms = 0, step }: TracedStep): readonly [begin: number, end: number] {
  if (step === 'sent') return [at, at + ms];
  return step === 'ended' ? [at - ms, at] : [at, at];
}

function wordsOf({ reason, stage, step, text, user = '' }: TracedStep): string {
  const end = reason === undefined ? (stage ?? '') : `${reason} (${stage ?? ''})`;
  const words: Readonly<Record<string, string>> = {
    sent: 'sent: on the list of the server',
    taken: 'taken off the list',
    given: `given to the connection of ${user}`,
    ended: `at ${user}: ${end}`,
    result: `result: ${end}`,
    listened: `listener ${text ?? ''}`,
  };
  return words[step] ?? step;
}
