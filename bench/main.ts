// Speed beside the peers. Run: npm run bench [-- scenario…] [-- --rounds 5] [-- --keep]
// `--keep` also writes what the diary shows: bench/plots/*.svg and bench/results/summary.json.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { ownArguments } from '../scripts/own-arguments.ts';
import { keepServersApart, letAllShare } from './cores.ts';
import { toBars, toCurve } from './report/plot.ts';
import { toMarkdown, type Table } from './report/table.ts';
import { awayPush } from './scenarios/away.ts';
import { bigBatch } from './scenarios/big-batch.ts';
import { connectionCost, logins } from './scenarios/connections.ts';
import { crowdedGroup } from './scenarios/crowded-group.ts';
import { endToEnd } from './scenarios/end-to-end.ts';
import { fanout } from './scenarios/fanout.ts';
import { history } from './scenarios/history.ts';
import { latency } from './scenarios/latency.ts';
import { platform } from './scenarios/platform.ts';
import { severalPlatforms } from './scenarios/several-platforms.ts';
import { roundTrip } from './scenarios/round-trip.ts';
import { scale } from './scenarios/scale.ts';
import { sender } from './scenarios/sender.ts';
import { tracing } from './scenarios/tracing.ts';
import { unicast } from './scenarios/unicast.ts';
import { web } from './scenarios/web.ts';
import { wholePath } from './scenarios/whole-path.ts';
import { isSmall } from './small.ts';

const scenarios: Readonly<Record<string, (rounds: number) => Promise<Table[]>>> = {
  unicast,
  fanout,
  latency,
  logins,
  connections: connectionCost,
  sender,
  e2e: endToEnd,
  platform,
  'crowded-group': crowdedGroup,
  'several-platforms': severalPlatforms,
  'big-batch': bigBatch,
  away: awayPush,
  scale,
  'round-trip': roundTrip,
  'whole-path': wholePath,
  tracing,
  history,
  web,
};

const wholeSystem = new Set([
  'platform',
  'crowded-group',
  'several-platforms',
  'big-batch',
  'away',
  'history',
  'web',
]);

const { values, positionals } = ownArguments({
  name: 'bench',
  takes: 'scenarios',
  options: { rounds: { type: 'string', default: '5' }, keep: { type: 'boolean', default: false } },
});
const wanted = positionals.length > 0 ? positionals : Object.keys(scenarios);
const results = fileURLToPath(new URL('results/', import.meta.url));
const plots = fileURLToPath(new URL('plots/', import.meta.url));
mkdirSync(results, { recursive: true });

console.log(`${cpus().length} cores, Node ${process.version}\n`);
for (const name of wanted) {
  const run = scenarios[name];
  if (!run) throw new Error(`No scenario ${name}; there are ${Object.keys(scenarios).join(', ')}`);
  // The whole system at once needs all cores, and is compared with nobody.
  if (wholeSystem.has(name)) letAllShare();
  else keepServersApart();
  const tables = await run(isSmall ? 1 : Number(values.rounds));
  console.log(tables.map(toMarkdown).join('\n'));
  writeFileSync(`${results}${name}.json`, `${JSON.stringify(tables, null, 1)}\n`);
  if (values.keep) keep(name, tables);
}

function keep(name: string, tables: readonly Table[]): void {
  mkdirSync(plots, { recursive: true });
  for (const [index, table] of tables.entries()) {
    const isCurve = name === 'scale';
    const column = Math.max(1, table.columns.indexOf('whole'));
    writeFileSync(`${plots}${name}-${index + 1}.svg`, isCurve ? toCurve(table, 1) : toBars(table, column));
  }
  const file = `${results}summary.json`;
  const summary = JSON.parse(readOr(file, '{}')) as Record<string, unknown>;
  const revision = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  summary[name] = { revision, tables };
  writeFileSync(file, `${JSON.stringify(summary, null, 1)}\n`);
}

function readOr(file: string, otherwise: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}
