import { execFile, type PromiseWithChild } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createMemoryBus } from 'im-common/bus';
import { createGateway } from 'im-gateway';
import { createPlatform, migrate, openDatabase } from 'im-platform';
import { createImServer } from 'im-server';
import { onFileCleanup } from 'im-test/support';
import { beforeAll, expect, test } from 'vitest';
import { findProgram } from './support/install-programs.ts';
import { promtoolProgram } from './support/prometheus.ts';

const run = promisify(execFile);
const deploy = new URL('../deploy/', import.meta.url).pathname;
const rulesFile = join(deploy, 'prometheus/alerts.yml');

interface Board {
  readonly panels: readonly {
    readonly title: string;
    readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
  }[];
}

let rules: string;
let queries: readonly string[];
let folder: string;
/** What each program says at /metrics. */
let exported: Readonly<Record<string, string>>;

function promtool(...args: string[]): PromiseWithChild<{ stdout: string; stderr: string }> {
  return run(program, args, { cwd: join(deploy, 'prometheus') });
}
let program: string;

beforeAll(async () => {
  program = await findProgram(promtoolProgram);
  rules = await readFile(rulesFile, 'utf8');
  const { panels } = JSON.parse(await readFile(join(deploy, 'grafana/im.json'), 'utf8')) as Board;
  queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  folder = await mkdtemp(join(tmpdir(), 'im-test-observability-'));
  onFileCleanup(() => rm(folder, { recursive: true }));
  exported = await metricsOfPrograms();
});

async function metricsOfPrograms(): Promise<Record<string, string>> {
  const bus = createMemoryBus();
  await bus.start();
  const database = `sqlite:${join(folder, 'im.db')}`;
  const opened = openDatabase({ url: database });
  await migrate(opened.sql);
  await opened.close();
  const secrets = { accessSecret: 'only-for-this-test-1', refreshSecret: 'only-for-this-test-2' };
  const here = { host: '127.0.0.1', port: 0 };
  const platform = createPlatform({
    ...{ ...secrets, ...here, database, bus, filesDir: join(folder, 'files') },
    // What is off has no metrics.
    redPackets: true,
  });
  await platform.start();
  const metrics = {
    'im-server': await createImServer({ bus, jwtSecret: secrets.accessSecret }).metrics.text(),
    'im-gateway': await createGateway({ bus, apiKey: 'only-for-this-test-'.repeat(2) }).metricsText(),
    'im-platform': await (await fetch(`${platform.operationsUrl}/metrics`)).text(),
  };
  await platform.close();
  await bus.close();
  return metrics;
}

/** Names of metrics in a query, those of a histogram without what stands behind them. */
function metricsIn(query: string): string[] {
  const names = query.match(/\b(?:im|nodejs|process)_\w+/g) ?? [];
  return names.map((name) => name.replace(/_(?:bucket|sum|count)$/, ''));
}

test('the rules and the example of scraping are right, and each alert comes when it is to', async () => {
  expect((await promtool('check', 'config', 'prometheus.yml')).stdout).toContain('SUCCESS');
  expect((await promtool('test', 'rules', 'alerts.test.yml')).stdout).toContain('SUCCESS');
  const tried = await readFile(join(deploy, 'prometheus/alerts.test.yml'), 'utf8');
  for (const alert of alerts()) expect(tried).toMatch(new RegExp(`alertname: ${alert}\n\\s+exp_alerts:`));
});

function alerts(): string[] {
  return [...rules.matchAll(/^ +- alert: (\w+)$/gm)].map(([, name = '']) => name);
}

test('every alert says what it means, what to look at and what to do, and no other does', async () => {
  const text = await readFile(new URL('../docs/alerts.md', import.meta.url), 'utf8');
  const runbooks = new Map(
    text
      .split(/^## /m)
      .slice(1)
      .map((section) => [section.slice(0, section.indexOf('\n')), section]),
  );
  expect([...runbooks.keys()]).toEqual(alerts());
  for (const [alert, section] of runbooks) {
    for (const part of ['It means', 'Look at', 'Do']) expect(section, alert).toContain(`\n- **${part}** `);
    expect(rules).toContain(`runbook: docs/alerts.md#${alert.toLowerCase()}\n`);
  }
});

test('rules and boards ask for metrics that our programs have', () => {
  const known = new Set(
    Object.values(exported).flatMap((text) => [...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name)),
  );
  const expressions = rules.match(/^ +expr: (?:>\n(?: {10}.*\n)+|.+$)/gm) ?? [];
  expect(expressions).toHaveLength(alerts().length);
  const asked = [...expressions, ...queries].flatMap(metricsIn);
  expect(asked.length).toBeGreaterThan(50);
  expect(asked.filter((name) => !known.has(name))).toEqual([]);
});

test('Prometheus can read what the boards ask', async () => {
  const records = queries.map((query, index) => ({
    record: `panel:${index}`,
    expr: query.replaceAll('$__rate_interval', '5m'),
  }));
  const file = join(folder, 'boards.yml');
  // JSON is YAML.
  await writeFile(file, JSON.stringify({ groups: [{ name: 'boards', rules: records }] }));
  expect((await promtool('check', 'rules', file)).stdout).toContain(`${records.length} rules found`);
});

test('names of metrics are as Prometheus wants them', async () => {
  for (const [name, text] of Object.entries(exported)) {
    const checking = promtool('check', 'metrics');
    checking.child.stdin?.end(ours(text));
    await expect(checking, name).resolves.toMatchObject({ stdout: '', stderr: '' });
  }
});

/** Without those of Node, some of which are named otherwise. */
function ours(text: string): string {
  return text
    .split(/^(?=# HELP )/m)
    .filter((metric) => metric.startsWith('# HELP im_'))
    .join('');
}
