import { createImClient, type ImClient } from 'im-client';
import { traceList } from 'im-common/internal/bus';
import { createImServer, type ImServer } from 'im-server';
import {
  connectDevice,
  makeToken,
  onCleanup,
  onFileCleanup,
  testRedis,
  type RawDevice,
} from 'im-test/support';
import { Redis } from 'ioredis';
import { beforeAll, expect, test, vi } from 'vitest';
import { exitCodes } from '../src/index.ts';
import type { TracedMessage } from '../src/trace/traced-message.ts';
import { im, json, onRedis } from './support.ts';

vi.setConfig({ testTimeout: 120_000 });

const secret = 'secret-of-at-least-32-bytes-for-tests';
const at = testRedis();
const env = onRedis(at);
const redis = { url: at.url, keyPrefix: at.prefix };
// They look at the group three times in a lease.
const servers = [1, 2].map(() =>
  createImServer({
    redis,
    jwtSecret: secret,
    host: '127.0.0.1',
    port: 0,
    drainMs: 0,
    leaseMs: 3_000,
    proofTimeoutMs: 600_000,
  }),
) as [ImServer, ImServer];
const client: ImClient = createImClient({ service: 'shop', redis, leaseMs: 3_000 });

beforeAll(async () => {
  for (const server of servers) await server.start();
  await client.start();
  client.on('private', function saved() {
    // Nothing to do.
  });
  onFileCleanup(async () => {
    await client.close();
    for (const server of servers) await server.close();
  });
});

async function logIn(server: ImServer, userId: number, autoPong = true): Promise<RawDevice> {
  const device = await connectDevice(server.url, { autoPong });
  await device.login({ token: await makeToken({ userId, terminal: 0, secret }), devId: 'one' });
  return device;
}

function ownRedis(): Redis {
  const own = new Redis(at.url, { keyPrefix: at.prefix });
  onCleanup(() => own.disconnect());
  return own;
}

const sender = { id: 1, terminal: 0 };

function send(recvId: number | string, id: string | number): Promise<string> {
  const message = { sender, recvId, recvTerminals: [0], sendToSelf: false, data: { id, text: 'hi' } };
  return client.sendPrivateMessage(message).then(({ messageId }) => messageId);
}

/** Sends to the user until that is written down: then all know of the order. */
async function untilWatched(user: number, steps: readonly string[]): Promise<void> {
  const lastSteps = async (): Promise<readonly string[]> => {
    const id = await send(user, 'probe');
    await expect.poll(() => stepsOf(id), { timeout: 2_000 }).toEqual(steps);
    return steps;
  };
  await expect.poll(() => lastSteps().catch(() => []), { timeout: 60_000 }).toEqual(steps);
}

async function stepsOf(id: string): Promise<string[]> {
  const { stdout } = await im(['trace', id, '--json'], env);
  if (stdout === '') return [];
  return (JSON.parse(stdout) as TracedMessage).steps.map(({ step }) => step);
}

const whole = ['sent', 'taken', 'given', 'ended', 'result', 'listened'];

test('the whole life of a message of a watched user: proved, with a silent device, and offline; and off again', async () => {
  await logIn(servers[0], 2);
  await logIn(servers[1], 3, false);
  expect((await im(['trace', '77'], env)).stderr).toContain('no message is watched: im trace on');
  const on = await im(['trace', 'on', '--user', '2,3', '--user', '4', '--for', '10m'], env);
  expect(on.stdout).toMatch(/^Watching until [\d-]+ [\d:]+\. All know of it within seconds\.\n$/);
  await untilWatched(2, whole);
  await untilWatched(4, ['sent', 'result', 'listened']);

  // By what the application calls it, digit for digit.
  const messageId = await send(2, '9007199254740993');
  await expect.poll(() => stepsOf(messageId), { timeout: 60_000 }).toEqual(whole);
  const proved = (await json(['trace', '9007199254740993'], env)) as TracedMessage;
  const by = `server ${servers[0].id}`;
  expect(proved).toMatchObject({ id: messageId, kind: 'private', sender: '1', waiting: [] });
  expect(proved.steps).toMatchObject([
    { step: 'sent', queued: 1, offline: 0, by: expect.stringMatching(/^shop@/) as unknown },
    { step: 'taken', by },
    { step: 'given', by, user: '2', terminal: 0 },
    { step: 'ended', by, user: '2', stage: 'proved' },
    { step: 'result', user: '2', stage: 'proved' },
    { step: 'listened', text: 'saved' },
  ]);

  await untilWatched(3, ['sent', 'taken', 'given']);
  const silent = await send(3, 'silent');
  await expect.poll(() => stepsOf(silent), { timeout: 60_000 }).toEqual(['sent', 'taken', 'given']);
  const shown = await im(['trace', silent], env);
  expect(shown).toMatchObject({ code: exitCodes.done });
  expect(shown.stdout).toMatch(/ server \d+ +given to the connection of 3 on 0 web\n/);
  expect(shown.stderr).toMatch(/^im: 3 on 0 web has not proved it, since \d+ s\.\n$/);

  const offline = await send(4, 'offline');
  await expect.poll(() => stepsOf(offline), { timeout: 60_000 }).toEqual(['sent', 'result', 'listened']);
  expect((await im(['trace', offline], env)).stdout).toContain('result: 4 on 0 web: NOT_ONLINE (queued)');
  const { stdout: listed } = await im(['trace'], env);
  expect(listed).toMatch(new RegExp(`^${silent} +silent .* 3 +waits for 3 on 0 web since \\d+ s$`, 'm'));
  expect(listed).toMatch(new RegExp(`^${offline} +offline .* 4 +NOT_ONLINE \\(queued\\)$`, 'm'));

  // Of others nothing is written down, and after it is off, of nobody.
  const other = await send(5, 'other');
  expect((await im(['trace', 'off'], env)).stdout).toBe('Nothing is watched any more.\n');
  expect((await im(['trace', 'off'], env)).stdout).toBe('Nothing was watched.\n');
  await expect.poll(async () => stepsOf(await send(4, 'after')), { timeout: 60_000 }).toEqual([]);
  expect((await im(['trace', other], env)).code).toBe(exitCodes.no);
  expect(await ownRedis().pttl(traceList)).toBeGreaterThan(0);
});

test('it ends by itself, and what others wrote there is no step', async () => {
  const own = ownRedis();
  await im(['trace', 'on', '--message', 'order-17', '--for', '1s'], env);
  await expect
    .poll(async () => (await im(['trace', 'nosuch'], env)).stderr, { timeout: 60_000 })
    .toContain('no message is watched');

  await own.rpush(traceList, 'x', '{"step":"sent"}', '{"step":"sent","at":1,"by":"x\\u001b[2J","id":"evil"}');
  const { stdout } = await im(['trace', 'evil'], env);
  expect(stdout).toContain('x\\u001b[2J');
});

test.each([
  [['trace', 'on'], 'Say which messages: --user <users>, or --message <ids>.'],
  [['trace', 'on', '--user', '5', '--for', '2h'], 'expected a time such as 90s, 10m or 1h, 60m at most'],
  [['trace', 'on', '--user', '5', '--for', '600000'], 'expected a time such as 90s'],
  [
    ['trace', 'on', '--user', Array.from({ length: 21 }, (_, index) => index).join(',')],
    'expected 20 at most',
  ],
  [['trace', '1', '2'], 'There is a value on the command line without a flag before it.'],
])('%j is refused', async (args, message) => {
  await expect(im(args, env)).rejects.toThrow(message);
});
