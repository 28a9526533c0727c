import { addressKey, ImError, silentLogger, type DeviceAddress } from 'im-common';
import { createMemoryBus, type Bus, type ByteText } from 'im-common/bus';
import {
  decodeResult,
  encodeEntry,
  messageList,
  resultList,
  serverGroup,
  type Entry,
} from 'im-common/internal/bus';
import type { Scheduler } from 'fast-check';
import { Ledger } from '../../packages/im-client/src/ledger/ledger.ts';
import { PendingMessage } from '../../packages/im-client/src/ledger/pending-message.ts';
import { rerouteOnce } from '../../packages/im-server/src/cluster/reroute.ts';
import { emptyLists } from '../../packages/im-server/src/cluster/empty-lists.ts';
import type { Devices } from '../../packages/im-server/src/device/devices.ts';
import { ServerMetrics } from '../../packages/im-server/src/metrics/metrics.ts';
import { createProducers } from '../../packages/im-server/src/cluster/producers.ts';
import type { PushedMessage } from '../../packages/im-server/src/push/pushed-message.ts';
import { Pusher } from '../../packages/im-server/src/push/pusher.ts';
import { Reporter } from '../../packages/im-server/src/report/reporter.ts';
import { aroundBus } from '../faults/kit/around.ts';
import type { Random } from '../faults/kit/random.ts';

// The real ledger, reporter, pusher and take-over on the bus in memory, without sockets, clocks and loops: what they do
// when is the scheduler's choice, each call of the bus may lose its answer, and a server may die between any two of them.

const service = 'chat@model';
const results = resultList('private', service);
/** Costs time to make, and counts only. */
const metrics = new ServerMetrics();
const tracing = { output: undefined };

interface Chance {
  readonly random: Random;
  readonly weather: { isCalm: boolean };
}

/** Whoever calls the bus. The dead call no more, and what they had asked for is not answered. */
class Actor {
  readonly bus: Bus;
  #isDead = false;

  constructor(name: string, bus: Bus, scheduler: Scheduler, { random, weather }: Chance) {
    const isLost = (): boolean => !weather.isCalm && random.chance(0.1);
    const never = new Promise<never>(() => undefined);
    this.bus = aroundBus(bus, async (method, _, call) => {
      await scheduler.schedule(Promise.resolve(), `${name} calls ${method}`);
      if (this.isGone()) return never;
      const answer = await call();
      // Producers repeat a put whose answer was lost, under the same number.
      if (method === 'lists.put' && isLost()) await call();
      await scheduler.schedule(Promise.resolve(), `${name} hears of ${method}`);
      if (this.isGone()) return never;
      if (method === 'lists.acknowledge' && isLost())
        throw new ImError('BUS_UNAVAILABLE', 'The answer was lost.');
      return answer;
    });
  }

  isGone(): boolean {
    return this.#isDead;
  }

  die(): void {
    this.#isDead = true;
  }
}

interface Delivery {
  readonly message: PushedMessage;
  readonly address: DeviceAddress;
}

/** A device's connection to one server. */
class Wire {
  readonly takesMessages = true;
  readonly unproven: Delivery[] = [];
  readonly #seen: Set<string>;

  constructor(seen: Set<string>) {
    this.#seen = seen;
  }

  deliver(message: PushedMessage, address: DeviceAddress): void {
    this.#seen.add(String(message.entry.messageId));
    this.unproven.push({ message, address });
  }

  prove(count: number): void {
    for (const { message, address } of this.unproven.splice(0, count)) message.resolve(address, 'proved');
  }

  cut(): void {
    for (const { message, address } of this.unproven.splice(0)) {
      message.resolve(address, 'written', 'CLOSED_BEFORE_PROOF');
    }
  }
}

export class ModelServer {
  readonly id: number;
  readonly boot: string;
  readonly actor: Actor;
  readonly wires: Map<string, Wire> = new Map();
  readonly #reporter: Reporter;
  readonly #pusher: Pusher;
  readonly #entries: ReturnType<typeof createProducers>['entries'];
  #seen = 0;
  #isTaking = false;

