import { memoryStore, type Chat, type Conversation } from 'im-chat';
import { createApiClient, unwrap } from 'im-platform/client';
import { expect, test } from 'vitest';
import { Network } from './support/network.ts';
import { password, says, startWorld, textsOf, until, type World } from './support/world.ts';

interface Scene {
  readonly world: World;
  readonly id: string;
  readonly bob: Chat;
  readonly atBob: Conversation;
}

async function annAndBob(): Promise<Scene> {
  const world = await startWorld();
  await world.register('ann');
  await world.register('bob');
  const id = await world.befriend('ann', 'bob');
  const bob = await world.signIn('bob');
  return { world, id, bob, atBob: bob.conversation(id) };
}

test('what was written without a network goes out after a new start, once and in order', async () => {
  const { world, id, atBob } = await annAndBob();
  const [network, store] = [new Network(), memoryStore()];
  const before = await world.signIn('ann', { store, fetch: network.fetch });
  network.isAway = true;
  for (const text of ['one', 'two', 'three']) before.conversation(id).send(text);
  await before.stored();
  expect(textsOf(before.conversation(id).get()).slice(-3)).toEqual(['one', 'two', 'three']);
  await before.close();

  network.isAway = false;
  const after = await world.signIn('ann', { store, fetch: network.fetch });

  await says(after.conversation(id), 'one', 'two', 'three');
  const { messages } = await says(atBob, 'one', 'two', 'three');
  expect(messages.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
  expect(after.waiting).toBe(0);
});

test('a send whose answer was lost is one message, and its row keeps its name', async () => {
  const { world, id, atBob } = await annAndBob();
  const network = new Network();
  const ann = await world.signIn('ann', { fetch: network.fetch });
  const atAnn = ann.conversation(id);
  await until(atAnn, ({ isLoaded }) => isLoaded);
  network.answersToLose = 2;

  const { key } = atAnn.send('once');
  await says(atBob, 'once');
  // Seen before its answer, it is not seen twice.
  await atAnn.refresh();
  expect(textsOf(atAnn.get()).filter((text) => text === 'once')).toEqual(['once']);
  await until(atAnn, () => ann.waiting === 0);

  expect(atAnn.get().messages.at(-1)).toMatchObject({ key, number: 2 });
  expect(textsOf(atAnn.get()).filter((text) => text === 'once')).toEqual(['once']);
  expect(textsOf(atBob.get()).filter((text) => text === 'once')).toEqual(['once']);
});

test('what is refused says why, lets the others pass, and goes out again when it is tried again', async () => {
  const { world, id } = await annAndBob();
  const ann = await world.signIn('ann');
  const atAnn = ann.conversation(id);
  const failed = new Promise((resolve) => ann.on('failed', resolve));
  const { items } = await unwrap(ann.api.GET('/v1/friends', { params: { query: {} } }));
  const path = { userId: items[0]?.userId ?? '' };
  await unwrap(ann.api.DELETE('/v1/friends/{userId}', { params: { path } }));

  const { key } = atAnn.send('are you there?');
  expect(await failed).toMatchObject({
    key,
    state: 'failed',
    failure: { code: 'NOT_FRIENDS', canRetry: true },
  });
  // It waits for nothing but somebody's wish.
  expect(ann.waiting).toBe(0);
  expect([...ann.failed.get()]).toEqual([id]);

  await unwrap(ann.api.PUT('/v1/friends/{userId}', { params: { path } }));
  atAnn.send('hello again');
  await until(atAnn, () => ann.waiting === 0);
  atAnn.retry(key);
  await says(atAnn, 'hello again', 'are you there?');
  expect([...ann.failed.get()]).toEqual([]);
});

test('what cannot be sent at all says that trying again is no use, and can be given up', async () => {
  const { world, id } = await annAndBob();
  const ann = await world.signIn('ann');
  const atAnn = ann.conversation(id);

  const { key } = atAnn.send('x'.repeat(20_000));
  const { messages } = await until(atAnn, (view) => view.messages.at(-1)?.state === 'failed');
  expect(messages.at(-1)).toMatchObject({ failure: { code: 'INVALID_ARGUMENT', canRetry: false } });
  await atAnn.cancel(key);
  expect(ann.waiting).toBe(0);
  expect(ann.failed.get().size).toBe(0);
  const shown = await until(atAnn, ({ isLoaded }) => isLoaded);
  expect(textsOf(shown).at(-1)).not.toMatch(/^xxx/);
});

test('a file goes out in turn with the texts beside it', async () => {
  const { world, id, atBob } = await annAndBob();
  const ann = await world.signIn('ann');
  const atAnn = ann.conversation(id);

  atAnn.send('look:');
  const name = 'notes.txt';
  atAnn.send({ type: 'local-file', as: 'file', name, file: new Blob(['hello'], { type: 'text/plain' }) });
  atAnn.send('what do you say?');

  const { messages } = await until(atBob, (view) => textsOf(view).at(-1) === 'what do you say?');
  expect(textsOf({ ...atBob.get(), messages }).slice(-3)).toEqual(['look:', 'file', 'what do you say?']);
  expect(messages.at(-2)?.content).toMatchObject({ type: 'file', name, size: 5 });
});

test('a session that ends says why: taken over, given up, or ended by a new password', async () => {
  const { world, id } = await annAndBob();
  const one = await world.signIn('ann');
  const other = await world.signIn('ann');
  const kicked = await until(
    one.session,
    (session) => session.kind === 'signed-in' && session.connection.kind === 'kicked',
  );
  expect(kicked).toMatchObject({ connection: { kind: 'kicked', why: 'elsewhere' } });
  // Reading and writing go on: only the pushes go to the other one.
  one.conversation(id).send('from the other window');
  await says(one.conversation(id), 'from the other window');

  const api = createApiClient({ url: world.url });
  await unwrap(api.POST('/v1/sessions', { body: { userName: 'ann', password, device: 'pc' } }));
  const newPassword = 'another-good-one-8';
  await unwrap(api.PUT('/v1/me/password', { body: { oldPassword: password, newPassword } }));
  const over = await until(other.session, ({ kind }) => kind === 'signed-out');
  expect(over).toMatchObject({ kind: 'signed-out', why: 'ended' });
  expect(over).toHaveProperty('detail', expect.stringMatching(/\w/));

  expect(() => other.conversation(id)).toThrow('Nobody is signed in.');
  await expect(other.signIn({ userName: 'ann', password })).rejects.toMatchObject({
    code: 'CREDENTIALS_WRONG',
  });
});
