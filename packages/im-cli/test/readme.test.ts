import { readFile } from 'node:fs/promises';
import { createRedisBus, type RedisBusOptions } from 'im-common/bus';
import { deadLetterList, decodeServerInfo, resultList, serverGroup } from 'im-common/internal/bus';
import { optionTables, withOptionTables } from 'im-common/internal/program';
import { createImServer } from 'im-server';
import { connectDevice, makeToken, onCleanup, testRedis } from 'im-test/support';
import { Redis } from 'ioredis';
import { expect, test, vi } from 'vitest';
import { program } from '../src/configuration.ts';
import { im, onRedis } from './support.ts';

vi.setConfig({ testTimeout: 60_000 });

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
const secret = 'secret-of-at-least-32-bytes-for-tests';

test('the README has the table (npm run options)', () => {
  expect(readme).toBe(withOptionTables(readme, optionTables(program)));
});

test('what the README shows is what commands print, in its order', async () => {
  const at = testRedis();
  const serverId = await prepare(at.url, at.prefix);
  const shown = Array.from(readme.matchAll(/^```console\n(.*?)^```/gms), ([, block = '']) => block).join('');
  const said: string[] = [];

  for (const [line] of shown.matchAll(/^\$ .*$/gm)) {
    const [, echoed = '', command = ''] = /^\$ (?:echo '(.*)' \| )?im (.*)$/.exec(line) ?? [];
    const { stdout } = await im(wordsOf(command), onRedis(at), echoed);
    said.push(`${line}\n${stdout}`);
  }

  const asShown = said
    .join('')
    .replaceAll(String(serverId), '5')
    .replace(/ws:\S+/g, 'ws://127.0.0.1:8878/im');
  expect(withoutChance(asShown)).toBe(withoutChance(shown));
});

/** A server with the two devices of user 2, and dead letters. */
async function prepare(url: string, keyPrefix: string): Promise<number | undefined> {
  const server = createImServer({
    ...{ redis: { url, keyPrefix }, jwtSecret: secret, host: '127.0.0.1', port: 0, drainMs: 0 },
    sessions: '0=3',
  });
  onCleanup(() => server.close());
  await server.start();
  for (const [terminal, devId] of ['page', 'phone'].entries()) {
    const device = await connectDevice(server.url);
    await device.login({ token: await makeToken({ userId: 2, terminal, secret }), devId });
  }
  const redis = new Redis(url, { keyPrefix });
  onCleanup(() => redis.disconnect());
  const put = (of: string, letter: object): Promise<number> =>
    redis.rpush(deadLetterList(of), JSON.stringify({ at: Date.now(), by: 'server 5', ...letter }));
  const text = '{"cmd":3,"data":\u001b[2J';
  await put('private', { id: 'AAAAAAAAAAAA', list: 'im:message:private:5', why: 'not JSON', text });
  for (const id of ['BBBBBBBBBBBB', 'CCCCCCCCCCCC'])
    await put('result:shop', { id, list: resultList('private', 'shop'), why: 'failed', text: '{}' });
  await untilItCounts(2, { url, keyPrefix });
  return server.id;
}

/** It tells of them once a second. */
async function untilItCounts(connections: number, at: RedisBusOptions): Promise<void> {
  const bus = createRedisBus(at);
  await bus.start();
  onCleanup(() => bus.close());
  const counted = async (): Promise<number | undefined> => {
    const [one] = (await bus.registry.view(serverGroup)).live;
    return decodeServerInfo(one?.info ?? '')?.connections;
  };
  await expect.poll(counted, { timeout: 30_000 }).toBe(connections);
}

/** As a shell takes a line apart, as far as the README needs it. */
function wordsOf(command: string): string[] {
  return Array.from(command.matchAll(/'([^']*)'|(\S+)/g), ([, quoted, bare]) => quoted ?? bare ?? '');
}

/** Times, and how wide columns are. */
function withoutChance(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, 'THEN')
    .replace(/\b\d+ (s|min)\b/g, 'SO LONG')
    .replace(/\d+ (commands\/s|MiB)/g, 'MANY $1')
    .replace(/ +/g, ' ');
}
