import { setTimeout as sleep } from 'node:timers/promises';
import { knock } from '../kit/few.ts';
import type { StoredMessage } from '../kit/platform.ts';
import { tokenOf } from '../kit/platform.ts';
import { Random } from '../kit/random.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { prepare, type Stage } from './platform.ts';
import type { Row, RowReport } from './row.ts';

// Box-im's page keeps the highest id of each kind, of pulls and of pushes, and asks for what is above. Here are such pages, while all goes
// wrong that makes a lower id visible after a higher one.

const writers = [1, 2, 3, 4, 5, 6, 7, 8] as const;
/** Pulls only. */
const poller = 9;
/** Has a device as well, whose pushes lift its cursor. */
const pusher = 10;
const users = 10;
/** Orders of each writer that are under way. */
const inFlight = 4;
/** A pull answers with the 20,000 newest messages of a kind, so nobody writes when a page is further behind. */
const mostBehind = 4_000;
const heartbeatMs = 10_000;
/** 4,096 in a millisecond. */
const idsOfAnHour = 3_600_000 * 4_096;

type Kind = 'private' | 'group';

interface Said extends StoredMessage {
  readonly sendId: number;
  readonly recvId?: number;
  readonly groupId?: number;
}

/** What a page has of the chats of a kind. */
class Page {
  readonly #cursors: Record<Kind, number> = { private: 0, group: 0 };
  /** Of each chat: the id of each number. */
  readonly chats = new Map<string, Map<number, number>>();
  readonly userId: number;
  /** Messages that it has. */
  size = 0;
  /** And those that no pull had brought before. */
  pushedFirst = 0;

  constructor(userId: number) {
    this.userId = userId;
  }

  cursor(kind: Kind): number {
    return this.#cursors[kind];
  }

  /** Whether it had it not yet. */
  insert(said: Said): boolean {
    const kind = said.groupId === undefined ? 'private' : 'group';
    const chat = `${kind} ${said.groupId ?? said.sendId}`;
    const ids = this.chats.get(chat) ?? new Map<number, number>();
    const before = ids.size;
    this.chats.set(chat, ids.set(said.number, said.id));
    this.#cursors[kind] = Math.max(this.#cursors[kind], said.id);
    this.size += ids.size - before;
    return ids.size > before;
  }
}

interface World {
  readonly stage: Stage;
  readonly instances: Awaited<ReturnType<Stage['newInstance']>>[];
  readonly random: Random;
  readonly problems: string[];
  readonly pages: readonly [poller: Page, pusher: Page];
  /** How many messages are stored that each page is to have. */
  readonly stored: [poller: number, pusher: number];
  /** Which instance stands still. */
  stopped?: World['instances'][number] | undefined;
  isOver: boolean;
}

async function pull({ instances, random, stopped }: World, page: Page, kind: Kind): Promise<void> {
  // Whatever stands before instances asks none that does not answer.
  const at = random.pick(instances.filter((instance) => instance !== stopped));
  const answer = await fetch(`${at.url}/message/${kind}/loadOfflineMessage?minId=${page.cursor(kind)}`, {
    headers: { accesstoken: await tokenOf(page.userId) },
    signal: AbortSignal.timeout(15_000),
  });
  const { data } = (await answer.json()) as { data?: Said[] | null };
  for (const said of data ?? []) page.insert(said);
}

async function keepPulling(world: World, page: Page, everyMs: number): Promise<void> {
  while (!world.isOver) {
    const startedAt = performance.now();
    // An instance that does not answer is asked again a little later, as the page does.
    for (const kind of ['private', 'group'] as const) await pull(world, page, kind).catch(() => undefined);
    // Each answer repeats what the last seconds brought, so under load a page would do nothing else.
    await sleep(Math.max(everyMs, 3 * (performance.now() - startedAt)));
  }
}

/**
 * One writer: its messages go round among its chats (the two readers, and a group of everybody that is the writer's own), each sent
 * again, also to another instance, until it is stored.
 */
