import { memoryStore, type Chat } from 'im-chat';
import { expect, test } from 'vitest';
import { password, startWorld, until, type World } from './support/world.ts';

async function three(world: World): Promise<Record<'ann' | 'bob' | 'cleo', string>> {
  const [ann, bob, cleo] = [
    await world.register('ann'),
    await world.register('bob'),
    await world.register('cleo'),
  ];
  return { ann, bob, cleo };
}

test('who opens an account is signed in, and sees what others see of them', async () => {
  const world = await startWorld();
  const store = memoryStore();
  const chat = world.chat({ store });
  const kinds: string[] = [];
  chat.on('session', ({ kind }) => kinds.push(kind));

  await chat.register({ userName: 'ann', password, nickName: 'Ann Lee' });

  await until(chat.me, (me) => me?.nickName === 'Ann Lee');
  expect(chat.session.get()).toMatchObject({ kind: 'signed-in', userId: chat.me.get()?.id });
  const { id = '' } = chat.me.get() ?? {};
  const card = chat.user(id);
  await until(card, (user) => user !== undefined);
  await chat.changeMe({ signature: 'by the sea' });
  expect(chat.me.get()).toMatchObject({ nickName: 'Ann Lee', signature: 'by the sea' });
  expect(card.get()).toMatchObject({ signature: 'by the sea' });
  await chat.signOut();
  expect(chat.me.get()).toBeUndefined();
  expect(kinds).toEqual(['signed-in', 'signed-out']);
  await expect(chat.register({ userName: 'ann', password })).rejects.toMatchObject({ code: 'NAME_TAKEN' });
});

test('asking to be friends, yes and no, block and the end of it are seen on both sides by themselves', async () => {
  const world = await startWorld({ friendship: 'request' });
  const ids = await three(world);
  const [ann, bob, cleo] = [await world.signIn('ann'), await world.signIn('bob'), await world.signIn('cleo')];

  expect(await ann.contacts.ask(ids.bob, 'from the choir')).toBe('asked');
  await ann.contacts.ask(ids.cleo);
  expect(
    ann.contacts
      .get()
      .sent.map(({ userId }) => userId)
      .sort(),
  ).toEqual([ids.bob, ids.cleo].sort());
  const asked = await until(bob.contacts, ({ received }) => received.length === 1);
  expect(asked.received[0]).toMatchObject({ userId: ids.ann, text: 'from the choir' });
  await until(cleo.contacts, ({ received }) => received.length === 1);

  await bob.contacts.accept(ids.ann);
  expect(bob.contacts.get()).toMatchObject({ received: [], friends: [{ userId: ids.ann }] });
  const friends = await until(ann.contacts, (list) => list.friends.some(({ userId }) => userId === ids.bob));
  expect(friends.sent.map(({ userId }) => userId)).toEqual([ids.cleo]);
  await cleo.contacts.decline(ids.ann);
  expect(cleo.contacts.get().received).toEqual([]);
  await ann.contacts.withdraw(ids.cleo);
  expect(ann.contacts.get().sent).toEqual([]);

  const { conversationId } = friends.friends.find(({ userId }) => userId === ids.bob) ?? {
    conversationId: '',
  };
  await until(ann.conversations, ({ items }) =>
    items.some(({ id, canWrite }) => id === conversationId && canWrite),
  );
  await bob.contacts.block(ids.ann);
  expect(bob.contacts.get().blocks).toMatchObject([{ userId: ids.ann }]);
  await bob.contacts.unblock(ids.ann);
  expect(bob.contacts.get().blocks).toEqual([]);
  await bob.contacts.unfriend(ids.ann);
  await until(ann.contacts, (list) => !list.friends.some(({ userId }) => userId === ids.bob));
  await until(ann.conversations, ({ items }) =>
    items.some(({ id, canWrite }) => id === conversationId && !canWrite),
  );
});

test('a group is looked at with its members, changed, and left; whom it concerns sees it', async () => {
  const world = await startWorld();
  const ids = await three(world);
  await world.befriend('ann', 'bob');
  await world.befriend('ann', 'cleo');
  const [ann, bob] = [await world.signIn('ann'), await world.signIn('bob')];

  const { id, conversationId } = await ann.contacts.createGroup('Choir', [ids.bob]);
  const atBob = await until(bob.contacts, ({ groups }) => groups.length === 1);
  expect(atBob.groups[0]).toMatchObject({ id, name: 'Choir', isMember: true });
  const [here, there] = [ann.group(id), bob.group(id)];
  const off = there.subscribe(() => undefined);
  await until(here, ({ isLoaded, members }) => isLoaded && members.length === 2);
  await until(there, ({ members }) => members.length === 2);

  await here.invite([ids.cleo]);
  expect(
    here
      .get()
      .members.map(({ userId }) => userId)
      .sort(),
  ).toEqual(Object.values(ids).sort());
  // The notice that everybody in it reads says so.
  await until(there, ({ members }) => members.length === 3);
  await here.appoint(ids.bob);
  await here.mute(ids.cleo, 5);
  const shown = here.get().members;
  expect(shown.find(({ userId }) => userId === ids.bob)).toMatchObject({ role: 'admin' });
  expect(shown.find(({ userId }) => userId === ids.cleo)?.mayWriteFrom).toMatch(/^20/);
  await here.change({ name: 'The choir' });
  await here.refresh();
  expect(here.get()).toMatchObject({ group: { name: 'The choir' }, members: [{}, {}, {}], hasMore: false });
  expect(here.get().members.find(({ userId }) => userId === ids.bob)).toMatchObject({ role: 'admin' });
  await until(ann.conversations, ({ items }) => items.some(({ name }) => name === 'The choir'));

  off();
  await there.leave();
  expect(bob.contacts.get().groups).toEqual([]);
  await until(bob.conversations, ({ items }) =>
    items.some((one) => one.id === conversationId && !one.canWrite),
  );
  await here.refresh();
  await here.remove(ids.cleo);
  expect(here.get().members).toMatchObject([{ userId: ids.ann, role: 'owner' }]);
  await expect(here.appoint(ids.cleo)).rejects.toThrow();
});

