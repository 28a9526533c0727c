import { silentLogger } from 'im-common';
import { describe, expect, it } from 'vitest';
import { ConversationStates } from '../src/conversations/conversation-states.ts';
import { ConversationStore } from '../src/conversations/conversation-store.ts';
import { inBursts } from '../src/conversations/bursts.ts';
import { Outbox } from '../src/events/outbox.ts';
import { ReadPositions } from '../src/conversations/read-positions.ts';
import { StateNews } from '../src/conversations/state-news.ts';
import { unreadOf } from './support/conversations.ts';
import { openGroup } from './support/groups.ts';
import { sayInGroup } from './support/messages.ts';
import { startTestPlatform, storeKinds } from './support/test-platform.ts';

describe('what is asked in bursts', () => {
  it('goes alone when it comes alone, and together when it comes in a crowd, each with its own answer', async () => {
    const calls: number[] = [];
    const double = inBursts<number, number>(
      (questions) => {
        calls.push(questions.length);
        return Promise.resolve(questions.map((one) => one * 2));
      },
      { windowMs: 20, most: 3 },
    );

    expect(await double(1)).toBe(2);
    expect(await Promise.all([2, 3, 4, 5].map(double))).toEqual([4, 6, 8, 10]);
    expect(await Promise.all([6, 7].map(double))).toEqual([12, 14]);

    expect(calls).toEqual([1, 3, 1, 2]);
  });

  it('fails for those of one call alone', async () => {
    const ask = inBursts<string, string>(
      (questions) =>
        questions.includes('wrong') ? Promise.reject(new Error('wrong')) : Promise.resolve(questions),
      { windowMs: 1, most: 2 },
    );
    const answers = await Promise.allSettled(['right', 'wrong', 'other'].map(ask));

    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
    expect(await ask('again')).toBe('again');
  });
});

describe.each(storeKinds)('a message that two hundred read at once, on %s', (store) => {
  it('costs few statements for each, whether they have read all or not, and each sees at once that they have', async () => {
    const { platform, register } = await startTestPlatform({
      store,
      // What it looks for meanwhile is not counted.
      platform: { sweepMs: 600_000, wordsCheckMs: 600_000 },
    });
    const { database, im } = platform;
    const ann = await register('ann');
    const { id: groupId } = await openGroup(ann, []);
    for (const text of ['one', 'two', 'three']) await sayInGroup(ann, groupId, text);
    const conversation = `group:${groupId}`;
    const readers = Array.from({ length: 200 }, (_, index) => 1_000 + index);
    await database.sql('im_conversation_member').insert(readers.map((userId) => ({ userId, conversation })));
    const conversations = new ConversationStore(database);
    const states = new ConversationStates(database);
    const news = new StateNews({ im, states, logger: silentLogger });
    const positions = new ReadPositions({ database, store: conversations, news, outbox: new Outbox() });
    let statements = 0;
    database.sql.on('query', () => (statements += 1));

    const moved = await Promise.all(
      readers.map((userId, index) => positions.move(userId, conversation, index % 2 === 0 ? 3 : 2)),
    );

    expect(statements / readers.length).toBeLessThan(0.2);
    expect(moved.map((one) => one?.to)).toEqual(readers.map((_, index) => (index % 2 === 0 ? 3 : 2)));
    expect(await unreadOf(database, readers[0]!)).toEqual({ [conversation]: 0 });
    expect(await unreadOf(database, readers[1]!)).toEqual({ [conversation]: 1 });
    // Never back; and who is not in it is told so.
    expect(await positions.move(readers[0]!, conversation, 1)).toMatchObject({
      from: 3,
      to: 3,
      isChanged: false,
    });
    expect(await positions.move(999, conversation, 3)).toBeUndefined();
  });
});
