import { readFile } from 'node:fs/promises';
import { testRedis } from 'im-test/support';
import { expect, test } from 'vitest';
import { runFromSource } from '../faults/kit/program.ts';
import { startTestServer } from '../faults/kit/test-server.ts';
import { runnable } from '../support/program-files.ts';
import { spawnTied } from '../support/tied-process.ts';

// What a server is like whose operator has thought of nothing.

const sampleSecret = 'MIIBIjANBgkq'; // box-im's, published with its source

async function outcome(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number | null; output: string }> {
  const program = spawnTied({
    program: process.execPath,
    args: [...runnable('packages/im-server/src/main.ts'), ...args],
    cwd: process.cwd(),
    env: { PATH: process.env['PATH'], ...env },
  });
  const { code } = await program.ended;
  return { code, output: program.output };
}

test('there is no default secret', async () => {
  const { code, output } = await outcome(['--redis', testRedis().url]);

  expect(code).toBe(2);
  expect(output).toContain('there is no default secret');
});

test('in production the published sample secret is refused, also as one of several', async () => {
  const flags = ['--redis', testRedis().url, '--jwt-secret', 'an own one'];
  for (const env of [
    { IM_JWT_SECRET: sampleSecret },
    { IM_JWT_SECRET: 'x', IM_JWT_SECRET_PREVIOUS: sampleSecret },
  ]) {
    const given = await outcome(flags.slice(0, 2), { NODE_ENV: 'production', ...env });
    expect(given.code).toBe(2);
    expect(given.output).toContain('published sample secret');
  }
  expect((await outcome([...flags, '--jwt-secret', sampleSecret], { NODE_ENV: 'production' })).code).toBe(2);
});

test.runIf(process.platform === 'linux')('the admin port is there on loopback only', async () => {
  const { program } = await startTestServer();

  const listening = (await readFile('/proc/net/tcp', 'utf8'))
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = '', , state]) => state === '0A' && local.endsWith(`:${portInHex(program.adminPort)}`))
    .map(([, local = '']) => local.split(':')[0]);

  expect(listening).toEqual(['0100007F']);
  const answer = await fetch(`http://127.0.0.1:${program.adminPort}/healthz`);
  expect(answer.status).toBe(200);
});

test('without being told so there is no admin port and no TCP port', async () => {
  const { url, prefix } = testRedis();
  const program = runFromSource('packages/im-server/src/main.ts', [
    ...['--port', '0', '--host', '127.0.0.1', '--redis', url, '--key-prefix', prefix, '--jwt-secret', 'x'],
  ]);
  await program.printed(/"msg":"started"/);
  const started = /\{.*"msg":"started".*\}/.exec(program.output)?.[0] ?? '{}';

  expect(JSON.parse(started)).not.toHaveProperty('adminPort');
  expect(JSON.parse(started)).not.toHaveProperty('tcpPort');
  program.signal('SIGTERM');
  await program.ended;
});

function portInHex(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0');
}
