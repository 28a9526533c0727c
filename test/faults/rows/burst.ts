import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { imClientDefaults, type ImClient, type ImError } from 'im-client';
import { createIm } from 'im-embedded';
import { waitUntil } from '../../support/wait-until.ts';
import { enter, sender, startClient, startOwnRedis, startProgram, type Device } from '../kit/few.ts';
import { secret } from '../kit/im-server.ts';
import type { Scope } from '../kit/scope.ts';
import type { Figure, Row, RowReport } from './row.ts';

const users = 20;
/** One terminal of each receiver is connected, the others are not. */
const wanted = imClientDefaults.terminals
  .map((terminal) => `${terminal}: ${terminal === 0 ? 0 : 1}`)
  .sort()
  .join(', ');

/** Row 33. `times` is the number of sends that are begun at once. */
export const burst: Row = {
  name: 'burst',
  numbers: [33],
  holds: 'of many sends at once each is put and has its one result, or is refused at once and seen by nobody',
  inTest: 30_000,
  inFull: 100_000,
  async run({ times, scope }) {
    const redis = await startOwnRedis(scope);
    const server = await startProgram(scope, redis.url);
    const devices = await enterAll(scope, server.port);
    // To all terminals and with copies, as sends do that say nothing of it: seven lookups and four results each.
    const client = await startClient(scope, redis.url, { terminals: imClientDefaults.terminals });
    return sendAtOnce(client, devices, times);
  },
};

/** Row 33, in one process. */
export const burstInMemory: Row = {
  name: 'burst-in-memory',
  numbers: [33],
  holds: 'many sends at once in one process starve neither its leases nor its sockets',
  inTest: 30_000,
  inFull: 50_000,
  async run({ times, scope }) {
    const im = createIm({ host: '127.0.0.1', port: 0, jwtSecret: secret });
    scope.onEnd(() => im.close());
    await im.start();
    const devices = await enterAll(scope, Number(new URL(im.server.url).port));
    return sendAtOnce(im.client, devices, times);
  },
};

async function enterAll(scope: Scope, port: number): Promise<Device[]> {
  const devices: Device[] = [];
  for (let user = 1; user <= users; user += 1) devices.push(await enter(scope, port, user));
  return devices;
}

async function sendAtOnce(client: ImClient, devices: readonly Device[], times: number): Promise<RowReport> {
  const results = new Map<number, string[]>();
  let heard = 0;
  client.on('private', (batch) => {
    for (const { data, code, receiver } of batch) {
      heard += 1;
      const end = `${receiver.terminal}: ${code}`;
      const ends = results.get(data as number);
      if (ends) ends.push(end);
      else results.set(data as number, [end]);
    }
  });
  const hears = (count: number): Promise<void> => {
    return waitUntil(`${count} results are heard`, () => Promise.resolve(heard >= count), 60_000).then(
      () => undefined,
      () => undefined, // judged below
    );
  };
  const { length: terminals } = imClientDefaults.terminals;
  await client.sendPrivateMessage({ sender, recvId: 1, data: -1 });
  await hears(terminals);
  const rssBefore = process.memoryUsage.rss();
  let rssMost = 0;
  const sampling = setInterval(() => (rssMost = Math.max(rssMost, process.memoryUsage.rss())), 50);
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();

  const settling = Promise.allSettled(
    Array.from({ length: times }, (_, data) => {
      return client.sendPrivateMessage({ sender, recvId: 1 + (data % users), data });
    }),
  );
  const begunMs = performance.now() - startedAt;
  const stalls = monitorEventLoopDelay({ resolution: 5 });
  await sleep(1);
  stalls.enable();
  const ends = await settling;
  const settledMs = performance.now() - startedAt;
  const accepted = ends.filter(({ status }) => status === 'fulfilled').length;
  await hears((1 + accepted) * terminals);
  const overMs = performance.now() - startedAt;
  stalls.disable();
  const { user, system } = process.cpuUsage(cpuBefore);
  // Whatever comes too much would come now.
  await client.sendPrivateMessage({ sender, recvId: 1, data: times });
  await hears((2 + accepted) * terminals);
  clearInterval(sampling);

  const seen = new Map<number, number>();
  for (const device of devices) {
    for (const { data } of device.seen) seen.set(data as number, (seen.get(data as number) ?? 0) + 1);
  }
  const tally = new Map<string, number>();
  const note = (what: string): void => void tally.set(what, (tally.get(what) ?? 0) + 1);
  ends.forEach((end, data) => {
    const heardOf = (results.get(data) ?? []).sort().join(', ');
    if (end.status === 'rejected') {
      const { code, effect } = end.reason as ImError;
      note(`rejected ${code}`);
      if (code !== 'OVERLOADED' || effect !== 'none') note(`PROBLEM rejected with ${code}, effect ${effect}`);
      if (seen.has(data)) note(`PROBLEM rejected with ${code} and seen by its device`);
      if (heardOf !== '') note(`PROBLEM rejected with ${code}, and results`);
      return;
    }
    note('accepted');
    if (heardOf !== wanted) note(`PROBLEM accepted, with the results ${heardOf}`);
    if (seen.get(data) !== 1) note(`PROBLEM accepted and seen ${seen.get(data) ?? 0} times`);
  });
  const info = (value: number, unit: string): Figure => ({ value, unit });
  return {
    faults: 1,
    checked: times,
    problems: [...tally]
      .filter(([what]) => what.startsWith('PROBLEM'))
      .map(([what, count]) => `${count} × ${what}`),
    figures: {
      accepted: info(accepted, ''),
      'refused with OVERLOADED': info(tally.get('rejected OVERLOADED') ?? 0, ''),
      'begun after': info(begunMs, 'ms'),
      'settled after': info(settledMs, 'ms'),
      'all results after': info(overMs, 'ms'),
      'longest stall of the event loop after that': info(stalls.max / 1e6, 'ms'),
      'CPU of this process, its devices too': info((user + system) / 1_000, 'ms'),
      'more resident memory, at most': info((rssMost - rssBefore) / 1_048_576, 'MB'),
    },
  };
}
