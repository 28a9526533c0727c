import { AggregatorRegistry, type Registry } from 'prom-client';
import type { Logger } from 'im-common';
import { startAdminOf, type Admin, type Service } from 'im-common/internal/program';
import type { Health } from '../metrics/health.ts';
import type { Settings } from '../options/options.ts';
import { WorkerProcess, type Exit } from './worker-process.ts';

// `--workers n`: the primary forks n processes that share the port, each a server with an id of its own. It holds no
// device itself; it looks after the workers and answers for all of them on the admin port.

const healthTimeoutMs = 2_000;
const metricsTimeoutMs = 5_000;
const firstRestartMs = 100;
const longestRestartMs = 30_000;
/** A worker that lived so long did not die of its start. */
const soundLifeMs = 60_000;

/** What a registry makes of its metrics for others to add up. */
interface MetricSnapshot {
  readonly name: string;
  readonly type: string;
  readonly values: readonly { readonly labels: Readonly<Record<string, string | number>> }[];
}

/** The place of one worker; those who die are followed by another. */
interface Slot {
  worker: WorkerProcess | undefined;
  bornAt: number;
  deathsInARow: number;
  restart: NodeJS.Timeout | undefined;
  /** Its last answer, for a scrape that it misses. */
  metrics: readonly MetricSnapshot[];
}

export function createWorkers(settings: Settings, logger: Logger): Service {
  return new Workers(settings, logger);
}

/** How long the place of a worker stays empty: workers that keep dying must not keep the machine busy. */
export function restartDelayMs(deathsInARow: number): number {
  return Math.min(longestRestartMs, firstRestartMs * 2 ** (deathsInARow - 1));
}

class Workers implements Service {
  readonly #settings: Settings;
  readonly #logger: Logger;
  readonly #slots: readonly Slot[];
  #admin: Admin | undefined;
  #isEnding = false;
  /** What workers that are gone had counted: without it, sums would jump back and rates be nonsense. */
  #countedByTheGone: readonly MetricSnapshot[] = [];

  constructor(settings: Settings, logger: Logger) {
    this.#settings = settings;
    this.#logger = logger;
    this.#slots = Array.from({ length: settings.workers }, emptySlot);
  }

