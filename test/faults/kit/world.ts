import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '../../support/wait-until.ts';
import { check, type Verdict } from '../history/check.ts';
import type { FaultScope, PhaseName } from '../history/event.ts';
import { mayBeForgotten } from '../history/invariants/leftovers.ts';
import { readHistory, Recorder } from '../history/recorder.ts';
import { startBus, type BusKind, type TestBus, type Way } from './bus.ts';
import { Fleet, type Door } from './fleet.ts';
import { ImServerProgram } from './im-server.ts';
import { FaultProxy } from './proxy.ts';
import { Random } from './random.ts';
import { Scope } from './scope.ts';
import { ServiceProgram } from './service.ts';
import { spokenTo } from './speaker.ts';
import { roomsOf } from './topic-owner.ts';

export interface WorldOptions {
  readonly seed: number;
  readonly bus?: BusKind;
  readonly servers?: number;
  readonly services?: number;
  readonly devices?: number;
  readonly ackShare?: number;
  /** Messages a second, of all instances together. */
  readonly rate?: number;
  readonly groupShare?: number;
  readonly groupSize?: number;
  readonly dataBytes?: number;
  readonly resultDeadlineMs?: number;
  readonly serverFlags?: readonly string[];
  /** Devices connect through proxies, which take two more sockets for each. @default true */
  readonly deviceProxies?: boolean;
  /** Servers and services reach Redis through proxies, so that what holds up this process holds up all of them. @default true */
  readonly busProxies?: boolean;
  /** How far the devices are from their servers, in one direction. @default 0 */
  readonly wayMs?: number;
  /** Each device says something to the service so long after the last thing was stored; 0: never. @default 0 */
  readonly speakEveryMs?: number;
  /** What does not arrive waits for so long; 0: it does not wait. @default 0 */
  readonly keepMs?: number;
  /** Share of the messages that are of high priority; as many others end after a while. @default 0 */
  readonly highShare?: number;
  /** Share of the messages that go to topics, of which each place of the service has two; 0: there are none. @default 0 */
  readonly topicShare?: number;
  /** So many users have two devices more, on a terminal where several may be in. @default 0 */
  readonly tabUsers?: number;
  /** Share of the devices that acknowledge that miss nothing of topics. @default 0 */
  readonly followShare?: number;
  /** Share of the devices that come by server-sent events. @default 0 */
  readonly sseShare?: number;
  /** Before a device comes back that was cut off. @default [20, 400] */
  readonly comeBackMs?: readonly [number, number];
}

const defaults = {
  bus: 'single',
  servers: 2,
  services: 2,
  devices: 200,
  ackShare: 0.4,
  rate: 150,
  groupShare: 0.05,
  groupSize: 10,
  dataBytes: 100,
  resultDeadlineMs: 10_000,
  serverFlags: [],
  deviceProxies: true,
  busProxies: true,
  wayMs: 0,
  speakEveryMs: 0,
  keepMs: 0,
  highShare: 0,
  topicShare: 0,
  tabUsers: 0,
  followShare: 0,
  sseShare: 0,
  comeBackMs: [20, 400],
} satisfies Required<Omit<WorldOptions, 'seed'>>;

/** Place for one im-server: its ways to the bus and from the devices stay when the process is another one. */
export class ServerPlace {
  readonly way: Way;
  readonly door: FaultProxy;
  program: ImServerProgram | undefined;

  constructor(way: Way, door: FaultProxy) {
    this.way = way;
    this.door = door;
  }
}

/** Place for one instance of the service. */
export interface ServicePlace {
  readonly letter: string;
  readonly way: Way;
  life: number;
  program: ServiceProgram | undefined;
}

interface FaultDetails {
  readonly target?: string | undefined;
  readonly addresses?: readonly string[];
}

/**
 * A small system with a life of its own: a Redis, some im-servers, some instances of a service that send and listen, and
 * many devices, all real, with a proxy on every way between them, and a history of all that happens.
 */
export class World {
  readonly scope: Scope = new Scope();
  readonly random: Random;
  readonly folder: string;
  readonly history: Recorder;
  readonly bus: TestBus;
  readonly servers: ServerPlace[] = [];
  readonly services: ServicePlace[] = [];
  readonly fleet: Fleet;
  readonly #options: Required<WorldOptions>;
  #lastFault = 0;
  /** Faults under way that make the bus forget. */
  #forgetting = 0;
  #hasForgotten = false;
  readonly #switches: Promise<unknown>[] = [];

  private constructor(options: Required<WorldOptions>, folder: string, bus: TestBus, scope: Scope) {
    this.#options = options;
    this.scope = scope;
    this.random = new Random(options.seed);
    this.folder = folder;
    this.history = new Recorder(folder, 'run');
    this.bus = bus;
    const {
      devices: users,
      ackShare,
      comeBackMs,
      followShare,
      speakEveryMs,
      sseShare,
      tabUsers,
      wayMs,
    } = options;
    const doors = (): Door[] => this.doors();
    const { random, history } = this;
    this.fleet = new Fleet({
      scope,
      random,
      history,
      users,
      ackShare,
      doors,
      comeBackMs,
      followShare,
      speakEveryMs,
      sseShare,
      tabUsers,
      wayMs,
    });
  }

