import { chart, escaped, traced, type Traced } from './draw.ts';
import { seriesOf, show, type RangeAnswer, type Unit } from './series.ts';

interface Panel {
  readonly title: string;
  readonly fieldConfig?: { readonly defaults?: { readonly unit?: Unit } };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: 'firing' | 'pending';
  readonly activeAt: string;
}

/** Of the browser, as much as is used. */
declare const document: {
  getElementById(id: string): { innerHTML: string } | null;
  readonly body: { readonly dataset: Record<string, string> };
};

/** Those of the Grafana board that this world moves, in their order. */
const wanted = [
  ...['Devices', 'Messages to devices', 'From taken to proved'],
  ...['Not delivered', 'Wait on the list', 'Bytes to devices'],
  ...['Logins', 'Closes', 'Redis answers in'],
  ...['Sends', 'Outcomes', 'From the bus to the listener'],
];
const stepS = 2;
const spanS = 180;
const rateInterval = '20s';

const board = await answerOf<{ readonly panels: readonly Panel[] }>('/board.json');
const panels = wanted.flatMap((title) => board.panels.find((panel) => panel.title === title) ?? []);
const startedAt = Date.now() / 1_000;

async function answerOf<T>(path: string): Promise<T> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return (await response.json()) as T;
}

async function rangeOf(expr: string, legend: string, span: { from: number; to: number }) {
  const query = expr.replaceAll('$__rate_interval', rateInterval);
  const { from: start, to: end } = span;
  const parameters = { query, start: String(start), end: String(end), step: String(stepS) };
  const path = `/prometheus/api/v1/query_range?${new URLSearchParams(parameters).toString()}`;
  return seriesOf(await answerOf<RangeAnswer>(path), legend);
}

async function drawCharts(): Promise<void> {
  const to = Math.floor(Date.now() / 1_000 / stepS) * stepS;
  const from = Math.max(to - spanS, Math.floor(startedAt) - spanS);
  const drawn = panels.map(async ({ fieldConfig, targets = [], title }) => {
    const all = targets.map(({ expr, legendFormat }) => rangeOf(expr, legendFormat, { from, to }));
    const unit = fieldConfig?.defaults?.unit ?? 'short';
    return chart(title, (await Promise.all(all)).flat(), unit, { from, to, stepS });
  });
  put('charts', (await Promise.all(drawn)).join(''));
}

async function drawAlerts(): Promise<void> {
  const { data } = await answerOf<{ data: { alerts: readonly Alert[] } }>('/prometheus/api/v1/alerts');
  const order = (alert: Alert): number =>
    (alert.state === 'firing' ? 0 : 2) + (alert.labels['severity'] === 'page' ? 0 : 1);
  const rows = data.alerts
    .toSorted((one, other) => order(one) - order(other))
    .map(({ activeAt, annotations, labels, state }) => {
      const { runbook = '', summary = '' } = annotations;
      const since = new Date(activeAt).toISOString().slice(11, 19);
      return `<tr class="${state} ${labels['severity'] ?? ''}"><td><b>${state}</b></td><td>${escaped(labels['alertname'] ?? '')}</td>
        <td>${escaped(labels['severity'] ?? '')}</td><td>${escaped(summary)}</td><td>since ${since}</td>
        <td><a href="/${escaped(runbook.replace('docs/', ''))}">what to do</a></td></tr>`;
    });
  put('alerts', rows.join('') || '<tr><td>No alert is firing, and none is pending.</td></tr>');
  document.body.dataset['firing'] = data.alerts
    .filter(({ state }) => state === 'firing')
    .map(({ labels }) => labels['alertname'] ?? '')
    .join(' ');
}

async function drawTraces(): Promise<void> {
  const messages = await answerOf<readonly Traced[]>('/traces.json');
  put('traces', messages.map(traced).join('') || '<p>No message is watched yet.</p>');
}

async function drawNumbers(): Promise<void> {
  const ask: readonly (readonly [string, string, Unit])[] = [
    ['devices', 'sum(im_connections)', 'short'],
    ['messages to devices', 'sum(rate(im_pushes_total[20s]))', 'ops'],
    [
      'proved within, 90 %',
      'histogram_quantile(0.9, sum by (le) (rate(im_delivery_seconds_bucket[20s])))',
      's',
    ],
    ['push servers up', 'sum(up{job="im-server"})', 'short'],
  ];
  const now = String(Date.now() / 1_000);
  const shown = ask.map(async ([name, query, unit]) => {
    const path = `/prometheus/api/v1/query?${new URLSearchParams({ query, time: now }).toString()}`;
    const { data } = await answerOf<{ data: { result: readonly { value: readonly [number, string] }[] } }>(
      path,
    );
    return `<div><b>${show(Number(data.result[0]?.value[1] ?? Number.NaN), unit)}</b>${name}</div>`;
  });
  put('numbers', (await Promise.all(shown)).join(''));
}

function put(id: string, html: string): void {
  const element = document.getElementById(id);
  if (element) element.innerHTML = html;
}

for (;;) {
  await Promise.all([drawCharts(), drawAlerts(), drawTraces(), drawNumbers()]).catch((error: unknown) => {
    put('problem', escaped(String(error)));
  });
  document.body.dataset['drawn'] = 'yes';
  await new Promise((resolve) => setTimeout(resolve, stepS * 1_000));
}
