import { setTimeout as sleep } from 'node:timers/promises';
import { createToken } from 'im-common/token';
import type { ImClient } from 'im-client';
import { createDevice } from 'im-device';
import { withTopics } from 'im-device/topics';
import { WebSocket } from 'ws';
import {
  judgeTopics,
  memberKey,
  type Span,
  type TopicDevice,
  type TopicHistory,
} from '../history/topic-members.ts';
import { knock, sender, startClient, startOwnRedis, startProgram, type Device } from '../kit/few.ts';
import { secret, type ImServerProgram } from '../kit/im-server.ts';
import { Random } from '../kit/random.ts';
import type { Scope } from '../kit/scope.ts';
import type { Row } from './row.ts';

const users = 30;
/** The last of them follow their topics with im-device. */
const followers = 8;
/** Some seconds of each topic. */
const keep = { forMs: 60_000, most: 200 };
const topics = ['red', 'green', 'blue'] as const;
const betweenFaultsMs = 1_500;
/** A drain waits so long for devices on their way. */
const flags = ['--reconnect-grace-ms', '800'];

/** One that may be going on. */
interface OpenSpan extends Span {
  to: number;
}

interface Session extends OpenSpan {
  readonly device: Device;
}

/** A device that asks for what it missed. */
interface Following {
  readonly sessions: OpenSpan[];
  readonly seen: unknown[];
  readonly reloads: { readonly topic: string; readonly at: number }[];
}

interface Sent extends OpenSpan {
  readonly topic: string;
  readonly number: number;
}

/** Row T1. `times` is the number of servers that end, killed and drained in turn. */
export const topicMembers: Row = {
  name: 'topics',
  numbers: [41],
  holds:
    'who is in a topic and connected has what is sent once, who was taken out has not, while servers die and drain',
  inTest: 1,
  inFull: 60,
  async run({ times, seed, scope }) {
    const random = new Random(seed);
    const redis = await startOwnRedis(scope);
    const servers = [
      await startProgram(scope, redis.url, flags),
      await startProgram(scope, redis.url, flags),
    ];
    const world = new Rooms(scope, servers, [
      await startClient(scope, redis.url),
      await startClient(scope, redis.url, { service: 'mail' }),
    ]);
    await world.start(random);
    for (let end = 0; end < times; end += 1) {
      await sleep(betweenFaultsMs);
      const fresh = await startProgram(scope, redis.url, flags);
      const old = servers.shift();
      servers.push(fresh);
      if (end % 2 === 0) await old?.kill();
      else await old?.terminate();
    }
    await sleep(betweenFaultsMs);
    await world.stop();
    const { problems, checked } = judgeTopics(world.history());
    return {
      faults: times,
      checked,
      problems: [...world.problems, ...problems.map(({ what }) => what)].slice(0, 20),
      figures: {
        messages: { value: world.sentCount, unit: '' },
        'given again': { value: world.givenAgain, unit: '' },
        'told to reload': { value: world.reloads, unit: '' },
      },
    };
  },
};

/** Users who come back wherever a server is, owners who change topics, and senders. */
class Rooms {
  readonly problems: string[] = [];
  readonly #scope: Scope;
  readonly #servers: readonly ImServerProgram[];
  readonly #clients: readonly ImClient[];
  readonly #sessions = new Map<number, Session[]>();
  readonly #inside = new Map<string, OpenSpan[]>();
  readonly #outside = new Map<string, OpenSpan[]>();
  readonly #sent: Sent[] = [];
  readonly #following = new Map<number, Following>();
  givenAgain = 0;
  #isOver = false;
  #living: Promise<unknown>[] = [];
  /** Owners and senders. */
  #work: Promise<unknown>[] = [];

  constructor(scope: Scope, servers: readonly ImServerProgram[], clients: readonly ImClient[]) {
    this.#scope = scope;
    this.#servers = servers;
    this.#clients = clients;
  }

  get sentCount(): number {
    return this.#sent.length;
  }