test('who one knows is there without a network, and another account sees nothing of it', async () => {
  const world = await startWorld();
  await three(world);
  await world.befriend('ann', 'bob');
  const store = memoryStore();
  const ann = await world.signIn('ann', { store });
  await until(ann.contacts, ({ isLoaded }) => isLoaded);
  await ann.close();

  const away = { isAway: false };
  const chat: Chat = world.chat({
    store,
    fetch: (request) => (away.isAway ? Promise.reject(new TypeError('fetch failed')) : fetch(request)),
  });
  await chat.signIn({ userName: 'bob', password });
  await until(chat.contacts, ({ isLoaded }) => isLoaded);
  expect(chat.contacts.get().friends.map(({ nickName }) => nickName)).toEqual(['ann']);
  await chat.signIn({ userName: 'ann', password });
  away.isAway = true;
  expect(chat.contacts.get()).toMatchObject({ friends: [{ nickName: 'bob' }], isLoaded: false });
  expect(chat.contacts.get()).toBe(chat.contacts.get());
});

test('friends see who comes, writes and goes, and who hides it is not seen', async () => {
  const world = await startWorld();
  const { bob } = await three(world);
  const id = await world.befriend('ann', 'bob');
  const ann = await world.signIn('ann');
  // Who is known to be a friend is asked for once; after that it is pushed.
  await until(ann.contacts, ({ isLoaded }) => isLoaded);
  const [presence, typing] = [ann.presence(bob), ann.typing(id)];
  const off = presence.subscribe(() => undefined);
  expect(await until(presence, (it) => it !== undefined)).toMatchObject({ isOnline: false });

  // Pushed: it is not asked for again so soon.
  const there = await world.signIn('bob');
  await until(presence, (it) => it?.isOnline === true);
  there.conversation(id).sayTyping();
  expect(await until(typing, ({ length }) => length > 0)).toEqual([{ userId: bob, name: 'bob' }]);
  there.conversation(id).send('hello');
  await until(typing, ({ length }) => length === 0);
  await there.close();
  const gone = await until(presence, (it) => it?.isOnline === false);
  expect(Date.now() - Date.parse(gone?.lastSeenAt ?? '')).toBeLessThan(120_000);
  off();

  const again = await world.signIn('bob');
  await again.api.PATCH('/v1/me/privacy', { body: { whoSeesPresence: 'nobody' } });
  const other = await world.signIn('ann', {}, 'app');
  const hidden = other.presence(bob);
  hidden.subscribe(() => undefined);
  const { data } = await other.api.GET('/v1/presence', { params: { query: { ids: bob } } });
  expect(data).toEqual({ items: [] });
  expect(hidden.get()).toBeUndefined();
});

test('who leads a group hears who asks to come in, and who deletes their account leaves nothing behind', async () => {
  const world = await startWorld();
  const { bob } = await three(world);
  const ann = await world.signIn('ann');
  const store = memoryStore();
  const there = await world.signIn('bob', { store });
  const elsewhere = await world.signIn('bob', {}, 'app');
  const { id } = await ann.contacts.createGroup('Choir');
  await ann.group(id).change({ joining: 'approval' });
  const params = { path: { groupId: id } };
  const link = await ann.api.POST('/v1/groups/{groupId}/invitations', { params, body: {} });
  const asked = new Promise((resolve) => void ann.on('joinRequest', resolve));
  const code = link.data?.code ?? '';
  await there.api.POST('/v1/invitations/{code}', { params: { path: { code } }, body: { text: 'me too' } });
  expect(await asked).toMatchObject({ groupId: id, userId: bob, name: 'bob', text: 'me too' });

  const told: number[] = [];
  const document = await there.exportMe({ onProgress: (bytes) => told.push(bytes) });
  expect(JSON.parse(await document.text())).toMatchObject({ profile: { id: Number(bob), userName: 'bob' } });
  expect(told.at(-1)).toBe(document.size);
  await expect(there.exportMe({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'NO_ANSWER' });

  await expect(there.deleteMe('not it')).rejects.toMatchObject({ code: 'PASSWORD_WRONG' });
  expect(there.session.get()).toMatchObject({ kind: 'signed-in' });
  await there.deleteMe(password);
  expect(there.session.get()).toMatchObject({ kind: 'signed-out', why: 'deleted' });
  expect(await (await store.open(bob)).all('state')).toEqual([]);
  await until(elsewhere.session, ({ kind }) => kind === 'signed-out');
  expect(elsewhere.session.get()).toMatchObject({ why: 'ended' });
  await expect(there.signIn({ userName: 'bob', password })).rejects.toThrow();
});
