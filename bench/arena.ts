import { startRedis } from 'im-test/support';
import type { Contender } from './measure.ts';
import { programBefore, sourceProgram } from './start-server.ts';
import { startBareWs } from './subjects/bare-ws.ts';
import { NotHere, startCentrifugo, startMosquitto, startNats } from './subjects/brokers.ts';
import { startIm } from './subjects/im.ts';
import { startSocketIo } from './subjects/socket-io.ts';
import type { OwnRedis, Subject } from './subjects/subject.ts';
import { Swarm } from './swarm/swarm.ts';

type Redis = Awaited<ReturnType<typeof startRedis>>;

const onRedis = {
  im: (redis, name) => startIm({ name, redis, proof: 'written' }),
  'im, pong': (redis, name) => startIm({ name, redis, proof: 'pong' }),
  'im, results off': (redis, name) => startIm({ name, redis, proof: 'written', sendsResults: false }),
  'im, tracer unused': (redis, name) => startIm({ name, redis, proof: 'written', tracer: 'tracer unused' }),
  'im, 1 % traced': (redis, name) => startIm({ name, redis, proof: 'written', tracer: 'traced 1 %' }),
  'im, all traced': (redis, name) => startIm({ name, redis, proof: 'written', tracer: 'traced 100 %' }),
  'im before': (redis, name) => startIm({ name, redis, proof: 'written', program: programBefore }),
  'im before, pong': (redis, name) => startIm({ name, redis, proof: 'pong', program: programBefore }),
  'im from source': (redis, name) => startIm({ name, redis, proof: 'written', program: sourceProgram }),
  'Socket.IO + Redis': (redis) => startSocketIo('redis', redis),
  'Socket.IO + streams': (redis) => startSocketIo('streams', redis),
  'Centrifugo + Redis': (redis) => startCentrifugo(redis),
} satisfies Record<string, (redis: OwnRedis, name: string) => Promise<Subject>>;

const alone = {
  'bare ws': startBareWs,
  Centrifugo: () => startCentrifugo(),
  'nats-server': startNats,
  mosquitto: startMosquitto,
} satisfies Record<string, () => Promise<Subject>>;

export type SubjectName = keyof typeof onRedis | keyof typeof alone;

function isOnRedis(name: SubjectName): name is keyof typeof onRedis {
  return name in onRedis;
}

/** Those without a Redis do not look at it. */
export function startSubject(name: SubjectName, redis: OwnRedis): Promise<Subject> {
  return isOnRedis(name) ? onRedis[name](redis, name) : alone[name]();
}

/** Each build before stands beside the one of now. */
function withThoseBefore(names: readonly SubjectName[]): SubjectName[] {
  if (programBefore === undefined) return [...names];
  return names.flatMap((name) => {
    if (name === 'im') return ['im before', name];
    return name === 'im, pong' ? ['im before, pong', name] : [name];
  });
}

/** Everything that one comparison needs, and its end. */
export class Arena {
  readonly contenders: Contender[] = [];
  readonly #swarm: Swarm;
  readonly #redises: Redis[] = [];

  private constructor(swarm: Swarm) {
    this.#swarm = swarm;
  }

  /**
   * Runs `compare` with the subjects, each with `connections` devices logged in and a Redis of its own. One that cannot be
   * had is left out, loudly.
   */
  static async with<T>(
    names: readonly SubjectName[],
    connections: number,
    compare: (contenders: readonly Contender[]) => Promise<T>,
  ): Promise<T> {
    const entrants = withThoseBefore(names);
    const arena = new Arena(Swarm.for(entrants.length * connections));
    try {
      for (const name of entrants) await arena.#enter(name, connections);
      return await compare(arena.contenders);
    } finally {
      await arena.#close();
    }
  }

  async #enter(name: SubjectName, connections: number): Promise<void> {
    try {
      const subject = isOnRedis(name)
        ? await onRedis[name](await this.#newRedis(), name)
        : await alone[name]();
      const devices = await this.#swarm.open(name, subject.wire, subject.port, connections);
      this.contenders.push({ subject, devices });
    } catch (error) {
      if (!(error instanceof NotHere)) throw error;
      console.error(`SKIPPED: ${error.message}`);
    }
  }

  async #newRedis(): Promise<Redis> {
    // A subscriber that falls behind is otherwise cut off by Redis, and its messages are lost.
    const redis = await startRedis({ args: ['--client-output-buffer-limit', 'pubsub 0 0 0'] });
    this.#redises.push(redis);
    return redis;
  }

  async #close(): Promise<void> {
    for (const { devices } of this.contenders) await devices.close().catch(() => undefined);
    await Promise.all(this.contenders.map(({ subject }) => subject.stop()));
    await this.#swarm.stop();
    await Promise.all(this.#redises.map((redis) => redis.stop()));
  }
}