async function write(world: World, writer: number, { count, perOrder }: Load): Promise<void> {
  const { instances, random, pages, stored } = world;
  let next = 0;
  const order = async (indexes: readonly number[]): Promise<void> => {
    for (let left = indexes; left.length > 0;) {
      const at = random.pick(instances);
      const failed = await Promise.race([
        at.say({ writer, indexes: left, receivers: [poller, pusher] }),
        sleep(3_000, left, { ref: false }),
      ]);
      const missing = new Set(failed);
      for (const index of left) {
        if (missing.has(index)) continue;
        for (const which of [0, 1] as const) if (index % 3 === 2 || index % 3 === which) stored[which] += 1;
      }
      left = left.filter((index) => missing.has(index));
      if (left.length > 0) await sleep(200);
    }
  };
  const sender = async (): Promise<void> => {
    while (next < count) {
      while (pages.some((page, which) => (stored[which] ?? 0) - page.size > mostBehind)) await sleep(50);
      const first = next;
      next = Math.min(count, first + perOrder);
      await order(Array.from({ length: next - first }, (_, index) => first + index));
    }
  };
  await Promise.all(Array.from({ length: inFlight }, sender));
}

interface Load {
  /** Messages of each writer. */
  readonly count: number;
  /** That it sends at once. */
  readonly perOrder: number;
}

/** Everything that goes wrong, one after the other, until all is written. */
async function hurt(
  world: World,
  seconds: { readonly away: number; readonly stopped: number; readonly between: number },
): Promise<number> {
  const { stage, random, instances } = world;
  const { sql } = stage.people.database;
  const someChat = (): string => `group:${random.pick(writers)}`;
  /** A transaction of somebody is in the middle for as long. */
  const whileHeld = async (work: () => Promise<unknown>): Promise<void> => {
    const hold = await sql.transaction();
    await hold('im_conversation').where({ conversation: someChat() }).forUpdate().select('lane');
    try {
      await work();
    } finally {
      await hold.rollback();
    }
  };
  const faults = [
    () => whileHeld(() => sleep(random.between(200, 2_500))),
    // As if the clock of the database had been an hour ahead.
    async () => {
      const chat = await sql('im_conversation')
        .where({ conversation: someChat() })
        .first<{ lane: number }>('lane');
      await sql('im_lane').where({ lane: chat.lane }).increment('lastId', idsOfAnHour);
    },
    async () => {
      stage.redis.pause();
      await sleep(seconds.away * 1_000);
      stage.redis.resume();
    },
    async () => {
      const stopped = random.pick(instances);
      // It stands before its COMMIT when what it waits for is given free.
      await whileHeld(async () => {
        await sleep(300);
        stopped.pause();
        world.stopped = stopped;
      });
      await sleep(seconds.stopped * 1_000);
      stopped.resume();
      world.stopped = undefined;
    },
  ];
  let count = 0;
  const chats = async (): Promise<boolean> =>
    (await sql('im_conversation').select('lane')).length === 3 * writers.length;
  await waitUntil('something is said in each chat', chats, 30_000);
  while (!world.isOver) {
    const fault = faults[count % faults.length];
    count += 1;
    await fault?.();
    await sleep(random.between(100, seconds.between * 1_000));
  }
  return count;
}

function judge(page: Page, wanted: ReadonlyMap<string, number>): string[] {
  const problems: string[] = [];
  for (const [chat, last] of wanted) {
    const ids = page.chats.get(chat) ?? new Map<number, number>();
    const missed: number[] = [];
    let before = 0;
    for (let number = 1; number <= last; number++) {
      const id = ids.get(number);
      if (id === undefined) missed.push(number);
      else if (id <= before) problems.push(`${page.userId}: ${chat} has ${number} out of order`);
      before = id ?? before;
    }
    if (missed.length > 0)
      problems.push(`${page.userId}: ${chat} misses ${missed.length}: ${missed.slice(0, 5).join(' ')} …`);
  }
  return problems;
}

/** Is online all the time, and logs in again when it was cut off. */
async function follow(page: Page, world: World): Promise<void> {
  const { scope, serverPort } = world.stage;
  let device = await knock(serverPort, page.userId);
  scope.onEnd(() => {
    device.socket.terminate();
  });
  let nextBeatAt = 0;
  while (!world.isOver) {
    for (const { data } of device.seen.splice(0)) {
      const said = data as Partial<Said>;
      if (said.number === undefined || said.id === undefined) continue;
      if (page.insert(said as Said)) page.pushedFirst += 1;
    }
    if (!device.isOpen) device = (await knock(serverPort, page.userId).catch(() => undefined)) ?? device;
    else if (performance.now() > nextBeatAt) {
      device.socket.send('{"cmd":1,"data":{}}');
      nextBeatAt = performance.now() + heartbeatMs;
    }
    await sleep(20);
  }
}

