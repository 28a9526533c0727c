import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectDevice, freePort, makeToken, onCleanup, runnable, testRedis } from 'im-test/support';
import { expect, test } from 'vitest';

// What starts a program with npm may end npm, and npm tells only the shell between: the program has to notice.

const repository = fileURLToPath(new URL('..', import.meta.url));
const secret = 'secret-of-at-least-32-bytes-for-tests';

/** A package that has im-server installed. */
async function packageWithServer(start: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'im-test-npm-'));
  onCleanup(() => rm(folder, { recursive: true, force: true }));
  const bin = join(folder, 'node_modules', '.bin');
  await mkdir(bin, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'app', scripts: { start } }));
  const command = [process.execPath, ...runnable('packages/im-server/src/main.ts')];
  const program = `#!/bin/sh\nexec ${command.map((word) => `'${word}'`).join(' ')} "$@"\n`;
  await writeFile(join(bin, 'im-server'), program);
  await chmod(join(bin, 'im-server'), 0o755);
  return folder;
}

interface UnderNpm {
  /** Resolves with the first line of output that matches. */
  line(matches: RegExp): Promise<string>;
  /** To npm alone. */
  end(): void;
  /** The pipe of the output ends with the last process that has it. */
  readonly allGone: Promise<void>;
}

function startUnderNpm(cwd: string, command: string, args: readonly string[]): UnderNpm {
  const { PATH, HOME } = process.env;
  const child = spawn(command, args, {
    cwd,
    // A group of its own: should the program serve on, it is ended with the test.
    detached: true,
    env: { PATH, HOME, npm_config_update_notifier: 'false', npm_config_offline: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { pid } = child;
  onCleanup(() => {
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    } catch {
      // All are gone, as they should be.
    }
  });
  let output = '';
  let look = (): void => undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      look();
    });
  }
  const allGone = new Promise<void>((resolve) => {
    child.once('close', () => {
      resolve();
    });
  });
  return {
    allGone,
    end: () => child.kill('SIGTERM'),
    line: (matches) =>
      new Promise((resolve, reject) => {
        look = () => {
          const found = output.split('\n').find((line) => matches.test(line));
          if (found !== undefined) resolve(found);
        };
        look();
        void allGone.then(() => {
          reject(new Error(`Ended without ${String(matches)}:\n${output}`));
        });
      }),
  };
}

async function isFree(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => {
      resolve(true);
    });
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
  });
}

test.each([
  ['npx im-server', 'npx', ['im-server']],
  ['npm exec im-server', 'npm', ['exec', '--', 'im-server']],
  ['npm start', 'npm', ['start', '--']],
])('%s: a SIGTERM to npm drains the server, and nothing is left', async (_, command, args) => {
  const at = testRedis();
  const port = await freePort();
  const flags = ['--redis', at.url, '--key-prefix', at.prefix, '--jwt-secret', secret];
  const running = startUnderNpm(await packageWithServer('im-server'), command, [
    ...args,
    ...flags,
    ...['--host', '127.0.0.1', '--port', String(port)],
  ]);
  await running.line(/"msg":"started"/);
  const device = await connectDevice(`ws://127.0.0.1:${port}/im`);
  await device.login({ token: await makeToken({ userId: 1, terminal: 0, secret }), devId: 'one' });

  running.end();

  expect((await device.closed).code).toBe(1012);
  await running.line(/"msg":"drained"/);
  await running.allGone;
  expect(await isFree(port)).toBe(true);
});

test.each([
  ['when it is ready', /Ctrl-C ends/],
  ['while it starts', /Preparing the database/],
])('npm start of this repository: a SIGTERM to npm %s ends all of it', async (_, line) => {
  const data = await mkdtemp(join(tmpdir(), 'im-test-npm-'));
  onCleanup(() => rm(data, { recursive: true, force: true }));
  const [port, imPort] = [await freePort(), await freePort()];
  const running = startUnderNpm(repository, 'npm', [
    ...['start', '--', '--data', data],
    ...['--port', String(port), '--im-port', String(imPort)],
  ]);
  await running.line(line);

  running.end();

  await running.allGone;
  expect([await isFree(port), await isFree(imPort)]).toEqual([true, true]);
});
