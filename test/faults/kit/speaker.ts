import { randomBytes } from 'node:crypto';
import type { Recorder } from '../history/recorder.ts';

/** Whom the devices of a world speak to. */
export const spokenTo = 'chat';

interface Answer {
  readonly box: string;
  readonly n: number;
  readonly error?: string;
  readonly retryMs?: number;
}

const retryMs = 50;

/** What a device says to a service (P-14), one thing after the other, with nothing of ours in it: the next when the last is stored. */
export class Speaker {
  readonly #address: string;
  readonly #everyMs: number;
  readonly #history: Pick<Recorder, 'record'>;
  readonly #box = randomBytes(6).toString('hex');
  #n = 1;
  #say: ((text: string) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(address: string, everyMs: number, history: Pick<Recorder, 'record'>) {
    this.#address = address;
    this.#everyMs = everyMs;
    this.#history = history;
  }

  /** What was not answered is said again. */
  online(say: (text: string) => void): void {
    this.#say = say;
    this.#next(0);
  }

  offline(): void {
    this.#say = undefined;
    clearTimeout(this.#timer);
  }

  answered({ box, n, error, retryMs: waitMs = retryMs }: Answer): void {
    if (box !== this.#box || n !== this.#n) return;
    if (error !== undefined) {
      this.#next(waitMs);
      return;
    }
    this.#history.record(this.#address, { type: 'stored', address: this.#address, order: n });
    this.#n += 1;
    this.#next(this.#everyMs);
  }

  #next(waitMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const data = { to: spokenTo, box: this.#box, n: this.#n, done: this.#n - 1, data: this.#n };
      this.#say?.(JSON.stringify({ cmd: 20, data }));
    }, waitMs);
  }
}
