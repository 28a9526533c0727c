import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createMemoryBus } from 'im-common/bus';
import { createPlatform, migrate, openDatabase } from 'im-platform';
import { createApiClient, unwrap } from 'im-platform/client';
import { createImServer } from 'im-server';
import { connectDevice, makeToken, onCleanup, runnable, testRedis } from 'im-test/support';
import { expect, test } from 'vitest';
import { compileLegacy } from './support/legacy-decorators.ts';
import { inFunction } from './support/program-files.ts';

// The programs of the READMEs do what they promise, and those that serve go on serving. Only addresses are other ones here.

const root = fileURLToPath(new URL('../', import.meta.url));
const secret = 'secret-of-at-least-32-bytes-for-tests';

interface Running {
  /** SIGTERM. Resolves with the signal that it ended by, or the code. */
  end(): Promise<number | string | null>;
  /** Resolves with what was said up to there. */
  says(what: RegExp): Promise<string>;
  readonly ended: Promise<number | null>;
}

/** The program in which this line stands, with other words for some of it. */
async function start(file: string, line: string, swaps: Readonly<Record<string, string>>): Promise<Running> {
  let program = await read(file, line);
  for (const [theirs, ours] of Object.entries(swaps)) {
    if (!program.includes(theirs)) throw new Error(`${file} has no ${theirs} in ${program}`);
    program = program.replace(theirs, () => ours);
  }
  return run(program);
}

async function read(file: string, line: string): Promise<string> {
  const text = await readFile(join(root, file), 'utf8');
  const fences = Array.from(text.matchAll(/^```[jt]s\n(.*?)^```/gms), ([, code = '']) => code);
  const program = fences.find((code) => code.includes(line));
  if (program === undefined) throw new Error(`${file} has no program with ${line}`);
  return program;
}

async function run(program: string): Promise<Running> {
  await mkdir(join(root, 'dist'), { recursive: true });
  // Within the repository, so that it finds the packages.
  const folder = await mkdtemp(join(root, 'dist', 'readme-'));
  onCleanup(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'program.cjs');
  await writeFile(file, (await compileLegacy(inFunction(program), 'program.cts', 'CommonJS')).code);
  const args = [...runnable('test/support/with-our-packages.ts'), file];
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, NO_COLOR: '1', JWT_SECRET: secret };
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  onCleanup(() => child.kill('SIGKILL'));
  return listen(child);
}

function listen(child: ChildProcess): Running {
  let said = '';
  let look = (): void => undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data: Buffer) => {
      said += data.toString();
      look();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const says = (what: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      look = () => {
        if (what.test(said)) resolve(said);
      };
      look();
      void ended.then(() => {
        reject(new Error(`It ended, and had not said ${String(what)}:\n${said}`));
      });
    });
  const end = async (): Promise<number | string | null> => {
    child.kill('SIGTERM');
    return (await ended) ?? child.signalCode;
  };
  return { says, ended, end };
}

function redisHere(): string {
  const { url, prefix } = testRedis();
  return `{ url: '${url}', keyPrefix: '${prefix}' }`;
}

async function canLogIn(url: string): Promise<void> {
  const token = await makeToken({ userId: 2, terminal: 0, secret });
  const device = await connectDevice(url);
  await device.login({ token, devId: 1 });
}

