import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnable } from '../../support/program-files.ts';
import { spawnTied, type Exit, type TiedProcess } from '../../support/tied-process.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** SIGUSR2 has it collect its garbage, so that what is left is what it holds. To Node 20 any argument means: the young only. */
const collector = `process.on('SIGUSR2', () => gc());`;
const ofTheKit = ['--expose-gc', '--import', `data:text/javascript,${encodeURIComponent(collector)}`];

/** A TypeScript file of this repository, run from source in a process of its own that cannot outlive this one. */
export function runFromSource(
  file: string,
  args: readonly string[],
  nodeFlags: readonly string[] = [],
): TiedProcess {
  return spawnTied({
    program: process.execPath,
    args: [...nodeFlags, ...ofTheKit, ...runnable(file), ...args],
    cwd: root,
    // No IM_… and no NODE_OPTIONS of whoever runs us.
    env: { PATH: process.env['PATH'], NODE_ENV: 'test' },
  });
}

/** What can be done to any program. */
export class Program {
  /** Its name in histories. */
  readonly name: string;
  protected readonly process: TiedProcess;

  constructor(name: string, process: TiedProcess) {
    this.name = name;
    this.process = process;
  }

  get pid(): number {
    return this.process.pid;
  }

  get isRunning(): boolean {
    return this.process.isRunning();
  }

  get output(): string {
    return this.process.output;
  }

  get ended(): Promise<Exit> {
    return this.process.ended;
  }

  /** Keeps what it prints from now on, for whoever has to find out. */
  logTo(folder: string): void {
    this.process.onLine((line) => appendFileSync(join(folder, `${this.name}.log`), `${line}\n`));
  }

  /** Calls back with each whole line of stdout from now on. */
  onLine(listener: (line: string) => void): void {
    this.process.onLine(listener);
  }

  /** SIGKILL: no chance to say goodbye. Resolves when it is dead. */
  async kill(): Promise<void> {
    this.process.signal('SIGKILL');
    await this.process.ended;
  }

  /** SIGSTOP: its connections stay, and nothing answers. */
  pause(): void {
    this.process.signal('SIGSTOP');
  }

  resume(): void {
    this.process.signal('SIGCONT');
  }

  signal(name: NodeJS.Signals): void {
    this.process.signal(name);
  }

  /** What it holds for nobody goes. */
  collectGarbage(): void {
    this.process.signal('SIGUSR2');
  }

  /** SIGTERM: it ends in order. Resolves with how it ended. */
  terminate(): Promise<Exit> {
    this.process.signal('SIGTERM');
    return this.process.ended;
  }
}

/** The first stdout line that `read` makes something of; rejects with the output when the program ends before. */
export function firstLine<T>(process: TiedProcess, read: (line: string) => T | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    process.onLine((line) => {
      const value = read(line);
      if (value !== undefined) resolve(value);
    });
    void process.ended.then(({ code, signal }) => {
      reject(
        new Error(`The program ended (${code ?? signal ?? '?'}) before it was ready:\n${process.output}`),
      );
    });
  });
}

export function asJson(line: string): Record<string, unknown> | undefined {
  return line.startsWith('{') ? (JSON.parse(line) as Record<string, unknown>) : undefined;
}
