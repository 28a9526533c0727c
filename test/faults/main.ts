// npm run faults -- <row, by name or number> [--times 200] [--seed 7] [--rate 2000] [--devices 1000] [--instances 3]; without a row: which there are
import { ownArguments } from '../../scripts/own-arguments.ts';
import { makeProgramFiles } from '../support/program-files.ts';
import { makeRunFolder } from '../support/run-folder.ts';
import { newSeed } from './kit/random.ts';
import { rows } from './rows/index.ts';
import { runRow } from './rows/row.ts';

const { values, positionals } = ownArguments({
  name: 'faults',
  takes: 'a row, by name or number; none: which there are',
  options: {
    times: { type: 'string' },
    rate: { type: 'string' },
    devices: { type: 'string' },
    instances: { type: 'string' },
    seed: { type: 'string', default: String(newSeed()) },
  },
});
const [wanted] = positionals;
const chosen = rows.filter(
  ({ name, numbers }) => name === wanted || numbers.map(String).includes(wanted ?? ''),
);
if (chosen.length === 0) {
  for (const { name, numbers, holds, inFull } of rows)
    console.log(`${numbers.join(', ')} ${name} (${inFull}): ${holds}`);
  process.exit(wanted === undefined ? 0 : 2);
}
await makeProgramFiles(await makeRunFolder());
let failures = 0;
for (const row of chosen) {
  const options = {
    times: number(values.times) ?? row.inFull,
    seed: Number(values.seed),
    rate: number(values.rate),
    devices: number(values.devices),
    instances: number(values.instances),
    say: (step: string) => console.error(`  ${new Date().toISOString()} ${step}`),
  };
  await runRow(row, options).catch((error: unknown) => {
    failures += 1;
    console.error(error instanceof Error ? error.message : error);
  });
}
process.exit(failures);

function number(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}
