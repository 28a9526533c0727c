import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createToken } from 'im-common/token';
import type { Recorder } from '../history/recorder.ts';
import { secret } from './im-server.ts';
import type { Random } from './random.ts';
import type { Scope } from './scope.ts';
import { Speaker } from './speaker.ts';
import { openSse } from './sse-wire.ts';
import { TopicFollower, type SaidOfTopics } from './topic-follower.ts';
import { openWebSocket, type Wire, type WireHandlers } from './wire.ts';

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
  /** Share of the devices that come by server-sent events; all of these acknowledge. @default 0 */
  readonly sseShare?: number;
  /** So many of the users have two devices more on terminal 1, where several may be in. @default 0 */
  readonly tabUsers?: number;
  /** Share of those that acknowledge that miss nothing of topics. @default 0 */
  readonly followShare?: number;
}

const answerWithinMs = 5_000;

/** Many devices in this process. They have nothing of ours in them, log in again wherever they can, and write down what they see. */
export class Fleet {
  readonly devices: readonly FleetDevice[];
  readonly #isFar: boolean;

  constructor(options: FleetOptions) {
    this.#isFar = (options.wayMs ?? 0) > 0;
    const { tabUsers = 0, users } = options;
    const tabs = Array.from({ length: 2 * tabUsers }, (_, index) => {
      return { userId: Math.floor(index / 2) + 1, terminal: 1, tab: (index % 2) + 1 };
    });
    const own = Array.from({ length: users }, (_, index) => ({ userId: index + 1, terminal: 0 }));
    this.devices = [...own, ...tabs].map((place) => new FleetDevice(place, options));
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

interface DevicePlace {
  readonly userId: number;
  readonly terminal: number;
  /** Where several may be in: which of them. */
  readonly tab?: number;
}

/** One device, over all its connections. */
export class FleetDevice {
  readonly address: string;
  readonly #place: DevicePlace;
  readonly acknowledges: boolean;
  readonly #options: FleetOptions;
  readonly #devId = randomBytes(4).toString('hex');
  /** What its application took: a message that comes again is acknowledged and otherwise ignored. */
  readonly #taken = new Set<string>();
  readonly #speaker: Speaker | undefined;
  readonly #follower: TopicFollower | undefined;
  readonly #isSse: boolean;
  #token: string | undefined;
  #wire: Wire | undefined;
  #stopped = true;
  #isOnline = false;
  #whenOnline: (() => void)[] = [];
  /** How often it was told that it is logged in elsewhere. */
  kicks = 0;
  #living: Promise<void> | undefined;
  #door: Door | undefined;

  constructor(place: DevicePlace, options: FleetOptions) {
    const { userId, terminal, tab } = place;
    this.#place = place;
    this.address = `${userId}:${terminal}`;
    this.#options = options;
    const { ackShare, followShare = 0, history, random, speakEveryMs = 0, sseShare = 0 } = options;
    this.#isSse = isAmong(userId, sseShare);
    if (tab !== undefined) {
      this.acknowledges = isAmong(userId + tab, ackShare);
      return;
    }
    this.acknowledges = random.chance(ackShare) || this.#isSse;
    if (this.acknowledges && isAmong(userId + 1, followShare))
      this.#follower = new TopicFollower(this.address, history);
    if (speakEveryMs > 0) this.#speaker = new Speaker(this.address, speakEveryMs, history);
  }

  get isOnline(): boolean {
    return this.#isOnline;
  }

  /** Of its present connection, as a proxy sees it. One local port may lead to two doors at a time. */
  get ports(): { readonly local: number; readonly door: number } | undefined {
    const local = this.#wire?.localPort;
    return local !== undefined && this.#door ? { local, door: this.#door.port } : undefined;
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
    this.#wire?.terminate();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wire?.close(1000);
    const limit = setTimeout(() => this.#wire?.terminate(), 1_000);
    await this.#living;
    clearTimeout(limit);
  }

  async #live(): Promise<void> {
    const { random, comeBackMs = [20, 400] } = this.#options;
    const { userId, terminal } = this.#place;
    this.#token ??= await createToken(secret, { userId, terminal, expiresInS: 86_400 });
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
      const { address } = this;
      const { history, wayMs } = this.#options;
      const connection = (lastConnection += 1);
      let stage: 'opening' | 'logging in' | 'in' = 'opening';
      let count = 0;
      const limit = setTimeout(() => wire.terminate(), answerWithinMs);
      const handlers: WireHandlers = {
        opened: () => {
          stage = 'logging in';
          history.record(address, { type: 'knocked', address, connection });
          wire.send(this.#login());
        },
        frame: (text) => {
          const frame = JSON.parse(text) as DeviceFrame;
          if (frame.cmd === 0) {
            stage = 'in';
            clearTimeout(limit);
            this.#enter(door, connection);
            this.#speaker?.online((words) => wire.send(words));
          } else if (frame.cmd === 21) {
            this.#speaker?.answered(frame.data as Parameters<Speaker['answered']>[0]);
          } else if (frame.cmd === 24) {
            this.#follower?.hear(frame.data as SaidOfTopics);
          } else if (frame.cmd === 2) {
            this.kicks += 1;
          } else if (frame.cmd >= 3) {
            count += 1;
            this.#see(connection, frame, () => wire.send(JSON.stringify({ cmd: 6, data: { count } })));
          }
        },
        closed: (code) => {
          clearTimeout(limit);
          this.#wire = undefined;
          this.#speaker?.offline();
          if (stage === 'in') this.#leave(connection, code);
          else if (stage === 'logging in')
            history.record(address, { type: 'turned-away', address, connection });
          resolve();
        },
      };
      const wire = this.#isSse ? openSse(door.port, handlers) : openWebSocket(door.port, handlers, wayMs);
      this.#wire = wire;
      this.#door = door;
    });
  }

  #login(): string {
    const asked = this.acknowledges && { ack: true };
    const topics = this.#follower && { topics: this.#follower.positions };
    const data = { accessToken: this.#token, devId: this.#devId, ...asked, ...topics };
    return JSON.stringify({ cmd: 0, data });
  }

  #enter(door: Door, connection: number): void {
    const { address } = this;
    this.#isOnline = true;
    const follows = this.#follower !== undefined;
    const { server } = door;
    const { tab } = this.#place;
    this.#options.history.record(address, { type: 'login', address, connection, server, follows, tab });
    for (const tell of this.#whenOnline.splice(0)) tell();
  }

  #leave(connection: number, code: number): void {
    const { address } = this;
    this.#isOnline = false;
    this.#options.history.record(address, { type: 'closed', address, connection, code });
  }

  #see(connection: number, { attempt = 1, data, kept }: DeviceFrame, acknowledge: () => void): void {
    const { acknowledges, address } = this;
    const { history } = this.#options;
    const { m: message } = data as { m: string };
    const mark = acknowledges ? { attempt, isGivenLater: kept === true } : {};
    history.record(address, { type: 'frame', address, connection, message, ...mark });
    if (!this.acknowledges) return;
    if (!this.#taken.has(message)) {
      this.#taken.add(message);
      history.record(address, { type: 'handled', address, tab: this.#place.tab, message });
    }
    acknowledge();
  }
}

interface DeviceFrame {
  readonly cmd: number;
  readonly attempt?: number;
  readonly kept?: boolean;
  readonly data: unknown;
}

/** Spreads a share evenly over the users, without drawing: a seed stays what it was. */
function isAmong(userId: number, share: number): boolean {
  return (userId * 0.618_034) % 1 < share;
}