  constructor(id: number, actor: Actor) {
    this.id = id;
    this.boot = `boot ${id}`;
    this.actor = actor;
    const { bus } = actor;
    const producers = createProducers(bus.lists, () => true);
    this.#entries = producers.entries;
    this.#reporter = new Reporter({
      ...producers,
      ...{ lists: bus.lists, metrics, tracing, logger: silentLogger },
      serverId: () => id,
      whenOwner: () => undefined,
    });
    const devices: Pick<Devices, 'addresses'> & {
      find(address: DeviceAddress): Wire | undefined;
      at(address: DeviceAddress): readonly Wire[];
    } = {
      addresses: () => [],
      find: (address) => this.wires.get(addressKey(address.id, address.terminal)),
      at: (address) => {
        const wire = this.wires.get(addressKey(address.id, address.terminal));
        return wire ? [wire] : [];
      },
    };
    this.#pusher = new Pusher({
      // The pusher asks connections only for what a wire has.
      devices: devices as unknown as Devices,
      reporter: this.#reporter,
      metrics,
      tracing,
      maxMessageBytes: 1_000,
      onCall: () => undefined,
      hasPassed: () => false,
      keeping: { isWanted: () => false, keep: (_, __, ___, reason) => Promise.resolve(reason) },
      topics: {
        apply: () => false,
        receiversOf: () => [],
        isFor: () => true,
        hasHad: () => false,
        onProof: () => undefined,
      },
      several: { concerns: () => false, give: () => false, sendCopies: () => undefined },
      pursuit: {
        waitMs: 0,
        reconnectGraceMs: 0,
        mostWaiting: Infinity,
        reroute: (kind, entries) => rerouteOnce(kind, entries, { bus, producer: this.#entries, notTo: id }),
        reason: () => 'NO_CHANNEL',
        whenOwner: () => undefined,
      },
    });
  }

  get list(): string {
    return messageList('private', this.id);
  }

  /** One turn of the loop that takes. */
  async take(max: number): Promise<number> {
    if (this.#isTaking) return 0;
    this.#isTaking = true;
    const batch = await this.actor.bus.lists.take(this.list, this.boot, this.#seen, max);
    this.#isTaking = false;
    if (!batch?.length) return 0;
    this.#seen = batch.at(-1)?.seq ?? this.#seen;
    this.#pusher.pushBatch('private', batch, { list: this.list, consumer: this.boot });
    return batch.length;
  }

  takeOver(dead: ModelServer): Promise<number> {
    const { bus } = this.actor;
    const mayGoOn = (): Promise<boolean> => Promise.resolve(!this.actor.isGone());
    return emptyLists(dead.id, 'SERVER_LOST', {
      bus,
      producer: this.#entries,
      reporter: this.#reporter,
      // Nothing here is to be kept.
      keepInstead: { keepAll: (_, __, outcomes) => Promise.resolve(outcomes) },
      mayGoOn,
    });
  }

  tidy(): void {
    this.#reporter.tidy(performance.now() + 1_000);
  }
}

/** A sender that is never hurt, up to three servers that are, and some users. */
export class ModelWorld {
  readonly servers: ModelServer[] = [];
  readonly dead: ModelServer[] = [];
  readonly ledger = new Ledger(10_000);
  /** By message and receiver: how it ended, each time that the ledger called it final. */
  readonly finals: Map<string, string[]> = new Map();
  readonly seenBy: Map<string, Set<string>> = new Map();
  readonly problems: string[] = [];
  faults = 0;
  duplicates = 0;
  readonly #memory = createMemoryBus();
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  readonly #weather = { isCalm: false };
  readonly #client: Actor;
  readonly #producer: ReturnType<typeof createProducers>['entries'];
  readonly #underWay = new Set<Promise<unknown>>();
  #messages = 0;
  #seenResults = 0;
  #isTakingResults = false;

  constructor(scheduler: Scheduler, random: Random) {
    this.#scheduler = scheduler;
    this.#random = random;
    this.#client = new Actor('client', this.#memory, scheduler, { random, weather: this.#weather });
    this.#producer = createProducers(this.#client.bus.lists, () => true).entries;
  }

  async start(): Promise<void> {
    await this.#memory.lists.open(results, 'client');
    for (let i = 0; i < 2; i++) await this.addServer();
  }

  async addServer(): Promise<void> {
    const { registry, lists } = this.#memory;
    const id = await registry.nextServerId();
    const server = new ModelServer(
      id,
      new Actor(`server ${id}`, this.#memory, this.#scheduler, {
        random: this.#random,
        weather: this.#weather,
      }),
    );
    await registry.renew(serverGroup, { id: String(id), boot: server.boot, leaseMs: 1_000_000, info: '' });
    await lists.open(server.list, server.boot);
    this.servers.push(server);
  }

  /** Goes on in the background, as far as the scheduler lets it. */
  begin(work: Promise<unknown>): void {
    const done: Promise<unknown> = work
      .catch((error: unknown) => {
        // Whoever looks after the dead breaks off then, and tries again.
        if (!(error instanceof ImError)) this.problems.push(String(error));
      })
      .then(() => this.#underWay.delete(done));
    this.#underWay.add(done);
  }

  /** So many steps of what goes on, in an order that the scheduler chooses. */
  async pump(steps: number): Promise<void> {
    for (let step = 0; step < steps; step++) {
      if (this.#scheduler.count() > 0) await this.#scheduler.waitNext(1);
      await new Promise(setImmediate); // where the reporter sends
    }
  }

  async pumpDry(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet++) {
      while (this.#scheduler.count() > 0) {
        quiet = 0;
        await this.#scheduler.waitNext(1);
      }
      await new Promise(setImmediate);
    }
  }

  /** As im-client does it: to the servers that hold the receivers, and again where a list was closed in between. */
  async send(receivers: readonly DeviceAddress[]): Promise<void> {
    const messageId = `message ${(this.#messages += 1)}`;
    const message = { kind: 'private', messageId, dataText: '1' as ByteText, attempt: 1 } as const;
    const pending = new PendingMessage(message, receivers);
    this.ledger.register(pending);
    for (const address of receivers) this.finals.set(nameOf(messageId, address), []);
    let left = receivers;
    for (let round = 1; round <= 3 && left.length > 0; round++) {
      const byHolder = await this.#locate(left);
      left = [];
      for (const [holder, held] of byHolder) {
        const entry: Entry = { ...message, receivers: held, sendResult: true, serviceName: service };
        const text = encodeEntry('private', entry);
        const outcome =
          holder === undefined ? undefined : await this.#producer.put(messageList('private', holder), text);
        if (outcome === undefined) this.#notOnline(pending, held);
        else if (outcome.status !== 'put') left = [...left, ...held];
      }
    }
    this.#notOnline(pending, left);
    this.ledger.start(pending, 0);
  }

  async #locate(receivers: readonly DeviceAddress[]): Promise<Map<number | undefined, DeviceAddress[]>> {
    const { presence, registry } = this.#client.bus;
    const holders = await presence.locate(receivers);
    const live = new Set((await registry.view(serverGroup)).live.map(({ id }) => Number(id)));
    const byHolder = new Map<number | undefined, DeviceAddress[]>();
    receivers.forEach((address, index) => {
      const found = holders[index];
      const holder = typeof found === 'number' && live.has(found) ? found : undefined;
      byHolder.set(holder, [...(byHolder.get(holder) ?? []), address]);
    });
    return byHolder;
  }

  /** What the real one tells its listeners itself. */
  #notOnline(pending: PendingMessage, receivers: readonly DeviceAddress[]): void {
    this.ledger.release(pending, receivers);
    for (const address of receivers)
      this.finals.get(nameOf(pending.message.messageId, address))?.push('NOT_ONLINE');
  }

  async takeResults(): Promise<number> {
    if (this.#isTakingResults) return 0;
    this.#isTakingResults = true;
    const { lists } = this.#client.bus;
    const batch = (await lists.take(results, 'client', this.#seenResults, 10)) ?? [];
    this.#seenResults = batch.at(-1)?.seq ?? this.#seenResults;
    for (const { text } of batch) this.#judge(text);
    await lists
      .acknowledge(
        results,
        'client',
        batch.map(({ seq }) => seq),
      )
      .catch(() => undefined);
    this.#isTakingResults = false;
    return batch.length;
  }

  async logIn(address: DeviceAddress, server: ModelServer): Promise<void> {
    const key = addressKey(address.id, address.terminal);
    const seen = this.seenBy.get(key) ?? new Set();
    this.seenBy.set(key, seen);
    server.wires.get(key)?.cut();
    const wire = new Wire(seen);
    server.wires.set(key, wire);
    const before = await server.actor.bus.presence.bind(address, server.id);
    // The order to log out, which has its own tests.
    if (typeof before === 'number' && before !== server.id) this.#cut(before, key);
  }

  async drop(address: DeviceAddress, server: ModelServer): Promise<void> {
    if (!this.#cut(server.id, addressKey(address.id, address.terminal))) return;
    this.faults += 1;
    await server.actor.bus.presence.unbind(address, server.id);
  }

  kill(server: ModelServer): void {
    this.faults += 1;
    server.actor.die();
    server.wires.clear();
    this.servers.splice(this.servers.indexOf(server), 1);
    this.dead.push(server);
  }

  /** Each look may be broken off by the death of the one who looks, or meet another one's. */
  async lookAfterTheDead(survivor: ModelServer): Promise<void> {
    for (const dead of this.dead) {
      await survivor.actor.bus.registry.leave(serverGroup, String(dead.id), dead.boot);
      await survivor.takeOver(dead);
    }
  }

  /** Until nothing is left to do anywhere. */
  async settle(): Promise<void> {
    this.#weather.isCalm = true;
    await this.pumpDry();
    for (let rounds = 0; rounds < 3; rounds++) {
      const [survivor] = this.servers;
      if (survivor) this.begin(this.lookAfterTheDead(survivor));
      await this.pumpDry();
      for (const server of this.servers) {
        await this.#untilNone(async () => {
          const taken = await this.#whenDry(server.take(10));
          for (const wire of server.wires.values()) wire.prove(Infinity);
          server.tidy();
          await this.pumpDry();
          return taken;
        });
      }
      await this.#untilNone(() => this.#whenDry(this.takeResults()));
    }
  }

  async #untilNone(take: () => Promise<number>): Promise<void> {
    for (let turns = 0; turns < 100; turns++) if ((await take()) === 0) return;
    this.problems.push('There was always more to take.');
  }

  async #whenDry(work: Promise<number>): Promise<number> {
    this.begin(work);
    await this.pumpDry();
    return work;
  }

  #judge(text: ByteText): void {
    const result = decodeResult(text);
    const { final, duplicates } = this.ledger.decide('private', result);
    this.duplicates += duplicates;
    if (!final) return;
    for (const { address, stage, reason } of final.outcomes) {
      const id = String(final.messageId);
      this.finals.get(nameOf(id, address))?.push(reason ?? stage);
      const seen = this.seenBy.get(addressKey(address.id, address.terminal));
      if (reason === undefined && !seen?.has(id)) this.problems.push(`${id} is ${stage}, and nobody saw it`);
    }
  }

  #cut(serverId: number, key: string): boolean {
    const server = this.servers.find(({ id }) => id === serverId);
    const wire = server?.wires.get(key);
    server?.wires.delete(key);
    wire?.cut();
    return wire !== undefined;
  }
}

function nameOf(messageId: string, { id }: DeviceAddress): string {
  return `${messageId} to ${id}`;
}