test('README.md: the first message', async () => {
  const program = await start('README.md', 'createIm({ port: 8878', {
    'port: 8878': "host: '127.0.0.1', port: 0",
    'await im.start();': 'await im.start();\nconsole.log(`at ${im.server.url}`);',
  });

  expect(await program.says(/^\[.*\] \[/m)).toMatch(/at ws:/);
  await canLogIn(/at (\S+)/.exec(await program.says(/at /))?.[1] ?? '');
});

test('quick start: a backend says hello to a device; devices in Node: it takes messages in a loop, and ends in order', async () => {
  const backend = await start('docs/quick-start.md', "pathname === '/token'", {
    'web.listen(3000)': "web.listen(0, '127.0.0.1')",
    'await im.start();': 'await im.start();\nconsole.log(`at ${im.server.url} `);',
  });
  const url = /at (\S+) /.exec(await backend.says(/at \S+ /))?.[1] ?? '';
  const { origin } = new URL(url.replace('ws:', 'http:'));
  const device = await start('docs/quick-start.md', "from 'im-device'", {
    'ws://localhost:3000/im': url,
    'http://localhost:3000': origin,
  });
  const printer = await start('docs/node-devices.md', 'for await', {
    'ws://localhost:8878/im': url,
    "process.env.TOKEN_URL ?? ''": `'${origin}/token?user=3'`,
    'device.start();': "device.on('state', ({ kind }) => console.log(kind));\ndevice.start();",
  });
  const acknowledged = [{ code: 0, stage: 'acknowledged' }];

  await Promise.all([device.says(/online/), printer.says(/online/)]);
  expect(await (await fetch(`${origin}/hello?to=2`)).json()).toMatchObject(acknowledged);
  await device.says(/text: 'hello'/);
  await backend.says(/user 2: arrived/);
  expect(await (await fetch(`${origin}/hello?to=3`)).json()).toMatchObject(acknowledged);
  await printer.says(/printing { text: 'hello' }/);
  expect(await printer.end()).toBe(0);
});

test('im-client: the ten lines that run', async () => {
  const program = await start('packages/im-client/README.md', "service: 'shop'", {
    "'redis://localhost:6379'": redisHere(),
  });

  await program.says(/reason: 'NOT_ONLINE'/);
  expect(await program.ended).toBe(0);
});

test('im-client: a test of a listener', async () => {
  const program = await start('packages/im-client/README.md', "from 'im-client/testing'", {});

  expect(await program.ended).toBe(0);
  expect(await program.says(/pass 1/)).toContain('who missed a message is noted');
});

test('im-nest: an application that sends, a listener and a filter in it, and a device', async () => {
  const file = 'packages/im-nest/README.md';
  const { url: redis, prefix: keyPrefix } = testRedis();
  const server = createImServer({
    ...{ host: '127.0.0.1', port: 0, jwtSecret: 'only-for-trying', redis: { url: redis, keyPrefix } },
  });
  await server.start();
  onCleanup(() => server.close());
  const filter = await read(file, 'class ImErrorFilter');
  const program = await start(file, 'NestFactory.create(AppModule)', {
    'interface Shipped': `${filter}import { APP_FILTER } from '@nestjs/core';\ninterface Shipped`,
    'providers: [': 'providers: [{ provide: APP_FILTER, useClass: ImErrorFilter }, ',
    "'redis://localhost:6379'": JSON.stringify({ url: redis, keyPrefix }),
    'await app.listen(3000);': "await app.listen(0, '127.0.0.1');\nconsole.log(`at ${await app.getUrl()}`);",
  });
  const device = await start(file, "from 'im-device'", { 'ws://localhost:8878/im': server.url });
  const url = /at (\S+)/.exec(await program.says(/at \S+\n/))?.[1] ?? '';
  const ship = (order: string): Promise<Response> => fetch(`${url}/orders/${order}`, { method: 'POST' });

  await device.says(/online/);
  expect((await ship('7/ship?to=2')).status).toBe(201);
  await device.says(/{ order: '7' }/);
  await program.says(/order 7 to user 2 on terminal 0: arrived/);
  await ship('8/ship?to=3');
  await program.says(/order 8 to user 3 on terminal 0: NOT_ONLINE/);
  const refused = await ship('9/ship?to=');
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({ code: 'INVALID_ARGUMENT' });
  expect(await program.end()).toBe('SIGTERM');
});

test('im-nest: options that are there when the application starts', async () => {
  const module = await read('packages/im-nest/README.md', 'ImModule.forRootAsync');
  const program = await run(`
    import { Injectable, Module } from '@nestjs/common';
    import { NestFactory } from '@nestjs/core';
    import { ImClient } from 'im-client';
    import { ImModule } from 'im-nest';
    @Injectable() class ConfigService { getOrThrow() { return ${redisHere()}; } }
    @Module({ providers: [ConfigService], exports: [ConfigService] }) class ConfigModule {}
    ${module}
    const app = await NestFactory.createApplicationContext(AppModule, { logger: false });
    console.log(\`online: \${await app.get(ImClient).isOnline(2)}\`);
    await app.close();`);

  await program.says(/online: false/);
  expect(await program.ended).toBe(0);
});

test('im-nest: a test of a listener', async () => {
  const program = await start('packages/im-nest/README.md', "from '@nestjs/testing'", {});

  expect(await program.ended).toBe(0);
  expect(await program.says(/pass 1/)).toContain('who missed an order is noted');
});

test('im-embedded: a server and a client', async () => {
  const program = await start('packages/im-embedded/README.md', 'createIm({ port: 8878', {
    'port: 8878': "host: '127.0.0.1', port: 0",
  });

  expect(await program.ended).toBe(0);
});

test.each([
  ['node:http', 'plain hello', 'web.listen(3000)', "web.listen(0, '127.0.0.1')"],
  ['Express', 'express hello', 'web.listen(3000)', "web.listen(0, '127.0.0.1')"],
  ['Fastify', 'fastify hello', 'port: 3000', "host: '127.0.0.1', port: 0"],
])('in your backend: with %s, which sends devices away before it ends', async (_, line, listens, here) => {
  const program = await start('docs/embed.md', line, {
    [listens]: here,
    'await im.start();': 'await im.start();\nconsole.log(`at ${im.server.url} `);',
  });

  const url = /at (\S+) /.exec(await program.says(/at \S+ /))?.[1] ?? '';
  const device = await connectDevice(url);
  await device.login({ token: await makeToken({ userId: 2, terminal: 0, secret }), devId: 1 });
  const route = new URL('/hello?to=2', url.replace('ws:', 'http:'));
  expect(await (await fetch(route, { method: 'POST' })).json()).toMatchObject({
    queued: [{ id: '2', terminal: 0 }],
  });
  expect(await device.next()).toMatchObject({ data: { text: line } });
  expect(await program.end()).toBe(0);
});

test('im-server: embedded, it goes on serving', async () => {
  const program = await start('packages/im-server/README.md', 'createImServer({', {
    'createServer(app)': 'createServer()',
    "'redis://127.0.0.1:6379'": redisHere(),
    "'a secret of your own'": `'${secret}'`,
    'web.listen(8878);': "await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));",
  });

  const said = await program.says(/ws:\/\/.*im_/s);
  await canLogIn(/ws:\S+/.exec(said)?.[0] ?? '');
});

test('im-platform: embedded, it goes on serving', async () => {
  const folder = await mkdtemp(join(root, 'dist', 'readme-'));
  onCleanup(() => rm(folder, { recursive: true, force: true }));
  const url = `sqlite:${join(folder, 'im.db')}`;
  const database = openDatabase({ url });
  await migrate(database.sql);
  await database.close();
  const program = await start('packages/im-platform/README.md', 'createPlatform({', {
    "'mysql://im@localhost/im'": `'${url}'`,
    "'redis://localhost'": redisHere(),
    'accessSecret,': `accessSecret: '${secret}', port: 0,`,
    'refreshSecret,': `refreshSecret: '${secret}-2',`,
    'await platform.start();': 'await platform.start();\nconsole.log(`at ${platform.url}`);',
  });

  const [, address = ''] = /at (\S+)/.exec(await program.says(/at http\S+\n/)) ?? [];
  await expect.poll(async () => (await fetch(`${address}/readyz`)).status).toBe(200);
});

test('im-chat: somebody signs in and says hello', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'im-test-readme-'));
  onCleanup(() => rm(folder, { recursive: true, force: true }));
  const { url, imUrl } = await startChat(folder);
  const program = await start('packages/im-chat/README.md', 'await chat.signIn(', {
    'http://localhost:8888': url,
    'ws://localhost:8878/im': imUrl,
  });

  await program.says(/bob 2 sent \{ type: 'text', text: 'Hello' \}/);
});

