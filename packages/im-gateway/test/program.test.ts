import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { optionTables, withOptionTables } from 'im-common/internal/program';
import { asDocumented, documentedDefaults, onCleanup, runnable, testRedis } from 'im-test/support';
import { defaultsOf, libraryNames } from 'im-common/internal/checks';
import { expect, test } from 'vitest';
import { program, readConfiguration, type Task } from '../src/configuration.ts';
import { table } from '../src/option-table.ts';

const redis = ['--redis', 'redis://127.0.0.1:1'];

test('serves with a key of the command key, by its hash in the file, and ends on SIGTERM', async () => {
  const [key = '', line = ''] = (await run(['key', 'shop', '--scopes', 'read']))
    .split('\n')
    .filter((text) => /^(imk_|shop:)/.test(text));
  expect(line).toMatch(/^shop:read:[0-9a-f]{64}$/);
  const { url, prefix } = testRedis();
  const child = spawn(process.execPath, [
    ...runnable('packages/im-gateway/src/main.ts'),
    ...['start', '--redis', url, '--key-prefix', prefix, '--port', '0', '--admin-port', '0', '--keys', line],
  ]);
  onCleanup(() => child.kill('SIGKILL'));
  const started = await lineOf(child.stdout, 'started');

  const answer = await fetch(`${String(started['url'])}/v1/servers`, {
    headers: { authorization: `Bearer ${key}` },
  });
  expect(await answer.json()).toEqual({ servers: [] });
  const admin = `http://127.0.0.1:${String(started['adminPort'])}`;
  expect(await (await fetch(`${admin}/readyz`)).json()).toMatchObject({ ready: true });
  const metrics = await (await fetch(`${admin}/metrics`)).text();
  expect(metrics).toContain('im_gateway_request_seconds_count{route="/v1/servers",status="200"} 1\n');
  expect(metrics).toContain('process_resident_memory_bytes');

  child.kill('SIGTERM');
  expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0);
});

test('options by flag, environment and file names', () => {
  const env = { IM_GATEWAY_API_KEY: 'x'.repeat(32), IM_GATEWAY_WHERE_TTL_MS: '5000' };
  const task = readConfiguration(['start', ...redis], env) as Extract<Task, { kind: 'start' }>;
  expect(task.options).toMatchObject({ apiKey: ['x'.repeat(32)], whereTtlMs: 5_000, port: 8880 });
});

test.each([
  [['start', ...redis], {}, /Say who may call: IM_GATEWAY_API_KEY or .*--keys/],
  [['start'], { IM_GATEWAY_API_KEY: 'x'.repeat(32) }, /Say where Redis is/],
  [['start', ...redis, '--keys', 'my-secret-key'], {}, /^flag --keys is not usable/],
  [['key', 'a b'], {}, /name of the key/],
  [['key', 'shop', '--scopes', 'all'], {}, /expected scopes out of push, read/],
])('what is wrong is named, and never shown: %j', (args, env, message) => {
  expect(() => readConfiguration(args, env)).toThrow(message);
  expect(() => readConfiguration(args, env)).not.toThrow('my-secret-key');
});

test('the README has the table (npm run options), and doc comments the defaults', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  expect(readme).toBe(withOptionTables(readme, optionTables(program)));

  const documented = await documentedDefaults(new URL('../src/options.ts', import.meta.url));
  const { logger, ...defaults } = defaultsOf(table, libraryNames(table)) as Record<string, unknown>;
  const inTable = Object.entries(defaults).map(([name, value]) => [name, asDocumented(value)]);
  expect(inTable.map(([name = '']) => [name, documented.get(name)])).toEqual(inTable);
});

async function run(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [...runnable('packages/im-gateway/src/main.ts'), ...args]);
  let said = '';
  for await (const data of child.stdout) said += String(data);
  return said;
}

async function lineOf(
  stdout: NodeJS.ReadableStream,
  msg: string,
): Promise<Readonly<Record<string, unknown>>> {
  for await (const line of createInterface(stdout)) {
    const fields = JSON.parse(line) as Record<string, unknown>;
    if (fields['msg'] === msg) return fields;
  }
  throw new Error(`It ended before it said ${msg}.`);
}
