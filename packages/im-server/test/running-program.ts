import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onCleanup, runnable } from 'im-test/support';

export interface LogLine {
  readonly msg: string;
  readonly [field: string]: unknown;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface RunningProgram {
  readonly pid: number;
  readonly exit: Promise<Exit>;
  /** All of stdout and stderr so far; complete after `exit`. */
  readonly stdout: string;
  readonly stderr: string;
  /** The first log line that matches, past or to come. Rejects with the output when the program ends before. */
  logged(matches: string | ((line: LogLine) => boolean)): Promise<LogLine>;
  signal(name: NodeJS.Signals): void;
}

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** JavaScript that runs in the process before the program. */
  readonly preload?: string;
}

const packageFolder = new URL('../', import.meta.url);
/** The pipe ends when we are gone, however we end, and the program and its workers with it. */
const endWithUs = `process.stdin.on('end', () => process.exit(1)).resume().unref();`;

/** The real program, from source, in a process of its own that ends with the test. */
export function startProgram(args: readonly string[], options: ProgramOptions = {}): RunningProgram {
  const { env = {}, preload = '' } = options;
  const child = spawn(
    process.execPath,
    [
      ...['--import', `data:text/javascript,${encodeURIComponent(endWithUs + preload)}`],
      ...runnable('packages/im-server/src/main.ts'),
      ...args,
    ],
    {
      cwd: fileURLToPath(packageFolder),
      // No IM_… and no NODE_ENV of ours.
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
  onCleanup(() => child.kill('SIGKILL'));
  const { pid } = child;
  if (pid === undefined) throw new Error('The program could not be started.');

  const output = { stdout: '', stderr: '' };
  const lines: LogLine[] = [];
  let look = (): void => undefined;
  let unfinished = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
    const parts = (unfinished + text).split('\n');
    unfinished = parts.pop() ?? '';
    lines.push(
      ...parts.filter((part) => part.startsWith('{"level"')).map((part) => JSON.parse(part) as LogLine),
    );
    look();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const exit = new Promise<Exit>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }));
  });

  return {
    pid,
    exit,
    get stdout() {
      return output.stdout;
    },
    get stderr() {
      return output.stderr;
    },
    logged(matches) {
      const isIt = typeof matches === 'string' ? (line: LogLine) => line.msg === matches : matches;
      return new Promise((resolve, reject) => {
        const before = look;
        look = () => {
          before();
          const found = lines.find(isIt);
          if (found) resolve(found);
        };
        look();
        void exit.then(() => {
          reject(new Error(`The program ended first:\n${output.stdout}\n${output.stderr}`));
        });
      });
    },
    signal: (name) => void child.kill(name),
  };
}
