import { createImClient } from 'im-client';
import { startRedis } from 'im-test/support';
import { atRate } from '../at-rate.ts';
import { cpuMicroseconds, median, nowUs, percentile } from '../process-figures.ts';
import { payload } from '../payload.ts';
import type { Table } from '../report/table.ts';
import { lots } from '../small.ts';
import { startIm } from '../subjects/im.ts';
import { Swarm } from '../swarm/swarm.ts';

const users = lots(1_000);
const seconds = lots(2);

/** From a call of im-client to the frame at the device and the result back at the caller, at a fixed rate. */
export async function endToEnd(rounds: number): Promise<Table[]> {
  const redis = await startRedis();
  const swarm = new Swarm(1);
  const server = await startIm({ name: 'im', redis, proof: 'pong' });
  const client = createImClient({
    service: 'bench',
    redis: { url: redis.url, keyPrefix: server.keyPrefix },
  });
  try {
    const devices = await swarm.open('im', 'im', server.port, users);
    await client.start();
    const rows: Table['rows'][number][] = [];
    for (const rate of [500, 2_000]) {
      const figures: number[][] = [];
      for (let round = 0; round <= rounds; round += 1) {
        const messages = rate * seconds;
        await devices.expect(messages);
        await devices.time(true);
        // The backend is this process.
        const pids = [server.pid, redis.pid, process.pid];
        const before = pids.map(cpuMicroseconds);
        const toResult: number[] = [];
        const sends: Promise<void>[] = [];
        await atRate(rate, messages, (index) => {
          const recvId = (index % users) + 1;
          const sentAt = nowUs();
          const data = JSON.parse(payload()) as object;
          const sent = client.sendPrivateMessage({
            sender: { id: 900_000, terminal: 0 },
            recvId,
            recvTerminals: [0],
            data,
          });
          sends.push(
            sent
              .then((receipt) => receipt.results())
              .then(() => void toResult.push((nowUs() - sentAt) / 1_000)),
          );
        });
        await Promise.all([...sends, devices.arrived()]);
        const toFrame = (await devices.time(false)).map((us) => us / 1_000).sort((a, b) => a - b);
        toResult.sort((a, b) => a - b);
        const costs = pids.map((pid, index) => (cpuMicroseconds(pid) - (before[index] ?? 0)) / messages);
        const whole = costs.reduce((sum, cost) => sum + cost, 0);
        const at = [toFrame, toResult].flatMap((all) => [percentile(all, 0.5), percentile(all, 0.99)]);
        if (round > 0) figures.push([...costs, whole, ...at]);
      }
      const columns = (figures[0] ?? []).map((_, column) =>
        median(figures.map((figure) => figure[column] ?? 0)),
      );
      rows.push([`${rate.toLocaleString('en')}/s`, ...columns]);
    }
    return [
      {
        title: 'End to end',
        note: `im-client to the device (proof by pong), and the result back at the caller; one receiver each, over ${users} users; medians of ${rounds} rounds. CPU of every process in µs per message.`,
        columns: ['', 'server', 'Redis', 'sender', 'whole', 'frame p50 ms', 'p99', 'result p50 ms', 'p99'],
        rows,
      },
    ];
  } finally {
    await client.close();
    await server.stop();
    await swarm.stop();
    await redis.stop();
  }
}
