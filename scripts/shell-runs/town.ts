import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openInside, registry, registryAddress } from './door.ts';

// The network that the documents speak of, in a namespace of this run's own: every port is free, and every name can be given.

/** Each host has an address of its own, so that three sentinels may all be at 26379. */
const hosts: Readonly<Record<string, readonly string[]>> = {
  '127.0.0.1': [
    'localhost',
    hostname(),
    'redis',
    'redis.internal',
    'db',
    'db.internal',
    'replica.internal',
    'host',
  ],
  '127.0.1.1': ['sentinel-1'],
  '127.0.1.2': ['sentinel-2'],
  '127.0.1.3': ['sentinel-3'],
  '127.0.2.1': ['node-1'],
  '127.0.2.2': ['node-2'],
  '127.0.2.3': ['node-3'],
  '127.0.4.1': ['east.internal'],
  [registryAddress]: [registry().host],
};

const certificateIn = (folder: string): string => join(folder, 'cert.pem');

/** For `NODE_EXTRA_CA_CERTS`: the town's certificate, and those that this machine trusts beside Node's. */
export const authoritiesIn = (folder: string): string => join(folder, 'authorities.pem');

/** Everything that is started here ends with the namespace. */
export async function buildTown(folder: string): Promise<void> {
  run('ip', 'link', 'set', 'lo', 'up');
  const lines = Object.entries(hosts).map(([address, names]) => `${address} ${names.join(' ')}\n`);
  const file = join(folder, 'hosts');
  writeFileSync(file, lines.join(''));
  run('mount', '--bind', file, '/etc/hosts');
  certify(folder);
  openInside(folder);
  await Promise.all([startRedis(folder), startCluster(folder), startMariaDbs(folder), startNats(folder)]);
  await startSentinels(folder);
}

function certify(folder: string): void {
  const names = Object.values(hosts).flatMap((all) => all.map((name) => `DNS:${name}`));
  run(
    ...['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-days', '1', '-keyout', join(folder, 'key.pem'), '-out', certificateIn(folder), '-subj', '/CN=town'],
    ...['-addext', `subjectAltName=${names.join(',')}`],
  );
  const others = process.env['NODE_EXTRA_CA_CERTS'];
  const all = [certificateIn(folder), ...(others === undefined ? [] : [others])];
  writeFileSync(authoritiesIn(folder), all.map((one) => readFileSync(one, 'utf8')).join('\n'));
}

async function startRedis(folder: string): Promise<void> {
  serve(
    ...[folder, 'redis', 'redis-server', '--port', '6379', '--save', '', '--tls-port', '6380'],
    ...['--tls-cert-file', certificateIn(folder), '--tls-key-file', join(folder, 'key.pem')],
    ...['--tls-ca-cert-file', certificateIn(folder), '--tls-auth-clients', 'no'],
    ...[
      '--user',
      ...'default on nopass ~* &* +@all'.split(' '),
      '--user',
      ...'im on >secret ~* &* +@all'.split(' '),
    ],
  );
  await untilDone('redis-cli', 'ping');
}

async function startSentinels(folder: string): Promise<void> {
  const sentinels = ['127.0.1.1', '127.0.1.2', '127.0.1.3'];
  for (const address of sentinels) {
    const settings = join(folder, `sentinel-${address}.conf`);
    const master = 'sentinel monitor mymaster 127.0.0.1 6379 2';
    writeFileSync(settings, `port 26379\nbind ${address}\n${master}\n`);
    serve(folder, `sentinel-${address}`, 'redis-server', settings, '--sentinel');
  }
  for (const address of sentinels)
    await untilDone('redis-cli', '-h', address, '-p', '26379', 'sentinel', 'ckquorum', 'mymaster');
}

async function startCluster(folder: string): Promise<void> {
  const nodes = [1, 2, 3].map((index) => [`127.0.2.${index}`, `${6_999 + index}`] as const);
  for (const [address, port] of nodes) {
    const own = ['--port', port, '--bind', address, '--cluster-announce-ip', address];
    const files = ['--cluster-config-file', join(folder, `node-${port}.conf`), '--save', ''];
    serve(folder, `node-${port}`, 'redis-server', ...own, '--cluster-enabled', 'yes', ...files);
    await untilDone('redis-cli', '-h', address, '-p', port, 'ping');
  }
  const all = nodes.map(([address, port]) => `${address}:${port}`);
  run('redis-cli', '--cluster', 'create', ...all, '--cluster-yes');
}

async function startMariaDbs(folder: string): Promise<void> {
  await Promise.all([startMariaDb(folder, '127.0.0.1'), startMariaDb(folder, '127.0.4.1')]);
}

async function startMariaDb(folder: string, address: string): Promise<void> {
  const data = join(folder, `mariadb-${address}`);
  mkdirSync(data);
  run(
    'mariadb-install-db',
    '--no-defaults',
    '--user=root',
    `--datadir=${data}`,
    '--auth-root-authentication-method=normal',
  );
  const tls = [`--ssl-cert=${certificateIn(folder)}`, `--ssl-key=${join(folder, 'key.pem')}`];
  const socket = join(folder, `mariadb-${address}.sock`);
  const where = [`--datadir=${data}`, `--socket=${socket}`, `--bind-address=${address}`, '--port=3306'];
  serve(folder, `mariadb-${address}-server`, 'mariadbd', '--no-defaults', '--user=root', ...where, ...tls);
  const client = ['mariadb', '--no-defaults', `--socket=${socket}`, '--user=root', '--execute'];
  await untilDone(...client, 'select 1');
  const rights = "create database im; create user im identified by 'secret'; grant all on im.* to im;";
  run(...client, `${rights} delete from mysql.global_priv where User = ''; flush privileges;`);
}

async function startNats(folder: string): Promise<void> {
  serve(
    folder,
    'nats',
    'nats-server',
    '--jetstream',
    '--store_dir',
    join(folder, 'nats-data'),
    '--http_port',
    '8222',
  );
  await untilDone('curl', '-fs', 'http://127.0.0.1:8222/healthz');
}

function serve(folder: string, name: string, ...command: readonly string[]): void {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const log = join(folder, `${name}.log`);
  const note = (chunk: Buffer): void => appendFileSync(log, chunk);
  child.stdout.on('data', note);
  child.stderr.on('data', note);
  child.once('error', (error) => {
    throw new Error(`${program} is needed for this, and did not start.`, { cause: error });
  });
  child.once('exit', (code) => {
    throw new Error(
      `${name} has ended with ${code ?? 'a signal'}: ${readFileSync(log, 'utf8').slice(-2_000)}`,
    );
  });
}

function run(...command: readonly string[]): void {
  const [program = '', ...args] = command;
  execFileSync(program, args, { stdio: 'pipe' });
}

async function untilDone(...command: readonly string[]): Promise<void> {
  const until = Date.now() + 60_000;
  for (;;) {
    try {
      run(...command);
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
      await sleep(100);
    }
  }
}
