import { memoryStore, type Refusal } from 'im-chat';
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