/** A platform with ann, who has a friend. */
async function startChat(folder: string): Promise<{ readonly url: string; readonly imUrl: string }> {
  const database = `sqlite:${join(folder, 'im.db')}`;
  const opened = openDatabase({ url: database });
  await migrate(opened.sql);
  await opened.close();
  const bus = createMemoryBus();
  await bus.start();
  onCleanup(() => bus.close());
  const server = createImServer({ host: '127.0.0.1', port: 0, jwtSecret: secret, bus });
  await server.start();
  onCleanup(() => server.close());
  const platform = createPlatform({
    ...{ database, bus, host: '127.0.0.1', port: 0, filesDir: folder },
    ...{ accessSecret: secret, refreshSecret: `${secret}-2`, friendship: 'open' },
  });
  await platform.start();
  onCleanup(() => platform.close());
  const { url } = platform;
  const people = ['ann', 'bob'].map((userName) => ({
    userName,
    password: 'demo-1234',
    api: createApiClient({ url }),
  }));
  const ids: string[] = [];
  for (const { api, ...who } of people) {
    await unwrap(api.POST('/v1/accounts', { body: who }));
    await unwrap(api.POST('/v1/sessions', { body: { ...who, device: 'pc' } }));
    ids.push((await unwrap(api.GET('/v1/me'))).id);
  }
  await unwrap(people[0]!.api.PUT('/v1/friends/{userId}', { params: { path: { userId: ids[1] ?? '' } } }));
  return { url, imUrl: server.url };
}
