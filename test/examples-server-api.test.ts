import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { transform } from 'esbuild';
import { connectDevice, findProgram, freePort, onCleanup, runnable } from 'im-test/support';
import { beforeAll, expect, test } from 'vitest';
import { httpSnippets } from './support/http-snippets.ts';
import { spawnTied } from './support/tied-process.ts';
import { startAllInOne, type AllInOne } from '../all-in-one.ts';

// What docs/server-api.md and docs/webhooks.md show, beside what `npm start` starts: the examples, and the snippets of the docs.

const root = fileURLToPath(new URL('../', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'im-test-back-end-'));
const python = await findProgram('python3');
if (python === undefined) console.warn('NOT RUN: the back end in Python, which is not installed here.');

let chat: AllInOne;

beforeAll(async () => {
  onCleanup(() => rm(folder, { recursive: true, force: true }));
  chat = await startAllInOne({
    ...{ port: await freePort(), imPort: await freePort(), host: '127.0.0.1', data: folder },
    ...{ openUploads: false, say: () => undefined },
  });
  onCleanup(() => chat.close());
});

async function createKey(scopes: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...[...runnable('packages/im-platform/src/main.ts'), 'key', 'create'],
    ...['--database', `sqlite:${join(folder, 'im.db')}`, '--name', 'shop', '--scopes', scopes],
  ]);
  return stdout.trim();
}

/** `/v1` as a page or a back end asks it. */
async function ask<T>(token: string, method: string, path: string, body?: object): Promise<T> {
  const answer = await fetch(`${chat.url}/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const said = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${said}`);
  return (said === '' ? undefined : JSON.parse(said)) as T;
}

