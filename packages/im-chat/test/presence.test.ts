import type { ApiClient } from 'im-platform/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Presences } from '../src/people/presences.ts';
import { Typing } from '../src/people/typing.ts';
import { readPush } from '../src/pushes/push.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ok = { response: new Response(null, { status: 204 }) };

/** Says that everybody with an even id is there, and nothing of those above 1000. */
function presencesOf(isFriend: (id: string) => boolean) {
  const asked: string[] = [];
  const away = { isAway: false };
  const api = {
    GET: (_: string, { params }: { params: { query: { ids: string } } }) => {
      const { ids } = params.query;
      asked.push(ids);
      if (away.isAway) return Promise.reject(new TypeError('fetch failed'));
      const items = ids.split(',').flatMap((userId) => {
        const [id, isOnline] = [Number(userId), Number(userId) % 2 === 0];
        return id > 1_000 ? [] : [{ userId, isOnline, lastSeenAt: isOnline ? null : '2026-11-28T00:00:00Z' }];
      });
      return Promise.resolve({ ...ok, response: new Response(null), data: { items } });
    },
  } as unknown as ApiClient;
  return { presences: new Presences({ api, isFriend }), asked, away };
}

const listener = (): void => undefined;

test('only who is looked at is asked for, those of a moment together, and friends seldom again', async () => {
  const { presences, asked, away } = presencesOf((id) => id === '2');
  const off = ['2', '3', '1001'].map((id) => presences.of(id).subscribe(listener));
  presences.of('4');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked).toEqual([]);

  presences.online();
  await vi.advanceTimersByTimeAsync(200);
  expect(asked).toEqual(['2,3,1001']);
  expect(presences.of('2').get()).toMatchObject({ isOnline: true });
  expect(presences.of('3').get()).toMatchObject({ isOnline: false });
  expect(presences.of('1001').get()).toBeUndefined();

  // Of a friend it is pushed; of others, and of what failed, it is asked again.
  await vi.advanceTimersByTimeAsync(61_000);
  expect(asked).toEqual(['2,3,1001', '3,1001']);
  presences.heard([{ userId: '2', isOnline: false, lastSeenAt: '2026-11-28T00:01:00Z' }]);
  expect(presences.of('2').get()).toMatchObject({ isOnline: false });
  away.isAway = true;
  off[2]?.();
  await vi.advanceTimersByTimeAsync(60_000);
  away.isAway = false;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked.slice(2)).toEqual(['3', '3']);

  presences.offline();
  expect(presences.of('3').get()).toBeUndefined();
  presences.online();
  await vi.advanceTimersByTimeAsync(200);
  expect(asked.at(-1)).toBe('2,3');
  for (const end of off) end();
  const before = asked.length;
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(asked.length - before).toBeLessThanOrEqual(1);
  presences.close();
});

test('who becomes a friend is asked for again, as they show more to friends', async () => {
  const friends = new Set<string>();
  const { presences, asked } = presencesOf((id) => friends.has(id));
  presences.online();
  presences.of('2').subscribe(listener);
  await vi.advanceTimersByTimeAsync(200);
  friends.add('2');
  presences.of('2').subscribe(listener);
  await vi.advanceTimersByTimeAsync(200);
  presences.of('2').subscribe(listener);
  await vi.advanceTimersByTimeAsync(200);
  expect(asked).toEqual(['2', '2']);
  presences.close();
});

test('more than the platform answers at once are asked for in parts', async () => {
  const { presences, asked } = presencesOf(() => true);
  presences.online();
  for (let id = 1; id <= 450; id += 1) presences.of(String(id)).subscribe(listener);
  await vi.advanceTimersByTimeAsync(200);
  expect(asked.map((ids) => ids.split(',').length)).toEqual([200, 200, 50]);
  presences.close();
});

test('that somebody writes ends by itself, with what they say, and with the connection', () => {
  let said = 0;
  const api = { POST: () => Promise.resolve(((said += 1), ok)) } as unknown as ApiClient;
  const typing = new Typing(api);
  typing.say('group:1');
  expect(said).toBe(0);
  typing.online();
  for (let key = 0; key < 70; key += 1) {
    typing.say('group:1');
    vi.advanceTimersByTime(100);
  }
  typing.say('group:2');
  expect(said).toBe(3);

  const push = { type: 60, typing: { conversationId: 'group:1', userId: '2', name: 'Ada' } };
  const read = readPush('system', push, '1');
  if (read.is !== 'typing') throw new Error(`This is ${read.is}.`);
  const here = typing.in('group:1');
  typing.heard(read.typing);
  typing.heard({ ...read.typing, userId: '3', name: 'Bob' });
  const shown = here.get();
  expect(shown.map(({ name }) => name)).toEqual(['Ada', 'Bob']);
  vi.advanceTimersByTime(5_000);
  typing.heard(read.typing);
  expect(here.get()).toBe(shown);
  vi.advanceTimersByTime(5_000);
  expect(here.get()).toEqual([{ userId: '2', name: 'Ada' }]);
  typing.spoke('group:1', '2');
  expect(here.get()).toEqual([]);
  typing.heard(read.typing);
  typing.offline();
  expect(here.get()).toEqual([]);
});

test('of a push about presence only what is one is taken', () => {
  const there = { userId: '2', isOnline: true, lastSeenAt: null };
  const push = readPush('system', { type: 60, presence: [there, null, { userId: 3 }] }, '1');
  expect(push).toEqual({ is: 'presence', presences: [there] });
  expect(readPush('system', { type: 60, typing: { conversationId: 1 } }, '1')).toEqual({ is: 'other' });
});
