import { memoryStore, type ConversationView, type Message, type Refusal } from 'im-chat';
import { expect, test } from 'vitest';
import { Network } from './support/network.ts';
import { says, startWorld, textsOf, until } from './support/world.ts';

test('what is done without a network is seen at once, outlives a new start, and goes out by itself', async () => {
  const world = await startWorld();
  await world.register('ann');
  await world.register('bob');
  const id = await world.befriend('ann', 'bob');
  const [network, store] = [new Network(), memoryStore()];
  const before = await world.signIn('ann', { store, fetch: network.fetch });
  before.conversation(id).send('too early');
  const { messages } = await says(before.conversation(id), 'too early');
  const { number = 0 } = messages.at(-1) ?? {};
  const elsewhere = await world.signIn('ann', {}, 'app');
  await until(elsewhere.conversations, ({ items }) => items[0]?.last === number);

  network.isAway = true;
  const atAnn = before.conversation(id);
  void atAnn.change({ isPinned: true });
  void atAnn.change({ isMuted: true });
  for (const text of ['D', 'De', 'Dear Bob']) atAnn.setDraft(text);
  void atAnn.recall(number);
  expect(before.conversations.get().items[0]).toMatchObject({
    isPinned: true,
    isMuted: true,
    draft: 'Dear Bob',
  });
  expect(atAnn.summary).toBe(before.conversations.get().items[0]);
  expect(textsOf(atAnn.get()).at(-1)).toBe('recalled');
  await before.stored();
  await before.close();

  const after = world.chat({ store, fetch: network.fetch });
  network.isAway = false;
  await after.signIn({ userName: 'ann', password: 'a-good-one-7' });
  expect(after.conversation(id).summary).toMatchObject({ isPinned: true, isMuted: true, draft: 'Dear Bob' });
  await until(elsewhere.conversations, ({ items: [first] }) =>
    [first?.isPinned, first?.isMuted, first?.draft === 'Dear Bob'].every(Boolean),
  );
  await until(elsewhere.conversation(id), (view) => textsOf(view).at(-1) === 'recalled');
  after.conversation(id).setDraft('');
  await until(elsewhere.conversations, ({ items: [first] }) => first?.draft === null);
});

test('what the platform does not want is as it was before, and says why', async () => {
  const world = await startWorld();
  await world.register('ann');
  await world.register('bob');
  const id = await world.befriend('ann', 'bob');
  const [ann, bob] = [await world.signIn('ann'), await world.signIn('bob')];
  bob.conversation(id).send('mine');
  const atAnn = ann.conversation(id);
  const { messages } = await says(atAnn, 'mine');
  const { number = 0 } = messages.at(-1) ?? {};
  const refused = new Promise<Refusal>((resolve) => ann.on('refused', resolve));

  const recalling = atAnn.recall(number);
  expect(textsOf(atAnn.get()).at(-1)).toBe('recalled');

  await expect(recalling).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
  expect(await refused).toMatchObject({ conversationId: id, number, deed: { is: 'recall' } });
  expect(textsOf(atAnn.get()).at(-1)).toBe('mine');
  expect(textsOf(bob.conversation(id).get()).at(-1)).toBe('mine');
});

/** All of it that somebody sees, beside names of rows. */
function seen({ messages }: Pick<ConversationView, 'messages'>): unknown[] {
  return messages.map(({ key: _, state: __, ...message }) => message);
}

function numberOf(view: ConversationView, text: string): number {
  return view.messages.find(({ content }) => 'text' in content && content.text === text)?.number ?? 0;
}

function messageOf({ messages }: Pick<ConversationView, 'messages'>, number: number): Message | undefined {
  return messages.find((message) => message.number === number);
}

