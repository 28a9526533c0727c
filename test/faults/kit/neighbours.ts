import { enter, percentile, type Device } from './few.ts';
import type { Scope } from './scope.ts';

const everyMs = 200;
const longestAnswerMs = 10_000;

/** Well-behaved devices on a server that is being hurt: their heartbeats must be answered all along. */
export class Neighbours {
  readonly devices: readonly Device[];
  readonly answersMs: number[] = [];
  readonly #timers: NodeJS.Timeout[];
  readonly #waiting: number[][];

  private constructor(devices: readonly Device[]) {
    this.devices = devices;
    this.#waiting = devices.map(() => []);
    devices.forEach(({ socket }, index) => {
      socket.on('message', (bytes: Buffer) => {
        if (bytes.toString() !== '{"cmd":1,"data":null}') return;
        const sentAt = this.#waiting[index]?.shift();
        if (sentAt !== undefined) this.answersMs.push(performance.now() - sentAt);
      });
    });
    this.#timers = devices.map(({ socket }, index) =>
      setInterval(() => {
        this.#waiting[index]?.push(performance.now());
        socket.send('{"cmd":1,"data":{}}');
      }, everyMs),
    );
  }

  static async enter(scope: Scope, port: number, userIds: readonly number[]): Promise<Neighbours> {
    const devices: Device[] = [];
    for (const userId of userIds) devices.push(await enter(scope, port, userId));
    const neighbours = new Neighbours(devices);
    scope.onEnd(() => {
      for (const timer of neighbours.#timers) clearInterval(timer);
    });
    return neighbours;
  }

  /** The time of the answers; what is wrong with them goes to `problems`. */
  async stop(problems: string[]): Promise<{ p50: number; p99: number; slowest: number }> {
    for (const timer of this.#timers) clearInterval(timer);
    const deadline = performance.now() + longestAnswerMs;
    while (this.#waiting.some((sent) => sent.length > 0) && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const unanswered = this.#waiting.reduce((sum, sent) => sum + sent.length, 0);
    if (unanswered > 0) problems.push(`${unanswered} heartbeats of neighbours were not answered`);
    const gone = this.devices.filter(({ isOpen }) => !isOpen).length;
    if (gone > 0) problems.push(`${gone} neighbours were thrown out`);
    if (this.answersMs.length === 0) problems.push('no heartbeat of a neighbour was answered');
    return {
      p50: percentile(this.answersMs, 0.5),
      p99: percentile(this.answersMs, 0.99),
      slowest: Math.max(0, ...this.answersMs),
    };
  }
}
