// `tsx scripts/tool.ts knip …` runs a program of tools/: what checks and releases packages, which `npm install` leaves out,
// as neither `npm start` nor `npm test` needs it. It is installed when it is first needed, and again when its lock changed.
import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { installTools, toolsFolder } from './install-tools.ts';

const [program, ...args] = process.argv.slice(2);
if (program === undefined) throw new Error('Usage: tsx scripts/tool.ts <program> [arguments]');
await installTools(toolsFolder);
// Found before all others, also by what it starts itself.
const path = [join(toolsFolder, 'node_modules/.bin'), process.env['PATH']].join(delimiter);
const { error, status } = spawnSync(program, args, {
  env: { ...process.env, PATH: path },
  stdio: 'inherit',
  // On Windows programs of npm are .cmd files, which only a shell can run.
  shell: process.platform === 'win32',
});
if (error) console.error(`${program} cannot be run: ${error.message}`);
process.exitCode = status ?? 1;
