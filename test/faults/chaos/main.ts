// npm run chaos -- --minutes 30 --seed 7 --redis aof [--rate 150] [--devices 200] [--only "kill server"]
// npm run chaos -- --failed: the seeds that once found something.
import { ownArguments } from '../../../scripts/own-arguments.ts';
import { makeProgramFiles } from '../../support/program-files.ts';
import { makeRunFolder } from '../../support/run-folder.ts';
import { busKinds, type BusKind } from '../kit/bus.ts';
import { newSeed } from '../kit/random.ts';
import { runChaos } from './chaos.ts';
import { failedSeeds } from './failed-seeds.ts';

const { values } = ownArguments({
  name: 'chaos',
  options: {
    minutes: { type: 'string', default: '3' },
    seed: { type: 'string', default: String(newSeed()) },
    redis: { type: 'string', default: 'aof' },
    rate: { type: 'string' },
    devices: { type: 'string' },
    servers: { type: 'string' },
    only: { type: 'string', multiple: true },
    failed: { type: 'boolean', default: false },
  },
});
const bus = busKinds.find((kind): kind is BusKind => kind === values.redis);
if (!bus) {
  console.error(`--redis is ${values.redis}; expected ${busKinds.join(', ')}.`);
  process.exit(2);
}
const number = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text);

// Shorter runs have no slope worth the name.
const mostMbPer10Minutes = 1;

await makeProgramFiles(await makeRunFolder());
const given = { seed: Number(values.seed), bus, minutes: Number(values.minutes) };
let isFine = true;
for (const run of values.failed ? failedSeeds : [given]) isFine = (await isGoodRun(run)) && isFine;
process.exit(isFine ? 0 : 1);

async function isGoodRun(run: typeof given): Promise<boolean> {
  console.log(`chaos on ${run.bus}, ${run.minutes} minutes, --seed ${run.seed}`);
  const startedAt = performance.now();
  const [rate, devices, servers] = [number(values.rate), number(values.devices), number(values.servers)];
  const { isGood, report, trends } = await runChaos({
    ...run,
    ...(rate !== undefined && { rate }),
    ...(devices !== undefined && { devices }),
    ...(servers !== undefined && { servers }),
    ...(values.only && { only: values.only }),
    samples: true,
  });
  console.log(report);
  for (const { name, first, last, per10Minutes } of trends) {
    console.log(
      `     ${name}: ${first.toFixed(0)} → ${last.toFixed(0)}, ${per10Minutes.toFixed(2)} per 10 minutes`,
    );
  }
  const grown =
    run.minutes < 30
      ? []
      : trends.filter(
          ({ name, isWhole, per10Minutes }) =>
            name.startsWith('MB of') && isWhole && per10Minutes > mostMbPer10Minutes,
        );
  for (const { name } of grown)
    console.log(`FAIL ${name} grows by more than ${mostMbPer10Minutes} per 10 minutes`);
  const isFine = isGood && grown.length === 0;
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  console.log(`seed ${run.seed}, ${seconds} s: ${isFine ? 'good' : 'BAD'}`);
  return isFine;
}
