// A campaign for everybody: `npx tsx --conditions=im-source bench/campaigns.ts [users] [mariadb or sqlite]`, after `npm run build`.
// Nine in ten have a device that is away, at services on this machine (web push, APNs, FCM); some are online. One campaign is only planned;
// one is stopped in the middle; one is paused, goes on, loses its platform by SIGKILL, and ends. Then the report is held against the rows and
// against what the services were given.
import { createECDH, generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { migrate, openDatabase, type Database } from 'im-platform';
import { startMariaDb, startRedis } from 'im-test/support';
import { ChildProgram } from './child-program.ts';
import { tokenOf } from './people.ts';
import { cpuMicroseconds, residentKb } from './process-figures.ts';
import { benchSecret } from './start-server.ts';
import { startIm } from './subjects/im.ts';
import { Swarm } from './swarm/swarm.ts';

const users = Number(process.argv[2] ?? 1_000_000);
const store = process.argv[3] ?? 'mariadb';
const online = Math.min(500, users / 10);
const dayMs = 86_400_000;
/** Planning of a campaign begins ten minutes before it is due. */
const plannedBeforeMs = 590_000;

interface Report {
  readonly planned: number;
  readonly waiting: number;
  readonly sent: number;
  readonly delivered: number;
  readonly failed: number;
  readonly skipped: number;
}

interface Campaign {
  readonly id: string;
  readonly state: string;
  readonly report: Report;
}

/** What services were given: how often each user was told since the last `reset`. */
class Services {
  count = 0;
  lastAt = 0;
  told = new Uint8Array(users + 1);
  readonly #web = createServer((request, response) => {
    const { url = '' } = request;
    let text = '';
    const isOfFcm = url.startsWith('/v1/');
    request.on('data', (part: Buffer) => {
      if (isOfFcm) text += part.toString();
    });
    request.once('end', () => {
      if (url === '/token') {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ access_token: 'token', expires_in: 3_600 }));
        return;
      }
      this.#note(Number(isOfFcm ? /token-0*(\d+)/.exec(text)?.[1] : url.slice(1)));
      response.writeHead(isOfFcm ? 200 : 201).end(isOfFcm ? '{}' : undefined);
    });
  });
  readonly #apns = createHttp2Server();

  async start(): Promise<void> {
    this.#apns.on('stream', (stream, { ':path': path = '' }) => {
      stream.resume().once('end', () => {
        this.#note(Number(/0*(\d+)$/.exec(path)?.[1]));
        stream.respond({ ':status': 200 });
        stream.end();
      });
    });
    for (const server of [this.#web, this.#apns])
      await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  }

  get webHost(): string {
    return `127.0.0.1:${(this.#web.address() as AddressInfo).port}`;
  }

  options(): object {
    const apple = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const google = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
    const pem = { type: 'pkcs8', format: 'pem' } as const;
    const webPush = { webPushContact: 'mailto:ops@example.com', webPushHosts: [this.webHost] };
    const apnsPort = (this.#apns.address() as AddressInfo).port;
    return {
      ...webPush,
      apns: {
        ...{ key: apple.export(pem), keyId: 'K', teamId: 'T', topic: 'app' },
        host: `http://127.0.0.1:${apnsPort}`,
      },
      fcm: {
        ...{ project_id: 'p', client_email: 'e', private_key: google.export(pem) },
        ...{ token_uri: `http://${this.webHost}/token`, host: `http://${this.webHost}` },
      },
    };
  }

  reset(): void {
    this.count = 0;
    this.told.fill(0);
  }

  #note(userId: number): void {
    this.count += 1;
    this.lastAt = performance.now();
    this.told[userId] = (this.told[userId] ?? 0) + 1;
  }
}

