import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

// Below the range (32768 and up) from which systems draw the ports of outgoing connections and of `listen(0)`,
// so nobody is handed our port while a server restarts. A cluster node also listens 10000 above its port.
const lowest = 10_000;
const highest = 22_767;
const clusterBusOffset = 10_000;

/** A loopback port that is free now, as is the one 10000 above it. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = randomInt(lowest, highest + 1);
    if ((await isFree(port)) && (await isFree(port + clusterBusOffset))) return port;
  }
  throw new Error(`No free port between ${lowest} and ${highest} on 127.0.0.1 in 100 attempts`);
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
