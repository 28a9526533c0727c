// `npm run demo:observe`: push servers, a service and devices that do what real ones do, a Prometheus with our alert rules, and a page that
// shows what it knows; until Ctrl-C. With `-- --once` it ends when all alerts that are to come have come, and saves pictures of the page:
// `-- --once --pictures docs/screens`.
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runnable } from 'im-test/support';
import sharp from 'sharp';
import { ownArguments } from '../../scripts/own-arguments.ts';
import { Scope } from '../faults/kit/scope.ts';
import { launchChromium } from '../support/chromium.ts';
import { makeProgramFiles } from '../support/program-files.ts';
import { makeRunFolder } from '../support/run-folder.ts';
import { startPrometheus } from './prometheus.ts';
import { servePage } from './serve-page.ts';
import { startWorld, watched, type World } from './world.ts';

const run = promisify(execFile);
const { values } = ownArguments({
  name: 'demo:observe',
  options: {
    once: { type: 'boolean', default: false },
    pictures: { type: 'string', default: 'dist/observe' },
    port: { type: 'string', default: '0' },
  },
});
/** Of one server that dies, one that is full, and a listener that fails. */
const expected = ['ImServerDied', 'ImServerFull', 'ImDeadLetters', 'ImProcessDown'];
const killAfterMs = 40_000;
const patienceMs = 300_000;

await makeProgramFiles(await makeRunFolder());
const scope = new Scope();
const say = (line: string): void => {
  console.log(line);
};
try {
  const world = await startWorld(scope, say);
  const prometheusUrl = await startPrometheus(scope, world.targets);
  say(`Prometheus: ${prometheusUrl}`);
  const im = imOf(world);
  await im('trace', 'on', '--user', `${watched.answers},${watched.silent}`, '--for', '1h');
  const url = await servePage(scope, Number(values.port), { prometheusUrl, traces: () => traces(im) });
  say(`the page:   ${url}`);
  const kill = setTimeout(() => {
    say('push-3 is killed, with messages in flight');
    world.killOne();
  }, killAfterMs);
  scope.onEnd(() => clearTimeout(kill));
  if (values.once) await takePictures(url, values.pictures);
  else {
    say('Ctrl-C ends it.');
    await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  }
} finally {
  await scope.end();
}
process.exit(0);

type Im = (...args: readonly string[]) => Promise<string>;

/** `im`, as an operator calls it. */
function imOf({ redisUrl }: World): Im {
  return async (...args) => {
    const program = [...runnable('packages/im-cli/src/main.ts'), ...args];
    const env = { PATH: process.env['PATH'], IM_CLI_REDIS: redisUrl };
    const { stdout } = await run(process.execPath, program, { env });
    return stdout;
  };
}

interface Traced {
  readonly steps: readonly { readonly step: string }[];
  readonly waiting: readonly unknown[];
}

/** The last one that arrived, and the last one that did not. */
async function traces(im: Im): Promise<Traced[]> {
  const said = await im('trace', '--json').catch(() => '{"messages":[]}');
  const { messages } = JSON.parse(said) as { readonly messages: readonly Traced[] };
  const isOver = ({ steps }: Traced): boolean => steps.some(({ step }) => step === 'listened');
  const hasFailed = ({ steps }: Traced): boolean => steps.some((step) => 'reason' in step);
  const whole = messages.filter(isOver);
  return [whole.findLast((one) => !hasFailed(one)), whole.findLast(hasFailed)].filter(
    (one) => one !== undefined,
  );
}

async function takePictures(url: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const browser = await launchChromium();
  scope.onEnd(() => browser.close());
  const page = await browser.newPage({
    viewport: { width: 1280, height: 900 },
    colorScheme: 'light',
  });
  page.on('pageerror', (error) => {
    console.error(error.message);
  });
  await page.goto(url);
  await page.waitForFunction(
    `${JSON.stringify(expected)}.every((name) => document.body.dataset.firing?.split(' ').includes(name))`,
    undefined,
    { timeout: patienceMs, polling: 1_000 },
  );
  // A little more of what came after.
  await page.waitForTimeout(20_000);
  say(`firing: ${String(await page.evaluate('document.body.dataset.firing'))}`);
  for (const [name, selector] of [
    ['observe', '#board'],
    ['observe-trace', '#watched'],
  ] as const) {
    const path = join(folder, `${name}.png`);
    // In few colours: documents have them, too.
    await sharp(await page.locator(selector).screenshot())
      .png({ palette: true, effort: 10 })
      .toFile(path);
    say(path);
  }
}
