import { setTimeout as sleep } from 'node:timers/promises';
import type { ImClient } from 'im-client';
import { knock, sender, startClient, startOwnRedis, startProgram, type Device } from '../kit/few.ts';
import type { ImServerProgram } from '../kit/im-server.ts';
import { Random } from '../kit/random.ts';
import type { Scope } from '../kit/scope.ts';
import type { Row } from './row.ts';

const users = 30;
const topics = ['red', 'green', 'blue'] as const;
const betweenFaultsMs = 1_500;
/** A drain waits so long for devices on their way. */
const flags = ['--reconnect-grace-ms', '800'];

/** From when to when something was so for certain. */
interface Span {
  readonly from: number;
  to: number;
}

interface Session extends Span {
  readonly device: Device;
}

interface Sent extends Span {
  readonly topic: string;
  readonly number: number;
}

/** What was certain at each moment, and what was sent and seen: {@link judge} reads it. */
export interface TopicHistory {
  readonly sessions: ReadonlyMap<number, readonly (Span & { readonly seen: readonly unknown[] })[]>;
  /** By `user topic`. */
  readonly inside: ReadonlyMap<string, readonly Span[]>;
  readonly outside: ReadonlyMap<string, readonly Span[]>;
  readonly sent: readonly Sent[];
}

/** T1: who was in and connected throughout has it once, who was out has not, nobody has it twice. Says of how many it could tell. */
export function judge(history: TopicHistory): { readonly problems: string[]; readonly checked: number } {
  const problems: string[] = [];
  let checked = 0;
  const covers = (spans: readonly Span[] = [], { from, to }: Span): boolean =>
    spans.some((span) => span.from <= from && span.to >= to);
  for (const message of history.sent) {
    for (const [user, sessions] of history.sessions) {
      const key = `${user} ${message.topic}`;
      const count = sessions.flatMap(({ seen }) => seen).filter((data) => data === message.number).length;
      const mustHave = covers(sessions, message) && covers(history.inside.get(key), message);
      const mustNot = covers(history.outside.get(key), message);
      if (mustHave || mustNot) checked += 1;
      const what = `message ${message.number} to ${message.topic}: user ${user} has it ${count} times`;
      if (count > 1) problems.push(what);
      if (mustHave && count === 0) problems.push(`${what}, was in it and connected throughout`);
      if (mustNot && count > 0) problems.push(`${what}, was not in it`);
    }
  }
  return { problems, checked };
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
    const { problems, checked } = judge(world.history());
    return {
      faults: times,
      checked,
      problems: [...world.problems, ...problems].slice(0, 20),
      figures: { messages: { value: world.sentCount, unit: '' } },
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
  readonly #inside = new Map<string, Span[]>();
  readonly #outside = new Map<string, Span[]>();
  readonly #sent: Sent[] = [];
  #isOver = false;
  #work: Promise<unknown>[] = [];

  constructor(scope: Scope, servers: readonly ImServerProgram[], clients: readonly ImClient[]) {
    this.#scope = scope;
    this.#servers = servers;
    this.#clients = clients;
  }

  get sentCount(): number {
    return this.#sent.length;
  }

  async start(random: Random): Promise<void> {
    const ready = Array.from({ length: users }, (_, index) => {
      return new Promise<void>((resolve) => {
        this.#work.push(this.#live(index + 1, random, resolve));
      });
    });
    await Promise.all(ready);
    for (const [index, topic] of topics.entries()) {
      const client = this.#clients[index % this.#clients.length];
      if (client) this.#work.push(this.#own(topic, client, random));
    }
    for (const client of this.#clients) this.#work.push(this.#send(client, random));
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    for (const sessions of this.#sessions.values()) sessions.at(-1)?.device.socket.close();
    await Promise.all(this.#work);
  }

  history(): TopicHistory {
    return {
      sessions: new Map(
        Array.from(this.#sessions, ([user, sessions]) => [
          user,
          sessions.map(({ from, to, device }) => ({ from, to, seen: device.seen.map(({ data }) => data) })),
        ]),
      ),
      inside: this.#inside,
      outside: this.#outside,
      sent: this.#sent,
    };
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
      const last = before.get(`${user} ${topic}`)?.at(-1);
      if (last) last.to = startedAt;
    }
    try {
      await (isIn ? client.topics.add(topic, changed) : client.topics.remove(topic, changed));
    } catch (error) {
      this.problems.push(`a change of ${topic} failed: ${String(error)}`);
      return;
    }
    for (const user of fresh) {
      const key = `${user} ${topic}`;
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
        ...{ sender, topic: message.topic, data: message.number, sendToSelf: false },
      });
      results.push(receipt.counts().then(() => (message.to = performance.now())));
      await sleep(random.between(0, 20));
    }
    await Promise.all(results);
  }
}
