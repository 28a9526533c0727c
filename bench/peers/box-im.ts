import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, type RedisServer } from 'im-test/support';
import { openDatabase } from 'im-platform';
import { friendOf } from '../people.ts';
import { benchSecret } from '../start-server.ts';

/** A checkout of box-im in which `mvn package` has been run. */
export const boxImFolder: string | undefined = process.env['IM_BENCH_BOX_IM'];

export interface BoxIm {
  /** Of its HTTP API. */
  readonly port: number;
  readonly webSocketPort: number;
  readonly pids: { readonly platform: number; readonly 'im-server': number };
  stop(): Promise<void>;
}

interface BoxImOptions {
  readonly folder: string;
  /** As root, without the name of a database. */
  readonly databaseUrl: string;
  readonly redis: RedisServer;
  /** 1 to so many, each with the next one as a friend. */
  readonly users: number;
}

const databaseName = 'box_im';

/** Both of box-im's programs as they come, but for their log of each SQL statement, which we switch off. */
export async function startBoxIm({ folder, databaseUrl, redis, users }: BoxImOptions): Promise<BoxIm> {
  await makeDatabase(folder, databaseUrl, users);
  const { hostname, port: databasePort } = new URL(databaseUrl);
  const files = await startNoFiles();
  const [port, webSocketPort] = [await freePort(), await freePort()];
  const shared = [
    `--spring.data.redis.host=127.0.0.1`,
    `--spring.data.redis.port=${redis.port}`,
    `--jwt.accessToken.secret=${benchSecret}`,
  ];
  const server = startJava(folder, 'im-server', [...shared, `--websocket.port=${webSocketPort}`]);
  const platform = startJava(folder, 'im-platform', [
    ...shared,
    `--server.port=${port}`,
    `--spring.datasource.url=jdbc:mysql://${hostname}:${databasePort}/${databaseName}?useSSL=false&useUnicode=true&characterEncoding=utf-8&allowPublicKeyRetrieval=true`,
    '--spring.datasource.username=root',
    '--spring.datasource.password=',
    `--minio.endpoint=http://127.0.0.1:${files.port}`,
    '--mybatis-plus.configuration.log-impl=org.apache.ibatis.logging.nologging.NoLoggingImpl',
  ]);
  await whenOpen(webSocketPort, server);
  await whenOpen(port, platform);
  return {
    port,
    webSocketPort,
    pids: { platform: platform.pid ?? 0, 'im-server': server.pid ?? 0 },
    stop: async () => {
      await Promise.all([platform, server].map(end));
      files.stop();
    },
  };
}

async function makeDatabase(folder: string, databaseUrl: string, users: number): Promise<void> {
  const root = openDatabase({ url: `${databaseUrl}mysql` });
  await root.sql.raw(`create database ${databaseName}`);
  await root.close();
  const database = openDatabase({ url: `${databaseUrl}${databaseName}` });
  const { sql } = database;
  const schema = readFileSync(join(folder, 'db/im-platform.sql'), 'utf8');
  for (const statement of schema.split(/;\s*$/m)) if (statement.trim() !== '') await sql.raw(statement);
  const ids = Array.from({ length: users }, (_, index) => index + 1);
  const people = ids.map((id) => ({ id, userName: `u${id}`, nickName: `u${id}`, password: '' }));
  await sql('im_user').insert(people);
  const friends = ids.map((userId) => ({
    ...{ userId, friendId: friendOf(userId, users), friendNickName: 'x', isDnd: 0, deleted: 0 },
  }));
  await sql('im_friend').insert(friends);
  await database.close();
}

/** It asks its store of files for a bucket when it starts, and for nothing else here. */
async function startNoFiles(): Promise<{ port: number; stop: () => void }> {
  const server = createServer((_, response) => response.end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, stop: () => server.close() };
}

function startJava(folder: string, name: string, flags: readonly string[]): ChildProcess {
  const target = join(folder, name, 'target');
  const jar = readdirSync(target).find((file) => file.endsWith('.jar'));
  if (jar === undefined) throw new Error(`No .jar in ${target}: run mvn package in ${folder} first.`);
  const child = spawn('java', ['-jar', join(target, jar), ...flags], { stdio: 'ignore' });
  process.once('exit', () => child.kill('SIGKILL'));
  return child;
}

async function whenOpen(port: number, program: ChildProcess): Promise<void> {
  for (let attempt = 1; attempt <= 600; attempt += 1) {
    if (program.exitCode !== null)
      throw new Error(`${program.spawnargs.join(' ')} ended (${program.exitCode}).`);
    const socket = connect(port, '127.0.0.1');
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
    await sleep(200);
  }
  throw new Error(`Nothing listens at port ${port} after two minutes.`);
}

async function end(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return;
  program.kill('SIGKILL');
  await once(program, 'exit');
}
