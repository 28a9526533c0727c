import { fileURLToPath } from 'node:url';
import type { TiedProcess } from '../../support/tied-process.ts';
import type { Room } from './topic-owner.ts';
import { asJson, firstLine, Program, runFromSource } from './program.ts';

const file = fileURLToPath(new URL('./service-process.ts', import.meta.url));

/** How a service process is started. */
export interface ServiceOptions {
  /** In histories, and as `by`. Unique in the run: an instance that is started again is another one. */
  readonly name: string;
  readonly service: string;
  readonly redisUrl: string;
  /** Where its part of the history goes. */
  readonly folder: string;
  readonly seed: number;
  /** User ids are 1 to this. */
  readonly users: number;
  /** Messages in a second. */
  readonly rate: number;
  /** Share of the messages that go to a group. */
  readonly groupShare: number;
  readonly groupSize: number;
  readonly resultDeadlineMs: number;
  /** Presence questions in a second. */
  readonly questions: number;
  readonly dataBytes: number;
  /** What does not arrive waits for so long; 0: it does not wait. */
  readonly keepMs: number;
  /** Share of the messages that are of high priority; as many others end after a while. */
  readonly highShare: number;
  /** Handles what devices say. */
  readonly hears: boolean;
  /** All topics of the world. */
  readonly rooms: readonly Room[];
  /** Share of the messages that go to one of them. */
  readonly topicShare: number;
  /** So many of the users are on terminal 1 as well. */
  readonly tabUsers: number;
  /** Of the place; it owns its rooms, whichever instance is there. */
  readonly letter: string;
}

/** What a service process is told, a line each. */
export type Order =
  { readonly order: 'load' | 'quiet' | 'close' } | { readonly order: 'rate'; readonly rate: number };

/** An instance of a service in a process of its own: im-client with a listener, a load, and questions about presence. */
export class ServiceProgram extends Program {
  private constructor(name: string, process: TiedProcess) {
    super(name, process);
  }

  static async start(options: ServiceOptions): Promise<ServiceProgram> {
    const process = runFromSource(file, [JSON.stringify(options)]);
    const program = new ServiceProgram(options.name, process);
    await program.#answered('ready');
    return program;
  }

  /** Begins to send and to ask. */
  load(): void {
    this.#tell({ order: 'load' });
  }

  setRate(rate: number): void {
    this.#tell({ order: 'rate', rate });
  }

  /** Sends nothing more; resolves when all that it sent has its results. */
  async quiet(): Promise<void> {
    const answered = this.#answered('quiet');
    this.#tell({ order: 'quiet' });
    await answered;
  }

  /** Closes the client and ends. */
  async close(): Promise<void> {
    this.#tell({ order: 'close' });
    await this.ended;
  }

  #tell(order: Order): void {
    this.process.writeLine(JSON.stringify(order));
  }

  #answered(what: string): Promise<true> {
    return firstLine(this.process, (line) => (asJson(line)?.['state'] === what ? true : undefined));
  }
}
