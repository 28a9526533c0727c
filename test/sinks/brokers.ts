import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect as connectNats } from '@nats-io/transport-node';
import { connect as connectAmqp } from 'amqplib';
import { lookUp, type Program } from '../support/find-program.ts';
import { findProgram } from '../support/install-programs.ts';
import { ServerProcess, startServerProcess } from '../support/server-process.ts';

/** A message broker that events go to. */
export interface Broker {
  /** For --event-sinks. */
  readonly url: string;
  /** Dies, and comes back with what it had. */
  crash(): Promise<void>;
  /** The events that it has, in its order; at least as many, or those after some seconds without one more. */
  read(count: number): Promise<string[]>;
}

const natsProgram: Program = {
  names: ['nats-server'],
  packageName: 'nats-server',
  whatToDo: 'Install NATS (on Debian: apt-get install nats-server).',
};

const rabbitProgram: Program = {
  names: ['rabbitmq-server'],
  packageName: 'rabbitmq-server',
  whatToDo: 'Install RabbitMQ (on Debian: apt-get install rabbitmq-server).',
};

export async function startNats(): Promise<Broker> {
  const program = await findProgram(natsProgram);
  const server = await startServerProcess({
    label: 'nats',
    create: (place) => {
      const args = ['-a', '127.0.0.1', '-p', String(place.port), '-js', '-sd', place.dir];
      return Promise.resolve(
        new ServerProcess({ ...place, name: 'NATS', program, args, ready: /Server is ready/ }),
      );
    },
  });
  const servers = `127.0.0.1:${server.port}`;
  const asManager = async <T>(
    work: (manager: Awaited<ReturnType<typeof jetstreamManager>>) => Promise<T>,
  ) => {
    const connection = await connectNats({ servers });
    try {
      return await work(await jetstreamManager(connection));
    } finally {
      await connection.close();
    }
  };
  await asManager((manager) => manager.streams.add({ name: 'EVENTS', subjects: ['im.events.>'] }));
  return {
    url: `nats://${servers}`,
    async crash() {
      await server.kill();
      await sleep(500);
      await server.start();
    },
    read: () =>
      asManager(async (manager) => {
        const { state } = await manager.streams.info('EVENTS');
        const texts: string[] = [];
        for (let seq = state.first_seq; seq <= state.last_seq; seq++)
          texts.push((await manager.streams.getMessage('EVENTS', { seq }))?.string() ?? '');
        return texts;
      }),
  };
}

/** The program itself, not Debian's around it, which becomes another user. */
const rabbit = '/usr/lib/rabbitmq/bin/rabbitmq-server';

export async function startRabbit(): Promise<Broker> {
  await findProgram(rabbitProgram);
  const epmd = (await lookUp({ names: ['epmd'] })) ?? '';
  // Otherwise Erlang starts one that outlives it.
  const mapper = await startServerProcess({
    label: 'epmd',
    create: (place) => {
      const args = ['-d', '-address', '127.0.0.1', '-port', String(place.port)];
      return Promise.resolve(
        new ServerProcess({ ...place, name: 'epmd', program: epmd, args, ready: /epmd running/ }),
      );
    },
  });
  const server = await startServerProcess({
    label: 'rabbitmq',
    async create(place) {
      const inDir = (name: string): string => join(place.dir, name);
      await mkdir(inDir('home'));
      await writeFile(inDir('rabbitmq.conf'), `listeners.tcp.1 = 127.0.0.1:${place.port}\n`);
      const env = {
        ...{ HOME: inDir('home'), ERL_EPMD_PORT: mapper.port, RABBITMQ_ALLOW_INPUT: 1 },
        ...{ RABBITMQ_NODENAME: `im${place.port}@localhost`, RABBITMQ_DIST_PORT: place.port + 1 },
        ...{ RABBITMQ_CONFIG_FILE: inDir('rabbitmq.conf'), RABBITMQ_ENABLED_PLUGINS_FILE: inDir('plugins') },
        ...{ RABBITMQ_MNESIA_BASE: inDir('data'), RABBITMQ_LOG_BASE: inDir('log'), RABBITMQ_LOGS: '-' },
      };
      const args = [...Object.entries(env).map(([name, value]) => `${name}=${value}`), rabbit];
      return new ServerProcess({
        ...{ ...place, name: 'RabbitMQ', program: '/usr/bin/env', args, ready: /Server startup complete/ },
        startLimitMs: 120_000,
      });
    },
  });
  const url = `amqp://127.0.0.1:${server.port}`;
  const onChannel = async <T>(
    work: (
      channel: Awaited<ReturnType<Awaited<ReturnType<typeof connectAmqp>>['createChannel']>>,
    ) => Promise<T>,
  ): Promise<T> => {
    const connection = await connectAmqp(url);
    try {
      return await work(await connection.createChannel());
    } finally {
      await connection.close();
    }
  };
  await onChannel(async (channel) => {
    await channel.assertExchange('im.events', 'topic', { durable: true });
    await channel.assertQueue('told', { durable: true });
    await channel.bindQueue('told', 'im.events', '#');
  });
  return {
    url,
    async crash() {
      await server.kill();
      await sleep(500);
      await server.start();
    },
    read: () =>
      onChannel(async (channel) => {
        const texts: string[] = [];
        for (;;) {
          const message = await channel.get('told', { noAck: true });
          if (message === false) return texts;
          texts.push(message.content.toString());
        }
      }),
  };
}
