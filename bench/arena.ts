import { startRedis } from 'im-test/support';
import type { Contender } from './measure.ts';
import { sourceProgram } from './start-server.ts';
import { startBareWs } from './subjects/bare-ws.ts';
import { startIm } from './subjects/im.ts';
import { startMosquitto, startNats } from './subjects/native.ts';
import { startSocketIo } from './subjects/socket-io.ts';
import type { Subject } from './subjects/subject.ts';
import { Swarm } from './swarm/swarm.ts';

export type SubjectName =
  | 'im'
  | 'im, pong'
  | 'im before'
  | 'im from source'
  | 'bare ws'
  | 'Socket.IO + Redis'
  | 'Socket.IO + streams'
  | 'nats-server'
  | 'mosquitto';

/** Everything that one comparison needs, and its end. */
export class Arena {
  readonly contenders: Contender[] = [];
  readonly swarm: Swarm;
  readonly redis: Awaited<ReturnType<typeof startRedis>>;

  private constructor(swarm: Swarm, redis: Arena['redis']) {
    this.swarm = swarm;
    this.redis = redis;
  }

  /** Starts the subjects, each with `connections` devices logged in. One that cannot be had is left out, loudly. */
  static async open(names: readonly SubjectName[], connections: number): Promise<Arena> {
    // A subscriber that falls behind is otherwise cut off by Redis, and its messages are lost.
    const redis = await startRedis({ args: ['--client-output-buffer-limit', 'pubsub 0 0 0'] });
    const entrants: readonly SubjectName[] = programBefore ? ['im before', ...names] : names;
    const arena = new Arena(Swarm.for(entrants.length * connections), redis);
    try {
      for (const name of entrants) await arena.#enter(name, connections);
    } catch (error) {
      await arena.close();
      throw error;
    }
    return arena;
  }

  async #enter(name: SubjectName, connections: number): Promise<void> {
    let subject: Subject;
    try {
      subject = await startSubject(name, this.redis.url);
    } catch (error) {
      if (name !== 'nats-server' && name !== 'mosquitto') throw error;
      console.error(`SKIPPED: ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
    const devices = await this.swarm.open(name, subject.wire, subject.port, connections);
    const usesRedis = name.startsWith('im') || name.startsWith('Socket.IO');
    this.contenders.push({ subject, devices, busPid: usesRedis ? this.redis.pid : undefined });
  }

  async close(): Promise<void> {
    for (const { devices } of this.contenders) await devices.close().catch(() => undefined);
    await Promise.all(this.contenders.map(({ subject }) => subject.stop()));
    await this.swarm.stop();
    await this.redis.stop();
  }
}

/** IM_BENCH_BEFORE names the `main.js` of another build of the server, which then takes its turns beside ours. */
const programBefore: string | undefined = process.env['IM_BENCH_BEFORE'];

export function startSubject(name: SubjectName, redisUrl: string): Promise<Subject> {
  switch (name) {
    case 'im':
      return startIm({ name, redisUrl, proof: 'written' });
    case 'im, pong':
      return startIm({ name, redisUrl, proof: 'pong' });
    case 'im before':
      return startIm({ name, redisUrl, proof: 'written', program: programBefore });
    case 'im from source':
      return startIm({ name, redisUrl, proof: 'written', program: sourceProgram });
    case 'bare ws':
      return startBareWs();
    case 'Socket.IO + Redis':
      return startSocketIo('redis', redisUrl);
    case 'Socket.IO + streams':
      return startSocketIo('streams', redisUrl);
    case 'nats-server':
      return startNats();
    case 'mosquitto':
      return startMosquitto();
  }
}
