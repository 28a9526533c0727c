import { spawn } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { onCleanup, testRedis } from 'im-test/support';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { libraries, Project } from './project.ts';

// The packages as others get them: packed, installed into an empty folder, and used from there.

vi.setConfig({ testTimeout: 60_000 });

const secret = 'secret-of-at-least-32-bytes-for-tests';
const redis = testRedis();
let project: Project;
let serverUrl: string;

beforeAll(async () => {
  project = await Project.create();
  onCleanup(() => project.remove());
  await project.borrow('@types/node', '@types/ws', 'vitest');
  serverUrl = await startServer();
}, 300_000);

/** The program that npm has put into node_modules/.bin. Resolves with its address. */
async function startServer(): Promise<string> {
  const child = spawn(
    join(project.folder, 'node_modules/.bin/im-server'),
    ['--host', '127.0.0.1', '--port', '0'],
    {
      env: {
        PATH: process.env['PATH'],
        IM_REDIS: redis.url,
        IM_KEY_PREFIX: redis.prefix,
        IM_JWT_SECRET: secret,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  onCleanup(() => child.kill('SIGKILL'));
  for await (const line of createInterface(child.stdout)) {
    const { msg, url } = JSON.parse(line) as { msg: string; url: string };
    if (msg === 'started') return url;
  }
  throw new Error('im-server has ended.');
}

let userCount = 0;

function environment(): Record<string, string> {
  userCount += 1;
  return {
    REDIS_URL: redis.url,
    KEY_PREFIX: redis.prefix,
    SERVER_URL: serverUrl,
    JWT_SECRET: secret,
    USER_ID: String(userCount),
  };
}

test.each(libraries)('%s comes with a licence and a README, and without what only we need', async (name) => {
  const folder = join(project.folder, 'node_modules', name);
  const files = await readdir(folder, { recursive: true });

  expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
  expect(files.filter((file) => /\.(map|tsbuildinfo)$|(^|\/)(src|test)\/|[^d]\.ts$/.test(file))).toEqual([]);
});

const sent = /arrived: hello\nresults: \[\{.*"stage":"acknowledged"/;

test('as an ES module', async () => {
  await project.copy('send-with.cjs', 'esm/send-with.cjs');
  const program = await project.copy('send.mjs', 'esm/send.mjs');

  expect(await project.node([program], environment())).toMatch(sent);
});

test('with require()', async () => {
  await project.copy('send-with.cjs', 'cjs/send-with.cjs', 'commonjs');
  const program = await project.copy('send.cjs', 'cjs/send.cjs', 'commonjs');

  expect(await project.node([program], environment())).toMatch(sent);
});

const settings = {
  'module nodenext, ES module': { type: 'module', options: { module: 'nodenext' } },
  'module nodenext, CommonJS': { type: 'commonjs', options: { module: 'nodenext' } },
  'moduleResolution bundler': {
    type: 'module',
    options: { module: 'esnext', moduleResolution: 'bundler' },
  },
  // What NestJS has had for years.
  'module commonjs, moduleResolution node10': {
    type: 'commonjs',
    options: { module: 'commonjs', moduleResolution: 'node10', ignoreDeprecations: '6.0' },
  },
} as const;

describe('in TypeScript', () => {
  const folderOf = (name: string): string => name.replaceAll(/\W+/g, '-');

  beforeAll(async () => {
    for (const [name, { type, options }] of Object.entries(settings)) {
      const common = { target: 'es2022', lib: ['es2022'], strict: true, skipLibCheck: true };
      const compilerOptions = { ...common, types: ['node'], noEmitOnError: true, ...options };
      const program = await project.copy('send.ts', `${folderOf(name)}/send.ts`, type);
      await writeFile(
        join(dirname(program), 'tsconfig.json'),
        JSON.stringify({ compilerOptions, files: ['send.ts'] }),
      );
    }
    // All in one process, which reads the libraries once.
    await project.tool('typescript/bin/tsc', ['-b', ...Object.keys(settings).map(folderOf)]);
  }, 120_000);

  test.each(Object.keys(settings))('with %s', async (name) => {
    const said = await project.node([join(project.folder, folderOf(name), 'send.js')], environment());

    expect(said).toMatch(sent);
    expect(said).toMatch(/then: CLOSED\nclasses: true/);
  });
});

test('in a test of vitest', async () => {
  await project.copy('send-in-vitest.js', 'vitest/send.test.js');

  const said = await project.tool(
    'vitest/vitest.mjs',
    ['run', '--root', join(project.folder, 'vitest')],
    environment(),
  );

  expect(said).toMatch(/Tests +1 passed/);
});
