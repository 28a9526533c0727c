import { busOptions, type CliCommand } from '../command.ts';
import type { Finding } from '../doctor/finding.ts';
import { examine } from '../doctor/examine.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Output } from '../output/output.ts';

const colors = { ok: 32, warn: 33, bad: 31 } as const;

export const doctor: CliCommand = {
  about: 'Look at Redis, servers, their addresses and what waits; say what is wrong, and what to do.',
  options: busOptions,
  async run(context) {
    const { out } = context;
    let isIll = false;
    for await (const finding of examine(await context.bus())) {
      isIll ||= finding.state === 'bad';
      if (out.isJson) await out.json(finding);
      else await tell(out, finding);
    }
    return isIll ? exitCodes.no : exitCodes.done;
  },
};

async function tell(out: Output, { about, cure, state, what }: Finding): Promise<void> {
  await out.line(`${about.padEnd(12)}  ${what}`, { word: state.padEnd(4), color: colors[state] });
  if (cure !== undefined) await out.line(`${' '.repeat(20)}${cure}`);
}