test('what becomes of messages is seen at once, and is the same on all devices, also after a time away', async () => {
  const world = await startWorld();
  const annId = await world.register('ann');
  await world.register('bob');
  await world.befriend('ann', 'bob');
  const id = await world.group(['ann', 'bob']);
  const store = memoryStore();
  const [phone, page] = [await world.signIn('ann', { store }, 'app'), await world.signIn('ann')];
  const bob = await world.signIn('bob');
  const [atPage, atBob] = [page.conversation(id), bob.conversation(id)];
  await until(atPage, ({ isLoaded }) => isLoaded);
  for (const text of ['one', 'two', 'three', 'four']) atBob.send(text);
  await says(phone.conversation(id), 'one', 'two', 'three', 'four');
  const view = await says(atPage, 'one', 'two', 'three', 'four');
  const [one, two, three, four] = ['one', 'two', 'three', 'four'].map((text) => numberOf(view, text));
  if (!one || !two || !three || !four) throw new Error('Something is missing.');
  await phone.close();

  // With both there: each thing at once where it is done, and soon where it is not.
  await says(atBob, 'one', 'two', 'three', 'four');
  const content = { type: 'text' as const, text: 'One, @ann' };
  const mention = { type: 'mention' as const, offset: 5, length: 4, userId: annId };
  const editing = atBob.edit(one, { ...content, entities: [mention] });
  expect(messageOf(atBob.get(), one)).toMatchObject({ content: { text: 'One, @ann' } });
  expect(messageOf(atBob.get(), one)?.editedAt).not.toBeNull();
  await editing;
  await until(atPage, (now) => messageOf(now, one)?.mentions.includes(annId) === true);
  void atBob.react(two, '👍');
  void atPage.react(two, '👍');
  expect(messageOf(atPage.get(), two)?.reactions).toMatchObject([{ emoji: '👍', isMine: true }]);
  const both = [{ emoji: '👍', count: 2, isMine: true }];
  for (const at of [atPage, atBob])
    await until(at, (now) => JSON.stringify(messageOf(now, two)?.reactions) === JSON.stringify(both));
  void atPage.pin(three);
  const pinnedAtOnce = await until(atPage.pins, ({ length }) => length === 1);
  expect(pinnedAtOnce[0]).toMatchObject({ number: three, isPinned: true });
  await until(atBob.pins, ([first]) => first?.number === three);
  await atPage.pin(four);
  await atPage.pin(three, false);
  await atPage.pin(three);
  for (const { pins } of [atPage, atBob])
    await until(pins, (list) => list.map(({ number }) => number).join() === `${three},${four}`);
  atPage.send('an answer', { replyTo: two });
  const quote = { senderName: 'bob', type: 'text', text: 'two' };
  expect(atPage.get().messages.at(-1)?.replyTo).toMatchObject({ number: two, quote });
  const answered = await says(atBob, 'an answer');
  expect(answered.messages.at(-1)?.replyTo).toMatchObject({ number: two, quote });
  void atPage.deleteForMe(four);
  expect(messageOf(atPage.get(), four)).toBeUndefined();
  await atBob.recall(two);
  await until(atPage, (now) => messageOf(now, two)?.state === 'recalled');
  expect(atPage.get().messages.at(-1)?.replyTo).toEqual({ number: two, quote: null });

  // Whoever was away has it by a sync, and by what is read again.
  const again = await world.signIn('ann', { store }, 'app');
  const atPhone = again.conversation(id);
  await says(atPhone, 'an answer');
  await again.sync();
  await until(atPhone, (now) => JSON.stringify(seen(now)) === JSON.stringify(seen(atPage.get())));
  await until(atPhone.pins, ([first]) => first?.number === three);
  expect(messageOf(atPhone.get(), four)).toBeUndefined();
  expect(messageOf(atBob.get(), four)).toBeDefined();
  expect(again.conversations.get().items[0]?.lastMessage).toMatchObject({ content: { text: 'an answer' } });
  // Deleted on one device, gone on the other; the line of the list says what is the last one then.
  void atPage.deleteForMe(numberOf(atPage.get(), 'an answer'));
  await until(atPhone, ({ messages }) => messages.at(-1)?.number === three);
  await until(again.conversations, ({ items: [first] }) => first?.lastMessage?.number === three);
});

