import { setTimeout as sleep } from 'node:timers/promises';
import { count, milliseconds } from 'im-common/internal/checks';
import { busOptions, type CliCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Options } from '../options.ts';
import type { Output } from '../output/output.ts';
import { counted, moment } from '../output/words.ts';
import { own } from '../own.ts';
import { ratesOf, takeSample, type Rates } from '../top/sample.ts';

interface Called extends Options {
  readonly everyMs: number;
  readonly count?: number;
}

/** For the heading, its line, and where the cursor stays. */
const linesAround = 4;

export const top: CliCommand = {
  about: 'Servers as they work: connections, entries that they take in a second, what waits; until Ctrl-C.',
  options: busOptions,
  flags: own('Command', {
    everyMs: { kind: milliseconds(100), default: 1_000, about: 'How often it looks.' },
    count: { kind: count, about: 'End after so many looks.' },
  }),
  async run(context, { count: most = Infinity, everyMs }: Called) {
    const { out } = context;
    const bus = await context.bus();
    const ended = context.untilEnd();
    let before = await takeSample(bus);
    for (let looks = 0; looks < most; looks += 1) {
      await sleep(everyMs, undefined, { signal: ended }).catch(() => undefined);
      if (ended.aborted) break;
      const now = await takeSample(bus);
      await show(out, ratesOf(before, now));
      before = now;
    }
    return exitCodes.done;
  },
};

async function show(out: Output, rates: Rates): Promise<void> {
  if (out.isJson) {
    await out.json({ at: Date.now(), ...rates });
    return;
  }
  const { commandsPerSecond, servers, usedBytes } = rates;
  await out.clear();
  const connections = servers.reduce((sum, one) => sum + one.connections, 0);
  const what = `${counted(servers.length, 'server')}, ${counted(connections, 'connection')}`;
  const redis = `Redis: ${commandsPerSecond} commands/s, ${(usedBytes / 2 ** 20).toFixed(0)} MiB`;
  await out.line(`${moment(Date.now()) ?? ''}  ${what}. ${redis}.`);
  await out.table(
    ['id', 'state', 'connections', 'entries/s', 'waiting', 'in flight'],
    servers
      .slice(0, out.rows - linesAround)
      .map(({ connections, id, inFlight, state, takenPerSecond, waiting }) => [
        ...[id, state, connections, takenPerSecond, waiting, inFlight],
      ]),
  );
}
