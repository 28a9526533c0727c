import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Writable } from 'node:stream';

// A child that cannot outlive us, even when we die by SIGKILL and run no handler of our own. Beside the program sits
// a waiting shell that reads a pipe whose other end only we hold: the kernel closes it when we are gone, the read
// ends without a line, and the shell kills the program and removes its folder, again and again while what it leaves
// behind (a thread in the kernel, a child) still adds files. A line means "it ended, stand down".
// `exec` lets the program keep the pid we know. Arguments: folder to remove or '', program, its arguments.
const script = `
folder=$1; shift
(
  if ! read -r line; then
    kill -9 $$
    for attempt in 1 2 3 4 5 6 7 8 9 10; do
      if [ -z "$folder" ] || rm -rf "$folder"; then break; fi
      sleep 0.1
    done
  fi
) <&3 >/dev/null 2>&1 &
exec "$@" 3<&-
`;

const keptOutputChars = 64 * 1024;

export interface TiedProcessOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Removed when this process dies before the program does. */
  readonly folderToRemove?: string | undefined;
  /** @default this process's own */
  readonly env?: NodeJS.ProcessEnv | undefined;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface TiedProcess {
  readonly pid: number;
  /** Resolves when the program has ended. */
  readonly ended: Promise<Exit>;
  /** The last part of its output. */
  readonly output: string;
  isRunning(): boolean;
  /** Nothing happens when the program has ended. */
  signal(name: NodeJS.Signals): void;
  /** Resolves when the output matches; rejects with the output when the program ends before. */
  printed(pattern: RegExp): Promise<void>;
  /** Calls back with each whole line of stdout from now on. */
  onLine(listener: (line: string) => void): void;
  /** Writes a line to its stdin. Nothing happens when the program has ended. */
  writeLine(line: string): void;
}

/** Starts a program that ends with this process at the latest, however this process ends. */
export function spawnTied({ program, args, cwd, folderToRemove, env }: TiedProcessOptions): TiedProcess {
  endWithTestRunner();
  const child = spawn('/bin/sh', ['-c', script, 'sh', folderToRemove ?? '', program, ...args], {
    cwd,
    ...(env && { env }),
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    // A process group of its own: Ctrl-C in the terminal reaches the test runner, which then tears down in order.
    detached: true,
  });
  const { pid, stdin, stdout, stderr } = child;
  const lifeline = child.stdio[3];
  child.on('error', () => undefined); // no such folder or shell: then there is no pid
  if (pid === undefined || !(lifeline instanceof Writable)) {
    throw new Error(`Could not start ${program} in ${cwd}`);
  }
  lifeline.on('error', () => undefined); // the waiting shell may be gone before our line arrives
  stdin.on('error', () => undefined); // as may the program
  const ended = once(child, 'exit').then((): Exit => {
    lifeline.end('ended\n');
    return { code: child.exitCode, signal: child.signalCode };
  });

  let output = '';
  for (const stream of [stdout, stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-keptOutputChars);
    });
  }

  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;

  return {
    pid,
    ended,
    get output() {
      return output;
    },
    isRunning,
    signal(name) {
      if (isRunning()) process.kill(pid, name); // else the pid may belong to somebody else by now
    },
    printed(pattern) {
      return new Promise((resolve, reject) => {
        const look = (): void => {
          if (!pattern.test(output)) return;
          for (const stream of [stdout, stderr]) stream.off('data', look);
          resolve();
        };
        for (const stream of [stdout, stderr]) stream.on('data', look);
        child.once('close', () => {
          reject(new Error(`${program} ended before it printed ${String(pattern)}. Its output:\n${output}`));
        });
        look();
      });
    },
    onLine(listener) {
      let unfinished = '';
      stdout.on('data', (text: string) => {
        const lines = (unfinished + text).split('\n');
        unfinished = lines.pop() ?? '';
        for (const line of lines) listener(line);
      });
    },
    writeLine(line) {
      if (isRunning()) stdin.write(`${line}\n`);
    },
  };
}

let watching = false;

// A vitest worker whose runner was killed would run on as an orphan, and keep its children: it loses its IPC channel.
function endWithTestRunner(): void {
  if (watching || process.send === undefined) return;
  watching = true;
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGKILL'); // vitest turns process.exit() into an error
  });
}
