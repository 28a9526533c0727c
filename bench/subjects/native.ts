import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from 'im-test/support';
import { giveServerItsCore } from '../cores.ts';
import { payload } from '../payload.ts';
import { mqttConnect, mqttPublish } from '../swarm/wires.ts';
import { inTurn, type Subject } from './subject.ts';

const run = promisify(execFile);

/** A broker that is no Node program: what it is called, how it is set up, and how a backend talks to it over TCP. */
interface Broker {
  readonly program: string;
  readonly wire: 'nats' | 'mqtt';
  readonly configuration: (tcpPort: number, webSocketPort: number) => string;
  readonly hello: string | Buffer;
  readonly message: (user: number | undefined) => string | Buffer;
}

const nats: Broker = {
  program: 'nats-server',
  wire: 'nats',
  configuration: (tcpPort, webSocketPort) => `
listen: "127.0.0.1:${tcpPort}"
max_pending: 1GB
write_deadline: "60s"
ping_interval: "1h"
websocket { listen: "127.0.0.1:${webSocketPort}", no_tls: true }
`,
  hello: 'CONNECT {"verbose":false}\r\n',
  message: (user) => {
    const body = payload();
    return `PUB ${user === undefined ? 'all' : `u.${user}`} ${body.length}\r\n${body}\r\n`;
  },
};

const mosquitto: Broker = {
  program: 'mosquitto',
  wire: 'mqtt',
  configuration: (tcpPort, webSocketPort) => `
user root
allow_anonymous true
persistence false
log_type error
set_tcp_nodelay true
max_queued_messages 0
listener ${tcpPort} 127.0.0.1
listener ${webSocketPort} 127.0.0.1
protocol websockets
`,
  hello: mqttConnect('backend'),
  message: (user) => mqttPublish(user === undefined ? 'all' : `u/${user}`, payload()),
};

export const startNats = (): Promise<Subject> => startBroker(nats);
export const startMosquitto = (): Promise<Subject> => startBroker(mosquitto);

async function startBroker(broker: Broker): Promise<Subject> {
  const program = await find(broker.program);
  const [tcpPort, port] = [await freePort(), await freePort()];
  const folder = await mkdtemp(join(tmpdir(), 'im-bench-'));
  const file = join(folder, 'conf');
  await writeFile(file, broker.configuration(tcpPort, port));
  const server = spawn(program, ['-c', file], { stdio: 'ignore' });
  const kill = (): void => void server.kill('SIGKILL');
  process.once('exit', kill);
  const backend = await connectTo(tcpPort);
  // One door may open before the other.
  (await connectTo(port)).destroy();
  giveServerItsCore(server.pid ?? 0);
  backend.on('data', (chunk) => {
    if (chunk.includes('PING')) backend.write('PONG\r\n');
  });
  backend.write(broker.hello);
  const send = (users: readonly (number | undefined)[]): Promise<void> =>
    new Promise((resolve) => {
      backend.cork();
      users.forEach((user, index) => {
        const isLast = index === users.length - 1;
        backend.write(broker.message(user), isLast ? () => resolve() : undefined);
      });
      backend.uncork();
    });
  return {
    name: broker.program,
    pid: server.pid ?? 0,
    port,
    wire: broker.wire,
    unicast: (count, users) => inTurn(count, users, 500, send),
    unicastOne: (user) => void send([user]),
    fanout: async (count) => {
      for (let sent = 0; sent < count; sent += 1) await send([undefined]);
    },
    clean: () => Promise.resolve(),
    stop: async () => {
      backend.destroy();
      const ended = once(server, 'exit');
      kill();
      await ended;
      process.off('exit', kill);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Throws, saying why, where the Debian package cannot be had. */
async function find(program: string): Promise<string> {
  for (const folder of ['/usr/sbin', '/usr/bin', '/usr/local/bin']) {
    const path = join(folder, program);
    const works = await run(path, ['--help'], { timeout: 10_000 }).then(
      () => true,
      (error: unknown) => (error as NodeJS.ErrnoException).code !== 'ENOENT',
    );
    if (works) return path;
  }
  throw new Error(
    `${program} is not installed; on Debian: apt-get install --no-install-recommends ${program}`,
  );
}

async function connectTo(port: number): Promise<Socket> {
  for (let attempt = 1; ; attempt += 1) {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    try {
      await once(socket, 'connect');
      socket.on('error', () => undefined); // it ends with the broker
      return socket;
    } catch (error) {
      if (attempt === 50) throw error;
      await sleep(100);
    }
  }
}
