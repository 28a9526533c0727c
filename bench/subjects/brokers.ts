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
import { centrifugoApiKey } from '../senders/centrifugo-backend.ts';
import { benchSecret } from '../start-server.ts';
import type { WireName } from '../swarm/wires.ts';
import { LiveSender, type OwnRedis, type Subject } from './subject.ts';

const run = promisify(execFile);

/** A server that is no Node program: what it is called, how it is set up, and who talks to it. */
interface Broker {
  readonly name: string;
  readonly program: string;
  /** How to come by it. */
  readonly get: string;
  readonly wire: WireName;
  /** One port for backends, one for devices. */
  readonly configuration: (backendPort: number, webSocketPort: number) => string;
  readonly backend: readonly string[];
  readonly redis?: OwnRedis;
}

const nats: Broker = {
  name: 'nats-server',
  program: 'nats-server',
  get: 'on Debian: apt-get install --no-install-recommends nats-server',
  wire: 'nats',
  configuration: (backendPort, webSocketPort) => `
listen: "127.0.0.1:${backendPort}"
max_pending: 1GB
write_deadline: "60s"
ping_interval: "1h"
websocket { listen: "127.0.0.1:${webSocketPort}", no_tls: true }
`,
  backend: ['nats'],
};

const mosquitto: Broker = {
  name: 'mosquitto',
  program: 'mosquitto',
  get: 'on Debian: apt-get install --no-install-recommends mosquitto',
  wire: 'mqtt',
  configuration: (backendPort, webSocketPort) => `
user root
allow_anonymous true
persistence false
log_type error
set_tcp_nodelay true
max_queued_messages 0
listener ${backendPort} 127.0.0.1
listener ${webSocketPort} 127.0.0.1
protocol websockets
`,
  backend: ['mqtt'],
};

/** In memory it is one process and no bus; with its Redis engine it is what several servers would be. */
function centrifugo(redis?: OwnRedis): Broker {
  return {
    name: redis ? 'Centrifugo + Redis' : 'Centrifugo',
    program: 'centrifugo',
    get: 'with Go: go install github.com/centrifugal/centrifugo/v6@latest, and $(go env GOPATH)/bin on the PATH',
    wire: 'centrifugo',
    configuration: (backendPort, webSocketPort) =>
      JSON.stringify({
        http_server: {
          ...{ address: '127.0.0.1', port: webSocketPort },
          ...{ internal_address: '127.0.0.1', internal_port: String(backendPort) },
        },
        http_api: { key: centrifugoApiKey },
        // Under load it would cut off the devices.
        client: {
          ...{ token: { hmac_secret_key: benchSecret }, queue_max_size: 1_073_741_824 },
          // A ping may lie in one frame with messages, where our devices do not look for it.
          ...{ ping_interval: '1h', pong_timeout: '50s' },
        },
        channel: { without_namespace: { allow_subscribe_for_client: true } },
        engine: redis ? { type: 'redis', redis: { address: redis.url } } : { type: 'memory' },
        log: { level: 'error' },
        usage_stats: { enabled: false },
      }),
    // In memory a call is answered sooner one after the other, over Redis all at once.
    backend: ['centrifugo', redis ? 'parallel' : 'in turn'],
    ...(redis && { redis }),
  };
}

export const startNats = (): Promise<Subject> => startBroker(nats);
export const startMosquitto = (): Promise<Subject> => startBroker(mosquitto);
export const startCentrifugo = (redis?: OwnRedis): Promise<Subject> => startBroker(centrifugo(redis));

/** Thrown where a program is not installed. */
export class NotHere extends Error {}

async function startBroker(broker: Broker): Promise<Subject> {
  await checkInstalled(broker);
  const [backendPort, port] = [await freePort(), await freePort()];
  const folder = await mkdtemp(join(tmpdir(), 'im-bench-'));
  const file = join(folder, 'conf.json');
  await writeFile(file, broker.configuration(backendPort, port));
  const server = spawn(broker.program, ['-c', file], { stdio: 'ignore', env: environment });
  const kill = (): void => void server.kill('SIGKILL');
  process.once('exit', kill);
  // One door may open before the other.
  for (const door of [backendPort, port]) (await connectTo(door)).destroy();
  giveServerItsCore(server.pid ?? 0);
  const [client = '', ...more] = broker.backend;
  const backend = new LiveSender([client, backendPort, ...more]);
  return {
    name: broker.name,
    pid: server.pid ?? 0,
    redisPid: broker.redis?.pid,
    port,
    wire: broker.wire,
    backend,
    stop: async () => {
      await backend.stop();
      const ended = once(server, 'exit');
      kill();
      await ended;
      process.off('exit', kill);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Debian puts servers where a user's PATH does not look. */
const environment = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin` };

async function checkInstalled({ program, get }: Broker): Promise<void> {
  try {
    await run(program, ['--help'], { timeout: 10_000, env: environment });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return;
    throw new NotHere(`${program} is not installed; ${get}`);
  }
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
