import { ChildProgram } from '../child-program.ts';
import type { SwarmAnswer, SwarmOrder } from './process.ts';
import type { WireName } from './wires.ts';

export interface Devices {
  readonly count: number;
  /** Counts from now on. */
  expect(messages: number): Promise<void>;
  /** Resolves when as many have arrived as were expected, with the time in microseconds. */
  arrived(): Promise<number>;
  /** Begins or ends measuring how old messages are; returns what was measured, in microseconds. */
  time(on: boolean): Promise<number[]>;
  close(): Promise<void>;
}

const perProcess = 15_000;
/** Of all swarms: each group has an address of its own, as ports that were just closed cannot be had again. */
let groups = 0;

/** Devices in processes of their own. */
export class Swarm {
  readonly #children: ChildProgram<SwarmOrder, SwarmAnswer>[];

  /** With as many processes as so many devices need. */
  static for(devices: number): Swarm {
    return new Swarm(Math.ceil(devices / perProcess));
  }

  constructor(processes: number) {
    this.#children = Array.from({ length: processes }, () => new ChildProgram('swarm/process.ts'));
  }

  /** Connects and logs in users 1 to `count`, split over the processes. */
  async open(name: string, wire: WireName, port: number, count: number): Promise<Devices> {
    groups += 1;
    const group = `${name} #${groups}`;
    const shares = this.#children.map((_, child) =>
      Array.from({ length: count }, (_, index) => index + 1).filter(
        (user) => user % this.#children.length === child,
      ),
    );
    await Promise.all(
      this.#children.map((child, index) => {
        const localAddress = `127.0.${groups % 250}.${index + 2}`;
        return child.ask({ do: 'open', group, wire, port, users: shares[index] ?? [], localAddress });
      }),
    );
    const ask = (orderFor: (share: number) => SwarmOrder): Promise<SwarmAnswer[]> =>
      Promise.all(
        this.#children.map((child, index) => child.ask(orderFor((shares[index] ?? []).length / count))),
      );
    return {
      count,
      expect: async (messages) => {
        await ask((share) => ({ do: 'expect', group, count: Math.round(messages * share) }));
      },
      arrived: async () => {
        const answers = await ask(() => ({ do: 'wait', group }));
        return Math.max(...answers.map(({ at }) => at));
      },
      time: async (on) => {
        const answers = await ask(() => ({ do: 'time', group, on }));
        return answers.flatMap(({ latencies }) => latencies ?? []);
      },
      close: async () => {
        await ask(() => ({ do: 'close', group }));
      },
    };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#children.map((child) => child.stop()));
  }
}
