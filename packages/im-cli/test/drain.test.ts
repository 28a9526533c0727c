import { once } from 'node:events';
import { createRedisBus } from 'im-common/bus';
import { decodeServerInfo, drainNotice, serverGroup } from 'im-common/internal/bus';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { connectDevice, makeToken, onCleanup, runnable, testRedis } from 'im-test/support';
import { expect, test, vi } from 'vitest';
import { exitCodes } from '../src/index.ts';
import { im, onRedis } from './support.ts';

vi.setConfig({ testTimeout: 120_000 });

const secret = 'secret-of-at-least-32-bytes-for-tests';

// P-10.14, P-10.15
test('a server that is told to drain sends its devices elsewhere, and its program ends with 0; not for the boot of another one', async () => {
  const at = testRedis();
  const bus = createRedisBus({ url: at.url, keyPrefix: at.prefix });
  await bus.start();
  onCleanup(() => bus.close());
  const child = spawn(process.execPath, [
    ...runnable('packages/im-server/src/main.ts'),
    ...['--redis', at.url, '--key-prefix', at.prefix, '--jwt-secret', secret],
    ...['--host', '127.0.0.1', '--port', '0', '--drain-ms', '0'],
  ]);
  onCleanup(() => child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  const { id, url } = await startedOf(child.stdout);
  const look = async (): Promise<{ connections: number; draining: boolean } | undefined> =>
    decodeServerInfo((await bus.registry.view(serverGroup)).live[0]?.info ?? '');

  await bus.registry.post(serverGroup, drainNotice(id), 'another boot', 60_000);
  const device = await connectDevice(url);
  await device.login({ token: await makeToken({ userId: 2, terminal: 0, secret }), devId: 'one' });
  // It has looked at the group since.
  await expect.poll(look, { timeout: 60_000 }).toMatchObject({ connections: 1, draining: false });

  const drained = await im(['drain', String(id)], onRedis(at));

  expect(drained).toMatchObject({ code: exitCodes.done, stdout: `Server ${id} has drained, and is gone.\n` });
  expect(drained.stderr).toContain('No other server takes devices');
  expect((await device.closed).code).toBe(1012);
  expect(await ended).toEqual([0, null]);
  expect((await im(['drain', String(id)], onRedis(at))).code).toBe(exitCodes.no);

  // One that is declared dead is none that has left. P-10.15
  await bus.registry.renew(serverGroup, { id: String(id + 1), boot: 'killed', leaseMs: 1, info: '' });
  await expect
    .poll(() => bus.registry.declareDead(serverGroup, String(id + 1), 'killed'), { timeout: 60_000 })
    .toBe(true);
  const shown = await im(['servers', '--json'], onRedis(at));
  expect(JSON.parse(shown.stdout)).toMatchObject({
    servers: [
      { id, state: 'left' },
      { id: id + 1, state: 'dead' },
    ],
  });
  const { stdout } = await im(['doctor'], onRedis(at));
  expect(stdout).toContain(`Died in the last 11 minutes, without a goodbye: ${id + 1}.`);
  expect(stdout).toContain(`Left in order in the last 11 minutes: ${id}.`);
});

async function startedOf(stdout: NodeJS.ReadableStream): Promise<{ id: number; url: string }> {
  for await (const line of createInterface(stdout)) {
    const fields = JSON.parse(line) as { msg: string; id: number; url: string };
    if (fields.msg !== 'started') continue;
    stdout.resume();
    return fields;
  }
  throw new Error('It ended before it had started.');
}
