import { ChildProgram } from '../child-program.ts';
import type { SendAnswer, SendOrder } from '../senders/sender.ts';
import type { WireName } from '../swarm/wires.ts';

/** A Redis for one of them. */
export interface OwnRedis {
  readonly url: string;
  readonly pid: number;
}

/** A server under test, with the backend that gives it messages. */
export interface Subject {
  readonly name: string;
  /** Of the process whose CPU time and memory count. */
  readonly pid: number;
  readonly redisPid: number | undefined;
  readonly port: number;
  readonly wire: WireName;
  readonly backend: Sender;
  /** Where messages can wait before the server begins: so many, one receiver each. Resolves with when it could begin, in microseconds. */
  readonly backlog?: (count: number, users: number) => Promise<number>;
  /** Between two rounds. */
  readonly clean?: () => Promise<void>;
  stop(): Promise<void>;
}

export interface Sender {
  /** Undefined while there is none, and where the server makes up its messages itself. */
  readonly pid: number | undefined;
  send(order: SendOrder): Promise<unknown>;
  stop(): Promise<void>;
}

export interface SenderProgram {
  /** That of another tree knows another build of the client. */
  readonly file?: string;
  readonly how?: 'built' | 'from source';
}

/** A live backend. Its process begins with the first order. */
export class LiveSender implements Sender {
  readonly #args: readonly string[];
  readonly #which: SenderProgram;
  #program: ChildProgram<SendOrder, SendAnswer> | undefined;

  /** Which client, and where; see `senders/sender.ts`. */
  constructor(args: readonly (string | number)[], which: SenderProgram = {}) {
    this.#args = args.map(String);
    this.#which = which;
  }

  get pid(): number | undefined {
    return this.#program?.pid;
  }

  send(order: SendOrder): Promise<unknown> {
    const { file = 'senders/sender.ts', how = 'built' } = this.#which;
    this.#program ??= new ChildProgram(file, this.#args, how);
    return this.#program.ask(order);
  }

  async stop(): Promise<void> {
    await this.#program?.stop();
  }
}
