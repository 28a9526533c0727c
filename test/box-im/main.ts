// npm run boxim-pages -- --source box-im/im-web: box-im's page, as it is, is built and used by two people in Chromium
//   --built DIR    one that was built before, as the first run says
//   --burst 320    instead: so many messages at once to a page, --rounds 6 times, beside --busy 0 programs that compute
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownArguments } from '../../scripts/own-arguments.ts';
import { startWorld } from '../chat/support/world.ts';
import { withOwnCleanups } from '../support/cleanup.ts';
import { buildPage } from './build.ts';
import { runBurst } from './burst.ts';
import { runJourney } from './journey.ts';
import { servePage } from './site.ts';

const { values } = ownArguments({
  name: 'boxim-pages',
  options: {
    source: { type: 'string' },
    built: { type: 'string' },
    burst: { type: 'string' },
    rounds: { type: 'string', default: '6' },
    busy: { type: 'string', default: '0' },
  },
});

async function folderOfPage(): Promise<string> {
  if (values.built !== undefined) return values.built;
  if (values.source === undefined) throw new Error('Say where im-web of box-im lies: --source box-im/im-web');
  console.log('Building the page…');
  const folder = await buildPage(values.source);
  console.log(`Built. The next time: --built ${folder}`);
  return folder;
}

await withOwnCleanups(async () => {
  const folder = await folderOfPage();
  // As it is without options; the rates of these tests apart.
  const world = await startWorld({ friendship: 'request' });
  const url = await servePage(folder, world);
  if (values.burst === undefined) {
    const shots = await mkdtemp(join(tmpdir(), 'box-im-shots-'));
    await runJourney({ url, platformUrl: world.url, shots });
    console.log(`All of it works. What the pages showed: ${shots}`);
    return;
  }
  const [count, rounds, busy] = [values.burst, values.rounds, values.busy].map(Number) as [
    number,
    number,
    number,
  ];
  const problems = await runBurst({ url, count, rounds, busy, restart: () => world.restart() });
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
});
process.exit();
