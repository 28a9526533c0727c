import { createECDH, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase, type Database } from 'im-platform';
import { onBothDatabases } from '../both-databases.ts';
import { ChildProgram } from '../child-program.ts';
import { makeGroup, tokenOf, type PeopledDatabase } from '../people.ts';
import { median, residentKb } from '../process-figures.ts';
import type { Table } from '../report/table.ts';
import { lots } from '../small.ts';
import { benchSecret } from '../start-server.ts';
import { startIm, type ImSubject } from '../subjects/im.ts';
import type { OwnRedis } from '../subjects/subject.ts';
import { Swarm } from '../swarm/swarm.ts';

const users = lots(10_000);
const online = lots(100);
const away = users - online;
const bigGroup = 1;

interface PlatformAnswer {
  readonly id: number;
  readonly error?: string;
  readonly port: number;
}

/** One message in a group of 10,000, of whom 9,900 are away and have registered a browser. */
export async function awayPush(rounds: number): Promise<Table[]> {
  const rows = await onBothDatabases(users, async (name, people, redis) => {
    await makeGroup(
      people,
      bigGroup,
      Array.from({ length: users }, (_, index) => index + 1),
    );
    const service = await startService();
    try {
      await registerAll(people.database, service.host);
      const measured = await measure(name, people, redis, service, rounds);
      console.log(measured);
      return [measured];
    } finally {
      service.close();
    }
  });
  return [
    {
      title: 'A message in a large group, and everybody away',
      note: `A group of 10,000: ${online} are online, ${away} have a browser registered and are away. From the send of one message until the last browser's service has its push, after the 5 s that devices have; medians of ${rounds} rounds.`,
      columns: [
        '',
        'CPU of the platform, s a message',
        'µs a browser',
        'until the last, s',
        'pushes/s',
        'queries a message',
        'memory before, MB',
        'at most, MB',
      ],
      rows,
    },
  ];
}

interface Service {
  readonly host: string;
  readonly posts: () => { readonly count: number; readonly firstAt: number; readonly lastAt: number };
  readonly reset: () => void;
  readonly close: () => void;
}

/** Takes whatever it is given. */
async function startService(): Promise<Service> {
  let [count, firstAt, lastAt] = [0, 0, 0];
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      lastAt = performance.now();
      if (count === 0) firstAt = lastAt;
      count += 1;
      response.writeHead(201).end();
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    posts: () => ({ count, firstAt, lastAt }),
    reset: () => ([count, firstAt, lastAt] = [0, 0, 0]),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function registerAll({ sql }: Database, host: string): Promise<void> {
  const browser = createECDH('prime256v1');
  browser.generateKeys();
  const secrets = JSON.stringify({
    p256dh: browser.getPublicKey('base64url'),
    auth: randomBytes(16).toString('base64url'),
  });
  for (let first = 1; first <= users; first += 500) {
    const ids = Array.from({ length: 500 }, (_, index) => first + index);
    await sql('im_conversation_member').insert(
      ids.map((userId) => ({ userId, conversation: `group:${bigGroup}` })),
    );
    await sql('im_away_registration').insert(
      ids
        .filter((id) => id > online)
        .map((userId) => ({
          ...{ sessionId: `session-${userId}`, userId, channel: 'web', address: `http://${host}/${userId}` },
          ...{ addressHash: String(userId), secrets, language: 'en', createdTime: 1 },
        })),
    );
  }
}

async function measure(
  name: string,
  people: PeopledDatabase,
  redis: OwnRedis,
  service: Service,
  rounds: number,
): Promise<Table['rows'][number]> {
  const swarm = new Swarm(1);
  const server: ImSubject = await startIm({ name: 'im', redis, proof: 'pong' });
  // SQLite belongs to the platform's process.
  const database = people.database.dialect === 'sqlite' ? undefined : openDatabase({ url: people.url });
  await people.database.close();
  process.env['IM_BENCH_PLATFORM'] = JSON.stringify({
    ...{ webPushContact: 'mailto:ops@example.com', webPushHosts: [service.host] },
  });
  const args = [people.url, redis.url, server.keyPrefix, benchSecret];
  const platform = new ChildProgram<object, PlatformAnswer>('peers/platform-process.ts', args);
  delete process.env['IM_BENCH_PLATFORM'];
  try {
    const { port } = await platform.ask({});
    await swarm.open('im', 'im', server.port, online);
    const figures: number[][] = [];
    for (let round = 0; round <= rounds; round++) {
      service.reset();
      const before = {
        cpu: platform.cpuUs(),
        kb: residentKb(platform.pid),
        queries: await queries(database),
      };
      const sentAt = performance.now();
      await send(port, { groupId: bigGroup, tmpId: `m${round}`, content: `message ${round}`, type: 0 });
      let mostKb = before.kb;
      const within = performance.now() + 600_000;
      while (service.posts().count < away) {
        if (performance.now() > within) throw new Error(`${service.posts().count} were told`);
        await sleep(50);
        mostKb = Math.max(mostKb, residentKb(platform.pid));
      }
      const { firstAt, lastAt } = service.posts();
      // Until it is noted, and looked at once more.
      await sleep(2_000);
      if (service.posts().count > away) throw new Error('Somebody was told twice');
      const cpuUs = platform.cpuUs() - before.cpu;
      console.log(`${name}, round ${round}: ${((lastAt - sentAt) / 1_000).toFixed(1)} s`);
      figures.push([
        ...[cpuUs / 1e6, cpuUs / away, (lastAt - sentAt) / 1_000, (away * 1_000) / (lastAt - firstAt)],
        ...[(await queries(database)) - before.queries, before.kb / 1_024, mostKb / 1_024],
      ]);
    }
    // The first one warms up.
    const measured = figures.slice(1);
    return [name, ...(figures[0] ?? []).map((_, column) => median(measured.map((row) => row[column] ?? 0)))];
  } finally {
    await platform.stop();
    await swarm.stop();
    await server.stop();
    await database?.close();
  }
}

/** Until it is stored: a machine with much to do answers 503 now and then. */
async function send(port: number, message: object): Promise<void> {
  const headers = { accesstoken: await tokenOf(1), 'content-type': 'application/json' };
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/message/group/send`, {
      ...{ method: 'POST', headers, body: JSON.stringify(message) },
    });
    const { code } = (await answer.json()) as { code: number };
    if (code === 200) return;
    if (code !== 503) throw new Error(`It was not sent: ${code}`);
    await sleep(500);
  }
}

/** All that the server was asked so far. */
async function queries(database: Database | undefined): Promise<number> {
  if (!database) return Number.NaN;
  const [[row]] = (await database.sql.raw("show global status like 'Questions'")) as [
    [{ readonly Value?: string; readonly value?: string }],
  ];
  return Number(row.Value ?? row.value);
}
