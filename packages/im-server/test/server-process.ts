import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ImServerOptions } from 'im-server';
import { onCleanup, runnable, type TestRedis } from 'im-test/support';
import { secret } from './support.ts';

/** A server that can be killed and stopped, as it has a process of its own. */
export interface ServerProcess {
  /** The id and address that it started with. */
  readonly id: number;
  readonly url: string;
  /** Of the ended process: its exit code, or null when a signal ended it. */
  readonly exited: Promise<number | null>;
  state(): Promise<ServerState>;
  signal(name: NodeJS.Signals): void;
  /** Closes the server; the process must then end by itself. */
  close(): void;
}

export interface ServerState {
  readonly id: number | undefined;
  readonly url: string;
  readonly ready: boolean;
}

const fixture = fileURLToPath(new URL('fixtures/serve.ts', import.meta.url));

export async function startServerProcess(
  at: TestRedis,
  options: Partial<ImServerOptions> = {},
): Promise<ServerProcess> {
  const given = {
    redis: { url: at.url, keyPrefix: at.prefix },
    jwtSecret: secret,
    host: '127.0.0.1',
    port: 0,
    drainMs: 0,
    ...options,
  };
  const args = [...runnable(fixture), JSON.stringify(given)];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { PATH: process.env['PATH'] },
  });
  onCleanup(() => child.kill('SIGKILL'));
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const answer = async (): Promise<unknown> => {
    const ended = exited.then((code) => Promise.reject(new Error(`The server process ended with ${code}`)));
    const [message] = (await Promise.race([once(child, 'message'), ended])) as unknown[];
    return message;
  };
  const state = async (): Promise<ServerState> => {
    child.send('state');
    return (await answer()) as ServerState;
  };
  await answer(); // 'started'
  const { id, url } = await state();
  return {
    id: id ?? 0,
    url,
    exited,
    state,
    signal: (name) => child.kill(name),
    close: () => child.send('close'),
  };
}
