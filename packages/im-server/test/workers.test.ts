import { connectDevice, type RawDevice } from 'im-test/support';
import { expect, test } from 'vitest';
import { restartDelayMs } from '../src/program/workers.ts';
import { startProgram, type LogLine, type RunningProgram } from './running-program.ts';
import { corner, secret, tokenOf, until, type Corner } from './support.ts';

// Processes take long to start on a machine that is busy with other tests.
function startWorkers(at: Corner, ...args: string[]): RunningProgram {
  const flags = ['--redis', at.url, '--key-prefix', at.prefix, '--jwt-secret', secret, '--port', '0'];
  return startProgram([...flags, '--workers', '2', '--admin-port', '0', ...args]);
}

/** The line of the primary, when all have started. */
function allStarted(program: RunningProgram): Promise<LogLine> {
  return program.logged((line) => line.msg === 'started' && Array.isArray(line['ids']));
}

function workerStarted(program: RunningProgram, worker: number): Promise<LogLine> {
  return program.logged((line) => line.msg === 'started' && line['worker'] === worker);
}

async function logIn(url: unknown, userId: number): Promise<RawDevice> {
  const device = await connectDevice(String(url));
  await device.login({ token: await tokenOf(userId), devId: 'one' });
  return device;
}

async function ask(started: LogLine, page: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(`http://127.0.0.1:${Number(started['adminPort'])}/${page}`);
  return { status: answer.status, text: await answer.text() };
}

async function sample(started: LogLine, name: string): Promise<number> {
  const { text } = await ask(started, 'metrics');
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return Number(line?.slice(name.length));
}

/** What the workers have of it together. */
async function sum(started: LogLine, name: string, labels: string): Promise<number> {
  const { text } = await ask(started, 'metrics');
  const ofWorkers = new RegExp(`^${name}\\{${labels}worker="[12]"\\} (\\d+)$`, 'gm');
  return [...text.matchAll(ofWorkers)].reduce((total, [, value]) => total + Number(value), 0);
}

function isAlive(pid: unknown): boolean {
  try {
    return process.kill(Number(pid), 0);
  } catch {
    return false;
  }
}

test('share the port, count together, are replaced when they die, and drain together', async () => {
  const at = corner();
  const program = startWorkers(at);
  const started = await allStarted(program);
  const [one, two] = [await workerStarted(program, 1), await workerStarted(program, 2)];
  expect(new Set(started['ids'] as number[])).toEqual(new Set([one['id'], two['id']]));
  expect(one['url']).toBe(two['url']);

  const devices: RawDevice[] = [];
  for (const userId of [1, 2, 3, 4]) devices.push(await logIn(started['url'], userId));
  const routes = await Promise.all(
    [1, 2, 3, 4].map((userId) => at.redis.get(at.key(`im:user:server_id:${userId}:0`))),
  );
  expect(new Set(routes.map(Number))).toEqual(new Set([one['id'], two['id']]));
  const onOne = routes.filter((serverId) => Number(serverId) === one['id']).length;
  expect(await ask(started, 'readyz')).toMatchObject({ status: 200 });
  expect(await sum(started, 'im_connections', 'terminal="0",')).toBe(4);
  expect(await sum(started, 'im_ready', '')).toBe(2);
  expect(await sample(started, 'im_logins_total{outcome="accepted"}')).toBe(4);

  process.kill(Number(one['pid']), 'SIGKILL');
  const death = await program.logged('a worker died');
  expect(death).toMatchObject({ worker: 1, signal: 'SIGKILL', restartInMs: 100 });
  const without = await ask(started, 'readyz');
  expect(without).toMatchObject({ status: 503 });
  expect(without.text).toContain('a worker is starting');
  expect(await ask(started, 'healthz')).toMatchObject({ status: 200 });

  const three = await workerStarted(program, 3);
  expect(three['url']).toBe(one['url']);
  await until('all are ready again', async () => (await ask(started, 'readyz')).status === 200);
  // What the dead one had counted still counts; what it held does not.
  expect(await sample(started, 'im_logins_total{outcome="accepted"}')).toBe(4);
  expect(await sum(started, 'im_connections', 'terminal="0",')).toBe(4 - onOne);

  const more = await Promise.all([5, 6].map((userId) => logIn(started['url'], userId)));
  expect(await sample(started, 'im_logins_total{outcome="accepted"}')).toBe(6);
  program.signal('SIGTERM');
  const codes = await Promise.all([...devices, ...more].map(async (device) => (await device.closed).code));
  expect(codes.filter((code) => code === 1006)).toHaveLength(onOne);
  expect(codes.filter((code) => code === 1012)).toHaveLength(6 - onOne);
  expect(await program.exit).toEqual({ code: 0, signal: null });
  expect([one, two, three].map(({ pid }) => isAlive(pid))).toEqual([false, false, false]);
});

test('end with one error when they cannot start', async () => {
  const program = startProgram([
    ...['--redis', 'redis://127.0.0.1:1', '--jwt-secret', secret, '--port', '0', '--workers', '2'],
  ]);
  expect(await program.exit).toEqual({ code: 1, signal: null });
  expect(program.stderr).toMatch(/^im-server: Cannot reach Redis.*\(BUS_UNAVAILABLE\)\n$/);
});

test('do not outlive their primary', async () => {
  const program = startWorkers(corner());
  await allStarted(program);
  const pids = [1, 2].map(async (worker) => (await workerStarted(program, worker))['pid']);
  program.signal('SIGKILL');
  for (const pid of await Promise.all(pids)) await until('the worker is gone', () => !isAlive(pid));
});

test('a signal to the whole group drains, as Ctrl-C and service managers send it', async () => {
  const program = startWorkers(corner());
  const started = await allStarted(program);
  const device = await logIn(started['url'], 1);
  const workers = await Promise.all([1, 2].map((worker) => workerStarted(program, worker)));
  for (const { pid } of workers) process.kill(Number(pid), 'SIGTERM');
  program.signal('SIGTERM');
  expect((await device.closed).code).toBe(1012);
  expect(await program.exit).toEqual({ code: 0, signal: null });
});

test('that keep dying are started again ever more slowly', () => {
  expect([1, 2, 3, 9, 10, 1_000].map(restartDelayMs)).toEqual([100, 200, 400, 25_600, 30_000, 30_000]);
});
