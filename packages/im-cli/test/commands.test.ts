import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createImClient, type ImClient } from 'im-client';
import { createRedisBus } from 'im-common/bus';
import { messageList, resultList, serverGroup } from 'im-common/internal/bus';
import { createToken, createTokenVerifier } from 'im-common/token';
import { createImServer } from 'im-server';
import { connectDevice, onCleanup, onFileCleanup, testRedis, type RawDevice } from 'im-test/support';
import { Redis } from 'ioredis';
import { beforeAll, expect, test, vi } from 'vitest';
import { readConfiguration } from '../src/configuration.ts';
import { exitCodes } from '../src/index.ts';
import { im, json, onRedis, start } from './support.ts';

vi.setConfig({ testTimeout: 60_000 });

const secret = 'secret-of-at-least-32-bytes-for-tests';
const at = testRedis();
const env = onRedis(at);
const server = createImServer({
  ...{ redis: { url: at.url, keyPrefix: at.prefix }, jwtSecret: secret, host: '127.0.0.1', port: 0 },
  ...{ drainMs: 0, sessions: '0=3' },
});

beforeAll(async () => {
  onFileCleanup(() => server.close());
  await server.start();
});

function tokenOf(userId: string): Promise<string> {
  return createToken(secret, { userId, terminal: 0, expiresInS: 600, issuedAt: Date.now() });
}

async function logIn(userId: string, devId = 'one'): Promise<RawDevice> {
  const device = await connectDevice(server.url);
  await device.login({ token: await tokenOf(userId), devId });
  return device;
}

function client(service: string): ImClient {
  const made = createImClient({ service, redis: { url: at.url, keyPrefix: at.prefix } });
  onCleanup(() => made.close());
  return made;
}

function redis(): Redis {
  const made = new Redis(at.url, { keyPrefix: at.prefix });
  onCleanup(() => made.disconnect());
  return made;
}

test('a private message with a sender, byte for byte from stdin; what the tool was told of is not left on the bus', async () => {
  const device = await logIn('a.b@c');
  const data = '{"id":9007199254740993,"z":1,"a":"\\u001b"}';

  const pushed = await im(['push', 'a.b@c', '--sender', '-7', '--data', '-', '--json'], env, `${data}\n`);

  expect(pushed).toMatchObject({ code: exitCodes.done, stderr: '' });
  expect(JSON.parse(pushed.stdout)).toMatchObject({
    results: expect.arrayContaining([{ id: 'a.b@c', terminal: 0, code: 0, stage: 'proved' }]) as unknown,
  });
  expect(await device.nextText()).toContain(`"data":${data}`);
  expect(await redis().exists(resultList('private', 'im-cli'), resultList('system', 'im-cli'))).toBe(0);
});

test('a message to a topic, and one that waits for who is away', async () => {
  const device = await logIn('10');
  await client('shop').topics.add('room', ['10', '11']);

  const push = ['push', '--data', '1', '--json'];
  expect(await json([...push, '--topic', 'room', '--sender', '12'], env)).toMatchObject({
    counts: [{ serverId: server.id, code: 0, stage: 'proved', count: 1 }],
  });
  await device.next();
  const kept = await im([...push, '13', '--keep-ms', '60000', '--terminals', '0'], env);
  expect(kept.code).toBe(exitCodes.done);
  expect(JSON.parse(kept.stdout)).toMatchObject({ results: [{ id: '13', reason: 'KEPT' }] });
});

test('one of several sessions is ended; a revocation ends all, and refuses their tokens', async () => {
  const [first, second] = [await logIn('20', 'one'), await logIn('20', 'two')];
  const token = await tokenOf('20');
  const { sessions } = (await json(['sessions', '20'], env)) as { sessions: { session: string }[] };

  expect(await json(['kick', '20', '--session', sessions[0]?.session ?? ''], env)).toMatchObject({
    terminals: [0],
  });
  expect((await first.closed).code).toBe(3000);
  expect((await im(['kick', '20', '--session', 'nosuch'], env)).code).toBe(exitCodes.no);
  expect(await json(['kick', '20', '--revoke'], env)).toEqual({ user: '20', terminals: [0], revoked: true });
  await second.closed;
  const again = await connectDevice(server.url);
  again.send({ cmd: 0, data: { accessToken: token, devId: 'one' } });
  await again.closed;
});