/** Issue 18. */
export const pollingReaders: Row = {
  name: 'polling-readers',
  numbers: [],
  holds:
    'a page that asks for what is above its highest id misses nothing, though writers dawdle, the bus goes away, the clock is wrong and instances stand still before they commit',
  // Within npm test stands test/latecomers.test.ts of im-platform, where nothing depends on the machine.
  inTest: 240,
  inFull: 1_000_000,
  async run({ times, seed, scope, instances: count = 2 }): Promise<RowReport> {
    const isFull = times > 10_000;
    const stage = await prepare(scope, users);
    // Sends have five seconds; pulls, which a machine may be too busy for, three times as long.
    const platform = { requestTimeoutMs: isFull ? 15_000 : 5_000, sweepMs: 500 };
    const instances: World['instances'] = [];
    while (instances.length < count) instances.push(await stage.newInstance({ platform, writes: true }));
    const pages = [new Page(poller), new Page(pusher)] as const;
    const world: World = {
      ...{ stage, instances, pages, random: new Random(seed), problems: [], stored: [0, 0], isOver: false },
    };
    const { sql } = stage.people.database;
    const createdTime = 0;
    const owned = writers.slice(1).map((id) => ({ id, name: `of ${id}`, ownerId: id, createdTime }));
    await sql('im_group').insert(owned);
    for (const { id: groupId } of owned)
      await sql('im_group_member').insert(
        Array.from({ length: users }, (_, index) => ({
          ...{ groupId, userId: index + 1, userNickName: `u${index + 1}`, createdTime },
        })),
      );
    // Pulls go by the places that people have in groups.
    await sql('im_conversation_member').insert(
      writers.flatMap((groupId) =>
        Array.from({ length: users }, (_, index) => ({
          ...{ userId: index + 1, conversation: `group:${groupId}` },
        })),
      ),
    );
    const readers = [
      keepPulling(world, pages[0], 100),
      keepPulling(world, pages[1], 700),
      follow(pages[1], world),
    ];
    const startedAt = performance.now();
    const hurting = hurt(
      world,
      isFull ? { away: 10, stopped: 60, between: 30 } : { away: 1, stopped: 11, between: 1 },
    );
    const load = { count: Math.ceil(times / writers.length), perOrder: isFull ? 100 : 1 };
    const told = tellProgress(world, startedAt);
    await Promise.all(writers.map((writer) => write(world, writer, load)));
    clearInterval(told);
    const elapsedS = (performance.now() - startedAt) / 1_000;
    const rows = await sql('im_conversation')
      .whereIn(
        'conversation',
        writers.flatMap((id) => [`private:${id}:${poller}`, `private:${id}:${pusher}`, `group:${id}`]),
      )
      .select<{ conversation: string; lastNumber: number }[]>('conversation', 'lastNumber');
    const wantedBy = (userId: number): Map<string, number> => {
      const wanted = new Map<string, number>();
      for (const { conversation, lastNumber } of rows) {
        const [kind = '', one = '', other] = conversation.split(':');
        if (other === undefined || other === String(userId)) wanted.set(`${kind} ${one}`, lastNumber);
      }
      return wanted;
    };
    const stored = rows.reduce((sum, { lastNumber }) => sum + lastNumber, 0);
    const all = load.count * writers.length;
    if (stored !== all) world.problems.push(`${stored} are stored, not ${all}`);
    const isWhole = (page: Page): boolean =>
      page.size === Array.from(wantedBy(page.userId).values()).reduce((sum, last) => sum + last, 0);
    await waitUntil('both have all', () => Promise.resolve(pages.every(isWhole)), 120_000).catch(
      () => undefined,
    );
    world.isOver = true;
    await Promise.all(readers);
    const faults = await hurting;
    for (const page of pages) world.problems.push(...judge(page, wantedBy(page.userId)));
    const late = await sql('im_latecomer').count<{ rows: number }[]>('* as rows');
    return {
      faults,
      checked: pages[0].size + pages[1].size,
      problems: world.problems.slice(0, 20),
      figures: {
        sends: { value: all / elapsedS, unit: '/s' },
        'by a push first': { value: pages[1].pushedFirst, unit: '' },
        'noted as latecomers': { value: late[0]?.rows ?? 0, unit: '' },
      },
    };
  },
};

/** A million takes so long that one wants to know. */
function tellProgress({ pages, stored }: World, startedAt: number): NodeJS.Timeout {
  return setInterval(() => {
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    console.log(
      `  ${seconds} s: ${stored.join(', ')} stored, ${pages.map(({ size }) => size).join(', ')} read`,
    );
  }, 60_000);
}
