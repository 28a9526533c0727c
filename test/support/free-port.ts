import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

// Below the range (32768 and up) from which systems draw the ports of outgoing connections and of `listen(0)`,
// so nobody is handed our port while a server restarts. A cluster node also listens 10000 above its port.
const lowest = 10_000;
const highest = 19_999;
const clusterBusOffset = 10_000;

// A port is free until the program that it is for has started, and others look for one meanwhile. So each process of a run has
// ports of its own, and gives each one once. The start is random for the sake of other runs on the machine.
const sections = 8;
const size = (highest + 1 - lowest) / sections;
const first = lowest + (Number(process.env['VITEST_POOL_ID'] ?? 0) % sections) * size;
let next = randomInt(size);

/** A loopback port that is free now, as is the one 10000 above it. Nobody else in this run is given it. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = first + (next++ % size);
    if ((await isFree(port)) && (await isFree(port + clusterBusOffset))) return port;
  }
  throw new Error(`No free port between ${first} and ${first + size - 1} on 127.0.0.1 in 100 attempts`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      probe.close(() => resolve(true));
    });
  });
}