test('listen leaves the results to a service that lives, and takes them when told to or when it does not', async () => {
  const shop = client('shop');
  await shop.start();
  const data = '{"id":9007199254740993}';

  await expect(im(['listen', '--service', 'shop'], env)).rejects.toThrow(
    'An instance of the service is alive',
  );

  await im(['push', '30', '--data', data, '--service', 'shop', '--terminals', '0'], env);
  const listening = await im(
    ['listen', 'system', '--service', 'shop', '--take', '--count', '1', '--json'],
    env,
  );
  expect(listening.code).toBe(0);
  expect(listening.stdout).toContain(`"data":${data}}`);
  expect(JSON.parse(listening.stdout)).toMatchObject({
    kind: 'system',
    reason: 'NOT_ONLINE',
    receivers: [{ id: '30', terminal: 0 }],
  });
});

test('listen presence tells who comes and goes, until Ctrl-C', async () => {
  const listening = start(['listen', 'presence'], env);
  await listening.says('restart');
  const device = await logIn('40');
  await listening.says('came  40  0 web');
  device.terminate();
  await listening.says('went  40  0 web');

  listening.child.kill('SIGINT');

  expect(await listening.ended).toMatchObject({ code: 0, signal: null });
});

test('a reader that has had enough ends it without a word', async () => {
  const listening = start(['listen', 'presence', '--json'], env);
  await listening.says('restart');
  listening.child.stdout?.destroy();
  await logIn('41');

  const { code, stderr } = await listening.ended;

  expect([code, stderr]).toEqual([0, 'im: Listening. Ctrl-C ends it.\n']);
});

test('what others wrote moves no cursor, in tables, in JSON and in errors', async () => {
  const bus = createRedisBus({ url: at.url, keyPrefix: `${at.prefix}evil:` });
  await bus.start();
  onCleanup(() => bus.close());
  const address = 'ws://a\u001b[2J\u009b2J\u202Egpj.exe\u2066\u007f\r\n';
  const info = JSON.stringify({ address, connections: 0, features: ['\u001b]0;x\u0007'] });
  await bus.registry.renew(serverGroup, { id: '5', boot: 'b', leaseMs: 60_000, info });
  await redis().rpush(`evil:${messageList('private', 5)}`, 'x');
  const hostile = { ...env, IM_CLI_KEY_PREFIX: `${at.prefix}evil:` };
  // eslint-disable-next-line no-control-regex -- it is about these
  const controls = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u2066]/;

  const table = await im(['servers'], hostile);
  expect(table.stdout).toContain('ws://a\\u001b[2J\\u009b2J\\u202egpj.exe\\u2066\\u007f\\u000d\\u000a');
  expect(table.stdout).not.toMatch(controls);
  const asJson = await im(['servers', '--json'], hostile);
  expect(asJson.stdout).not.toMatch(controls);
  expect(JSON.parse(asJson.stdout)).toMatchObject({ servers: [{ id: 5, waiting: 1, address }] });
  const wrong = await start(['online', '\u001b[2J'], hostile).ended;
  expect(wrong.stderr).not.toMatch(controls);
  expect(wrong.code).toBe(exitCodes.wrong);
});

test('top counts what servers take in a second', async () => {
  await logIn('60');
  const looking = start(['top', '--json', '--every-ms', '100'], env);
  await looking.says('"servers"');
  await im(['push', '60', '--data', '1'], env);
  const looksWithEntries = (): number => {
    const lines = looking.stdout.split('\n').filter((line) => line.endsWith('}'));
    const looks = lines.map((line) => JSON.parse(line) as { servers: { takenPerSecond: number }[] });
    return looks.filter(({ servers }) => servers.some(({ takenPerSecond }) => takenPerSecond > 0)).length;
  };
  await expect.poll(looksWithEntries, { timeout: 60_000 }).toBe(1);

  looking.child.kill('SIGINT');

  expect(await looking.ended).toMatchObject({ code: 0, stderr: '' });
});

test('a token lets a device in, and its secret is in no error', async () => {
  const withSecret = { IM_CLI_JWT_SECRET: secret };
  const { stdout } = await im(['token', '50', '--terminal', '2', '--session', 's'], withSecret);
  const verify = createTokenVerifier({ secrets: [secret] });
  expect(await verify(stdout.trim())).toMatchObject({ userId: '50', terminal: 2, session: 's' });

  const { code, stderr } = await start(['token', 'a b'], withSecret).ended;
  expect([code, stderr.includes(secret)]).toEqual([exitCodes.wrong, false]);
});

