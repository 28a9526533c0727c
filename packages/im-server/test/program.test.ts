import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectDevice, onCleanup, type RawDevice } from 'im-test/support';
import { describe, expect, test } from 'vitest';
import { startProgram, type LogLine, type ProgramOptions, type RunningProgram } from './running-program.ts';
import { corner, entry, push, secret, tokenOf, type Corner } from './support.ts';

// Processes take long to start on a machine that is busy with other tests.
interface Running {
  readonly program: RunningProgram;
  readonly started: LogLine;
  readonly url: string;
  readonly admin: string;
}

function flagsFor(at: Corner): string[] {
  return ['--redis', at.url, '--key-prefix', at.prefix, '--jwt-secret', secret, '--port', '0'];
}

async function run(at: Corner, args: readonly string[] = [], options: ProgramOptions = {}): Promise<Running> {
  const program = startProgram([...flagsFor(at), '--admin-port', '0', ...args], options);
  const started = await program.logged('started');
  return {
    program,
    started,
    url: String(started['url']),
    admin: `http://127.0.0.1:${Number(started['adminPort'])}`,
  };
}

async function logIn(url: string, userId: number): Promise<RawDevice> {
  const device = await connectDevice(url);
  await device.login({ token: await tokenOf(userId), devId: 'one' });
  return device;
}

test('starts with flags and environment, serves devices, and drains on SIGTERM', async () => {
  const at = corner();
  const { program, started, url, admin } = await run(at, [], { env: { IM_PATH: '/devices' } });
  expect(url).toMatch(/\/devices$/);
  expect(Number(started['id'])).toBeGreaterThan(0);
  const device = await logIn(url, 1);

  expect(await (await fetch(`${admin}/readyz`)).json()).toEqual({
    live: true,
    ready: true,
    degraded: false,
    reasons: [],
  });
  expect((await fetch(`${admin}/healthz`)).status).toBe(200);
  const metrics = await (await fetch(`${admin}/metrics`)).text();
  expect(metrics).toContain('im_connections{terminal="0"} 1\n');
  expect(metrics).toContain('im_logins_total{outcome="accepted"} 1\n');
  expect(metrics).toContain('process_resident_memory_bytes');

  program.signal('SIGTERM');
  expect((await device.closed).code).toBe(1012);
  expect(await program.exit).toEqual({ code: 0, signal: null });
  expect(program.stderr).toBe('');
});

test('SIGINT drains too', async () => {
  const { program } = await run(corner());
  program.signal('SIGINT');
  expect(await program.exit).toEqual({ code: 0, signal: null });
});

test('is not ready while it drains, and a second signal ends it at once', async () => {
  const { program, url, admin } = await run(corner());
  // So many are sent away over more than a second.
  await Promise.all(Array.from({ length: 300 }, () => connectDevice(url)));

  program.signal('SIGTERM');
  await program.logged((line) => line.msg.startsWith('draining'));
  const ready = await fetch(`${admin}/readyz`);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({ live: true, reasons: ['draining'] });

  // Signals that come at the same time as the first are one with it.
  const again = setInterval(() => program.signal('SIGTERM'), 100);
  onCleanup(() => clearInterval(again));
  expect(await program.exit).toEqual({ code: 1, signal: null });
});

test('a signal in the middle of the start ends it in order', async () => {
  const preload = `process.on('newListener', (name) => {
    if (name === 'SIGTERM') setImmediate(() => process.kill(process.pid, 'SIGTERM'));
  });`;
  const program = startProgram(flagsFor(corner()), { preload });
  expect(await program.exit).toEqual({ code: 0, signal: null });
});

test('logs logins and closes at debug, and never a token, a secret or a message', async () => {
  const at = corner();
  const { program, started, url } = await run(at, ['--log-level', 'debug']);
  const token = await tokenOf(1);
  const device = await logIn(url, 1);
  await push(at, { id: Number(started['id']) }, 'private', entry(1, { data: '{"content":"for-your-eyes"}' }));
  await device.next((frame) => frame.cmd === 3);
  await device.close();
  await program.logged((line) => line.msg === 'device closed');
  program.signal('SIGTERM');
  await program.exit;

  const logged = program.stdout + program.stderr;
  expect(logged).toMatch(/"level":20.*logged in/);
  for (const hidden of [token.split('.')[1]!, secret, 'for-your-eyes']) expect(logged).not.toContain(hidden);
});

test('an error that nobody expected is logged and ends it with 1, tidily', async () => {
  const at = corner();
  const preload = `process.on('SIGUSR2', () => { throw new Error('out of the blue'); });`;
  const { program, url } = await run(at, [], { preload });
  const device = await logIn(url, 1);
  program.signal('SIGUSR2');
  const line = await program.logged((one) => one.msg.startsWith('unexpected error'));
  expect(line['err']).toMatchObject({ message: 'out of the blue' });
  expect((await device.closed).code).toBe(1012);
  expect(await program.exit).toEqual({ code: 1, signal: null });
});

describe('a start that fails says why in one line', () => {
  test('when Redis is away', async () => {
    const program = startProgram(['--redis', 'redis://127.0.0.1:1', '--jwt-secret', secret, '--port', '0']);
    expect(await program.exit).toEqual({ code: 1, signal: null });
    expect(program.stderr).toMatch(
      /^im-server: Cannot reach Redis at redis:\/\/127\.0\.0\.1:1 .*\(BUS_UNAVAILABLE\)\n$/,
    );
  });

  test('when an option is wrong', async () => {
    const program = startProgram(['--proof', 'maybe']);
    expect(await program.exit).toEqual({ code: 2, signal: null });
    expect(program.stderr).toBe(
      'im-server: flag --proof is "maybe"; expected written or pong. (INVALID_OPTION)\n',
    );
  });

  test('when an address of Redis is none', async () => {
    const program = startProgram(['--redis', 'redis://a/b/c', '--jwt-secret', secret]);
    expect(await program.exit).toEqual({ code: 2, signal: null });
    expect(program.stderr).toMatch(/^im-server: .*redis:\/\/host:port.*\(INVALID_OPTION\)\n$/);
  });

  test.each(['--port', '--admin-port'])('when %s is in use', async (flag) => {
    const taken = createServer();
    onCleanup(() => taken.close());
    const port = await new Promise<number>((resolve) => {
      taken.listen(0, '127.0.0.1', () => resolve((taken.address() as AddressInfo).port));
    });
    const args = [...flagsFor(corner()), '--host', '127.0.0.1', flag, String(port)];
    const program = startProgram(args);
    expect(await program.exit).toEqual({ code: 1, signal: null });
    expect(program.stderr).toMatch(new RegExp(`^im-server: .*\\b${port}\\b.*in use.*\\(PORT_IN_USE\\)\\n$`));
  });
});

describe('questions are answered on stdout', () => {
  test.each([
    ['--help', /^Usage: im-server/],
    ['--version', /^\d+\.\d+\.\d+\n$/],
    ['--print-config', /"port": 8878/],
  ])('%s', async (flag, answer) => {
    const program = startProgram([flag]);
    expect(await program.exit).toEqual({ code: 0, signal: null });
    expect(program.stdout).toMatch(answer);
    expect(program.stderr).toBe('');
  });
});

test('warnings are logged', async () => {
  const { program } = await run(corner(), ['--jwt-secret', 'MIIBIjANBgkq']);
  const line = await program.logged(({ msg }) => msg.includes('published sample secret'));
  expect(line['level']).toBe(40);
});