/** One in ten has no device; two have a browser, three an iPhone, four an Android. */
async function fill({ sql, dialect }: Database, webHost: string): Promise<void> {
  const browser = createECDH('prime256v1');
  browser.generateKeys();
  const secrets = JSON.stringify({
    p256dh: browser.getPublicKey('base64url'),
    auth: randomBytes(16).toString('base64url'),
  });
  const now = Date.now();
  const isSqlite = dialect === 'sqlite';
  const numbers = isSqlite
    ? `(with recursive n(seq) as (select 1 union all select seq + 1 from n where seq < ${users}) select seq from n) n`
    : `seq_1_to_${users} n`;
  const text = (first: string): string => (isSqlite ? `'${first}' || seq` : `concat('${first}', seq)`);
  const padded = isSqlite ? `printf('%064d', seq)` : `lpad(seq, 64, '0')`;
  const token = isSqlite ? `printf('token-%020d', seq)` : `concat('token-', lpad(seq, 20, '0'))`;
  await sql.raw(`insert into im_user (id, user_name, nick_name, password, created_time)
    select seq, ${text('u')}, ${text('Nick ')}, '', ${now} from ${numbers}`);
  await sql.raw(`insert into im_session (id, user_id, terminal, network, refresh_number, created_time, issued_time,
      confirmed_time, access_end_time, idle_end_time, end_time)
    select ${text('session-')}, seq, 1, '', 1, ${now}, ${now}, ${now}, ${now}, ${now + dayMs}, ${now + dayMs} from ${numbers}`);
  await sql.raw(
    `insert into im_away_registration (session_id, user_id, channel, address, address_hash, secrets, language, created_time,
      retry_time, failures)
    select ${text('session-')}, seq,
      case when mod(seq, 10) < 3 then 'web' when mod(seq, 10) < 6 then 'apns' else 'fcm' end,
      case when mod(seq, 10) < 3 then ${text(`http://${webHost}/`)} when mod(seq, 10) < 6 then ${padded} else ${token} end,
      ${text('')}, case when mod(seq, 10) < 3 then :secrets else null end, 'en', 1, 0, 0
    from ${numbers} where mod(seq, 10) > 0`,
    { secrets },
  );
  await sql('im_admin').insert({ userId: 1, createdTime: now });
}

const folder = await mkdtemp(join(tmpdir(), 'im-bench-'));
const redis = await startRedis();
const mariadb = store === 'mariadb' ? await startMariaDb() : undefined;
const services = new Services();
await services.start();
const url = mariadb ? `${mariadb.url}bench` : `sqlite:${join(folder, 'im.db')}`;
if (mariadb) {
  const root = openDatabase({ url: `${mariadb.url}mysql` });
  await root.sql.raw('create database bench');
  await root.close();
}
const filled = openDatabase({ url });
const fillFrom = performance.now();
await migrate(filled.sql);
await fill(filled, services.webHost);
await filled.close();
const server = await startIm({ name: 'im', redis, proof: 'pong' });

type Platform = ChildProgram<object, { readonly id: number; readonly error?: string; readonly port: number }>;
process.env['IM_BENCH_PLATFORM'] = JSON.stringify({
  ...services.options(),
  ...{ campaigns: true, campaignRate: 1_000_000 },
});
/** CPU of the one that was killed. */
let gone = 0;
const startPlatform = (): Platform =>
  new ChildProgram('peers/platform-process.ts', [url, redis.url, server.keyPrefix, benchSecret]);
let platform = startPlatform();
let { port } = await platform.ask({});
const swarm = new Swarm(1);
await swarm.open('im', 'im', server.port, online);
const token = await tokenOf(1);

async function ask<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  const answer = await fetch(`http://127.0.0.1:${port}/v1/admin${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (answer.status === 204 ? undefined : await answer.json()) as Answer;
}

const find = (id: string): Promise<Campaign> => ask('GET', `/campaigns/${id}`);

/** Resolves with how long it took, in ms. */
async function order(id: string, what: string): Promise<number> {
  const from = performance.now();
  await ask('POST', `/campaigns/${id}/orders`, { order: what });
  return performance.now() - from;
}

async function start(name: string, more: object = {}): Promise<string> {
  const texts = { en: { title: 'News', body: 'Hello {{nickName}}' } };
  const { id } = await ask<Campaign>('POST', '/campaigns', {
    ...{ name, segment: { everybody: true }, language: 'en', variants: [{ name: 'A', share: 100, texts }] },
    ...{ ratePerSecond: 1_000_000, ...more },
  });
  services.reset();
  await order(id, 'start');
  return id;
}

/** Of each program, in seconds. */
function cpu(): Record<'platform' | 'database' | 'redis' | 'server', number> {
  return {
    platform: (gone + platform.cpuUs()) / 1e6,
    database: mariadb ? cpuMicroseconds(mariadb.pid) / 1e6 : 0,
    redis: cpuMicroseconds(redis.pid) / 1e6,
    server: cpuMicroseconds(server.pid) / 1e6,
  };
}

const all = (of: ReturnType<typeof cpu>): number => Object.values(of).reduce((sum, one) => sum + one, 0);
const memory = (): number => residentKb(platform.pid) / 1_024;
let mostMemory = 0;

async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const from = performance.now();
  while (!(await isSo())) {
    await sleep(100);
    mostMemory = Math.max(mostMemory, memory());
    if (performance.now() - from > 7_200_000) throw new Error(`${what}: not within two hours`);
  }
}

/** Resolves with the ms until the last push that was under way had come, and how many these were. */
async function quiet(): Promise<{ readonly ms: number; readonly pushes: number }> {
  const [from, before] = [performance.now(), services.count];
  for (let seen = -1; seen !== services.count;) {
    seen = services.count;
    await sleep(3_000);
  }
  return { ms: Math.max(0, services.lastAt - from), pushes: services.count - before };
}

function say(what: string, value: number | string, unit = ''): void {
  const shown =
    typeof value === 'number'
      ? value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 2 : 0 })
      : value;
  console.log(`${what}: ${shown} ${unit}`.trim());
}

const problems: string[] = [];
const must = (isSo: boolean, what: string): void => void (isSo || problems.push(what));

say(`${users} users in ${store}, filled in`, (performance.now() - fillFrom) / 1_000, 's');
say('memory of the platform before', memory(), 'MB');

