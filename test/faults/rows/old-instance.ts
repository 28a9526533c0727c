import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { migrate, rollback } from 'im-platform';
import { waitUntil } from '../../support/wait-until.ts';
import { enter } from '../kit/few.ts';
import { sourcesBefore } from '../kit/old-build.ts';
import { PlatformProgram, type StoredMessage } from '../kit/platform.ts';
import { prepare } from './platform.ts';
import type { Row, RowReport } from './row.ts';

const migrations = 'packages/im-platform/src/db/migrations';
const users = 4;
/** Of each instance at a time. */
const inFlight = 8;
/** So long anything may take that is refused. */
const longestMs = 6_000;

interface Send {
  readonly content: string;
  readonly path: string;
  readonly to: object;
}

/** To whom they go round: two private conversations, and a group. */
function sendOf(index: number): Send {
  const [path, to] = [
    ['/message/private/send', { recvId: 2 }],
    ['/message/private/send', { recvId: 3 }],
    ['/message/group/send', { groupId: 1 }],
  ][index % 3] as [string, object];
  return { content: `m${index}`, path, to };
}

/** Issue 18: it was not stopped before the database was migrated. */
export const oldInstance: Row = {
  name: 'old-instance',
  numbers: [],
  holds:
    'an instance of before lanes, left running while the database is migrated and beside one of now, refuses every send from then on; nothing is lost, doubled or out of order',
  inTest: 100,
  inFull: 2_000,
  async run({ times, scope }): Promise<RowReport> {
    const stage = await prepare(scope, users);
    const { sql } = stage.people.database;
    const problems: string[] = [];
    const folder = await sourcesBefore(scope, `${migrations}/015-lanes.ts`);
    const known = (await readdir(join(folder, migrations))).map((file) => file.replace(/\.ts$/, ''));
    // What came since is taken back, as if it had been done on its own.
    await sql('im_migration').whereNotIn('name', known).update({ batch: 2 });
    await rollback(sql);
    const old = await PlatformProgram.startIn(scope, folder, {
      ...{ databaseUrl: stage.people.databaseUrl, redisUrl: stage.redis.url, filesDir: stage.filesDir },
    });
    const device = await enter(scope, stage.serverPort, 2);

    let next = 0;
    let slowest = 0;
    const accepted = new Set<string>();
    const refused: Send[] = [];
    const send = async (at: PlatformProgram, what: Send): Promise<boolean> => {
      const { content, path, to } = what;
      const startedAt = performance.now();
      const answer = await at
        .post<StoredMessage>(1, path, { ...to, content, tmpId: content, type: 0 })
        .catch(() => undefined);
      slowest = Math.max(slowest, performance.now() - startedAt);
      if (answer?.code === 200) {
        if (accepted.has(content)) problems.push(`${content} was accepted twice`);
        accepted.add(content);
        return true;
      }
      if (!answer || answer.code < 500) problems.push(`${content} was answered ${answer?.code ?? 'nothing'}`);
      refused.push(what);
      return false;
    };
    const keepSending = async (at: PlatformProgram, isOver: () => boolean): Promise<void> => {
      const one = async (): Promise<void> => {
        while (!isOver()) if (!(await send(at, sendOf(next++)))) await sleep(20);
      };
      await Promise.all(Array.from({ length: inFlight }, one));
    };

    let isOver = false;
    const half = Math.ceil(times / 2);
    const oldSends = keepSending(old, () => isOver);
    await waitUntil('the old one has stored', () => Promise.resolve(accepted.size >= half), 60_000);
    await migrate(sql);
    const atMigration = accepted.size;
    const fresh = await stage.newInstance();
    const start = next;
    await keepSending(fresh, () => next >= start + half);
    isOver = true;
    await oldSends;
    if (!old.isRunning) problems.push('the old instance ended');
    const [ofOld] = await sql('im_private_message').max<{ last: number }[]>('number as last');
    // What the old one refused its people send again.
    const again = refused.splice(0);
    for (const what of again) await send(fresh, what);
    if (refused.length > 0) problems.push(`${refused.length} were refused by the new one as well`);

    const rows = [
      ...(await sql('im_private_message').select<Stored[]>('conversation', 'number', 'id', 'content')),
      ...(await sql('im_group_message')
        .where({ type: 0 })
        .select<Stored[]>(sql.raw("concat('group:', group_id) as conversation"), 'number', 'id', 'content')),
    ];
    problems.push(...judge(rows, next));
    const wanted = rows.filter(
      ({ conversation }) => conversation === 'private:1:2' || conversation === 'group:1',
    );
    const seen = (): Set<unknown> => new Set(device.seen.map(({ data }) => (data as StoredMessage).content));
    await waitUntil(
      'the device has all',
      () => Promise.resolve(wanted.every(({ content }) => seen().has(content))),
      40_000,
    );
    return {
      faults: again.length,
      checked: rows.length,
      problems: problems.slice(0, 20),
      figures: {
        'stored by the old one': { value: atMigration, unit: '', atLeast: half },
        'refused by it afterwards': { value: again.length, unit: '', atLeast: 1 },
        'last number then': { value: ofOld?.last ?? 0, unit: '' },
        'slowest answer': { value: slowest, unit: 'ms', atMost: longestMs },
      },
    };
  },
};

interface Stored {
  readonly conversation: string;
  readonly number: number;
  readonly id: number;
  readonly content: string;
}

function judge(rows: readonly Stored[], sends: number): string[] {
  const problems: string[] = [];
  const contents = new Set(rows.map(({ content }) => content));
  if (contents.size !== sends) problems.push(`${contents.size} of ${sends} are stored`);
  if (contents.size !== rows.length) problems.push(`${rows.length - contents.size} are stored twice`);
  const byConversation = new Map<string, Stored[]>();
  for (const row of rows)
    byConversation.set(row.conversation, [...(byConversation.get(row.conversation) ?? []), row]);
  for (const [conversation, its] of byConversation) {
    its.sort((one, other) => one.number - other.number);
    for (const [index, { number, id }] of its.entries()) {
      if (number !== index + 1) problems.push(`${conversation} has ${number} at place ${index + 1}`);
      if (index > 0 && id <= (its[index - 1]?.id ?? 0))
        problems.push(`${conversation} has ${number} out of order`);
    }
  }
  return problems;
}
