import { once } from 'node:events';
import { createImClient, type ImClient, type ImClientOptions } from 'im-client';
import { createToken } from 'im-common/token';
import { WebSocket } from 'ws';
import { startRedis } from '../../support/index.ts';
import type { RedisServer, RedisServerOptions } from '../../support/index.ts';
import { ImServerProgram, secret } from './im-server.ts';
import type { Scope } from './scope.ts';

// Parts for runs that look at one thing only, where a world would be too much.

export async function startOwnRedis(scope: Scope, options: RedisServerOptions = {}): Promise<RedisServer> {
  const redis = await startRedis(options);
  scope.onEnd(() => redis.stop());
  return redis;
}

export async function startProgram(
  scope: Scope,
  redisUrl: string,
  flags: readonly string[] = [],
  file?: string,
): Promise<ImServerProgram> {
  const program = await ImServerProgram.start({ redisUrl, flags, ...(file !== undefined && { file }) });
  scope.onEnd(() => program.kill());
  return program;
}

export async function startClient(
  scope: Scope,
  redis: string,
  options: Partial<ImClientOptions> = {},
): Promise<ImClient> {
  const client = createImClient({ service: 'shop', redis, terminals: [0], ...options });
  scope.onEnd(() => client.close());
  await client.start();
  return client;
}

/** What came to a device: the `data` of each message, and when. */
export interface Seen<T = unknown> {
  readonly data: T;
  readonly at: number;
}

/** A device that is logged in and keeps what it gets. */
export class Device {
  readonly socket: WebSocket;
  readonly seen: Seen[] = [];
  readonly closed: Promise<number>;
  kicks = 0;
  #tell: (() => void)[] = [];

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('error', () => undefined); // 'close' follows
    this.closed = new Promise((resolve) => socket.on('close', resolve));
    socket.on('message', (bytes: Buffer) => {
      const { cmd, data } = JSON.parse(bytes.toString()) as { cmd: number; data: unknown };
      if (cmd === 2) this.kicks += 1;
      if (cmd < 3) return;
      this.seen.push({ data, at: performance.now() });
      for (const tell of this.#tell.splice(0)) tell();
    });
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /** Resolves when it has seen so many messages. */
  async hasSeen(count: number): Promise<void> {
    while (this.seen.length < count) await new Promise<void>((resolve) => this.#tell.push(resolve));
  }
}

const tokens = new Map<number, Promise<string>>();

function tokenOf(userId: number): Promise<string> {
  let token = tokens.get(userId);
  if (!token) tokens.set(userId, (token = createToken(secret, { userId, terminal: 0, expiresInS: 86_400 })));
  return token;
}

/** Connects and sends the login; resolves when it was sent. */
export async function knock(port: number, userId: number, devId = `device-${userId}`): Promise<Device> {
  const token = await tokenOf(userId);
  const socket = new WebSocket(`ws://127.0.0.1:${port}/im`, { perMessageDeflate: false });
  const device = new Device(socket);
  await once(socket, 'open');
  socket.send(JSON.stringify({ cmd: 0, data: { accessToken: token, devId } }));
  return device;
}

/** Resolves when the login was answered. */
export async function enter(scope: Scope, port: number, userId: number, devId?: string): Promise<Device> {
  const device = await knock(port, userId, devId);
  scope.onEnd(() => device.socket.terminate());
  await once(device.socket, 'message');
  return device;
}

export const sender = { id: 1_000_000, terminal: 0 };

/** The value that so large a share of them does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
