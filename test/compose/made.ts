// npm run compose-made: what `npm create im-app --template standalone` writes, built by the lines of its Dockerfile from our packed packages, and
// the services of its compose.yaml as processes in a network of their own: with the very names, ports, settings, user and order that stand
// there. A device gets a message, and all ends on SIGTERM. Needs Linux, root and redis-server.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseEnv } from 'node:util';
import { createDevice } from 'im-device';
import { WebSocket } from 'ws';
import { readDockerignore } from '../../scripts/images/docker-ignore.ts';
import { readDockerfile } from '../../scripts/images/dockerfile.ts';
import { ownArguments } from '../../scripts/own-arguments.ts';
import { libraries, Project } from '../packed/project.ts';
import { waitUntil } from '../support/wait-until.ts';
import { readCompose, type ComposeService } from './compose-file.ts';

/** Of the images: what is neither root nor anybody else. */
const user = { uid: 1_000, gid: 1_000 };
const patienceMs = 60_000;

if (process.argv[2] === '--inside') await runInside(process.argv[3] ?? '');
else {
  ownArguments({ name: 'compose-made' });
  const folder = await mkdtemp(join(tmpdir(), 'im-compose-made-'));
  try {
    await makeAndBuild(folder);
    process.exitCode = await inOwnNetwork(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `app` is as the image has it, `made` as its author. */
async function makeAndBuild(folder: string): Promise<void> {
  const project = await Project.create([...libraries, 'create-im-app']);
  try {
    const made = join(folder, 'made');
    await project.node(['node_modules/.bin/create-im-app', made, '--template', 'standalone']);
    await fromFiles(join(made, 'package.json'), project.folder);
    const [built, image] = readDockerfile(await readFile(join(made, 'Dockerfile'), 'utf8'));
    if (!built || !image) throw new Error('The Dockerfile of the template has two stages.');
    const isTaken = readDockerignore(await readFile(join(made, '.dockerignore'), 'utf8'));
    const app = join(folder, 'app');
    await cp(made, app, {
      recursive: true,
      filter: (path) => path === made || isTaken(relative(made, path)),
    });
    for (const { name, text } of built.steps) {
      if (name !== 'RUN') continue;
      console.log(text);
      const { status } = spawnSync('sh', ['-c', text], { cwd: app, stdio: ['ignore', 'inherit', 'inherit'] });
      if (status !== 0) throw new Error(`RUN ${text} ended with ${status}.`);
    }
    await writeFile(join(folder, 'env.json'), JSON.stringify(image.settings.env));
    await chmod(folder, 0o755);
  } finally {
    await project.remove();
  }
}

/** Ours as files that npm has packed, those that they need, too. */
async function fromFiles(file: string, packed: string): Promise<void> {
  const manifest = JSON.parse(await readFile(file, 'utf8')) as { dependencies: Record<string, string> };
  const { dependencies } = JSON.parse(
    await readFile(join(packed, 'package.json'), 'utf8'),
  ) as typeof manifest;
  for (const [name, from] of Object.entries(dependencies))
    if (name in manifest.dependencies) manifest.dependencies[name] = from.replace('file:', `file:${packed}/`);
  await writeFile(file, JSON.stringify(manifest, null, 2));
}

async function inOwnNetwork(folder: string): Promise<number> {
  const own = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const command = [process.execPath, ...process.execArgv, process.argv[1] ?? '', '--inside', folder];
  const [code] = (await once(spawn('unshare', [...own, ...command], { stdio: 'inherit' }), 'exit')) as [
    number | null,
  ];
  return code ?? 1;
}

async function runInside(folder: string): Promise<void> {
  const secrets = parseEnv(await readFile(join(folder, 'made/.env'), 'utf8'));
  const text = await readFile(join(folder, 'made/compose.yaml'), 'utf8');
  const services = readCompose(text, secrets as Record<string, string>);
  await writeFile(join(folder, 'hosts'), `127.0.0.1 localhost ${[...services.keys()].join(' ')}\n`);
  const isUp = spawnSync('sh', [
    '-c',
    'ip link set lo up && mount --bind "$0" /etc/hosts',
    join(folder, 'hosts'),
  ]);
  if (isUp.status !== 0) throw new Error(`The network cannot be made: ${isUp.stderr.toString()}`);
  const env = JSON.parse(await readFile(join(folder, 'env.json'), 'utf8')) as Record<string, string>;
  const running = new Map<string, ChildProcess>();
  for (const [name, service] of services) {
    running.set(
      name,
      await start(folder, name, { ...service, environment: { ...env, ...service.environment } }),
    );
    console.log(`${name}: ${service.healthcheck ? 'healthy' : 'started'}`);
  }
  await sayHello();
  for (const [name, child] of [...running].reverse()) {
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`${name} ended with ${code}.`);
  }
  console.log('all of them ended on SIGTERM');
  process.exit(0);
}

async function start(folder: string, name: string, service: ComposeService): Promise<ChildProcess> {
  const { command = [], environment = {}, healthcheck } = service;
  const cwd = name === 'redis' ? join(folder, 'redis') : join(folder, 'app');
  await mkdir(cwd, { recursive: true });
  // `spawn` looks for programs in its own PATH.
  const PATH = (environment['PATH'] ?? '$PATH')
    .replace('/app/', `${folder}/app/`)
    .replace('$PATH', process.env['PATH'] ?? '');
  const child = spawn('env', [`PATH=${PATH}`, ...command], {
    cwd,
    env: { ...environment, PATH: process.env['PATH'] },
    stdio: ['ignore', name === 'redis' ? 'ignore' : 'inherit', 'inherit'],
    ...(name !== 'redis' && user),
  });
  const [, test = ''] = healthcheck?.test ?? [];
  await waitUntil(
    `${name} is healthy`,
    async () => {
      if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}.`);
      return test === '' || spawnSync('sh', ['-c', test]).status === 0;
    },
    patienceMs,
  );
  return child;
}

/** What its page does. */
async function sayHello(): Promise<void> {
  const url = 'http://backend:3000';
  await waitUntil(
    'the backend answers',
    () =>
      fetch(url).then(
        ({ ok }) => ok,
        () => false,
      ),
    patienceMs,
  );
  const page = await (await fetch(url)).text();
  const [, port = ''] = /name="im-port" content="(\d+)"/.exec(page) ?? [];
  const device = createDevice<{ private: { text: string } }>({
    url: `ws://push:${port}/im`,
    token: async () => (await fetch(`${url}/im/token?user=2`)).text(),
    WebSocket,
  });
  const heard = new Promise<string>((resolve) =>
    device.on('message', ({ kind, data }) => kind === 'private' && resolve(data.text)),
  );
  const online = new Promise((resolve) =>
    device.on('state', ({ kind }) => kind === 'online' && resolve(kind)),
  );
  device.start();
  await online;
  const hello = await fetch(`${url}/hello?to=2`, { method: 'POST' });
  console.log(`hello: ${await hello.text()}, and the device heard: ${await heard}`);
  await device.close();
}