test('a Redis that is not there, or refuses us, is named without its password; nothing is registered elsewhere', async () => {
  const away = await start(['servers', '--redis', 'redis://u:hush@127.0.0.1:1'], {}).ended;
  expect(away).toMatchObject({ code: exitCodes.noRedis, stdout: '' });
  expect(away.stderr).toMatch(
    /^im: Cannot reach Redis at redis:\/\/u:\*\*\*@127.0.0.1:1 \(.*\)\. .*\(BUS_UNAVAILABLE\)\n$/,
  );

  const refused = await start(['online'], { IM_CLI_REDIS: at.url.replace('//', '//nobody:hush@') }).ended;
  expect(refused.code).toBe(exitCodes.noRedis);
  expect(refused.stderr).toMatch(
    /^im: Redis at redis:\/\/nobody:\*\*\*@.* refused us \(WRONGPASS.*\(BUS_REFUSED\)\n$/,
  );

  const empty = await im(['servers'], { ...env, IM_CLI_KEY_PREFIX: `${at.prefix}nobody:` });
  expect(empty).toMatchObject({ code: exitCodes.no, stdout: '' });
  expect(empty.stderr).toMatch(/^im: No server is registered here\. .*key prefix/);
});

test.each([
  [['servers'], 'Say where Redis is: --redis redis://127.0.0.1:6379, or IM_CLI_REDIS.'],
  [['servers', '--redis', 'localhost'], /^flag --redis is not usable/],
  [['sevrers'], 'There is no such command; did you mean servers?'],
  [['dead', 'lst'], 'Say which command: dead list, dead show, dead replay, dead drop.'],
  [['--json', 'servers'], 'The command comes first: im <command> [options].'],
  [['sessions'], 'Say <user>.'],
  [['sessions', '2', '3'], 'There is a value on the command line without a flag before it.'],
  [['push', '--data', '1'], 'Say to whom: <user>…, --everyone or --topic <topic>.'],
  [
    ['push', '2', '--everyone', '--data', '1'],
    '<user> and --everyone are given together; expected one of them.',
  ],
  [['push', '--topic', 'a', '--data', '1'], 'A message to a topic has a sender'],
  [['push', '2'], 'Say what: --data <json>'],
  [['push', '2', '--data', '{a'], 'The text is not JSON'],
  [['kick', '2', '--revoke', '--session', 'x'], 'flag --revoke and flag --session are both given'],
  [['dead', 'drop', '--all'], 'Say whose letters: --of <list>.'],
  [['dead', 'drop', '--of', 'private'], 'Say which: <id>…, or --all.'],
  [['dead', 'drop', '--of', 'private', '--all', '-Ab_c'], 'flag --all is given beside ids'],
  [['listen', 'results'], '"results" is no kind'],
  [['listen'], 'Say whose results: --service shop, or IM_CLI_SERVICE.'],
  [['token', '2'], 'Say what tokens are signed with: --jwt-secret <secret>, or IM_CLI_JWT_SECRET.'],
])('%j is refused before anything is done', async (args, message) => {
  const run = async (): Promise<void> => {
    const task = readConfiguration(args, {});
    if (task.kind === 'run') await task.command.run(task.context, task.called);
  };
  await expect(run()).rejects.toThrow(message);
});

test('the shell completes commands and flags', async () => {
  const { stdout } = await im(['completion', 'bash'], {});
  const complete = async (...words: readonly string[]): Promise<string> => {
    const line = words.map((word) => `'${word}'`).join(' ');
    const script = `${stdout}\nCOMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; _im; echo "\${COMPREPLY[*]}"`;
    return runBash(script);
  };

  expect(await complete('im', 'se')).toBe('servers sessions');
  expect(await complete('im', 'dead', '')).toBe('list show replay drop');
  expect(await complete('im', 'dead', 'list', '--l')).toBe('--limit');
  expect(await complete('im', 'push', '2', '--to')).toBe('--topic');
});

async function runBash(script: string): Promise<string> {
  const child = spawn('bash', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (data: Buffer) => (said += data.toString()));
  await once(child, 'close');
  return said.trim();
}
