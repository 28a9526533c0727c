import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { connectDevice, makeToken, onCleanup, onFileCleanup, startRedis, testRedis } from 'im-test/support';
import { beforeAll, describe, expect, test } from 'vitest';
import { sayHello, startMade } from './made.ts';
import { libraries, programs, Project } from './project.ts';

// The packages as others get them: packed, installed into an empty folder, and used from there.

const secret = 'secret-of-at-least-32-bytes-for-tests';
/** What made projects install beside ours, and nothing of ours depends on. */
const ofTemplates = ['@nestjs/platform-express', '@nestjs/testing', 'express', '@types/express'];
const tsc = '@native/typescript/bin/tsc';
/** What made projects and those that NestJS makes install. */
const tsc6 = 'typescript/bin/tsc6';
const redis = testRedis();
let project: Project;
let serverUrl: string;

beforeAll(async () => {
  project = await Project.create([...libraries, ...programs], ofTemplates);
  onCleanup(() => project.remove());
  await project.borrow('@types/node', '@types/ws', 'vitest');
  const server = await start('im-server', [], { ...onRedis('IM'), IM_JWT_SECRET: secret }, onFileCleanup);
  serverUrl = server.url;
}, 600_000);

/** Where Redis is, in the environment of a program. */
function onRedis(program: string): Record<string, string> {
  return { [`${program}_REDIS`]: redis.url, [`${program}_KEY_PREFIX`]: redis.prefix };
}

interface Running {
  readonly url: string;
  /** SIGTERM. Resolves with the exit code. */
  end(): Promise<number | null>;
}