test('reactions, edits and deletions without a network go out later; what is refused comes back as it was', async () => {
  const world = await startWorld();
  await world.register('ann');
  await world.register('bob');
  const id = await world.befriend('ann', 'bob');
  const network = new Network();
  const ann = await world.signIn('ann', { fetch: network.fetch });
  const bob = await world.signIn('bob');
  const [atAnn, atBob] = [ann.conversation(id), bob.conversation(id)];
  await until(atBob, ({ isLoaded }) => isLoaded);
  atBob.send('from Bob');
  await says(atAnn, 'from Bob');
  atAnn.send('from Ann');
  const before = await says(atAnn, 'from Bob', 'from Ann');
  const [bobs, anns] = [numberOf(before, 'from Bob'), numberOf(before, 'from Ann')];
  const refusals: Refusal[] = [];
  ann.on('refused', (refusal) => refusals.push(refusal));

  network.isAway = true;
  void atAnn.react(bobs, '👍');
  void atAnn.react(bobs, '🎉');
  void atAnn.react(bobs, '👍', false);
  void atAnn.edit(anns, 'from Ann, once');
  void atAnn.edit(anns, 'from Ann, twice');
  const refused = atAnn.edit(bobs, 'not hers');
  expect(messageOf(atAnn.get(), bobs)).toMatchObject({
    content: { text: 'not hers' },
    reactions: [{ emoji: '🎉', count: 1, isMine: true }],
  });
  network.isAway = false;
  ann.retryNow();

  await expect(refused).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
  expect(messageOf(atAnn.get(), bobs)).toMatchObject({ content: { text: 'from Bob' }, editedAt: null });
  expect(refusals).toMatchObject([{ number: bobs, deed: { is: 'edit' } }]);
  const after = await until(atBob, (now) => textsOf(now).includes('from Ann, twice'));
  expect(messageOf(after, bobs)?.reactions).toEqual([{ emoji: '🎉', count: 1, isMine: false }]);
});

test('what is forwarded is there at once, in the order in which it stood, and once, however often it is asked for', async () => {
  const world = await startWorld();
  const annId = await world.register('ann');
  for (const name of ['bob', 'cleo']) {
    await world.register(name);
    await world.befriend('ann', name);
  }
  const [from, to] = [await world.befriend('ann', 'bob'), await world.befriend('ann', 'cleo')];
  const group = await world.group(['ann', 'bob']);
  const network = new Network();
  const [ann, cleo] = [await world.signIn('ann', { fetch: network.fetch }), await world.signIn('cleo')];
  const atAnn = ann.conversation(from);
  for (const text of ['one', 'two', 'three']) atAnn.send(text);
  const view = await says(atAnn, 'one', 'two', 'three');
  const [one, three] = [numberOf(view, 'one'), numberOf(view, 'three')];

  network.answersToLose = 1;
  const again = { key: 'one-and-the-same' };
  await expect(atAnn.forward([three, one], [to, group], again)).rejects.toMatchObject({
    ...{ code: 'NO_ANSWER', retryable: true },
  });
  await atAnn.forward([three, one], [to, group], again);

  const forwarded = { senderId: annId, senderName: 'ann' };
  // Nobody has opened them, and nobody has to ask the platform.
  for (const id of [to, group])
    expect(ann.conversation(id).summary).toMatchObject({
      ...{ unread: 0, lastMessage: { content: { text: 'three' }, forwarded } },
    });
  await says(ann.conversation(group), 'one', 'three');
  const { messages } = await says(cleo.conversation(to), 'one', 'three');
  expect(messages.filter((message) => message.forwarded)).toMatchObject([{ forwarded }, { forwarded }]);
});
