import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createMemoryBus } from 'im-common/bus';
import { createPlatform, migrate, openDatabase } from 'im-platform';
import { createImServer } from 'im-server';
import { connectDevice, findProgram, onCleanup, runnable } from 'im-test/support';
import { expect, test } from 'vitest';

// What docs/server-api.md shows, as examples/python-backend has it, where Python is installed.

const example = fileURLToPath(new URL('../examples/python-backend/shop.py', import.meta.url));
const accessSecret = 'secret-of-at-least-32-bytes-for-tests';
interface Told {
  readonly type: number;
}

const python = await findProgram('python3');
if (python === undefined) console.warn('NOT RUN: the back end in Python, which is not installed here.');

test.runIf(python !== undefined)('a back end in Python lets its users talk', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'im-test-shop-'));
  onCleanup(() => rm(folder, { recursive: true, force: true }));
  const database = `sqlite:${join(folder, 'im.db')}`;
  const opened = openDatabase({ url: database });
  await migrate(opened.sql);
  await opened.close();
  const bus = createMemoryBus();
  await bus.start();
  onCleanup(() => bus.close());
  const server = createImServer({ bus, host: '127.0.0.1', port: 0, jwtSecret: accessSecret, drainMs: 0 });
  await server.start();
  onCleanup(() => server.close());
  const platform = createPlatform({
    ...{ database, bus, accessSecret, refreshSecret: `${accessSecret}-2`, filesDir: folder },
    ...{ host: '127.0.0.1', port: 0 },
  });
  await platform.start();
  onCleanup(() => platform.close());
  const scopes = 'users,tokens,conversations,messages,deliveries';
  const { stdout: key } = await promisify(execFile)(process.execPath, [
    ...[...runnable('packages/im-platform/src/main.ts'), 'key', 'create'],
    ...['--database', database, '--name', 'shop', '--scopes', scopes],
  ]);

  const run = async (order: string, waitS: number): Promise<string> => {
    const { stdout } = await promisify(execFile)(python ?? 'python3', [example, order], {
      env: {
        ...process.env,
        IM_PLATFORM_URL: platform.url,
        IM_SERVER_KEY: key.trim(),
        WAIT_S: String(waitS),
      },
    });
    return stdout;
  };
  const first = await run('4711', 0);
  expect(first).toMatch(/^conversation: private:1:2\ntoken: \S+\nsent: number 2\ndelivery: sent\n$/);

  const device = await connectDevice(server.url);
  onCleanup(() => device.close());
  await device.login({ token: /^token: (\S+)$/m.exec(first)?.[1] ?? '', devId: 1 });
  expect(await run('4712', 20)).toMatch(/sent: number 3\ndelivery: delivered\n$/);
  const { data } = await device.next(({ cmd, data: told }) => cmd === 3 && (told as Told).type === 0);
  expect(data).toMatchObject({ sendId: 2, recvId: 1, content: 'Your order 4712 is on its way.' });
  expect(await run('4712', 20)).toMatch(/sent: number 3\ndelivery: delivered\n$/);
});
