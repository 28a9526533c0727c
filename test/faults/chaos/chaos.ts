import { setTimeout as sleep } from 'node:timers/promises';
import type { Verdict } from '../history/check.ts';
import type { BusKind } from '../kit/bus.ts';
import { World } from '../kit/world.ts';
import { faultKinds, type FaultKind } from './faults.ts';
import { Samples, type Trend } from './samples.ts';

export interface ChaosOptions {
  readonly seed: number;
  readonly bus: BusKind;
  /** How long faults come, at random. @default until each kind has come once, in an order that the seed gives */
  readonly minutes?: number;
  readonly rate?: number;
  readonly devices?: number;
  /** So long after the last thing of a device was stored it says the next. @default some hundred uplinks a second */
  readonly speakEveryMs?: number;
  readonly servers?: number;
  /** Names of the faults to choose from. @default all that work on this bus */
  readonly only?: readonly string[];
  /** Samples memory, file descriptors and keys, for the trend of a long run. @default false */
  readonly samples?: boolean;
}

export interface ChaosReport extends Verdict {
  /** How often each kind of fault came. */
  readonly came: ReadonlyMap<string, number>;
  readonly trends: readonly Trend[];
}

const baselineMs = 4_000;
/** Longer than any device is away: what does not arrive waits. */
const keepMs = 60_000;

/** A world under load that is hurt at random, now and then twice at a time, and judged when it has healed. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { seed, bus, rate, devices, servers, speakEveryMs = 1_000 } = options;
  const world = await World.start({
    seed,
    bus,
    speakEveryMs,
    keepMs,
    highShare: 0.1,
    topicShare: 0.04,
    tabUsers: 20,
    followShare: 0.5,
    sseShare: 0.15,
    ...(rate !== undefined && { rate }),
    ...(devices !== undefined && { devices }),
    ...(servers !== undefined && { servers }),
  });
  try {
    await sleep(baselineMs);
    world.phase('faults');
    const samples = options.samples ? new Samples(world) : undefined;
    const came = await hurt(world, options);
    samples?.stop();
    const trends = samples?.trends() ?? [];
    return { ...(await world.finish()), came, trends };
  } catch (error) {
    await world.abort();
    throw error;
  }
}

/** All that work on this bus, or those of them that are named. */
export function kindsOf({ bus, only }: Pick<ChaosOptions, 'bus' | 'only'>): FaultKind[] {
  return faultKinds.filter(({ name, on }) => (!on || on.includes(bus)) && (!only || only.includes(name)));
}

/** At random, each as often as it weighs, until the time is over; or each once. */
function* draw({ random }: World, kinds: readonly FaultKind[], minutes?: number): Generator<FaultKind> {
  if (minutes === undefined) {
    yield* random.some(kinds, kinds.length);
    return;
  }
  const raffle = kinds.flatMap((kind) => Array.from({ length: kind.weight }, () => kind));
  const end = performance.now() + minutes * 60_000;
  while (performance.now() < end) yield random.pick(raffle);
}

/** How often the next fault waits for the end of this one, and how long after it it comes. */
const calm = { alone: 0.7, pauseMs: [200, 3_000] } as const;
const brisk = { alone: 0.8, pauseMs: [500, 1_500] } as const;

async function hurt(world: World, options: ChaosOptions): Promise<Map<string, number>> {
  const { alone, pauseMs } = options.minutes === undefined ? brisk : calm;
  const [least, most] = pauseMs;
  const came = new Map<string, number>();
  const underWay = new Set<Promise<void>>();
  let onRedis: Promise<void> | undefined;
  let failure: unknown;
  for (const kind of draw(world, kindsOf(options), options.minutes)) {
    if (kind.onRedis) await onRedis;
    const done = kind
      .inject(world)
      .then(() => void came.set(kind.name, (came.get(kind.name) ?? 0) + 1))
      .catch(
        (error: unknown) => (failure ??= new Error(`"${kind.name}" could not be injected`, { cause: error })),
      )
      .then(() => void underWay.delete(done));
    if (kind.onRedis) onRedis = done;
    underWay.add(done);
    // Mostly one after the other; sometimes the next comes while this one lasts.
    const isAlone = underWay.size > 1 || world.random.chance(alone);
    if (isAlone) await Promise.race([Promise.all(underWay), sleep(15_000)]);
    if (failure !== undefined) break;
    await sleep(world.random.between(least, most));
  }
  await Promise.all(underWay);
  if (failure !== undefined) throw failure as Error;
  return came;
}
