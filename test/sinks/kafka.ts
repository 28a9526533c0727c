import { execFile } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import { findProgram } from '../support/find-program.ts';
import { freePort } from '../support/free-port.ts';
import { ServerProcess, startServerProcess } from '../support/server-process.ts';
import type { Broker } from './brokers.ts';
import { NotHere } from './not-here.ts';

const run = promisify(execFile);
const version = '3.9.1';
const topic = 'im-events';

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>im</groupId><artifactId>kafka</artifactId><version>1</version>
  <dependencies><dependency>
    <groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${version}</version>
  </dependency><dependency>
    <groupId>org.slf4j</groupId><artifactId>slf4j-reload4j</artifactId><version>1.7.36</version>
  </dependency></dependencies>
</project>`;

/** A broker of Maven's artifacts, which are fetched once. */
export async function startKafka(): Promise<Broker> {
  const [java, maven] = [await findProgram('java'), await findProgram('mvn')];
  if (java === undefined || maven === undefined)
    throw new NotHere('It needs Java and Maven (on Debian: apt-get install maven).');
  const classPath = join(await artifacts(maven), '*');
  const controller = await freePort();
  const server = await startServerProcess({
    label: 'kafka',
    async create(place) {
      const file = join(place.dir, 'server.properties');
      await writeFile(file, propertiesOf(place, controller));
      const log = join(place.dir, 'log4j.properties');
      await writeFile(log, logging);
      const tool = ['-cp', classPath, 'kafka.tools.StorageTool', 'format', '-c', file];
      await run(java, [...tool, '-t', 'MkU3OEVBNTcwNTJENDM2Qg']);
      return new ServerProcess({
        ...{ ...place, name: 'Kafka', program: java, ready: /Kafka Server started/, startLimitMs: 120_000 },
        args: ['-Xmx512m', `-Dlog4j.configuration=file:${log}`, ...['-cp', classPath], 'kafka.Kafka', file],
      });
    },
  });
  const address = `127.0.0.1:${server.port}`;
  const client = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING });
  const admin = client.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 3, replicationFactor: 1 }] });
  await admin.disconnect();
  return {
    url: `kafka://${address}?topic=${topic}`,
    async crash() {
      await server.kill();
      await sleep(500);
      await server.start();
    },
    async read(count) {
      const consumer = client.consumer({ groupId: 'test' });
      await consumer.connect();
      await consumer.subscribe({ topics: [topic], fromBeginning: true });
      const texts: string[] = [];
      let lastAt = performance.now();
      await consumer.run({
        eachMessage: ({ message }) => {
          texts.push(message.value?.toString() ?? '');
          lastAt = performance.now();
          return Promise.resolve();
        },
      });
      while (texts.length < count && performance.now() - lastAt < 60_000) await sleep(100);
      await sleep(1_000);
      await consumer.disconnect();
      return texts;
    },
  };
}

/** It says on stdout that it is ready. */
const logging = `log4j.rootLogger=INFO, stdout
log4j.appender.stdout=org.apache.log4j.ConsoleAppender
log4j.appender.stdout.layout=org.apache.log4j.SimpleLayout
`;

async function artifacts(maven: string): Promise<string> {
  const folder = join(tmpdir(), `im-test-kafka-${version}`);
  const libraries = join(folder, 'libraries');
  if ((await readdir(libraries).catch(() => [])).length > 0) return libraries;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'pom.xml'), pom);
  console.log('Maven fetches Kafka, once.');
  const goal = ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${libraries}`];
  await run(maven, goal, { cwd: folder });
  return libraries;
}

function propertiesOf(
  { port, dir }: { readonly port: number; readonly dir: string },
  controller: number,
): string {
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': join(dir, 'data'),
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
  })
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');
}