  /** Rejects with the first error of any worker; only later a worker that cannot start is tried again. */
  async start(): Promise<object> {
    this.#admin = await startAdminOf(this.#settings, {
      health: () => this.#health(),
      metricsText: () => this.#metricsText(),
    });
    const started = await Promise.all(this.#slots.map((slot) => this.#fork(slot).started));
    for (const slot of this.#slots) this.#watch(slot);
    const { url, tcpPort } = started[0] ?? {};
    return { url, ids: started.map(({ id }) => id), tcpPort, adminPort: this.#admin?.port };
  }

  async drain(): Promise<void> {
    this.#stopRestarting();
    const exits = this.#running().map((worker) => {
      worker.drain();
      return worker.exited;
    });
    const failed = (await Promise.all(exits)).filter(({ code }) => code !== 0);
    await this.#admin?.close();
    if (failed.length > 0) throw new Error(`${failed.length} of ${exits.length} workers did not drain.`);
  }

  async close(): Promise<void> {
    this.#stopRestarting();
    for (const worker of this.#running()) worker.kill();
    await Promise.all(this.#running().map((worker) => worker.exited));
    await this.#admin?.close();
  }

  #stopRestarting(): void {
    this.#isEnding = true;
    for (const slot of this.#slots) clearTimeout(slot.restart);
  }

  #running(): WorkerProcess[] {
    return this.#slots.flatMap(({ worker }) => worker ?? []);
  }

  #fork(slot: Slot): WorkerProcess {
    const worker = new WorkerProcess();
    slot.worker = worker;
    slot.bornAt = performance.now();
    void worker.exited.then(() => {
      slot.worker = undefined;
      this.#remember(slot);
    });
    return worker;
  }

  /** From now on its death is followed by a restart. */
  #watch(slot: Slot): void {
    const { worker } = slot;
    if (worker) void worker.exited.then((exit) => this.#onDeath(slot, worker, exit));
    else this.#restart(slot);
  }

  #onDeath(slot: Slot, { id, pid }: WorkerProcess, exit: Exit): void {
    if (this.#isEnding) return;
    const livedMs = performance.now() - slot.bornAt;
    slot.deathsInARow = livedMs < soundLifeMs ? slot.deathsInARow + 1 : 1;
    const restartInMs = this.#restart(slot);
    const about = { worker: id, pid, ...exit, restartInMs };
    // By an order to its server alone (P-10.14).
    if (exit.code === 0) this.#logger.info(about, 'a worker has drained; another one takes its place');
    else this.#logger.error(about, 'a worker died');
  }

  #restart(slot: Slot): number {
    const delayMs = restartDelayMs(Math.max(1, slot.deathsInARow));
    slot.restart = setTimeout(() => {
      const worker = this.#fork(slot);
      this.#watch(slot);
      worker.started.catch((error: unknown) =>
        this.#logger.error({ worker: worker.id, err: error }, 'a worker did not start'),
      );
    }, delayMs);
    return delayMs;
  }

  async #health(): Promise<Health> {
    const all = await Promise.all(this.#slots.map((slot) => healthOf(slot)));
    return {
      live: all.every(({ live }) => live),
      ready: all.every(({ ready }) => ready),
      degraded: all.some(({ degraded }) => degraded),
      reasons: all.flatMap(({ reasons }) => reasons),
    };
  }

  async #metricsText(): Promise<string> {
    await Promise.all(this.#slots.map((slot) => refreshMetrics(slot)));
    const ofWorkers = this.#slots.map(({ metrics }, index) => metrics.map((one) => ofWorker(one, index + 1)));
    const snapshots = [...ofWorkers, this.#countedByTheGone];
    return aggregate(snapshots).metrics();
  }

  #remember(slot: Slot): void {
    const counted = slot.metrics.filter(({ type }) => type !== 'gauge');
    slot.metrics = [];
    // What the sum holds are snapshots again.
    this.#countedByTheGone = aggregate([
      this.#countedByTheGone,
      counted,
    ]).getMetricsAsArray() as unknown as MetricSnapshot[];
  }
}

function emptySlot(): Slot {
  return { worker: undefined, bornAt: 0, deathsInARow: 0, restart: undefined, metrics: [] };
}

async function healthOf({ worker }: Slot): Promise<Health> {
  if (!worker?.hasStarted)
    return { live: true, ready: false, degraded: false, reasons: ['a worker is starting'] };
  const health = (await worker.ask('health', healthTimeoutMs)) as Health | undefined;
  if (!health)
    return { live: false, ready: false, degraded: false, reasons: [`worker ${worker.id} does not answer`] };
  return { ...health, reasons: health.reasons.map((reason) => `worker ${worker.id}: ${reason}`) };
}

async function refreshMetrics(slot: Slot): Promise<void> {
  const { worker } = slot;
  if (!worker?.hasStarted) return;
  const snapshot = (await worker.ask('metrics', metricsTimeoutMs)) as readonly MetricSnapshot[] | undefined;
  // One that died meanwhile has been counted among the gone.
  if (snapshot && slot.worker === worker) slot.metrics = snapshot;
}

/** Gauges are of one worker: of how busy it is, or whether it is ready, a sum would say nothing. Counts add up. */
function ofWorker(metric: MetricSnapshot, place: number): MetricSnapshot {
  if (metric.type !== 'gauge') return metric;
  const worker = String(place);
  return {
    ...metric,
    values: metric.values.map((value) => ({ ...value, labels: { ...value.labels, worker } })),
  };
}

function aggregate(snapshots: readonly (readonly MetricSnapshot[])[]): Registry {
  return AggregatorRegistry.aggregate([...snapshots]);
}
