import { readFileSync } from 'node:fs';

// prom-client hashes the labels of every increment, which is too slow once per message. So we count in plain numbers, and what
// stands here turns them into metrics when somebody asks. It needs no prom-client itself: who has a registry brings it.

/** A `Registry` of prom-client, as far as it is used here. */
export interface MetricRegistry {
  registerMetric(metric: never): void;
  removeSingleMetric(name: string): void;
}

/** One number with its labels. `metricName` where it differs from the metric's, as the parts of a histogram do. */
export interface Sample {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  readonly metricName?: string;
}

export interface ExposedMetric {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly read: () => readonly Sample[] | Promise<readonly Sample[]>;
}

/** Has the registry ask `read` at every scrape. Over several workers the numbers add up. */
export function expose(registry: MetricRegistry, { name, help, type, read }: ExposedMetric): void {
  const aggregator = 'sum';
  const metric = {
    ...{ name, help, type, aggregator },
    get: async () => ({ name, help, type, aggregator, values: await read() }),
    reset: () => undefined,
  };
  // All that a registry calls of a metric is get() and reset(); its types name the four classes that bring their own.
  registry.registerMetric(metric as never);
}

/** Which version runs, as the value 1 with labels: a roll-out is seen beside what it changes. From a version, or the manifest that has it. */
export function exposeBuild(registry: MetricRegistry, name: string, from: URL | string): void {
  const version = typeof from === 'string' ? from : versionIn(from);
  expose(registry, {
    name,
    help: 'Always 1: which version runs, on which Node.',
    type: 'gauge',
    read: () => [{ labels: { version, node: process.version }, value: 1 }],
  });
}

function versionIn(manifest: URL): string {
  try {
    return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
  } catch {
    return 'unknown'; // Who bundles a package leaves its manifest behind.
  }
}

/** Counts by one label. Known values are exposed from the start, so that a first increment is seen as one. */
export class Counts {
  readonly #counts: Map<string | number, number>;

  constructor(known: readonly (string | number)[] = []) {
    this.#counts = new Map(known.map((value) => [value, 0]));
  }

  add(value: string | number, count = 1): void {
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + count);
  }

  samples(label: string): Sample[] {
    return [...this.#counts].map(([value, count]) => ({ labels: { [label]: String(value) }, value: count }));
  }
}

/** Durations, observed in milliseconds and exposed in seconds. */
export class Durations {
  readonly #boundsMs: readonly number[];
  readonly #counts: number[];
  #sumMs = 0;

  constructor(boundsMs: readonly number[]) {
    this.#boundsMs = boundsMs;
    this.#counts = new Array<number>(boundsMs.length + 1).fill(0);
  }

  observe(ms: number): void {
    let index = 0;
    while (index < this.#boundsMs.length && ms > (this.#boundsMs[index] ?? 0)) index += 1;
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#sumMs += ms;
  }

  samples(name: string): Sample[] {
    let total = 0;
    const buckets = this.#counts.map((count, index) => {
      total += count;
      const boundMs = this.#boundsMs[index];
      const le = boundMs === undefined ? '+Inf' : boundMs / 1_000;
      return { metricName: `${name}_bucket`, labels: { le }, value: total };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels: {}, value: this.#sumMs / 1_000 },
      { metricName: `${name}_count`, labels: {}, value: total },
    ];
  }
}
