// `npm run nodes`: the core of the suite, SQLite and `npm start` on the other versions of Node that `engines` names, and
// whether `npm ci` would find everything fit for them; `npm run nodes -- 24` on that one alone. npm has the versions, locked in tools/nodes.
import { spawnSync } from 'node:child_process';
import { readdir, realpath } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { lookUp } from '../test/support/find-program.ts';
import { installTools, toolsFolder } from './install-tools.ts';
import { ownArguments } from './own-arguments.ts';

const core = [
  'packages/im-embedded/test/create-im.test.ts',
  'packages/im-platform/test/sqlite.test.ts',
  'packages/im-platform/test/start.test.ts',
  'test/path/servers-and-services.test.ts',
];

const [only = ''] = ownArguments({ name: 'nodes', takes: 'version' }).positionals;
const folder = join(toolsFolder, 'nodes');
await installTools(folder);
const installed = (await readdir(join(folder, 'node_modules'))).filter((name) =>
  name.startsWith(`node-${only}`),
);
if (installed.length === 0)
  console.log(`There is no Node for ${process.platform} ${process.arch} in tools/nodes.`);
const npm = await realpath((await lookUp({ names: ['npm'] })) ?? 'npm');

for (const name of installed.sort()) {
  const bin = join(folder, 'node_modules', name, 'bin');
  // What tests start is run by the same Node.
  const env = { ...process.env, NO_COLOR: '1', PATH: [bin, process.env['PATH']].join(delimiter) };
  const run = (...args: string[]): { failed: boolean; said: string } => {
    const { status, stdout } = spawnSync(join(bin, 'node'), args, {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return { failed: status !== 0, said: stdout.toString() };
  };
  const { said: version } = run('--version');
  const steps = {
    'npm ci': run(npm, 'ci', '--engine-strict', '--dry-run', '--no-audit', '--no-fund'),
    tests: run('node_modules/vitest/vitest.mjs', 'run', '--typecheck.enabled=false', ...core),
  };
  for (const [step, { failed, said }] of Object.entries(steps)) {
    if (!failed) continue;
    console.error(`${step} on Node ${version.trim()}:\n${said}`);
    process.exitCode = 1;
  }
  const tests = /Tests .*/.exec(steps.tests.said)?.[0] ?? 'no tests';
  console.log(`Node ${version.trim()}: npm ci ${steps['npm ci'].failed ? 'failed' : 'is fine'}, ${tests}`);
}
