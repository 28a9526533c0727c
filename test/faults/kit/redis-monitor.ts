import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

/** Calls back with every command that a Redis carries out, as it prints them. By hand: ioredis trips over early ones. */
export async function monitorRedis(port: number, onCommand: (line: string) => void): Promise<() => void> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const lines = createInterface({ input: socket });
  const ready = once(lines, 'line');
  socket.write('MONITOR\r\n');
  await ready;
  lines.on('line', onCommand);
  return () => socket.destroy();
}