{
  const [from, before] = [performance.now(), cpu()];
  const id = await start('Planned', {
    schedule: { at: new Date(Date.now() + plannedBeforeMs).toISOString() },
  });
  await until('it is planned', async () => (await find(id)).state === 'running');
  const [spent, after] = [(performance.now() - from) / 1_000, cpu()];
  say('planned in', spent, 's');
  say('  CPU of platform', after.platform - before.platform, 's');
  say('  CPU of database', after.database - before.database, 's');
  const { report } = await find(id);
  must(report.planned === users && report.waiting === users, `planned: ${JSON.stringify(report)}`);
  say('stopped, with all of them waiting', await order(id, 'stop'), 'ms');
}
{
  const id = await start('Stopped');
  await until('some are told', () => services.count > users / 50);
  say('stopped in the middle', await order(id, 'stop'), 'ms');
  const { ms, pushes } = await quiet();
  say('  and the last push after', ms, 'ms');
  say('  pushes meanwhile', pushes);
  must((await find(id)).state === 'stopped', 'it is not stopped');
}

const toTell = users - users / 10 - (online - online / 10);
const before = cpu();
const from = performance.now();
const id = await start('Everybody');
const samples: { readonly at: number; readonly count: number; readonly cpu: number }[] = [];
const sample = (): void => {
  samples.push({ at: performance.now(), count: services.count, cpu: all(cpu()) });
};
const reach = (share: number): Promise<void> =>
  until(`${share} are told`, () => {
    sample();
    return services.count >= toTell * share;
  });
await reach(0.3);
say('paused', await order(id, 'pause'), 'ms');
const paused = await quiet();
say('  and the last push after', paused.ms, 'ms');
say('  pushes meanwhile', paused.pushes);
await order(id, 'resume');
await reach(0.6);
gone += platform.cpuUs();
process.kill(platform.pid, 'SIGKILL');
const killedAt = performance.now();
const atKill = services.count;
platform = startPlatform();
({ port } = await platform.ask({}));
await until('it goes on', async () => services.count > atKill || (await find(id)).state === 'done');
say('killed; others are told after', (performance.now() - killedAt) / 1_000, 's');
await reach(0.95);
await until('it is done', async () => {
  sample();
  return (await find(id)).state === 'done';
});
const spent = (services.lastAt - from) / 1_000;
const after = cpu();
say('sent in', spent, 's, with the pause, the kill, and the two minutes after it');
const busiest = samples.filter(({ count }) => count > 0);
const between = (low: number, high: number): { readonly perSecond: number; readonly us: number } => {
  const some = busiest.filter(({ count }) => count >= toTell * low && count <= toTell * high);
  const [first, last] = [some[0], some.at(-1)];
  if (!first || !last) return { perSecond: Number.NaN, us: Number.NaN };
  const told = last.count - first.count;
  return { perSecond: (told * 1_000) / (last.at - first.at), us: ((last.cpu - first.cpu) * 1e6) / told };
};
for (const [low, high] of [
  [0.01, 0.1],
  [0.1, 0.2],
  [0.2, 0.3],
  [0.35, 0.45],
  [0.45, 0.55],
  [0.65, 0.75],
  [0.75, 0.85],
  [0.85, 0.95],
] as const) {
  const { perSecond, us } = between(low, high);
  say(
    `  from ${low} to ${high}`,
    `${Math.round(perSecond)} pushes/s, ${Math.round(us)} µs CPU of all for each`,
  );
}
for (const name of ['platform', 'database', 'redis', 'server'] as const)
  say(`CPU of ${name}, for each receiver`, ((after[name] - before[name]) * 1e6) / users, 'µs');
say('memory of the platform, at most', mostMemory, 'MB');
const asked = performance.now();
const { report } = await find(id);
say('the report takes', performance.now() - asked, 'ms');
say('the report', JSON.stringify(report));
const twice = services.told.filter((times) => times > 1).length;
const never = services.told.filter(
  (times, userId) => userId > online && userId % 10 > 0 && times === 0,
).length;
say('told twice, after the kill', twice);
must(never === 0, `${never} were never told`);
must(twice <= 4 * 500, `${twice} were told twice`);
must(report.planned === users && report.waiting === 0, `the report: ${JSON.stringify(report)}`);
const looked = openDatabase({ url });
const rows = await looked
  .sql('im_campaign_receiver')
  .where({ campaignId: id })
  .groupBy('state', 'reason')
  .select<{ state: string; reason: string; receivers: number }[]>(
    ...['state', 'reason'],
    looked.sql.raw('count(*) as receivers'),
  );
say('the rows', JSON.stringify(rows));
const told = rows.filter(({ state }) => ['sent', 'delivered'].includes(state));
must(
  told.reduce((sum, { receivers }) => sum + receivers, 0) === report.sent,
  'the report is not what the rows say',
);
await looked.close();
console.log(problems.length === 0 ? 'All is as it must be.' : problems.join('\n'));
await swarm.stop();
await platform.stop();
await server.stop();
await mariadb?.stop();
await redis.stop();
await rm(folder, { recursive: true, force: true });
process.exit(problems.length === 0 ? 0 : 1);