/** A webhook as it came. */
interface Delivered {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const { 'webhook-signature': signature, ...example } = {
  // Of standardwebhooks.com.
  'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  'webhook-timestamp': '1614265330',
  'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};
const exampleSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const exampleBody = '{"test": 2432232314}';

/** What the snippets of docs/webhooks.md say of each, at that time (in s). */
async function judge(
  language: 'ts' | 'python',
  secret: string,
  delivered: readonly Delivered[],
  nowS: number,
): Promise<boolean[]> {
  const docs = await readFile(join(root, 'docs/webhooks.md'), 'utf8');
  const found = [...docs.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, 'g'))]
    .map(([, code = '']) => code)
    .filter((code) => /is_?genuine\(/i.test(code));
  expect(found).toHaveLength(1);
  const asked = JSON.stringify({ secret, delivered });
  const [code = ''] = found;
  const [program, args] =
    language === 'ts'
      ? [
          process.execPath,
          [
            ...['--input-type=module', '-e'],
            `${(await transform(code, { loader: 'ts' })).code}
             Date.now = () => ${nowS * 1_000};
             const { secret, delivered } = JSON.parse(process.argv[1]);
             console.log(JSON.stringify(delivered.map(({ headers, body }) => isGenuine(secret, headers, body))));`,
          ],
        ]
      : [
          python ?? '',
          [
            '-c',
            `${code}
import json, sys
time.time = lambda: ${nowS}
asked = json.loads(sys.argv[1])
print(json.dumps([is_genuine(asked["secret"], one["headers"], one["body"].encode()) for one in asked["delivered"]]))`,
          ],
        ];
  const { stdout } = await promisify(execFile)(program, [...args, asked]);
  return JSON.parse(stdout) as boolean[];
}

const languages = [...(['ts'] as const), ...(python === undefined ? [] : (['python'] as const))];

test.each(languages)(
  'the check of signatures in the docs takes what is genuine, and nothing else: %s',
  async (language) => {
    const genuine = { headers: { ...example, 'webhook-signature': signature }, body: exampleBody };
    const signed = (text: string): Delivered => ({
      ...genuine,
      headers: { ...example, 'webhook-signature': text },
    });
    const { 'webhook-id': _id, ...noId } = genuine.headers;
    const { 'webhook-timestamp': _time, ...noTime } = genuine.headers;
    const good = [genuine, signed(`v1,AAAA ${signature}`), signed(`v1a,AAAA ${signature} v1,é`)];
    const bad = [
      ...['', 'v1,', 'v1', 'v1,é', signature.slice(0, -5)].map(signed),
      { ...genuine, body: `${exampleBody} ` },
      { ...genuine, headers: { ...genuine.headers, 'webhook-id': 'msg_1' } },
      ...['1614265331', '', 'x', '²', '1e9', 'Infinity'].map((time) => ({
        ...genuine,
        headers: { ...genuine.headers, 'webhook-timestamp': time },
      })),
      ...[noId, noTime, example, {}].map((headers) => ({ ...genuine, headers })),
    ];
    const all = [...good, ...bad];
    const at = Number(example['webhook-timestamp']);

    expect(await judge(language, exampleSecret, all, at + 299)).toEqual(all.map((one) => good.includes(one)));
    for (const nowS of [at + 301, at - 301])
      expect(await judge(language, exampleSecret, good, nowS)).toEqual(good.map(() => false));
    expect(await judge(language, 'whsec_AAAA', good, at)).toEqual(good.map(() => false));
  },
);

test.runIf(python !== undefined)(
  'a back end in Python lets its users talk, and hears what they say',
  async () => {
    const key = await createKey('users,tokens,conversations,messages,deliveries,webhooks');
    const env = { ...process.env, IM_PLATFORM_URL: chat.url, IM_SERVER_KEY: key };
    const file = (name: string): string => join(root, 'examples/python-backend', name);
    const port = await freePort();
    const hearing = spawnTied({
      ...{ program: python ?? '', args: [file('webhooks.py')], cwd: folder },
      env: { ...env, WEBHOOK_PORT: String(port) },
    });
    onCleanup(() => hearing.signal('SIGKILL'));
    await hearing.printed(/hears at/);
    // The snippets of the docs are given what is really sent.
    const came: Delivered[] = [];
    const listener = createServer((request, response) => {
      void textOf(request).then((body) => {
        came.push({ headers: request.headers as Record<string, string>, body });
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => void listener.listen(0, '127.0.0.1', resolve));
    onCleanup(() => listener.close());
    const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/`;
    const wanted = { url, events: ['message.created'] };
    const { secret } = await ask<{ secret: string }>(key, 'POST', '/server/webhooks', wanted);

    const run = async (order: string, waitS: number): Promise<string> => {
      const { stdout } = await promisify(execFile)(python ?? '', [file('shop.py'), order], {
        env: { ...env, WAIT_S: String(waitS) },
      });
      return stdout;
    };
    const first = await run('4711', 0);
    expect(first).toMatch(/^conversation: private:\d+:\d+\ntoken: \S+\nsent: number 2\ndelivery: sent\n$/);
    const conversation = /^conversation: (\S+)$/m.exec(first)?.[1] ?? '';
    await hearing.printed(new RegExp(`^clerk-1 in ${conversation}: Your order 4711 is on its way\\.$`, 'm'));

    const token = /^token: (\S+)$/m.exec(first)?.[1] ?? '';
    const device = await connectDevice(chat.imUrl);
    onCleanup(() => device.close());
    await device.login({ token, devId: 1 });
    expect(await run('4712', 20)).toMatch(/sent: number 3\ndelivery: delivered\n$/);
    const text = 'Your order 4712 is on its way.';
    expect(await device.next(({ data }) => (data as { content?: string }).content === text)).toMatchObject({
      cmd: 3,
    });
    expect(await run('4712', 20)).toMatch(/sent: number 3\ndelivery: delivered\n$/);

    const said = { content: { type: 'text', text: 'Where is it?' } };
    await ask(token, 'POST', `/conversations/${conversation}/messages`, said);
    await hearing.printed(new RegExp(`^customer-7 in ${conversation}: Where is it\\?$`, 'm'));
    // What nobody has signed is not taken.
    const forged = await fetch(`http://127.0.0.1:${port}/webhooks`, {
      method: 'POST',
      body: came[0]?.body ?? '',
    });
    expect(forged.status).toBe(401);

    await expect.poll(() => came.length).toBe(3);
    const changed = came.map((one) => ({ ...one, body: one.body.replace('order', 'bill') }));
    for (const language of languages)
      expect(
        await judge(language, secret, [...came, ...changed.slice(0, 2)], Math.floor(Date.now() / 1_000)),
      ).toEqual([...came.map(() => true), ...[false, false]]);
  },
);

test('what docs/server-api.md asks, one after the other, is answered as it says', async () => {
  const key = await createKey('users,tokens,conversations,messages,deliveries,readers,webhooks,bots,history');
  const server = <T>(method: string, path: string, body: object): Promise<T> =>
    ask(key, method, `/server${path}`, body);
  await server('PUT', '/users/external:clerk-1', { nickName: 'Clerk' });
  const pair = async (other: string): Promise<string> => {
    const users = ['external:customer-8', other];
    return (await server<{ conversationId: string }>('POST', '/private-conversations', { users }))
      .conversationId;
  };
  const say = async (conversationId: string, from: string): Promise<string> => {
    const content = { type: 'text', text: 'hello' };
    const path = `/conversations/${conversationId}/messages`;
    return String((await server<{ number: number }>('POST', path, { from, content })).number);
  };
  const answered = new Map<string, string>();
  /** What the document calls otherwise. */
  const here: readonly (readonly [string, () => Promise<string> | string])[] = [
    // Another test is the customer of the document.
    ['customer-7', () => 'customer-8'],
    ['private:12:13', () => pair('external:clerk-1')],
    ['private:12:14', () => pair('external:helper')],
    ['group:5', () => answered.get('conversationId') ?? ''],
    [
      'messages/7',
      async () => `messages/${await say(answered.get('conversationId') ?? '', 'external:clerk-1')}`,
    ],
    [
      '"replyTo": 7',
      async () => `"replyTo": ${await say(await pair('external:helper'), 'external:customer-8')}`,
    ],
  ];
  const inHere = async (text: string): Promise<string> => {
    let filled = text;
    for (const [there, find] of here)
      if (filled.includes(there)) filled = filled.replaceAll(there, await find());
    return filled;
  };

  const snippets = httpSnippets(await readFile(join(root, 'docs/server-api.md'), 'utf8'));
  expect(snippets).toHaveLength(10);
  for (const { method, path, headers, body, answers } of snippets) {
    const answer = await fetch(`${chat.url}${await inHere(path)}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: await inHere(body) }),
    });
    const said = await answer.text();
    expect(`${method} ${path}: ${answer.status} ${said}`).toMatch(/: 20\d /);
    for (const name of answers) expect(said).toContain(`"${name}":`);
    const { conversationId = '' } = JSON.parse(said) as { conversationId?: string };
    if (conversationId.startsWith('group:')) answered.set('conversationId', conversationId);
  }
});

interface Shown {
  readonly number: number;
  readonly senderId: string;
  readonly replyTo?: { readonly number: number } | null;
  readonly content: { readonly text?: string };
}

test("a bot answers commands once, where they were said, nobody else's and no bot's, and keeps its promises", async () => {
  const key = await createKey('bots,bot-webhooks,conversations');
  const file = join(folder, 'bot.json');
  const env = {
    ...{
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      BOT_FILE: file,
      BOT_PORT: String(await freePort()),
    },
    ...{ IM_PLATFORM_URL: chat.url, IM_SERVER_KEY: key },
  };
  const start = async () => {
    const args = runnable('examples/bot/bot.ts');
    const bot = spawnTied({ program: process.execPath, args, cwd: root, env });
    onCleanup(() => bot.signal('SIGKILL'));
    await bot.printed(/Helper is user/);
    return bot;
  };
  const bot = await start();
  const helper = /Helper is user (\d+)/.exec(bot.output)?.[1] ?? '';
  const other = await ask<{ id: string }>(key, 'PUT', '/server/bots/external:other', { nickName: 'Other' });
  const ann = await signIn('ann');
  await ask(ann, 'POST', '/friend-requests', { userId: helper });
  const { conversationId: group } = await ask<{ conversationId: string }>(key, 'POST', '/server/groups', {
    ...{ name: 'Tea', owner: 'name:ann', members: ['external:helper', 'external:other'] },
  });
  const me = await ask<{ id: string }>(ann, 'GET', '/me');
  const alone = `private:${me.id}:${helper}`;
  const write = async (conversation: string, text: string): Promise<number> => {
    const content = { type: 'text', text };
    const path = `/conversations/${conversation}/messages`;
    return (await ask<{ number: number }>(ann, 'POST', path, { content })).number;
  };
  /** What the bot has said in it. */
  const answers = async (conversation: string): Promise<string[]> => {
    const { items } = await ask<{ items: Shown[] }>(ann, 'GET', `/conversations/${conversation}/messages`);
    return items
      .filter(({ senderId }) => senderId === helper)
      .map(({ replyTo, content }) => `${replyTo?.number ?? '-'} ${content.text?.split('\n')[0] ?? ''}`);
  };

  await write(alone, 'hello');
  const help = await write(alone, '/help');
  await expect.poll(() => answers(alone)).toEqual([`${help} /help: what I can do`]);
  const path = `/server/bots/external:other/conversations/${group}/messages`;
  await ask(key, 'POST', path, { content: { type: 'text', text: '/help' } });
  const asked = await write(group, '/tea');
  await expect.poll(() => answers(group)).toEqual([`${asked} I do not know /tea.`]);
  expect(other.id).not.toBe(helper);

  // Killed after it has promised, and told of everything once more.
  const promise = await write(alone, '/remind 1s tea');
  const promised = `${promise} I will remind you in 1s.`;
  await expect.poll(async () => (await readFile(file, 'utf8')).includes('tea')).toBe(true);
  bot.signal('SIGKILL');
  await bot.ended;
  await start();
  const { id } = (JSON.parse(await readFile(file, 'utf8')) as { webhook: { id: string } }).webhook;
  const all = await createKey('webhooks');
  await ask(all, 'POST', `/server/webhooks/${id}/replays`, { what: 'since', position: 1 });
  await expect.poll(() => answers(alone)).toContain('- Remember: tea');
  const last = [await write(alone, '/remind'), await write(group, '/help')];
  await expect.poll(() => answers(alone)).toContain(`${last[0]} When, and of what?`);
  await expect.poll(() => answers(group)).toHaveLength(2);
  expect((await answers(alone)).toSorted()).toEqual(
    [`${help} /help: what I can do`, promised, '- Remember: tea', `${last[0]} When, and of what?`].toSorted(),
  );
  expect(await answers(group)).toEqual([`${asked} I do not know /tea.`, `${last[1]} /help: what I can do`]);
});

async function signIn(userName: string): Promise<string> {
  const body = { userName, password: chat.accounts[0]?.password, device: 'web' };
  const answer = await fetch(`${chat.url}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return ((await answer.json()) as { accessToken: string }).accessToken;
}