  get reloads(): number {
    return [...this.#following.values()].reduce((sum, { reloads }) => sum + reloads.length, 0);
  }

  async start(random: Random): Promise<void> {
    const ready = Array.from({ length: users - followers }, (_, index) => {
      return new Promise<void>((resolve) => {
        this.#living.push(this.#live(index + 1, random, resolve));
      });
    });
    for (let user = users - followers + 1; user <= users; user += 1) ready.push(this.#follow(user, random));
    await Promise.all(ready);
    for (const [index, topic] of topics.entries()) {
      const client = this.#clients[index % this.#clients.length];
      if (client) this.#work.push(this.#own(topic, client, random));
    }
    for (const client of this.#clients) this.#work.push(this.#send(client, random));
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    // What is under way has to find who is connected.
    await Promise.all(this.#work);
    for (const sessions of this.#sessions.values()) sessions.at(-1)?.device.socket.close();
    await Promise.all(this.#living);
  }

  /** Resolves when it is online. */
  #follow(user: number, random: Random): Promise<void> {
    const following: Following = { sessions: [], seen: [], reloads: [] };
    this.#following.set(user, following);
    const device = withTopics(
      createDevice({
        WebSocket,
        token: () => createToken(secret, { userId: user, terminal: 0, expiresInS: 86_400 }),
        locate: () => Promise.resolve(`ws://127.0.0.1:${random.pick(this.#servers).port}/im`),
        backoffBaseMs: 50,
        backoffCeilingMs: 300,
      }),
    );
    this.#scope.onEnd(() => device.close());
    device.on('message', ({ data, kept }) => {
      following.seen.push(data);
      if (kept) this.givenAgain += 1;
    });
    device.onReload((topic) => following.reloads.push({ topic, at: performance.now() }));
    device.start();
    return new Promise((resolve) => {
      device.on('state', ({ kind }) => {
        const last = following.sessions.at(-1);
        if (last) last.to = Math.min(last.to, performance.now());
        if (kind !== 'online') return;
        following.sessions.push({ from: performance.now(), to: Infinity });
        resolve();
      });
    });
  }

  history(): TopicHistory {
    const devices = [
      ...Array.from(this.#sessions, ([user, sessions]) => {
        const seen = sessions.flatMap(({ device }) => device.seen.map(({ data }) => data));
        return deviceOf(user, sessions, seen, undefined);
      }),
      ...Array.from(this.#following, ([user, { reloads, seen, sessions }]) => {
        return deviceOf(user, sessions, seen, reloads);
      }),
    ];
    const sent = this.#sent.map(({ from, number, to, topic }) => {
      return { topic, message: String(number), from, to, isKept: true, isWhole: true };
    });
    return { devices, inside: this.#inside, outside: this.#outside, sent };
  }

  async #live(user: number, random: Random, onFirst: () => void): Promise<void> {
    const sessions: Session[] = [];
    this.#sessions.set(user, sessions);
    while (!this.#isOver) {
      const device = await this.#enter(random.pick(this.#servers), user);
      if (!device) {
        await sleep(random.between(20, 80));
        continue;
      }
      const session: Session = { from: performance.now(), to: Infinity, device };
      sessions.push(session);
      onFirst();
      await device.closed;
      session.to = performance.now();
    }
  }

  async #enter(server: ImServerProgram, user: number): Promise<Device | undefined> {
    try {
      const device = await knock(server.port, user);
      this.#scope.onEnd(() => device.socket.terminate());
      const isIn = await new Promise<boolean>((resolve) => {
        device.socket.once('message', () => resolve(true));
        void device.closed.then(() => resolve(false));
      });
      return isIn ? device : undefined;
    } catch {
      return undefined; // the server is gone
    }
  }

  async #own(topic: string, client: ImClient, random: Random): Promise<void> {
    const members = new Set<number>();
    while (!this.#isOver) {
      const changed = Array.from({ length: random.between(1, 6) }, () => random.between(1, users));
      const isIn = random.between(0, 2) > 0;
      await this.#change(topic, client, [...new Set(changed)], isIn, members);
      await sleep(random.between(0, 60));
    }
  }

  async #change(
    topic: string,
    client: ImClient,
    changed: readonly number[],
    isIn: boolean,
    members: Set<number>,
  ): Promise<void> {
    const fresh = changed.filter((user) => members.has(user) !== isIn);
    const [before, after] = isIn ? [this.#outside, this.#inside] : [this.#inside, this.#outside];
    const startedAt = performance.now();
    for (const user of fresh) {
      const last = before.get(memberKey(String(user), topic))?.at(-1);
      if (last) last.to = startedAt;
    }
    try {
      await (isIn ? client.topics.add(topic, changed) : client.topics.remove(topic, changed));
    } catch (error) {
      this.problems.push(`a change of ${topic} failed: ${String(error)}`);
      return;
    }
    for (const user of fresh) {
      const key = memberKey(String(user), topic);
      if (isIn) members.add(user);
      else members.delete(user);
      after.set(key, [...(after.get(key) ?? []), { from: performance.now(), to: Infinity }]);
    }
  }

  async #send(client: ImClient, random: Random): Promise<void> {
    const results: Promise<unknown>[] = [];
    while (!this.#isOver) {
      const message: Sent = {
        topic: random.pick(topics),
        number: this.#sent.length + 1,
        from: performance.now(),
        to: Infinity,
      };
      this.#sent.push(message);
      const receipt = await client.sendGroupMessage({
        ...{ sender, topic: message.topic, data: message.number, sendToSelf: false, keep },
      });
      results.push(receipt.counts().then(() => (message.to = performance.now())));
      await sleep(random.between(0, 20));
    }
    await Promise.all(results);
  }
}

function deviceOf(
  user: number,
  sessions: readonly Span[],
  seen: readonly unknown[],
  reloads: TopicDevice['reloads'],
): TopicDevice {
  const given = new Map<string, number>();
  for (const data of seen) given.set(String(data), (given.get(String(data)) ?? 0) + 1);
  return { address: `${user}:0`, userId: String(user), sessions, given, reloads };
}
