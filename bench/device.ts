import { once } from 'node:events';
import { createToken } from 'im-common/token';
import { WebSocket } from 'ws';
import { benchSecret } from './start-server.ts';

/** A logged-in device. */
export async function connect(url: string, userId: number): Promise<WebSocket> {
  const accessToken = await createToken(benchSecret, { userId, terminal: 0, expiresInS: 3_600 });
  const device = new WebSocket(url);
  await once(device, 'open');
  device.send(JSON.stringify({ cmd: 0, data: { accessToken, devId: userId } }));
  await once(device, 'message');
  return device;
}

export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
