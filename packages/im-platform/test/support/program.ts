import { spawn } from 'node:child_process';
import { onCleanup, runnable } from 'im-test/support';

export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface RunningProgram {
  readonly exit: Promise<Exit>;
  /** All of it so far; complete after `exit`. */
  readonly stdout: string;
  readonly stderr: string;
  /** The first line of output that matches, past or to come. Rejects with the output when the program ends before. */
  line(matches: RegExp): Promise<string>;
  signal(name: NodeJS.Signals): void;
}

export interface ProgramOptions {
  /** Relative to the package. @default src/main.ts */
  readonly script?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** JavaScript that runs in the process before the program. */
  readonly preload?: string;
}

/** The pipe ends when we are gone, however we end, and the program with it. */
const endWithUs = `process.stdin.on('end', () => process.exit(1)).resume().unref();`;

/** The real program, from source, in a process of its own that ends with the test. */
export function startProgram(args: readonly string[], options: ProgramOptions = {}): RunningProgram {
  const { script = 'src/main.ts', env = {}, preload = '' } = options;
  const child = spawn(
    process.execPath,
    [
      ...['--import', `data:text/javascript,${encodeURIComponent(endWithUs + preload)}`],
      ...runnable(`packages/im-platform/${script}`),
      ...args,
    ],
    // Nothing of ours: what the shell of the tests has set is none of the program's business.
    {
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
  onCleanup(() => child.kill('SIGKILL'));

  let [stdout, stderr] = ['', ''];
  let onOutput: (() => void)[] = [];
  const told = (): void => {
    for (const look of onOutput) look();
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    told();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    told();
  });
  const exit = new Promise<Exit>((resolve) => {
    child.once('close', (code, signal) => {
      resolve({ code, signal });
      told();
    });
  });
  let hasEnded = false;
  void exit.then(() => (hasEnded = true));
  return {
    exit,
    get stdout() {
      return stdout;
    },
    get stderr() {
      return stderr;
    },
    line(matches) {
      return new Promise((resolve, reject) => {
        const look = (): void => {
          const found = stdout.split('\n').find((line) => matches.test(line));
          if (found !== undefined) resolve(found);
          else if (hasEnded || child.exitCode !== null)
            reject(new Error(`The program ended without ${String(matches)}:\n${stdout}${stderr}`));
          else return;
          onOutput = onOutput.filter((other) => other !== look);
        };
        onOutput.push(look);
        look();
      });
    },
    signal(name) {
      child.kill(name);
    },
  };
}
