import { setTimeout as sleep } from 'node:timers/promises';
import type { Verdict } from '../history/check.ts';
import type { BusKind } from '../kit/bus.ts';
import { World } from '../kit/world.ts';
import { faultKinds, type FaultKind } from './faults.ts';
import { Samples, type Trend } from './samples.ts';

export interface ChaosOptions {
  readonly seed: number;
  readonly bus: BusKind;
  readonly minutes: number;
  readonly rate?: number;
  readonly devices?: number;
  readonly servers?: number;
  /** Names of the faults to choose from. @default all that work on this bus */
  readonly only?: readonly string[];
  /** Samples memory, file descriptors and keys, for the trend of a long run. @default false */
  readonly samples?: boolean;
}

export interface ChaosReport extends Verdict {
  readonly trends: readonly Trend[];
}

const baselineMs = 4_000;
/** Some hundred uplinks a second. */
const speakEveryMs = 1_000;

/** Longer than any device is away: what does not arrive waits. */
const keepMs = 60_000;

/** A world under load that is hurt at random, now and then twice at a time, and judged when it has healed. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { seed, bus, minutes, rate, devices, servers, only } = options;
  const world = await World.start({
    seed,
    bus,
    speakEveryMs,
    keepMs,
    highShare: 0.1,
    ...(rate !== undefined && { rate }),
    ...(devices !== undefined && { devices }),
    ...(servers !== undefined && { servers }),
  });
  try {
    await sleep(baselineMs);
    world.phase('faults');
    const samples = options.samples ? new Samples(world) : undefined;
    await hurt(world, choose(bus, only), minutes * 60_000);
    samples?.stop();
    const trends = samples?.trends() ?? [];
    return { ...(await world.finish()), trends };
  } catch (error) {
    await world.abort();
    throw error;
  }
}

function choose(bus: BusKind, only: readonly string[] | undefined): FaultKind[] {
  return faultKinds.filter(({ name, on }) => (!on || on.includes(bus)) && (!only || only.includes(name)));
}

async function hurt(world: World, kinds: readonly FaultKind[], ms: number): Promise<void> {
  const end = performance.now() + ms;
  const underWay = new Set<Promise<void>>();
  const raffle = kinds.flatMap((kind) => Array.from({ length: kind.weight }, () => kind));
  let isRedisBusy = false;
  let failure: unknown;
  while (performance.now() < end && failure === undefined) {
    const kind = world.random.pick(raffle);
    if (kind.onRedis && isRedisBusy) {
      await sleep(100);
      continue;
    }
    isRedisBusy ||= kind.onRedis ?? false;
    const done = kind
      .inject(world)
      .catch(
        (error: unknown) => (failure ??= new Error(`"${kind.name}" could not be injected`, { cause: error })),
      )
      .then(() => {
        if (kind.onRedis) isRedisBusy = false;
        underWay.delete(done);
      });
    underWay.add(done);
    // Mostly one after the other; sometimes the next comes while this one lasts.
    const isAlone = underWay.size > 1 || world.random.chance(0.7);
    if (isAlone) await Promise.race([Promise.all(underWay), sleep(15_000)]);
    await sleep(world.random.between(200, 3_000));
  }
  await Promise.all(underWay);
  if (failure !== undefined) throw failure as Error;
}
