import { asJson, firstLine, Program, runFromSource } from './program.ts';
import type { TiedProcess } from '../../support/tied-process.ts';

export const secret = 'only-for-the-fault-tests';

export interface ImServerProgramOptions {
  readonly redisUrl: string;
  readonly flags?: readonly string[];
  /** For the history. @default its id */
  readonly name?: string;
  /** A file to run instead of the real program, with the same command line. */
  readonly file?: string;
}

/** An im-server in a process of its own: the real program, from source. */
export class ImServerProgram extends Program {
  readonly id: number;
  readonly port: number;
  readonly adminPort: number;

  private constructor(name: string, process: TiedProcess, ready: Ready) {
    super(name, process);
    this.id = ready.id;
    this.port = Number(new URL(ready.url).port);
    this.adminPort = ready.adminPort;
  }

  static async start(options: ImServerProgramOptions): Promise<ImServerProgram> {
    const { redisUrl, flags = [], name, file = 'packages/im-server/src/main.ts' } = options;
    const process = runFromSource(file, [
      ...['--port', '0', '--host', '127.0.0.1', '--redis', redisUrl, '--jwt-secret', secret],
      ...['--max-connections-per-address', '1000000', '--max-unauthenticated-per-address', '1000000'],
      ...['--admin-port', '0', '--drain-ms', '3000', ...flags],
    ]);
    const ready = await firstLine(process, readReady);
    return new ImServerProgram(name ?? `server-${ready.id}`, process, ready);
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}/im`;
  }

  /** What it says on its page for readiness. */
  async readiness(): Promise<{ readonly ready: boolean; readonly degraded: boolean }> {
    const answer = await fetch(`http://127.0.0.1:${this.adminPort}/readyz`);
    return (await answer.json()) as { ready: boolean; degraded: boolean };
  }

  /** The sum of all samples of a counter or gauge. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${this.adminPort}/metrics`)).text();
    const samples = text.split('\n').filter((line) => line.startsWith(name) && !line.startsWith('#'));
    return samples.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  }
}

interface Ready {
  readonly url: string;
  readonly id: number;
  readonly adminPort: number;
}

function readReady(line: string): Ready | undefined {
  const { url, id, adminPort } = asJson(line) ?? {};
  if (typeof url !== 'string' || typeof id !== 'number') return undefined;
  return { url, id, adminPort: Number(adminPort) };
}
