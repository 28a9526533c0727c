import { setTimeout as sleep } from 'node:timers/promises';
import { cpuMicroseconds, nowUs, percentile } from './process-figures.ts';
import type { Subject } from './subjects/subject.ts';
import type { Devices } from './swarm/swarm.ts';

/** One round of one subject. CPU time in microseconds per message that reached a device; not a number where nothing was measured. */
export interface Figures {
  readonly server: number;
  readonly redis: number;
  readonly sender: number;
  /** All of them: what whoever pays for the whole pays. */
  readonly whole: number;
  /** Messages at the devices. */
  readonly perSecond: number;
  /** From the backend's call to the frame, in ms. */
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

/** A subject with its devices connected. */
export interface Contender {
  readonly subject: Subject;
  readonly devices: Devices;
}

export interface Measuring {
  /** It waits for the messages by itself. */
  readonly waits?: boolean;
  /** Measure how old messages are, too, which costs the devices some. */
  readonly isTimed?: boolean;
}

/** What follows a delivery (proof, results, settling) belongs to its cost. */
const afterwardsMs = 300;

/** Counts what everybody spends while `deliveries` messages reach the devices. `send` may say when the server could begin. */
export async function measure(
  { subject, devices }: Contender,
  deliveries: number,
  send: () => Promise<unknown>,
  { waits = false, isTimed = false }: Measuring = {},
): Promise<Figures> {
  if (!waits) await devices.expect(deliveries);
  if (isTimed) await devices.time(true);
  const spent = (): number[] =>
    // The sender's process begins with the first order, in the round that warms up.
    [subject.pid, subject.redisPid, subject.backend.pid].map((pid) =>
      pid === undefined ? Number.NaN : cpuMicroseconds(pid),
    );
  const before = spent();
  const calledAt = nowUs();
  const begunAt = await send();
  const startedAt = typeof begunAt === 'number' ? begunAt : calledAt;
  const arrivedAt = await devices.arrived();
  await sleep(afterwardsMs);
  const costs = spent().map((now, index) => (now - (before[index] ?? 0)) / deliveries);
  const [server = 0, redis = 0, sender = 0] = costs;
  const whole = costs.reduce((sum, cost) => sum + (Number.isNaN(cost) ? 0 : cost), 0);
  const ages = isTimed ? (await devices.time(false)).sort((a, b) => a - b) : [];
  await subject.clean?.();
  const at = (share: number): number => percentile(ages, share) / 1_000;
  const perSecond = (deliveries * 1e6) / (arrivedAt - startedAt);
  return { server, redis, sender, whole, perSecond, p50: at(0.5), p99: at(0.99), p999: at(0.999) };
}

/**
 * Rounds of all contenders in turn, so that a busy machine is busy for all of them. The first round warms up. A peer that fails, as
 * one does that loses its devices, is left out from then on, loudly; its rounds until then count.
 */
export async function interleave<T>(
  contenders: readonly Contender[],
  rounds: number,
  run: (contender: Contender) => Promise<T>,
): Promise<Map<string, T[]>> {
  const all = new Map<string, T[]>(contenders.map(({ subject }) => [subject.name, []]));
  const failed = new Set<Contender>();
  for (let round = 0; round <= rounds; round += 1) {
    for (const contender of contenders) {
      const { name } = contender.subject;
      if (failed.has(contender)) continue;
      try {
        const figures = await within(60_000, name, run(contender));
        if (round > 0) all.get(name)?.push(figures);
      } catch (error) {
        if (name.startsWith('im')) throw error;
        console.error(`LEFT OUT from round ${round} on: ${name}: ${String(error)}`);
        failed.add(contender);
      }
    }
  }
  for (const [name, figures] of all) if (figures.length === 0) all.delete(name);
  return all;
}

async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  const stop = new AbortController();
  const tooLate = sleep(ms, undefined, { signal: stop.signal }).then(() => {
    throw new Error(`${what}: not all messages arrived within ${ms / 1_000} s`);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    stop.abort();
    tooLate.catch(() => undefined);
  }
}
