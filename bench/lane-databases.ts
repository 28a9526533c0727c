// What lanes in a second database cost: `npx tsx --conditions=im-source bench/lane-databases.ts [messages] [rounds]`. CPU per message that is sent to one
// and to groups of 10 and of 100, per change of members of these, and per sync, of this process (the platform, and the client that asks it) and of both
// databases together, and how long one takes: with all in one MariaDB, and with conversations in a second one, in turns. Both servers are started for it.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryBus } from 'im-common/bus';
import { createPlatform, openDatabase, seed, type Database } from 'im-platform';
import { createApiClient, unwrap, type ApiTokens } from 'im-platform/client';
import { startMariaDb } from 'im-test/support';
import { median } from './process-figures.ts';

const [messages, rounds] = [Number(process.argv[2] ?? 1_000), Number(process.argv[3] ?? 20)];
const [atOnce, syncs, changes] = [32, 50, 40];
const sizes = [10, 100] as const;
const password = 'only-for-this-bench';
const secret = (): string => randomBytes(32).toString('base64');
const folder = await mkdtemp(join(tmpdir(), 'im-bench-'));
const servers = [await startMariaDb({ fast: true }), await startMariaDb({ fast: true })];

/** Microseconds of CPU for each, and milliseconds of the clock. */
interface Cost {
  readonly here: number;
  readonly databases: number;
  readonly all: number;
  readonly ms: number;
}

const measured = ['send', 'send to 10', 'send to 100', 'change of 10', 'change of 100', 'sync'] as const;

type Figures = Readonly<Record<(typeof measured)[number], Cost>>;

function im(...args: readonly string[]): string {
  const program = new URL('../packages/im-platform/src/main.ts', import.meta.url).pathname;
  return execFileSync(process.execPath, ['--import=tsx', '--conditions=im-source', program, ...args], {
    encoding: 'utf8',
  });
}

/** Of a process, with threads that have ended: those of connections come and go. In steps of a hundredth of a second. */
function cpuUsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

async function timed(count: number, work: () => Promise<unknown>): Promise<Cost> {
  const spent = (): number => servers.reduce((sum, { pid }) => sum + cpuUsOf(pid), 0);
  const [before, spentBefore, beganAt] = [process.cpuUsage(), spent(), performance.now()];
  await work();
  const ms = (performance.now() - beganAt) / count;
  const { user, system } = process.cpuUsage(before);
  const [here, databases] = [(user + system) / count, (spent() - spentBefore) / count];
  return { here, databases, all: here + databases, ms };
}

async function open(name: string, isSpread: boolean) {
  for (const { url } of servers) {
    const server = openDatabase({ url });
    await server.sql.raw(`create database ${name}`);
    await server.close();
  }
  const [database = '', there = ''] = servers.map(({ url }) => `${url}${name}`);
  const where = ['--database', database, ...(isSpread ? ['--lane-databases', `east=${there}`] : [])];
  im('migrate', ...where);
  const opened = openDatabase({ url: database });
  await seed(opened, { password });
  const groups = await makeGroups(opened);
  await opened.close();
  if (isSpread) im('lanes', 'move', '0-62', 'east', ...where);
  const bus = createMemoryBus();
  await bus.start();
  const platform = createPlatform({
    ...{ database, bus, host: '127.0.0.1', port: 0, page: false, filesDir: join(folder, name) },
    ...{ accessSecret: secret(), refreshSecret: secret(), search: false },
    ...{ messagesPerMinute: 1_000_000, requestsPerMinute: 1_000_000, invitationsPerHour: 1_000_000 },
    ...(isSpread && { laneDatabases: [`east=${there}`] }),
  });
  await platform.start();
  let tokens: ApiTokens | undefined;
  const { url } = platform;
  const api = createApiClient({ url, tokens: { read: () => tokens, write: (fresh) => (tokens = fresh) } });
  const body = { userName: 'ann', password, device: 'web' as const };
  tokens = await unwrap(api.POST('/v1/sessions', { body }));
  const { items } = await unwrap(api.GET('/v1/conversations', { params: { query: {} } }));
  const pair = items.find(({ id }) => id.startsWith('private:'))?.id ?? '';
  let next = 0;
  const send = async (conversationId: string, count: number): Promise<void> => {
    const last = next + count;
    const sender = async (): Promise<void> => {
      while (next < last) {
        const params = { path: { conversationId }, header: { 'idempotency-key': `bench-${next++}` } };
        const said = { content: { type: 'text' as const, text: 'x'.repeat(80) } };
        await unwrap(api.POST('/v1/conversations/{conversationId}/messages', { params, body: said }));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, sender));
  };
  const { cursor } = await unwrap(api.POST('/v1/sync', { body: {} }));
  const sync = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index++)
      await unwrap(api.POST('/v1/sync', { body: { cursor, limit: 20, messages: 5 } }));
  };
  const change = async ({ groupId, comer }: Grown, count: number): Promise<void> => {
    for (let index = 0; index < count; index += 2) {
      const params = { path: { groupId } };
      await unwrap(api.POST('/v1/groups/{groupId}/members', { params, body: { userIds: [comer] } }));
      const member = { path: { groupId, userId: comer } };
      await unwrap(api.DELETE('/v1/groups/{groupId}/members/{userId}', { params: member }));
    }
  };
  await send(pair, messages);
  for (const { groupId } of groups) await send(`group:${groupId}`, messages);
  await sync(syncs / 4);
  const [small, large] = groups;
  return {
    round: async (): Promise<Figures> => ({
      send: await timed(messages, () => send(pair, messages)),
      'send to 10': await timed(messages, () => send(`group:${small.groupId}`, messages)),
      'send to 100': await timed(messages, () => send(`group:${large.groupId}`, messages)),
      'change of 10': await timed(changes, () => change(small, changes)),
      'change of 100': await timed(changes, () => change(large, changes)),
      sync: await timed(syncs, () => sync(syncs)),
    }),
    async close(): Promise<void> {
      await platform.close();
      await bus.close();
    },
  };
}