  /** All is up, logged in and under load when this resolves. */
  static async start(given: WorldOptions): Promise<World> {
    const options = { ...defaults, ...given };
    const scope = new Scope();
    try {
      const folder = await mkdtemp(join(tmpdir(), 'im-faults-'));
      const world = new World(options, folder, await startBus(options.bus, scope), scope);
      await world.#startAll();
      return world;
    } catch (error) {
      await scope.end();
      throw error;
    }
  }

  doors(): Door[] {
    return this.servers.flatMap(({ program, door }) =>
      program?.isRunning
        ? [{ server: program.name, port: this.#options.deviceProxies ? door.port : program.port }]
        : [],
    );
  }

  async startServer(place: ServerPlace): Promise<ImServerProgram> {
    const { serverFlags, speakEveryMs, sseShare, tabUsers } = this.#options;
    const flags = [
      ...serverFlags,
      ...(speakEveryMs > 0 ? ['--uplink-to', spokenTo] : []),
      ...(tabUsers > 0 ? ['--sessions', '1=2'] : []),
      ...(sseShare > 0 ? ['--sse', 'true'] : []),
    ];
    const program = await insist(() => ImServerProgram.start({ redisUrl: place.way.url, flags }));
    this.scope.onEnd(() => program.kill());
    program.logTo(this.folder);
    place.program = program;
    this.history.record('run', { type: 'process', process: program.name, state: 'started' });
    return program;
  }

  async startService(place: ServicePlace): Promise<ServiceProgram> {
    const {
      seed,
      devices: users,
      rate,
      services,
      groupShare,
      groupSize,
      dataBytes,
      resultDeadlineMs,
      speakEveryMs,
      keepMs,
      highShare,
      topicShare,
      tabUsers,
    } = this.#options;
    place.life += 1;
    const start = {
      name: `${place.letter}${place.life}`,
      service: 'chat',
      redisUrl: place.way.url,
      folder: this.folder,
      seed: seed + place.life * 100 + place.letter.charCodeAt(0),
      rate: rate / services,
      questions: Math.min(10, rate / 10),
      users,
      groupShare,
      groupSize,
      dataBytes,
      resultDeadlineMs,
      hears: speakEveryMs > 0,
      keepMs,
      highShare,
      topicShare,
      tabUsers,
      letter: place.letter,
      rooms: topicShare > 0 ? roomsOf(lettersOf(services)) : [],
    };
    const program = await insist(() => ServiceProgram.start(start));
    this.scope.onEnd(() => program.kill());
    place.program = program;
    program.load();
    return program;
  }

  /** Writes the fault down from its begin to its end. */
  async fault<T>(name: string, scope: FaultScope, details: FaultDetails, work: () => Promise<T>): Promise<T> {
    const id = (this.#lastFault += 1);
    const common = { type: 'fault', id, name, scope, target: details.target } as const;
    this.history.record('run', {
      ...common,
      phase: 'begin',
      ...(details.addresses && { addresses: details.addresses }),
    });
    if (scope === 'memory') {
      this.#forgetting += 1;
      this.#hasForgotten = true;
    }
    try {
      return await work();
    } finally {
      if (scope === 'memory') this.#forgetting -= 1;
      this.history.record('run', { ...common, phase: 'end' });
    }
  }

  get faults(): number {
    return this.#lastFault;
  }

  async killServer(place: ServerPlace): Promise<void> {
    const { program } = place;
    if (!program) return;
    place.program = undefined;
    await this.fault('SIGKILL im-server', 'server', { target: program.name }, () => program.kill());
    this.history.record('run', { type: 'process', process: program.name, state: 'died' });
  }

  async killService(place: ServicePlace): Promise<void> {
    const { program } = place;
    if (!program) return;
    place.program = undefined;
    await this.fault('SIGKILL service', 'service', { target: program.name }, () => program.kill());
    this.history.record('run', { type: 'process', process: program.name, state: 'died' });
  }

  phase(phase: PhaseName): void {
    this.history.record('run', { type: 'phase', phase });
  }

  /** Heals, lets everything settle and end in order, and judges. Keeps the history only when it is bad. */
  async finish(): Promise<Verdict> {
    this.phase('quiet');
    const problems = await this.#settle().catch((error: unknown) => [String(error)]);
    problems.push(...(await this.#leaveInOrder()));
    const keys = await this.bus.keys();
    const withoutEnd = await this.bus.keysWithoutEnd();
    this.history.record('run', { type: 'leftovers', keys, withoutEnd, others: problems });
    this.phase('end');
    await this.scope.end();
    const verdict = check(readHistory(this.folder));
    if (verdict.isGood) await rm(this.folder, { recursive: true });
    else console.error(`The history is in ${this.folder}; npm run judge -- <folder> shows this again.`);
    return verdict;
  }

  /** Removes what a run that failed before its verdict leaves behind. */
  async abort(): Promise<void> {
    await this.scope.end();
    await rm(this.folder, { recursive: true, force: true });
  }

  async #startAll(): Promise<void> {
    const { servers, services } = this.#options;
    for (let i = 0; i < servers; i++) {
      const way = await this.#wayToBus();
      const door = await FaultProxy.start(() => place.program?.port ?? 1);
      this.scope.onEnd(() => door.stop());
      const place: ServerPlace = new ServerPlace(way, door);
      this.servers.push(place);
    }
    await Promise.all(this.servers.map((place) => this.startServer(place)));
    await this.bus.sentinel?.onSwitch(() => this.#noteSwitch());
    await this.fleet.start();
    this.phase('baseline');
    for (const letter of lettersOf(services)) {
      this.services.push({ letter, way: await this.#wayToBus(), life: 0, program: undefined });
    }
    await Promise.all(this.services.map((place) => this.startService(place)));
  }

  async #wayToBus(): Promise<Way> {
    return this.#options.busProxies ? this.bus.way() : { url: this.bus.url, proxy: undefined };
  }

  /** Sentinels that are told to be quick sometimes fail over on their own. That is a fault like one that we made. */
  #noteSwitch(): void {
    if (this.#forgetting > 0) return;
    const name = 'fail-over that nobody ordered';
    this.#switches.push(this.fault(name, 'memory', {}, async () => this.bus.sentinel?.whenQuiet()));
  }

  async #settle(): Promise<string[]> {
    const switches = await Promise.allSettled(this.#switches);
    const problems = switches.flatMap((each) => (each.status === 'rejected' ? [String(each.reason)] : []));
    const places = [...this.servers, ...this.services];
    for (const { way } of places) way.proxy?.pass();
    for (const { door } of this.servers) door.pass();
    await Promise.all(this.servers.map(async (place) => place.program ?? (await this.startServer(place))));
    await Promise.all(this.services.map(async (place) => place.program ?? (await this.startService(place))));
    await this.fleet.allOnline(30_000).catch((error: unknown) => problems.push(String(error)));
    await sleep(settledMs); // the load goes on: what it says about presence is judged as well
    this.phase('settled');
    await Promise.all(this.services.map(async ({ program }) => program?.quiet()));
    await this.#untilListsAreEmpty(problems);
    return problems;
  }

  /** What dead instances and servers left is looked after for a while. */
  async #untilListsAreEmpty(problems: string[]): Promise<void> {
    const isList = (key: string): boolean =>
      /^im:(message|result|user:force_logout|presence|uplink):|^\{im:user:.+:kept(:over)?$/.test(key);
    await waitUntil(
      'nothing is on any list',
      async () => !(await this.bus.keys()).some(isList),
      30_000,
    ).catch(async () => {
      // Of a server or an instance that was dead when the bus forgot everything nobody knows any more: what comes onto its lists later goes by itself.
      const withoutEnd = new Set(await this.bus.keysWithoutEnd());
      const isForgotten = (key: string): boolean =>
        this.#hasForgotten && mayBeForgotten.test(key) && !withoutEnd.has(key);
      const left = (await this.bus.keys()).filter((key) => isList(key) && !isForgotten(key));
      if (left.length > 0) problems.push(`lists are left: ${left.join(' ')}`);
    });
  }

  async #leaveInOrder(): Promise<string[]> {
    const problems: string[] = [];
    await this.fleet.stop();
    for (const { program } of this.servers) {
      if (program) await this.#checkDescriptors(program, problems);
    }
    const exits = this.servers.map(async ({ program }) => {
      const exit = await program?.terminate();
      if (exit && exit.code !== 0) {
        problems.push(
          `${program?.name ?? ''} ended with ${exit.code ?? exit.signal ?? ''}:\n${program?.output ?? ''}`,
        );
      }
    });
    await Promise.all(exits);
    // A bus that forgot what was settled has servers report it again when they go.
    await this.#untilListsAreEmpty(problems);
    await Promise.all(this.services.map(async ({ program }) => program?.close()));
    return problems;
  }

  /** With no device connected a server has a handful of sockets, however many came and went. */
  async #checkDescriptors({ name, pid }: ImServerProgram, problems: string[]): Promise<void> {
    const few = 60;
    await waitUntil(
      `${name} has let go of its sockets`,
      async () => (await openFiles(pid)) < few,
      8_000,
    ).catch(async () => problems.push(`${name} still has ${await openFiles(pid)} files open`));
  }
}

/** Of the places of a service. */
function lettersOf(services: number): string[] {
  return Array.from({ length: services }, (_, index) => String.fromCharCode('a'.charCodeAt(0) + index));
}

const startsWithinMs = 30_000;
/** More than presence events may take. */
const settledMs = 6_000;

/** Starts a program again that found no Redis, as whoever runs programs for a living does. */
async function insist<T>(start: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + startsWithinMs;
  for (;;) {
    try {
      return await start();
    } catch (error) {
      if (!String(error).includes('BUS_UNAVAILABLE') || performance.now() > deadline) throw error;
    }
  }
}

export async function openFiles(pid: number): Promise<number> {
  return (await readdir(`/proc/${pid}/fd`)).length;
}

/** Resident memory of a process. */
export async function rssBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1_024;
}
