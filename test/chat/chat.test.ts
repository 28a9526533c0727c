import { memoryStore } from 'im-chat';
import { expect, test, vi } from 'vitest';
import { says, startWorld, textsOf, until } from './support/world.ts';

test('two people sign in, and what one writes the other has, in order, with how far it came', async () => {
  const world = await startWorld();
  await world.register('ann');
  await world.register('bob');
  const id = await world.befriend('ann', 'bob');
  const [ann, bob] = [await world.signIn('ann'), await world.signIn('bob')];
  const news: string[] = [];
  bob.on('message', ({ content }) => news.push('text' in content ? content.text : ''));

  const atBob = bob.conversation(id);
  await until(atBob, ({ isLoaded }) => isLoaded);
  const atAnn = ann.conversation(id);
  const written = atAnn.send('hello');
  expect(written).toMatchObject({ isMine: true, state: 'sending', number: undefined });
  expect(textsOf(atAnn.get()).at(-1)).toBe('hello');

  await says(atBob, 'hello');
  await says(atAnn, 'hello');
  // The first one says that they are friends.
  const sent = await until(atAnn, ({ messages }) => messages.length > 1);
  expect(sent.messages).toMatchObject([{ number: 1 }, { key: written.key, number: 2, isMine: true }]);
  expect(news).toEqual(['hello']);
  await bob.sync();
  const { items, unread } = bob.conversations.get();
  expect(unread).toBe(1);
  expect(items[0]).toMatchObject({ id, name: 'ann', unread: 1, last: 2, lastMessage: { number: 2 } });

  atBob.markRead();
  expect(bob.conversations.get().unread).toBe(0);
  await until(atAnn, ({ messages }) => messages[1]?.state === 'read');
  expect(atBob.get().messages[1]).toMatchObject({ isMine: false, state: 'received' });
  expect(ann.conversations.get().items[0]).toMatchObject({ otherRead: 2, otherDelivered: 2 });
  expect(ann.waiting).toBe(0);
});

test('thirty quick sends arrive in order on both sides, and none twice', async () => {
  const world = await startWorld();
  await world.register('ann');
  await world.register('bob');
  const id = await world.befriend('ann', 'bob');
  const [ann, bob] = [await world.signIn('ann'), await world.signIn('bob')];
  const [atAnn, atBob] = [ann.conversation(id), bob.conversation(id)];
  const texts = Array.from({ length: 30 }, (_, index) => `${index} in haste`);

  const keys = texts.map((text) => atAnn.send(text).key);

  await says(atBob, ...texts);
  await says(atAnn, ...texts);
  const all = await until(atAnn, ({ messages }) => messages.length > texts.length);
  const messages = all.messages.slice(1);
  expect(messages.map(({ key }) => key)).toEqual(keys);
  expect(messages.map(({ number }) => number)).toEqual(texts.map((_, index) => index + 2));
});

test('what is unread, pinned and recalled is the same on all devices, also after a time away', async () => {
  const world = await startWorld();
  await world.register('ann');
  await world.register('bob');
  const id = await world.befriend('ann', 'bob');
  const store = memoryStore();
  const ann = await world.signIn('ann');
  const atAnn = ann.conversation(id);
  const [phone, page] = [await world.signIn('bob', { store }, 'app'), await world.signIn('bob')];
  atAnn.send('one');
  atAnn.send('two');
  for (const device of [phone, page])
    await until(device.conversations, ({ unread, items }) => unread === 2 && items[0]?.last === 3);
  await says(phone.conversation(id), 'one', 'two');
  await phone.close();

  page.conversation(id).markRead(3);
  await page.conversation(id).change({ isPinned: true, draft: 'Dear Ann' });
  await atAnn.recall(2);
  atAnn.send('three');
  atAnn.send('four');
  await until(page.conversations, ({ items, unread }) => items[0]?.last === 6 && unread === 2);
  await atAnn.recall(6);
  // The push says what it takes back.
  await until(page.conversations, ({ items, unread }) => items[0]?.last === 7 && unread === 1);

  const back = await world.signIn('bob', { store }, 'app');
  const shownAt = ({ conversations }: typeof back): unknown => conversations.get().items[0];
  // What was delivered is written down behind the messages: a sync that was before it says nothing of it.
  const areEqual = async (): Promise<void> => {
    await Promise.all([back.sync(), page.sync()]);
    expect(shownAt(back)).toEqual(shownAt(page));
  };
  await vi.waitFor(areEqual, { timeout: 5_000 });
  expect(shownAt(back)).toMatchObject({
    name: 'ann',
    unread: 1,
    read: 3,
    isPinned: true,
    draft: 'Dear Ann',
    last: 7,
  });
  await until(back.conversation(id), (view) => textsOf(view).at(-1) === 'recalled');
  expect(textsOf(back.conversation(id).get()).slice(1)).toEqual(['recalled', 'two', 'three', 'recalled']);
});

test('a mention that is taken back is none, at once where it is held, and else with a sync', async () => {
  const world = await startWorld();
  await world.register('ann');
  const bobsId = await world.register('bob');
  await world.befriend('ann', 'bob');
  const id = await world.group(['ann', 'bob']);
  const [ann, bob] = [await world.signIn('ann'), await world.signIn('bob')];
  const atAnn = ann.conversation(id);
  const mentionsAre = (count: number) =>
    until(bob.conversations, ({ items }) => items.find((one) => one.id === id)?.mentions === count);
  for (const text of ['you', 'you, too', 'and you']) atAnn.send(text, { mentions: [bobsId] });
  const { messages } = await says(atAnn, 'you', 'you, too', 'and you');
  await mentionsAre(3);

  for (const [index, left] of [
    [-1, 2],
    // No page of bob's shows it.
    [-3, 1],
  ] as const) {
    await atAnn.recall(messages.at(index)?.number ?? 0);
    await mentionsAre(left);
  }
});
