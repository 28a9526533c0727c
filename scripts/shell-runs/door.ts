// The one way out of the town: npm inside reaches its registry, under its name and with its certificate, and nothing else is reached. Outside listens on a
// socket in the folder, which both sides see; inside listens where the town's hosts say that the registry is.
import { execFileSync } from 'node:child_process';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';

/** In the town. */
export const registryAddress = '127.0.3.1';

export function registry(): { readonly host: string; readonly port: number } {
  const { hostname, port, protocol } = new URL(
    execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim(),
  );
  return { host: hostname, port: Number(port === '' ? (protocol === 'http:' ? 80 : 443) : port) };
}

export function openOutside(folder: string): void {
  const { host, port } = registry();
  createServer((socket) => connectBoth(socket, connect(port, host)))
    .listen(socketIn(folder))
    .unref();
}

export function openInside(folder: string): void {
  createServer((socket) => connectBoth(socket, connect(socketIn(folder))))
    .listen(registry().port, registryAddress)
    .unref();
}

const socketIn = (folder: string): string => join(folder, 'door.sock');

/** Who ends ends the other one; npm asks again. */
function connectBoth(one: Socket, other: Socket): void {
  one.pipe(other).pipe(one);
  one.once('error', () => other.destroy());
  other.once('error', () => one.destroy());
}
