import { openFiles, rssBytes, type World } from '../kit/world.ts';

/** How something went over a run. */
export interface Trend {
  readonly name: string;
  readonly first: number;
  readonly last: number;
  /** By the least squares, over the second half of the run, when all is warm. */
  readonly per10Minutes: number;
  /** It was there all the time, and is no process that was started again. */
  readonly isWhole: boolean;
}

interface Sample {
  readonly at: number;
  readonly value: number;
}

const everyMs = 10_000;
/** What the garbage collector has not come round to is no growth: it is asked to, and given so long, before each look. */
const collectMs = 1_500;

/** Looks now and then at what must not grow. A process that is started again is a new one, with a trend of its own. */
export class Samples {
  readonly #world: World;
  readonly #samples = new Map<string, Sample[]>();
  readonly #timer: NodeJS.Timeout;
  readonly #startedAt = performance.now();

  constructor(world: World) {
    this.#world = world;
    this.#timer = setInterval(() => {
      for (const { program } of [...world.servers, ...world.services]) {
        if (program?.isRunning) program.collectGarbage();
      }
      setTimeout(() => void this.#look(), collectMs);
    }, everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Of what was there for long enough to have one. */
  trends(): Trend[] {
    const fewest = 24;
    return [...this.#samples]
      .filter(([, samples]) => samples.length >= fewest)
      .map(([name, samples]) => trend(name, samples, this.#startedAt));
  }

  async #look(): Promise<void> {
    const { servers, services, bus } = this.#world;
    for (const { program } of [...servers, ...services]) {
      if (!program?.isRunning) continue;
      await this.#add(`MB of ${program.name}`, async () => (await rssBytes(program.pid)) / 1_048_576);
      await this.#add(`files of ${program.name}`, () => openFiles(program.pid));
    }
    await this.#add('keys', async () => (await bus.keys()).length);
  }

  async #add(name: string, measure: () => Promise<number>): Promise<void> {
    try {
      const sample = { at: performance.now(), value: await measure() };
      this.#samples.set(name, [...(this.#samples.get(name) ?? []), sample]);
    } catch {
      // It is being hurt at this moment.
    }
  }
}

function trend(name: string, samples: readonly Sample[], startedAt: number): Trend {
  const warm = samples.slice(Math.floor(samples.length / 2));
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanAt, meanValue] = [mean(warm.map(({ at }) => at)), mean(warm.map(({ value }) => value))];
  const covariance = mean(warm.map(({ at, value }) => (at - meanAt) * (value - meanValue)));
  const variance = mean(warm.map(({ at }) => (at - meanAt) ** 2));
  return {
    name,
    first: samples[0]?.value ?? 0,
    last: samples.at(-1)?.value ?? 0,
    per10Minutes: (covariance / variance) * 600_000,
    isWhole:
      (samples[0]?.at ?? Infinity) < startedAt + 2 * everyMs &&
      (samples.at(-1)?.at ?? 0) > performance.now() - 4 * everyMs,
  };
}