/** A program that npm has put into node_modules/.bin. Resolves when it serves. */
async function start(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  atTheEnd: typeof onCleanup = onCleanup,
): Promise<Running> {
  const child = spawn(
    join(project.folder, 'node_modules/.bin', program),
    [...args, '--host', '127.0.0.1', '--port', '0'],
    {
      cwd: project.folder,
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  atTheEnd(() => child.kill('SIGKILL'));
  for await (const line of createInterface(child.stdout)) {
    const { msg, url } = JSON.parse(line) as { msg: string; url: string };
    if (msg !== 'started') continue;
    child.stdout.resume();
    return {
      url,
      async end() {
        child.kill('SIGTERM');
        const [code] = (await once(child, 'exit')) as [number | null];
        return code;
      },
    };
  }
  throw new Error(`${program} has ended.`);
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

test.each([...libraries, ...programs])(
  '%s comes with a licence and a README, and without what only we need',
  async (name) => {
    const folder = join(project.folder, 'node_modules', name);
    const files = await readdir(folder, { recursive: true });

    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
    // What create-im-app writes is TypeScript.
    const onlyOurs = /\.(map|tsbuildinfo)$|^(?!templates\/)((.*\/)?(src|test)\/|.*[^d]\.ts$)/;
    expect(files.filter((file) => onlyOurs.test(file))).toEqual([]);
  },
);

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

const made = ['express', 'fastify', 'nest', 'standalone', 'chat'];
const folderOf = (name: string): string => name.replaceAll(/\W+/g, '-');

/** What is compiled here, once for all tests. */
let compiling: Promise<void> | undefined;
const compiled = (): Promise<void> => (compiling ??= compileAll());

/** All in one process for each TypeScript, which reads the libraries once. */
async function compileAll(): Promise<void> {
  const folders: string[] = [];
  for (const [name, { type, options }] of Object.entries(settings)) {
    const folder = folderOf(name);
    const common = { target: 'es2022', lib: ['es2022'], strict: true, skipLibCheck: true };
    const compilerOptions = { ...common, types: ['node'], noEmitOnError: true, ...options };
    await project.copy('send.ts', `${folder}/send.ts`, type);
    await project.copy('programs.ts', `${folder}/programs.ts`, type);
    await configure(folder, compilerOptions, ['send.ts', 'programs.ts']);
    folders.push(folder);
  }
  await project.copy('nest.ts', 'nest/nest.ts', 'commonjs');
  const ofNest = {
    ...{ target: 'es2023', module: 'nodenext', strict: true, skipLibCheck: true, types: ['node'] },
    ...{ experimentalDecorators: true, emitDecoratorMetadata: true, isolatedModules: true },
  };
  await configure('nest', ofNest, ['nest.ts']);
  for (const template of made)
    await project.node(['node_modules/.bin/create-im-app', `made-${template}`, '--template', template]);
  await project.tool(tsc, ['-b', ...folders.slice(0, -1)]);
  // The last of them only TypeScript 6 has.
  const ofMade = made.map((template) => `made-${template}`);
  await project.tool(tsc6, ['-b', ...folders.slice(-1), 'nest', ...ofMade]);
}

function configure(folder: string, compilerOptions: object, files: readonly string[]): Promise<void> {
  const config = join(project.folder, folder, 'tsconfig.json');
  return writeFile(config, JSON.stringify({ compilerOptions, files }));
}

describe('in TypeScript', () => {
  beforeAll(compiled, 300_000);

  test.each(Object.keys(settings))('with %s', async (name) => {
    const said = await project.node([join(project.folder, folderOf(name), 'send.js')], environment());

    expect(said).toMatch(sent);
    expect(said).toMatch(/then: CLOSED\nclasses: true/);
  });

  test.each(['module nodenext, ES module', 'module nodenext, CommonJS'])(
    'the programs too, with %s',
    async (name) => {
      const said = await project.node([join(project.folder, folderOf(name), 'programs.js')], environment());

      expect(said).toMatch(/migrated: true\nclasses: true/);
    },
  );
});

test('in NestJS, compiled as `nest new` has it', async () => {
  await compiled();

  const said = await project.node([join(project.folder, 'nest/nest.js')], environment());

  expect(said).toBe('hello: NOT_ONLINE\nclass: true\n');
});

test('in a test of vitest', async () => {
  await project.copy('send-in-vitest.js', 'vitest/send.test.js');

  const said = await project.tool(
    'vitest/vitest.mjs',
    ['run', '--root', join(project.folder, 'vitest')],
    environment(),
  );

  expect(said).toMatch(/Tests +2 passed/);
});

describe('the program', () => {
  test('im-platform migrates, lets people in who write to each other, and ends politely', async () => {
    const env = {
      ...onRedis('IM_PLATFORM'),
      IM_PLATFORM_DATABASE: `sqlite:${join(project.folder, 'im.db')}`,
      IM_PLATFORM_FILES_DIR: join(project.folder, 'files'),
      IM_PLATFORM_ACCESS_SECRET: secret,
      IM_PLATFORM_REFRESH_SECRET: `${secret}, another one`,
    };
    const program = 'node_modules/.bin/im-platform';
    expect(await project.node([program, '--help'])).toContain('Usage: im-platform <command>');
    await project.node([program, 'migrate'], env);
    await project.node([program, 'seed'], env);
    const platform = await start('im-platform', ['start'], env);
    const ask = async (method: string, path: string, body: object, accessToken = ''): Promise<unknown> => {
      const headers = { 'content-type': 'application/json', accessToken };
      const answer = await fetch(`${platform.url}${path}`, { method, headers, body: JSON.stringify(body) });
      return ((await answer.json()) as { data: unknown }).data;
    };
    const logIn = async (userName: string): Promise<string> => {
      const login = { userName, password: 'demo-1234', terminal: 0 };
      return ((await ask('POST', '/login', login)) as { accessToken: string }).accessToken;
    };
    expect(await (await fetch(platform.url)).text()).toContain('<html');

    const [ann, bob] = [await logIn('ann'), await logIn('bob')];
    const device = await connectDevice(serverUrl);
    await device.login({ token: bob, devId: 'one' });
    const message = { tmpId: '1', recvId: 2, type: 0, content: 'hello' };
    await ask('POST', '/message/private/send', message, ann);

    expect(await device.next(({ cmd }) => cmd === 3)).toMatchObject({ data: { content: 'hello' } });
    expect(await platform.end()).toBe(0);
  });

  test('im says which servers there are', async () => {
    const program = 'node_modules/.bin/im';
    expect(await project.node([program, '--help'])).toContain('Usage: im <command>');
    expect(await project.node([program, 'servers'], onRedis('IM_CLI'))).toContain(serverUrl);
  });

  test('im-gateway pushes over HTTP, and ends politely', async () => {
    const gateway = await start('im-gateway', ['start'], {
      ...onRedis('IM_GATEWAY'),
      IM_GATEWAY_API_KEY: secret,
      IM_GATEWAY_ADMIN_PORT: '0',
    });
    const device = await connectDevice(serverUrl);
    await device.login({ token: await makeToken({ userId: 1_000, terminal: 0, secret }), devId: 'one' });

    const answer = await fetch(`${gateway.url}/v1/push/private`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: '{"sender":{"id":1,"terminal":0},"recvId":1000,"recvTerminals":[0],"data":"hello","waitMs":5000}',
    });

    expect(await answer.json()).toMatchObject({ results: [{ id: '1000', code: 0, stage: 'proved' }] });
    expect(await device.next()).toMatchObject({ data: 'hello' });
    expect(await gateway.end()).toBe(0);
  });
});

describe('npm create im-app', () => {
  beforeAll(compiled, 300_000);

  test.each(['express', 'fastify', 'nest'])('%s: one port for pages and devices', async (template) => {
    const app = startMade(project, `made-${template}`, {});
    const imUrl = await app.url('ws');

    await sayHello(new URL(imUrl.replace('ws:', 'http:')).origin, imUrl);
    // Nest ends its process by the signal that it got.
    expect(await app.end()).toBe(template === 'nest' ? 'SIGTERM' : 0);
  });

  test('standalone: the push server is a program of its own, and ends with the backend', async () => {
    const own = await startRedis();
    const app = startMade(project, 'made-standalone', { REDIS_URL: own.url });

    await sayHello(await app.url('http'), await app.url('ws'));
    expect(await app.end()).toBe(0);
  });

  test('chat: a page, and people who can be registered', async () => {
    const app = startMade(project, 'made-chat', {});
    const url = await app.url('http');

    expect(await (await fetch(url)).text()).toContain('<html');
    const account = await fetch(`${url}/v1/accounts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ userName: 'ann', password: 'demo-1234' }),
    });
    expect(account.status).toBe(204);
    expect(await app.end()).toBe(0);
  });

  test.each(['express', 'nest'])('%s: the test of its listener passes', async (template) => {
    const file = join(project.folder, `made-${template}`, 'dist/missed.test.js');

    expect(await project.node(['--test', file])).toMatch(/pass 1\n/);
  });
});
