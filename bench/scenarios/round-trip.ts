import { once } from 'node:events';
import { startRedis } from 'im-test/support';
import { WebSocket } from 'ws';
import { atRate } from '../at-rate.ts';
import { payload } from '../payload.ts';
import { cpuMicroseconds, median, nowUs, percentile } from '../process-figures.ts';
import type { Table } from '../report/table.ts';
import { lots } from '../small.ts';
import { startImAsked, startSocketIoAsked, type Asked } from '../subjects/asked.ts';

const users = lots(200);
const questions = lots(20_000);
const rate = 2_000;
const seconds = lots(4);

interface Figures {
  readonly perSecond: number;
  readonly serverUs: number;
  readonly handlerUs: number;
  readonly busUs: number;
  readonly wholeUs: number;
  readonly p50: number;
  readonly p99: number;
}

/** From a device's question to its handler and back. */
export async function roundTrip(rounds: number): Promise<Table[]> {
  const redis = await startRedis({ args: ['--client-output-buffer-limit', 'pubsub 0 0 0'] });
  const subjects = [
    await startImAsked(redis.url),
    await startSocketIoAsked(redis.url, 'elsewhere'),
    await startSocketIoAsked(redis.url, 'here'),
  ];
  try {
    const crowds = await Promise.all(subjects.map(async (subject) => Crowd.connect(subject)));
    const figures = new Map<string, Figures[]>(subjects.map(({ name }) => [name, []]));
    for (let round = 0; round <= rounds; round += 1) {
      for (const crowd of crowds) {
        const measured = { ...(await atFullSpeed(crowd, redis.pid)), ...(await atSteadyRate(crowd)) };
        if (round > 0) figures.get(crowd.subject.name)?.push(measured);
      }
    }
    for (const crowd of crowds) crowd.close();
    return [toTable(figures, rounds)];
  } finally {
    await Promise.all(subjects.map((subject) => subject.stop()));
    await redis.stop();
  }
}

function toTable(figures: ReadonlyMap<string, readonly Figures[]>, rounds: number): Table {
  const names = ['perSecond', 'serverUs', 'handlerUs', 'busUs', 'wholeUs', 'p50', 'p99'] as const;
  return {
    title: 'Round trips from devices',
    note:
      `A question of 128 bytes and the same as its reply. At full speed ${users} devices with one question each under way, ` +
      `${questions} in all; p50 and p99 at ${rate}/s over ${seconds} s. Medians of ${rounds} rounds.`,
    columns: [
      ...['', 'questions/s', 'server µs each', 'handler µs each', 'Redis µs each', 'whole'],
      ...[`p50 ms at ${rate}/s`, `p99 ms at ${rate}/s`],
    ],
    rows: [...figures].map(([name, all]) => [
      name,
      ...names.map((figure) => median(all.map((one) => one[figure]))),
    ]),
  };
}

async function atFullSpeed(crowd: Crowd, busPid: number): Promise<Omit<Figures, 'p50' | 'p99'>> {
  const { serverPid, handlerPid } = crowd.subject;
  const spent = (): number[] =>
    [serverPid, handlerPid, busPid].map((pid) => (pid === undefined ? 0 : cpuMicroseconds(pid)));
  const before = spent();
  const startedAt = nowUs();
  await crowd.askAll(questions);
  const elapsed = (nowUs() - startedAt) / 1e6;
  const [serverUs = 0, handlerUs = 0, busUs = 0] = spent().map(
    (now, index) => (now - (before[index] ?? 0)) / questions,
  );
  const wholeUs = serverUs + handlerUs + busUs;
  return { perSecond: questions / elapsed, serverUs, handlerUs, busUs, wholeUs };
}

async function atSteadyRate(crowd: Crowd): Promise<Pick<Figures, 'p50' | 'p99'>> {
  const took: Promise<number>[] = [];
  await atRate(rate, rate * seconds, (index) => took.push(crowd.ask(index % users)));
  const sorted = (await Promise.all(took)).sort((a, b) => a - b);
  return { p50: percentile(sorted, 0.5) / 1_000, p99: percentile(sorted, 0.99) / 1_000 };
}

interface Asker {
  readonly socket: WebSocket;
  readonly waiting: Map<number, { readonly at: number; readonly resolve: (us: number) => void }>;
  n: number;
}

/** Devices that ask. */
class Crowd {
  readonly subject: Asked;
  readonly #askers: Asker[] = [];

  private constructor(subject: Asked) {
    this.subject = subject;
  }

  static async connect(subject: Asked): Promise<Crowd> {
    const crowd = new Crowd(subject);
    for (let user = 1; user <= users; user += 1) await crowd.#add(user);
    return crowd;
  }

  /** Resolves with how long it took, in microseconds. */
  ask(index: number): Promise<number> {
    const asker = this.#askers[index];
    if (!asker) throw new RangeError(`There is no asker ${index}`);
    asker.n += 1;
    const { n, socket, waiting } = asker;
    return new Promise((resolve) => {
      waiting.set(n, { at: nowUs(), resolve });
      socket.send(this.subject.question(n, payload()));
    });
  }

  /** Each asks the next thing when the last is answered. */
  async askAll(count: number): Promise<void> {
    let left = count;
    await Promise.all(
      this.#askers.map(async (_, index) => {
        while (left > 0) {
          left -= 1;
          await this.ask(index);
        }
      }),
    );
  }

  close(): void {
    for (const { socket } of this.#askers) socket.terminate();
  }

  async #add(user: number): Promise<void> {
    const { subject } = this;
    const socket = new WebSocket(subject.url, { perMessageDeflate: false });
    const asker: Asker = { socket, waiting: new Map(), n: 0 };
    this.#askers.push(asker);
    await once(socket, 'open');
    const entered = once(socket, 'message');
    socket.send(await subject.hello(user));
    await entered;
    socket.on('message', (bytes: Buffer) => {
      const frame = bytes.toString('latin1');
      if (frame === '2') socket.send('3');
      const n = subject.answered(frame);
      const asked = n === undefined ? undefined : asker.waiting.get(n);
      if (n === undefined || !asked) return;
      asker.waiting.delete(n);
      asked.resolve(nowUs() - asked.at);
    });
    // Socket.IO says hello twice.
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
