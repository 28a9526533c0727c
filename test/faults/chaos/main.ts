// npm run chaos -- --minutes 30 --seed 7 --redis aof [--rate 150] [--devices 200] [--only "kill server"]
import { parseArgs } from 'node:util';
import { makeProgramFiles } from '../../support/program-files.ts';
import { busKinds, type BusKind } from '../kit/bus.ts';
import { newSeed } from '../kit/random.ts';
import { runChaos } from './chaos.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '3' },
    seed: { type: 'string', default: String(newSeed()) },
    redis: { type: 'string', default: 'aof' },
    rate: { type: 'string' },
    devices: { type: 'string' },
    servers: { type: 'string' },
    only: { type: 'string', multiple: true },
  },
});
const bus = busKinds.find((kind): kind is BusKind => kind === values.redis);
if (!bus) {
  console.error(`--redis is ${values.redis}; expected ${busKinds.join(', ')}.`);
  process.exit(2);
}
const number = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text);

await makeProgramFiles();
console.log(`chaos on ${bus}, ${values.minutes} minutes, --seed ${values.seed}`);
const startedAt = performance.now();
const [rate, devices, servers] = [number(values.rate), number(values.devices), number(values.servers)];
const { isGood, report, trends } = await runChaos({
  seed: Number(values.seed),
  bus,
  minutes: Number(values.minutes),
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
// Shorter runs have no slope worth the name.
const mostMbPer10Minutes = 1;
const grown =
  Number(values.minutes) < 30
    ? []
    : trends.filter(
        ({ name, isWhole, per10Minutes }) =>
          name.startsWith('MB of') && isWhole && per10Minutes > mostMbPer10Minutes,
      );
for (const { name } of grown)
  console.log(`FAIL ${name} grows by more than ${mostMbPer10Minutes} per 10 minutes`);
const isFine = isGood && grown.length === 0;
console.log(
  `seed ${values.seed}, ${Math.round((performance.now() - startedAt) / 1_000)} s: ${isFine ? 'good' : 'BAD'}`,
);
process.exit(isFine ? 0 : 1);
