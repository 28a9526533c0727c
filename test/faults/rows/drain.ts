import { setTimeout as sleep } from 'node:timers/promises';
import { runFromSource } from '../kit/program.ts';
import { secret } from '../kit/im-server.ts';
import { startOwnRedis, startProgram, enter } from '../kit/few.ts';
import { underLoad, type Row } from './row.ts';

/** Row 29: a deploy under load. The world checks that each process ends with 0. */
export const drainRounds: Row = {
  name: 'drain-rounds',
  numbers: [29],
  holds:
    'a server that is told to end hands its devices and its lists to the others, and ends with 0 within 30 s',
  inTest: 2,
  inFull: 50,
  async run({ times, seed }) {
    let slowest = 0;
    const devices = times > 10 ? 5_000 : 300;
    const report = await underLoad({ seed, devices, rate: 200, deviceProxies: false }, async (world) => {
      for (let i = 0; i < times; i++) {
        const place = world.servers[i % world.servers.length];
        const program = place?.program;
        if (!program) continue;
        // The next one is there before the old one goes, as in any deploy.
        const next = await world.startServer(place);
        await world.fault('SIGTERM im-server', 'server', { target: program.name }, async () => {
          const startedAt = performance.now();
          const { code, signal } = await program.terminate();
          slowest = Math.max(slowest, performance.now() - startedAt);
          if (code !== 0)
            throw new Error(`${program.name} ended with ${code ?? signal ?? ''}:\n${program.output}`);
        });
        if (!next.isRunning) throw new Error(`${next.name} ended:\n${next.output}`);
        await world.fleet.allOnline(20_000);
      }
      await sleep(1_000);
    });
    return { ...report, figures: { 'slowest end': { value: slowest, unit: 'ms', atMost: 30_000 } } };
  },
};

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
