import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { runFromSource } from '../kit/program.ts';
import { secret } from '../kit/im-server.ts';
import { startOwnRedis, startProgram, enter, percentile } from '../kit/few.ts';
import type { HistoryIndex, MessageStory } from '../history/index-of.ts';
import { WaysBack } from '../kit/ways-back.ts';
import type { World } from '../kit/world.ts';
import { underLoad, type Figure, type Row } from './row.ts';

/** Row 29: a deploy under load. The world checks that each process ends with 0. */
export const drainRounds: Row = {
  name: 'drain-rounds',
  numbers: [29],
  holds:
    'a server that is told to end hands its devices and its lists to the others, and ends with 0 within 30 s',
  inTest: 2,
  inFull: 50,
  loadInTest: { rate: 40, devices: 80 },
  async run({ times, seed, rate = 200, devices = times > 10 ? 5_000 : 300 }) {
    let slowest = 0;
    const report = await underLoad({ seed, devices, rate, deviceProxies: false }, async (world) => {
      for (let i = 0; i < times; i++) slowest = Math.max(slowest, await replaceServer(world, i));
      await sleep(1_000);
    });
    return { ...report, figures: { 'slowest end': { value: slowest, unit: 'ms', atMost: 30_000 } } };
  },
};

/** The next one is there before the old one goes, as in any deploy. Resolves with how long the old one took to end. */
async function replaceServer(world: World, index: number): Promise<number> {
  const place = world.servers[index % world.servers.length];
  const program = place?.program;
  if (!program) return 0;
  const next = await world.startServer(place);
  let tookMs = 0;
  await world.fault('SIGTERM im-server', 'server', { target: program.name }, async () => {
    const startedAt = performance.now();
    const { code, signal } = await program.terminate();
    tookMs = performance.now() - startedAt;
    if (code !== 0) throw new Error(`${program.name} ended with ${code ?? signal ?? ''}:\n${program.output}`);
  });
  if (!next.isRunning) throw new Error(`${next.name} ended:\n${next.output}`);
  await world.fleet.allOnline(60_000);
  return tookMs;
}

/** As im-server's and im-client's `reconnectGraceMs`. */
const graceMs = 2_000;

/** Row 36: the same seen by devices that are a quarter of a second away, there and back. */
export const distantDrains: Row = {
  name: 'distant-drains',
  numbers: [36],
  holds:
    'a deploy is invisible to devices that are 250 ms away and back in time: nothing unproved, nobody offline',
  inTest: 2,
  inFull: 50,
  loadInTest: { rate: 40, devices: 60 },
  async run({ times, seed, scope, rate = 100, devices = times > 10 ? 5_000 : 100 }) {
    let ways: WaysBack | undefined;
    const lateness = monitorEventLoopDelay();
    // The lease is no part of this: so many processes and devices share two cores. In full it is im-server's own pace, 5 ms for each device.
    const serverFlags = ['--lease-ms', '10000', ...(times > 10 ? ['--drain-ms', '20000'] : [])];
    return underLoad(
      { seed, devices, rate, serverFlags, wayMs: 125, deviceProxies: false, busProxies: false },
      async (world) => {
        ways = await WaysBack.watch(world.bus.server?.port ?? 0, (stop) => scope.onEnd(stop));
        lateness.enable();
        for (let i = 0; i < times; i++) await replaceServer(world, i);
        lateness.disable();
        if (ways.all.size === 0) throw new Error('nobody was seen on the way, so nothing can be judged');
      },
      (history) => ({
        ...lostInDrains(history, ways ?? new WaysBack()),
        "the devices' own process was late by, p99": { value: lateness.percentile(99) / 1e6, unit: 'ms' },
      }),
    );
  },
};

/** Row 45, T6: a deploy and deaths by turns, under devices that come back within the grace. */
export const comingsBack: Row = {
  name: 'comings-back',
  numbers: [45],
  holds:
    'whose device comes back in time is never offline in a drain, and in a death loses what the dead server had at most',
  inTest: 2,
  inFull: 50,
  loadInTest: { rate: 40, devices: 60 },
  async run({ times, seed, scope, rate = 100, devices = times > 10 ? 5_000 : 100 }) {
    let ways: WaysBack | undefined;
    const serverFlags = times > 10 ? ['--drain-ms', '20000'] : [];
    return underLoad(
      { seed, devices, rate, serverFlags, deviceProxies: false, busProxies: false },
      async (world) => {
        ways = await WaysBack.watch(world.bus.server?.port ?? 0, (stop) => scope.onEnd(stop));
        for (let i = 0; i < times; i++) {
          await replaceServer(world, i);
          // Two deaths for five drains.
          if (i % 5 !== 1 && i % 5 !== 4) continue;
          const place = world.servers[i % world.servers.length];
          if (!place) continue;
          await world.killServer(place);
          await sleep(afterDeathMs);
          await world.startServer(place);
          await world.fleet.allOnline(60_000);
        }
      },
      (history) => {
        const inDeaths = { delivered: 0, SERVER_LOST: 0, NOT_ONLINE: 0, 'anything else': 0 };
        let late = 0;
        const calm = new Map<string, MessageStory>();
        const deaths = history.faults.filter(({ name }) => name === 'SIGKILL im-server');
        for (const [id, message] of history.messages) {
          const isNearDeath = deaths.some(({ from }) => {
            return message.sending.at > from - beforeDeathMs && message.sending.at < from + afterDeathMs;
          });
          if (!isNearDeath) {
            calm.set(id, message);
            continue;
          }
          for (const [address, [first]] of message.results) {
            const how = first?.reason ?? 'delivered';
            const away = Math.max(
              awayMs(history, address, message.sending.at, first?.at),
              ways?.longest(address, message.sending.at, first?.at ?? history.endsAt) ?? 0,
            );
            if (how !== 'delivered' && away > graceMs) late += 1;
            else
              inDeaths[
                how === 'delivered' || how === 'SERVER_LOST' || how === 'NOT_ONLINE' ? how : 'anything else'
              ] += 1;
          }
        }
        return {
          ...lostInDrains({ ...history, messages: calm }, ways ?? new WaysBack()),
          drains: { value: history.faults.length - deaths.length, unit: '' },
          deaths: { value: deaths.length, unit: '' },
          'beside a death: lost by devices that came back too late': { value: late, unit: '' },
          ...Object.fromEntries(
            Object.entries(inDeaths).map(([how, value]) => {
              const isFine = how === 'delivered' || how === 'SERVER_LOST';
              return [`beside a death: ${how}`, { value, unit: '', ...(!isFine && { atMost: 0 }) }];
            }),
          ),
        };
      },
    );
  },
};

