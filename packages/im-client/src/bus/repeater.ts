import { setTimeout as sleep } from 'node:timers/promises';
import { ImError } from 'im-common';
import { Alarm, runningMs } from 'im-common/internal/bus';

interface Work {
  readonly since: number;
  /** Resolves when it was carried out or refused; rejects while the bus is away. */
  readonly attempt: () => Promise<void>;
  readonly reject: (error: unknown) => void;
  hasBegun: boolean;
  isOver: boolean;
}

/** Few enough for a bus to answer all of them at once. */
const mostAtOnce = 16;
const retryDelayMs = 50;

/**
 * Repeats calls of the bus until they succeed, a few at a time. The others wait as long as the bus answers; when it says
 * nothing for `timeoutMs`, calls that have waited as long are given up.
 */
export class Repeater {
  readonly #timeoutMs: number;
  readonly #alarm = new Alarm(() => this.#giveUpOverdue());
  readonly #running = new Set<Work>();
  #waiting: Work[] = [];
  #answeredAt = 0;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  run<T>(ask: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const since = runningMs();
      const attempt = async (): Promise<void> => resolve(await ask());
      this.#waiting.push({ since, attempt, reject, hasBegun: false, isOver: false });
      this.#alarm.setFor(since + this.#timeoutMs);
      this.#begin();
    });
  }

  #begin(): void {
    while (this.#running.size < mostAtOnce) {
      const work = this.#waiting.shift();
      if (!work) return;
      this.#running.add(work);
      void this.#carryOut(work).finally(() => {
        this.#running.delete(work);
        this.#begin();
      });
    }
  }

  async #carryOut(work: Work): Promise<void> {
    while (!work.isOver) {
      try {
        work.hasBegun = true;
        await work.attempt();
        this.#answeredAt = runningMs();
        work.isOver = true;
      } catch (error) {
        if (error instanceof ImError && error.code === 'BUS_UNAVAILABLE') {
          if (!work.isOver) await sleep(retryDelayMs);
          continue;
        }
        this.#answeredAt = runningMs();
        work.isOver = true;
        work.reject(error);
      }
    }
  }

  /** Returns when to look again. */
  #giveUpOverdue(): number | undefined {
    const now = runningMs();
    let next = Infinity;
    for (const work of [...this.#running, ...this.#waiting]) {
      if (work.isOver) continue;
      const deadline = Math.max(work.since, this.#answeredAt) + this.#timeoutMs;
      if (deadline > now) {
        next = Math.min(next, deadline);
        continue;
      }
      work.isOver = true;
      work.reject(noAnswer(this.#timeoutMs, work.hasBegun));
    }
    this.#waiting = this.#waiting.filter(({ isOver }) => !isOver);
    return next === Infinity ? undefined : next;
  }
}

function noAnswer(timeoutMs: number, hasBegun: boolean): ImError {
  const fate = hasBegun ? 'Whether the call took effect is not known.' : 'Nothing was done.';
  return new ImError('BUS_UNAVAILABLE', `The bus did not answer within ${timeoutMs} ms. ${fate}`, {
    effect: hasBegun ? 'unknown' : 'none',
  });
}
