import { setTimeout as sleep } from 'node:timers/promises';
import { enter, type Device } from '../kit/few.ts';
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
/** Of each writer: the two readers, and a group of everybody that is the writer's own. */
const inFlight = 4;
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

  constructor(userId: number) {
    this.userId = userId;
  }

  cursor(kind: Kind): number {
    return this.#cursors[kind];
  }

  insert(said: Said): void {
    const kind = said.groupId === undefined ? 'private' : 'group';
    const chat = `${kind} ${said.groupId ?? said.sendId}`;
    const ids = this.chats.get(chat) ?? new Map<number, number>();
    this.chats.set(chat, ids.set(said.number, said.id));
    this.#cursors[kind] = Math.max(this.#cursors[kind], said.id);
  }

  get size(): number {
    return Array.from(this.chats.values()).reduce((sum, ids) => sum + ids.size, 0);
  }
}

interface World {
  readonly stage: Stage;
  readonly instances: Awaited<ReturnType<Stage['newInstance']>>[];
  readonly random: Random;
  readonly problems: string[];
  isOver: boolean;
}

async function pull({ instances, random }: World, page: Page, kind: Kind): Promise<void> {
  const at = instances[random.between(0, instances.length - 1)];
  const answer = await fetch(
    `${at?.url ?? ''}/message/${kind}/loadOfflineMessage?minId=${page.cursor(kind)}`,
    {
      headers: { accesstoken: await tokenOf(page.userId) },
      signal: AbortSignal.timeout(3_000),
    },
  );
  const { data } = (await answer.json()) as { data?: Said[] | null };
  for (const said of data ?? []) page.insert(said);
}

async function keepPulling(world: World, page: Page, everyMs: number): Promise<void> {
  while (!world.isOver) {
    // An instance that does not answer is asked again a little later, as the page does.
    for (const kind of ['private', 'group'] as const) await pull(world, page, kind).catch(() => undefined);
    await sleep(everyMs);
  }
}

/** One writer: its messages go round among its chats, each sent again until it is stored. */
async function write(world: World, writer: number, count: number): Promise<void> {
  const { instances, random } = world;
  let next = 0;
  const send = async (index: number): Promise<void> => {
    const tmpId = `w${writer}-${index}`;
    const [path, to] = [
      ['/message/private/send', { recvId: poller }],
      ['/message/private/send', { recvId: pusher }],
      ['/message/group/send', { groupId: writer }],
    ][index % 3] as [string, object];
    for (;;) {
      const at = instances[random.between(0, instances.length - 1)];
      const answer = await Promise.race([
        at?.post<Said>(writer, path, { ...to, tmpId, content: tmpId, type: 0 }).catch(() => undefined),
        sleep(3_000, undefined, { ref: false }),
      ]);
      if (answer?.code === 200) return;
      await sleep(200);
    }
  };
  const sender = async (): Promise<void> => {
    while (next < count) await send(next++);
  };
  await Promise.all(Array.from({ length: inFlight }, sender));
}

/** Everything that goes wrong, one after the other, until all is written. */
async function hurt(
  world: World,
  seconds: { readonly away: number; readonly stopped: number },
): Promise<number> {
  const { stage, random, instances } = world;
  const { sql } = stage.people.database;
  const someChat = (): string => `group:${random.between(1, writers.length)}`;
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
      const stopped = instances[random.between(0, instances.length - 1)];
      // It stands before its COMMIT when what it waits for is given free.
      await whileHeld(async () => {
        await sleep(300);
        stopped?.pause();
      });
      await sleep(seconds.stopped * 1_000);
      stopped?.resume();
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
    await sleep(random.between(100, 1_000));
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

async function follow(device: Device, page: Page, world: World): Promise<void> {
  for (let seen = 0; !world.isOver;) {
    for (; seen < device.seen.length; seen++) {
      const said = device.seen[seen]?.data as Partial<Said>;
      if (said.number !== undefined && said.id !== undefined) page.insert(said as Said);
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
  async run({ times, seed, scope }): Promise<RowReport> {
    const isFull = times > 10_000;
    const stage = await prepare(scope, users);
    const platform = { requestTimeoutMs: 5_000, sweepMs: 500 };
    const instances = [await stage.newInstance({ platform }), await stage.newInstance({ platform })];
    const world: World = { stage, instances, random: new Random(seed), problems: [], isOver: false };
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
    const pages = [new Page(poller), new Page(pusher)] as const;
    const device = await enter(scope, stage.serverPort, pusher);
    const readers = [
      keepPulling(world, pages[0], 100),
      keepPulling(world, pages[1], 700),
      follow(device, pages[1], world),
    ];
    const startedAt = performance.now();
    const hurting = hurt(world, isFull ? { away: 10, stopped: 60 } : { away: 1, stopped: 11 });
    const each = Math.ceil(times / writers.length);
    await Promise.all(writers.map((writer) => write(world, writer, each)));
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
    if (stored !== each * writers.length)
      world.problems.push(`${stored} are stored, not ${each * writers.length}`);
    const isWhole = (page: Page): boolean => judge(page, wantedBy(page.userId)).length === 0;
    await waitUntil('both have all', () => Promise.resolve(pages.every(isWhole)), 60_000).catch(
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
        sends: { value: (each * writers.length) / elapsedS, unit: '/s' },
        'noted as latecomers': { value: late[0]?.rows ?? 0, unit: '' },
      },
    };
  },
};
