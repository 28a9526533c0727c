import { silentLogger } from 'im-common';
import { onCleanup } from 'im-test/support';
import { describe, expect, it } from 'vitest';
import type { Database } from '../src/index.ts';
import { laneOf, laneOfId } from '../src/db/lanes.ts';
import { openDatabase } from '../src/index.ts';
import { MessageLog } from '../src/message-log/message-log.ts';
import { conversationOf } from '../src/messages/private/private-message.ts';
import {
  privateLogKind,
  type PrivateDraft,
  type PrivateMessageLog,
} from '../src/messages/private/private-log.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { migratedDatabase } from './support/migrated-database.ts';
import { say, sayInGroup } from './support/messages.ts';
import { startTestPlatform, storeKinds, type StoreKind } from './support/test-platform.ts';

// What a send asks of the database, so that nobody adds to it unawares. A line is one way there and back, with what goes along.

interface Asked {
  readonly sql: string;
  /** With the one before. */
  readonly goesAlong?: boolean;
}

/** What is asked, and of which table. */
function shortOf(sql: string): string {
  const lock = /(get|release)_lock/.exec(sql)?.[0];
  if (lock) return lock;
  const [, verb = '', table = ''] = /^(\w+)(?:.*?`(im_\w+)`)?/s.exec(sql) ?? [];
  return `${verb.toLowerCase()} ${table.replace('im_', '')}`.trim();
}

function listen({ sql }: Database): string[] {
  const ways: string[] = [];
  sql.on('query', ({ sql: text, goesAlong = false }: Asked) => {
    if (goesAlong) ways.push(`${ways.pop()}, ${shortOf(text)}`);
    else ways.push(shortOf(text));
  });
  return ways;
}

const packs = {
  private: {
    mariadb: [
      'get_lock',
      'begin, select lane, select conversation, select lane, select private_message, select friend',
      'insert private_message, insert pending_push, insert conversation, insert conversation_member, insert lane, commit',
      'release_lock',
    ],
    sqlite: [
      ...['begin', 'select lane', 'select conversation', 'select lane', 'select private_message'],
      ...['select friend', 'insert private_message', 'insert pending_push', 'insert conversation'],
      ...['insert conversation_member', 'insert lane', 'commit', 'select lane'],
    ],
  },
  group: {
    mariadb: [
      'get_lock',
      'begin, select lane, select conversation, select lane, select group_message, select group, select group_member',
      'insert group_message, insert pending_push, insert conversation, insert conversation_member, insert lane, commit',
      'select group',
      'release_lock',
    ],
    sqlite: [
      ...['begin', 'select lane', 'select conversation', 'select lane', 'select group_message'],
      ...['select group', 'select group_member', 'insert group_message', 'insert pending_push'],
      ...['insert conversation', 'insert conversation_member', 'insert lane', 'commit', 'select group'],
      'select lane',
    ],
  },
} as const;

describe.each(storeKinds)('a send on %s', (store) => {
  it('asks the database this, and no more', async () => {
    const test = await startTestPlatform({ store, platform: { sweepMs: 600_000 } });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    const { id: groupId } = await openGroup(ann, [bob]);
    // The first one reads who is in the group.
    await sayInGroup(ann, groupId, 'hello');
    await say(ann, bob, 'hello', { tmpId: '0' });
    const pending = (): Promise<unknown[]> => test.platform.database.sql('im_pending_push').select();
    await expect.poll(pending).toEqual([]);

    const ways = listen(test.platform.database);
    const done = 'delete pending_push';
    let sends = 0;
    for (const kind of ['private', 'group'] as const) {
      const waysOfOne = async (): Promise<string[]> => {
        ways.length = 0;
        const more = { tmpId: `${(sends += 1)}` };
        await (kind === 'private' ? say(ann, bob, 'hi', more) : sayInGroup(ann, groupId, 'hi', more));
        await expect.poll(() => ways.includes(done)).toBe(true);
        return ways.filter((way) => way !== done).toSorted();
      };
      // Again when something else was asked meanwhile, of what was done before.
      await expect.poll(waysOfOne).toEqual(['select session', ...packs[kind][store]].toSorted());
    }
  });
});

const me = 1;
const people = 400;

/** The log of private messages alone, of somebody who has so many friends. */
async function openLog(
  store: StoreKind,
): Promise<{ database: Database; log: PrivateMessageLog; batches: number[] }> {
  const database = openDatabase({ url: await migratedDatabase(store) });
  const createdTime = Date.now();
  await database.sql('im_friend').insert(
    Array.from({ length: people }, (_, index) => ({
      ...{ userId: me, friendId: index + 2, friendNickName: 'x', createdTime },
    })),
  );
  const batches: number[] = [];
  const log: PrivateMessageLog = new MessageLog(
    database,
    privateLogKind({ pushStored: async () => undefined }),
    {
      logger: silentLogger,
      onBatch: (messages) => batches.push(messages),
      longestWaitMs: 3_000,
      whenCapacity: () => Promise.resolve(),
      handover: { begin: () => undefined, end: () => Promise.resolve(), giveUp: () => undefined },
    },
  );
  onCleanup(async () => {
    await log.close();
    await database.close();
  });
  return { database, log, batches };
}

function draft(recvId: number, index: number): PrivateDraft {
  const what = { type: 0, content: `m${index}`, tmpId: `t${index}` };
  return { ...what, sendId: me, terminal: 0, recvId, needsFriendship: true };
}

describe.each(storeKinds)('a batch on %s', (store) => {
  it.each([1, 64])('of %i asks the database this, and no more', async (count) => {
    const { database, log, batches } = await openLog(store);
    const ways = listen(database);

    await Promise.all(
      Array.from({ length: count }, (_, index) => log.append({ draft: draft(index + 2, index) })),
    );
    await log.close();

    expect(batches).toEqual([count]);
    expect(ways).toEqual(packs.private[store]);
  });

  it.each([
    ['one conversation', () => 2],
    [`${people} conversations`, (index: number) => index + 2],
  ])('takes 400 of %s, in order', async (_what, receiverOf) => {
    const { log, batches } = await openLog(store);

    const stored = await Promise.all(
      Array.from({ length: people }, (_, index) => log.append({ draft: draft(receiverOf(index), index) })),
    );

    expect(batches).toEqual([people]);
    const last = new Map<string, { id: number; number: number; sendTime: number }>();
    const lastOfLane = new Map<number, number>();
    for (const [index, message] of stored.entries()) {
      const { id, number, sendTime, content, recvId } = message;
      const conversation = conversationOf(me, recvId);
      const lane = laneOf(conversation);
      expect(content).toBe(`m${index}`);
      expect(number).toBe((last.get(conversation)?.number ?? 0) + 1);
      expect(laneOfId(id)).toBe(lane);
      expect(id).toBeGreaterThan(lastOfLane.get(lane) ?? 0);
      expect(sendTime).toBeGreaterThanOrEqual(last.get(conversation)?.sendTime ?? 0);
      last.set(conversation, message);
      lastOfLane.set(lane, id);
    }
    expect(last.size).toBe(receiverOf(1) === 2 ? 1 : people);
  });
});
