import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { connectDevice, onCleanup } from 'im-test/support';
import { expect } from 'vitest';
import type { Project } from './project.ts';

/** What `npm create im-app` has made, running. */
export interface Running {
  readonly folder: string;
  /** The first address of this protocol that it has named. */
  url(protocol: 'http' | 'ws'): Promise<string>;
  /** SIGTERM. Resolves with the code, or with the signal that it ended by. */
  end(): Promise<number | string | null>;
}

/** As `npm start` does it when it is compiled, on free ports. */
export function startMade(project: Project, name: string, env: Readonly<Record<string, string>>): Running {
  const folder = join(project.folder, name);
  const child = spawn(process.execPath, ['--env-file=.env', 'dist/main.js'], {
    cwd: folder,
    env: {
      PATH: `${join(project.folder, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`,
      ...{ PORT: '0', IM_PORT: '0' },
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  onCleanup(async () => {
    child.kill();
    await ended;
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => (said += data.toString()));
  return {
    folder,
    async url(protocol) {
      const named = new RegExp(`\\b${protocol}://[^\\s"]+`);
      // The chat makes its database first.
      await expect.poll(() => said, { timeout: 80_000 }).toMatch(named);
      return named.exec(said)?.[0] ?? '';
    },
    async end() {
      child.kill('SIGTERM');
      await ended;
      return child.exitCode ?? child.signalCode;
    },
  };
}

/** What its page does: a device gets a token and a message, and who is away is noted. */
export async function sayHello(url: string, imUrl: string): Promise<void> {
  expect(await (await fetch(url)).text()).toContain('/im-device.js');
  expect(await (await fetch(`${url}/im-device.js`)).text()).toContain('createDevice');
  const device = await connectDevice(imUrl);
  await device.login({ token: await (await fetch(`${url}/im/token?user=2`)).text(), devId: 1 });
  const hello = async (to: number): Promise<unknown> =>
    (await fetch(`${url}/hello?to=${to}`, { method: 'POST' })).json();

  expect(await hello(2)).toMatchObject({ queued: [{ id: '2', terminal: 0 }] });
  expect(await device.next()).toMatchObject({ data: { text: 'hello' } });
  expect(await hello(3)).toMatchObject({ queued: [] });
  await expect.poll(async () => (await fetch(`${url}/missed`)).json()).toEqual(['3']);
}
