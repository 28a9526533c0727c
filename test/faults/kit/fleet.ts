import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createToken } from 'im-common/token';
import { WebSocket } from 'ws';
import type { Recorder } from '../history/recorder.ts';
import { connectFromAfar } from './distance.ts';
import { secret } from './im-server.ts';
import type { Random } from './random.ts';
import type { Scope } from './scope.ts';
import { Speaker } from './speaker.ts';

/** Where a device may connect. */
export interface Door {
  /** The process behind it. */
  readonly server: string;
  readonly port: number;
}

export interface FleetOptions {
  readonly scope: Scope;
  readonly random: Random;
  readonly history: Pick<Recorder, 'record'>;
  /** User ids are 1 to this; each has one device. */
  readonly users: number;
  /** Share of the devices that acknowledge. */
  readonly ackShare: number;
  /** Where devices may connect at this moment; empty: nowhere. */
  readonly doors: () => readonly Door[];
  /** Before it comes back when it was cut off. @default [20, 400] */
  readonly comeBackMs?: readonly [number, number];
  /** How far the devices are from their servers, in one direction. @default 0 */
  readonly wayMs?: number;
  /** Each says something to the service so long after the last thing was stored. @default never */
  readonly speakEveryMs?: number;
}

const answerWithinMs = 5_000;

/** Many devices in this process. They have nothing of ours in them, log in again wherever they can, and write down what they see. */
export class Fleet {
  readonly devices: readonly FleetDevice[];
  readonly #isFar: boolean;

  constructor(options: FleetOptions) {
    this.#isFar = (options.wayMs ?? 0) > 0;
    this.devices = Array.from({ length: options.users }, (_, index) => new FleetDevice(index + 1, options));
    options.scope.onEnd(() => this.stop());
  }

  get onlineCount(): number {
    return this.devices.filter((device) => device.isOnline).length;
  }

  /** Resolves when all are logged in. */
  async start(): Promise<void> {
    // A few at a time: a herd has its own test. Those from afar take their time, not the servers'.
    const atOnce = this.#isFar ? 200 : 50;
    for (let first = 0; first < this.devices.length; first += atOnce) {
      await Promise.all(this.devices.slice(first, first + atOnce).map((device) => device.start()));
    }
  }

  /** Resolves when all are logged in at the same time; rejects when that takes longer than `timeoutMs`. */
  async allOnline(timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (this.onlineCount < this.devices.length) {
      if (performance.now() > deadline) {
        throw new Error(
          `${this.onlineCount} of ${this.devices.length} devices are online after ${timeoutMs} ms`,
        );
      }
      await sleep(20);
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.devices.map((device) => device.stop()));
  }
}

let lastConnection = 0;

/** One device, over all its connections. */
export class FleetDevice {
  readonly userId: number;
  readonly address: string;
  readonly acknowledges: boolean;
  readonly #options: FleetOptions;
  readonly #devId = randomBytes(4).toString('hex');
  /** What its application took: a message that comes again is acknowledged and otherwise ignored. */
  readonly #taken = new Set<string>();
  readonly #speaker: Speaker | undefined;
  #token: string | undefined;
  #socket: WebSocket | undefined;
  #stopped = true;
  #isOnline = false;
  #whenOnline: (() => void)[] = [];
  /** How often it was told that it is logged in elsewhere. */
  kicks = 0;
  #living: Promise<void> | undefined;
  #ports: { readonly local: number; readonly door: number } | undefined;

  constructor(userId: number, options: FleetOptions) {
    this.userId = userId;
    this.address = `${userId}:0`;
    this.#options = options;
    this.acknowledges = options.random.chance(options.ackShare);
    const { history, speakEveryMs = 0 } = options;
    if (speakEveryMs > 0) this.#speaker = new Speaker(this.address, speakEveryMs, history);
  }

  get isOnline(): boolean {
    return this.#isOnline;
  }

  /** Of its present connection, as a proxy sees it. One local port may lead to two doors at a time. */
  get ports(): { readonly local: number; readonly door: number } | undefined {
    return this.#ports;
  }