interface Grown {
  readonly groupId: string;
  /** A friend of ann's who is not in it. */
  readonly comer: string;
}

/** Of ann's, one of each size, before any lane moves. */
async function makeGroups({ sql }: Database): Promise<[Grown, Grown]> {
  const createdTime = Date.now();
  const { id: annId } = await sql('im_user').where({ userName: 'ann' }).first<{ id: number }>('id');
  const names = Array.from({ length: Math.max(...sizes) }, (_, index) => `member${index}`);
  await sql('im_user').insert(
    names.map((userName) => ({ userName, nickName: userName, password: '!', createdTime })),
  );
  const rows = await sql('im_user').whereIn('userName', names).orderBy('id').select<{ id: number }[]>('id');
  const [comer = 0, ...others] = rows.map(({ id }) => id);
  const friends = { friendNickName: 'x', createdTime };
  await sql('im_friend').insert([
    { ...friends, userId: annId, friendId: comer },
    { ...friends, userId: comer, friendId: annId },
  ]);
  const grown: Grown[] = [];
  for (const size of sizes) {
    const [groupId = 0] = await sql('im_group').insert({ name: `of ${size}`, ownerId: annId, createdTime });
    const userIds = [annId, ...others.slice(0, size - 1)];
    const conversation = `group:${groupId}`;
    await sql('im_group_member').insert(
      userIds.map((userId) => ({ groupId, userId, userNickName: 'x', headImage: '', quit: 0, createdTime })),
    );
    const placed = { conversation, firstNumber: 1 };
    await sql('im_conversation_member').insert(userIds.map((userId) => ({ ...placed, userId })));
    grown.push({ groupId: String(groupId), comer: String(comer) });
  }
  return grown as [Grown, Grown];
}

const [alone, spread] = [await open('alone', false), await open('spread', true)];
const figures: { readonly one: Figures; readonly two: Figures }[] = [];
for (let turn = 0; turn < rounds; turn++) {
  // Who comes first changes, so that what the machine does meanwhile is the same for both.
  const first = turn % 2 === 0 ? await alone.round() : undefined;
  const two = await spread.round();
  figures.push({ one: first ?? (await alone.round()), two });
}
console.log(
  `${messages} messages of each kind, ${changes} changes of members and ${syncs} syncs in each of ${rounds} rounds, in turns: the median, and of the ratios that and the middle half`,
);
for (const what of measured)
  for (const of of ['here', 'databases', 'all', 'ms'] as const) {
    const [one, two] = [
      figures.map((round) => round.one[what][of]),
      figures.map((round) => round.two[what][of]),
    ];
    const ratios = one.map((cost, index) => (two[index] ?? 0) / cost).toSorted((a, b) => a - b);
    const quarter = (share: number): string => (ratios[Math.floor(ratios.length * share)] ?? 0).toFixed(2);
    const unit = of === 'ms' ? 'ms' : 'µs of CPU';
    console.log(
      `${what}, ${of}: ${median(one).toFixed(1)} ${unit} with one, ${median(two).toFixed(1)} with two; ` +
        `ratio ${median(ratios).toFixed(2)} (${quarter(0.25)} to ${quarter(0.75)})`,
    );
  }
await alone.close();
await spread.close();
for (const server of servers) await server.stop();
await rm(folder, { recursive: true });