const beforeDeathMs = 3_000;
const afterDeathMs = 6_000;

/** How long the device was away, at most, of the times that touch a span. */
function awayMs({ sessions, endsAt }: HistoryIndex, address: string, from: number, to = endsAt): number {
  const own = sessions.get(address) ?? [];
  const gaps = own.map((session, index) => ({ from: session.to, to: own[index + 1]?.from ?? endsAt }));
  return Math.max(
    0,
    ...gaps.filter((gap) => gap.from <= to && gap.to >= from).map((gap) => gap.to - gap.from),
  );
}

/** Of the receivers that were never away for longer than the grace while their message was under way. */
function lostInDrains({ messages, endsAt }: HistoryIndex, ways: WaysBack): Record<string, Figure> {
  const lost = { CLOSED_BEFORE_PROOF: 0, NOT_ONLINE: 0, 'NO_CHANNEL or DRAINING': 0 };
  let late = 0;
  let between = 0;
  for (const { sending, results } of messages.values()) {
    for (const [address, [first]] of results) {
      const gap = ways.longest(address, sending.at, first?.at ?? endsAt);
      if (gap > 0) between += 1;
      const { reason } = first ?? {};
      if (reason === undefined) continue;
      if (gap > graceMs) late += 1;
      else if (reason === 'CLOSED_BEFORE_PROOF' || reason === 'NOT_ONLINE') lost[reason] += 1;
      else lost['NO_CHANNEL or DRAINING'] += 1;
    }
  }
  const durations = ways.durations();
  const tooLate = durations.filter((ms) => ms > graceMs).length;
  return {
    'ways from one server to another': { value: durations.length, unit: '' },
    'half of them took': { value: percentile(durations, 0.5), unit: 'ms' },
    '99 of 100 took at most': { value: percentile(durations, 0.99), unit: 'ms' },
    'took longer than the grace': { value: tooLate, unit: '' },
    'sent to devices on their way': { value: between, unit: '' },
    'lost by devices that came back too late': { value: late, unit: '' },
    ...Object.fromEntries(
      Object.entries(lost).map(([name, value]) => [name, { value, unit: '', atMost: 0 }]),
    ),
  };
}

/** Row 29: signals that come twice, or too early. */
export const impatientSignals: Row = {
  name: 'impatient-signals',
  numbers: [29],
  holds: 'a second SIGTERM ends at once, and one during the start ends in order',
  inTest: 2,
  inFull: 20,
  async run({ times, scope }) {
    const redis = await startOwnRedis(scope);
    const problems: string[] = [];
    for (let i = 0; i < times; i++) {
      // A minute of draining, so that a polite end cannot be what we see.
      const server = await startProgram(scope, redis.url, ['--drain-ms', '60000']);
      for (let user = 1; user <= 400; user++) await enter(scope, server.port, user);
      server.signal('SIGTERM');
      await sleep(700);
      const secondAt = performance.now();
      const { code } = await server.terminate();
      if (code !== 1) problems.push(`a second SIGTERM ended with ${code ?? ''}`);
      if (performance.now() - secondAt > 1_000) problems.push('a second SIGTERM took more than a second');

      const args = ['--port', '0', '--host', '127.0.0.1', '--redis', redis.url, '--jwt-secret', secret];
      const early = runFromSource('packages/im-server/src/main.ts', args);
      scope.onEnd(() => early.signal('SIGKILL'));
      // From before the first line of ours to after the start.
      await sleep((i / Math.max(1, times - 1)) * 1_000);
      early.signal('SIGTERM');
      const exit = await early.ended;
      if (exit.code !== 0 && exit.signal !== 'SIGTERM')
        problems.push(`an early SIGTERM ended with ${exit.code ?? ''}`);
    }
    return { faults: 2 * times, checked: 2 * times, problems };
  },
};