  /** Connects, and again whenever it is cut off. Resolves when it is logged in for the first time. */
  start(): Promise<void> {
    const online = new Promise<void>((resolve) => this.#whenOnline.push(resolve));
    this.#stopped = false;
    this.#living ??= this.#live();
    return online;
  }

  /** Gives the connection up without a word, as a phone does that changes networks; comes back elsewhere. */
  drop(): void {
    this.#socket?.terminate();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#socket?.close(1000);
    const limit = setTimeout(() => this.#socket?.terminate(), 1_000);
    await this.#living;
    clearTimeout(limit);
  }

  async #live(): Promise<void> {
    const { random, comeBackMs = [20, 400] } = this.#options;
    this.#token ??= await createToken(secret, { userId: this.userId, terminal: 0, expiresInS: 86_400 });
    while (!this.#stopped) {
      const doors = this.#options.doors();
      if (doors.length > 0) await this.#connectTo(random.pick(doors));
      await sleep(random.between(...comeBackMs));
    }
    this.#living = undefined;
  }

  /** Resolves when the connection is over. */
  #connectTo(door: Door): Promise<void> {
    return new Promise((resolve) => {
      const { wayMs = 0 } = this.#options;
      const socket = new WebSocket(`ws://127.0.0.1:${door.port}/im`, {
        perMessageDeflate: false,
        // http is content with any stream.
        ...(wayMs > 0 && { createConnection: () => connectFromAfar(door.port, wayMs) }),
      });
      const connection = (lastConnection += 1);
      let isIn = false;
      let count = 0;
      this.#socket = socket;
      const limit = setTimeout(() => socket.terminate(), answerWithinMs);
      socket.on('error', () => undefined); // 'close' follows
      socket.on('open', () => {
        const { localPort } = (socket as unknown as { _socket: { localPort: number } })._socket;
        this.#ports = { local: localPort, door: door.port };
        const data = {
          accessToken: this.#token,
          devId: this.#devId,
          ...(this.acknowledges && { ack: true }),
        };
        socket.send(JSON.stringify({ cmd: 0, data }));
      });
      socket.on('message', (bytes: Buffer) => {
        const frame = JSON.parse(bytes.toString()) as { cmd: number; attempt?: number; data: unknown };
        if (frame.cmd === 0) {
          isIn = true;
          clearTimeout(limit);
          this.#enter(door, connection);
          this.#speaker?.online((text) => socket.send(text));
        } else if (frame.cmd === 21) {
          this.#speaker?.answered(frame.data as Parameters<Speaker['answered']>[0]);
        } else if (frame.cmd === 2) {
          this.kicks += 1;
        } else if (frame.cmd >= 3) {
          count += 1;
          const { attempt = 1 } = frame;
          this.#see({ connection, attempt }, frame.data as { m: string }, () => {
            socket.send(JSON.stringify({ cmd: 6, data: { count } }));
          });
        }
      });
      socket.on('close', (code) => {
        clearTimeout(limit);
        this.#ports = undefined;
        this.#speaker?.offline();
        if (isIn) this.#leave(connection, code);
        resolve();
      });
    });
  }

  #enter(door: Door, connection: number): void {
    const { address } = this;
    this.#isOnline = true;
    this.#options.history.record(address, { type: 'login', address, connection, server: door.server });
    for (const tell of this.#whenOnline.splice(0)) tell();
  }

  #leave(connection: number, code: number): void {
    const { address } = this;
    this.#isOnline = false;
    this.#options.history.record(address, { type: 'closed', address, connection, code });
  }

  #see(
    { attempt, connection }: { readonly connection: number; readonly attempt: number },
    { m: message }: { m: string },
    acknowledge: () => void,
  ): void {
    const { acknowledges, address } = this;
    const { history } = this.#options;
    const mark = acknowledges ? { attempt } : {};
    history.record(address, { type: 'frame', address, connection, message, ...mark });
    if (!this.acknowledges) return;
    if (!this.#taken.has(message)) {
      this.#taken.add(message);
      history.record(address, { type: 'handled', address, message });
    }
    acknowledge();
  }
}
