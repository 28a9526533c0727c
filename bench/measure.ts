import { setTimeout as sleep } from 'node:timers/promises';
import { cpuMicroseconds, nowUs } from './process-figures.ts';
import type { Subject } from './subjects/subject.ts';
import type { Devices } from './swarm/swarm.ts';

/** One round of one subject. */
export interface Round {
  /** CPU time of the server per delivered message. */
  readonly cpuUs: number;
  /** The same of Redis, where there is one. */
  readonly busUs?: number;
  readonly perSecond: number;
}

/** A subject with its devices connected. */
export interface Contender {
  readonly subject: Subject;
  readonly devices: Devices;
  readonly busPid?: number | undefined;
}

/** What follows a delivery (proof, results, settling) belongs to its cost. */
const afterwardsMs = 250;

/**
 * Counts what the server spends while `deliveries` messages reach the devices. `send` may wait for them `by itself`, and
 * say when the server could begin.
 */
export async function measure(
  { subject, devices, busPid }: Contender,
  deliveries: number,
  send: () => Promise<number | undefined>,
  waiting: 'here' | 'by itself' = 'here',
): Promise<Round> {
  if (waiting === 'here') await devices.expect(deliveries);
  const before = cpuMicroseconds(subject.pid);
  const busBefore = busPid === undefined ? 0 : cpuMicroseconds(busPid);
  const calledAt = nowUs();
  const startedAt = (await send()) ?? calledAt;
  const arrivedAt = await devices.arrived();
  const seconds = (arrivedAt - startedAt) / 1e6;
  await sleep(afterwardsMs);
  const cpuUs = (cpuMicroseconds(subject.pid) - before) / deliveries;
  const busUs = busPid === undefined ? undefined : (cpuMicroseconds(busPid) - busBefore) / deliveries;
  await subject.clean();
  return { cpuUs, perSecond: deliveries / seconds, ...(busUs !== undefined && { busUs }) };
}

/** Rounds of all contenders in turn, so that a busy machine is busy for all of them. The first round warms up. */
export async function interleave<T>(
  contenders: readonly Contender[],
  rounds: number,
  run: (contender: Contender) => Promise<T>,
): Promise<Map<string, T[]>> {
  const all = new Map<string, T[]>(contenders.map(({ subject }) => [subject.name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const contender of contenders) {
      const figures = await within(30_000, contender.subject.name, run(contender));
      if (round > 0) all.get(contender.subject.name)?.push(figures);
    }
  }
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
