import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  fileKeyOf,
  memoryStore,
  type Chat,
  type ChatOptions,
  type Conversation,
  type Message,
} from 'im-chat';
import { endToEnd, missingIn, type EndToEnd, type Verification } from 'im-chat/end-to-end';
import { expect, test } from 'vitest';
import { says, startWatchedWorld, startWorld, until, type World } from './support/world.ts';

interface Device {
  readonly chat: Chat;
  readonly keys: EndToEnd;
}

/** What a platform that is not honest makes of an answer; undefined: nothing. */
type Tamper = (path: string, answer: unknown) => unknown;

interface Wire {
  tamper?: Tamper;
  /** The device dies when the platform has done this, and never hears the answer. */
  dieAt?: RegExp;
  isDead?: boolean;
  /** What signs devices takes the place of what there is, whatever the device says. */
  replacesIdentity?: boolean;
  /** All that the platform was ever given. */
  readonly given: string[];
}

/** A page of a backup. */
interface BackedUp {
  readonly items: readonly { readonly conversation: string; readonly data: string }[];
  readonly nextCursor: string | null;
}

const forgeries: readonly ((page: BackedUp) => BackedUp)[] = [
  (page) => ({
    ...page,
    items: page.items.map((one) => ({ ...one, data: one.data.replace(/^\S+/, 'AAAA') })),
  }),
  (page) => ({ ...page, items: page.items.map((one) => ({ ...one, conversation: 'private:8:9' })) }),
];

function through(wire: Wire): Pick<ChatOptions, 'fetch'> {
  return {
    async fetch(asked) {
      const request = wire.replacesIdentity ? await replacing(asked) : asked;
      wire.given.push(Buffer.from(await request.clone().arrayBuffer()).toString('latin1'));
      if (wire.isDead) throw new TypeError('it is dead');
      const answer = await fetch(request);
      const { tamper, dieAt } = wire;
      if (dieAt?.test(`${request.method} ${new URL(request.url).pathname}`)) wire.isDead = true;
      if (wire.isDead) throw new TypeError('it is dead');
      if (!tamper || !answer.headers.get('content-type')?.includes('json')) return answer;
      const { pathname } = new URL(request.url);
      const made = tamper(pathname, await answer.clone().json());
      return made === undefined ? answer : Response.json(made, { status: answer.status });
    },
  };
}

async function replacing(request: Request): Promise<Request> {
  if (!request.url.endsWith('/encryption/identity')) return request;
  const { keys } = (await request.json()) as { keys: string };
  return new Request(request.url, {
    ...{ method: 'PUT', headers: request.headers },
    body: JSON.stringify({ keys }),
  });
}

/** A device that is signed in, and has keys. */
async function device(
  world: World,
  userName: string,
  { kind = 'web', wire }: { kind?: 'web' | 'app'; wire?: Wire } = {},
): Promise<Device> {
  const keys = endToEnd();
  const options = { encryption: keys, store: memoryStore(), ...(wire && through(wire)) };
  const chat = await world.signIn(userName, options, kind);
  await keys.setUp();
  return { chat, keys };
}

async function people<Name extends string>(world: World, ...names: Name[]): Promise<Record<Name, string>> {
  const ids: Partial<Record<Name, string>> = {};
  for (const name of names) ids[name] = await world.register(name);
  return ids as Record<Name, string>;
}

/** Resolves when the last messages are shown so. */
function shows(conversation: Conversation, ...isIt: ((message: Message) => boolean)[]) {
  return until(conversation, ({ messages }) => {
    const last = messages.slice(-isIt.length);
    return last.length === isIt.length && last.every((message, index) => isIt[index]?.(message));
  });
}

/** Resolves when the messages with these numbers are shown so. */
function becomes(conversation: Conversation, isIt: Readonly<Record<number, (message: Message) => boolean>>) {
  return until(conversation, ({ messages }) =>
    Object.entries(isIt).every(([number, is]) =>
      messages.some((message) => message.number === Number(number) && is(message)),
    ),
  );
}

const unreadable = (why: string) => (message: Message) =>
  message.encryption?.kind === 'unreadable' && message.encryption.why === why;
const reads = (text: string) => (message: Message) =>
  message.content.type === 'text' && message.content.text === text && message.encryption?.kind === 'read';

/** Both look, and see the same. */
async function compare(asking: Verification, others: EndToEnd): Promise<void> {
  const [asked] = await until(others.verifications, ([one]) => one?.get().step === 'asked');
  if (!asked) throw new Error('nobody was asked');
  await asked.accept();
  const [mine, theirs] = await Promise.all(
    [asking, asked].map((one) => until(one, ({ step }) => step === 'comparing')),
  );
  expect(mine?.emoji).toHaveLength(7);
  expect(theirs).toMatchObject({ emoji: mine?.emoji, numbers: mine?.numbers });
  await asking.confirm();
  await asked.confirm();
  await Promise.all([asking, asked].map((one) => until(one, ({ step }) => step === 'done')));
}

function oneTimeKeysIn(given: readonly string[]): Set<string> {
  const uploads = given.filter((said) => said.includes('"oneTimeKeys":['));
  return new Set(
    uploads.flatMap((said) =>
      (JSON.parse(said) as { oneTimeKeys: { key: string }[] }).oneTimeKeys.map(({ key }) => key),
    ),
  );
}

async function bytesIn(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return (
    await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'latin1')))
  ).join('\n');
}

test('two people with two devices each read what they say, and a platform that reads all of it reads none', async () => {
  const world = await startWatchedWorld({ endToEnd: true });
  const wire: Wire = { given: [] };
  await people(world, 'ann', 'bob');
  const id = await world.befriend('ann', 'bob');
  const ann = await device(world, 'ann', { wire });
  const bob = await device(world, 'bob', { wire });
  await ann.keys.encrypt(id);
  const [atAnn, atBob] = [ann.chat.conversation(id), bob.chat.conversation(id)];
  atAnn.send('MARKER the owl flies at nine');
  await shows(atBob, reads('MARKER the owl flies at nine'));

  // A new device is the person's with the recovery key, and reads what was said before.
  const recoveryKey = await bob.keys.createRecoveryKey();
  await bob.keys.useRecoveryKey(recoveryKey);
  const phone = await device(world, 'bob', { kind: 'app', wire });
  expect(phone.keys.state.get()).toEqual({ kind: 'unsigned' });
  const atPhone = phone.chat.conversation(id);
  await shows(atPhone, unreadable('no-key'));
  await expect(
    phone.keys.restore(recoveryKey.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))),
  ).rejects.toMatchObject({ code: 'RECOVERY_KEY_WRONG' });
  // What the platform could lock for it as well lacks the mark that the recovery key makes, or has that of another conversation.
  for (const forge of forgeries) {
    wire.tamper = (path, answer) => (path.endsWith('/keys') ? forge(answer as BackedUp) : undefined);
    expect(await phone.keys.restore(recoveryKey)).toBe(0);
  }
  delete wire.tamper;
  expect(await phone.keys.restore(recoveryKey.toLowerCase())).toBe(1);
  await shows(atPhone, reads('MARKER the owl flies at nine'));
  // Another one by comparing codes with one that is there.
  const pad = await device(world, 'ann', { kind: 'app', wire });
  await compare(await pad.keys.verify(pad.chat.me.get()?.id ?? '1'), ann.keys);
  await until(pad.keys.state, ({ kind }) => kind === 'ready');
  const atPad = pad.chat.conversation(id);

  atPhone.send('MARKER so it does');
  for (const conversation of [atAnn, atBob, atPhone, atPad])
    await shows(conversation, reads('MARKER so it does'));
  // What would tell the platform is not done.
  atPad.setDraft('MARKER half a sentence');
  // What is written over stands where it stood, and is one message more to the platform.
  const number = atAnn.get().messages.find(({ isMine, encryption }) => isMine && encryption)?.number ?? 0;
  const before = atBob.get().messages.length;
  await atAnn.edit(number, 'MARKER otherwise');
  await atAnn.edit(number, 'MARKER at ten');
  // The pad was never given the key of the older one.
  for (const conversation of [atAnn, atBob, atPhone])
    await becomes(conversation, { [number]: reads('MARKER at ten') });
  expect(atBob.get().messages.length).toBe(before);
  expect(atBob.get().messages.find((one) => one.number === number)?.editedAt).not.toBeNull();
  expect([...missingIn(atBob.get().messages)]).toEqual([]);
  atPad.send({
    ...{ type: 'local-file', as: 'file', name: 'MARKER.txt' },
    file: new Blob(['MARKER in a file'], { type: 'text/plain' }),
  });
  const { messages } = await shows(atBob, ({ content }) => content.type === 'file');
  const file = messages.at(-1)?.content;
  expect(file).toMatchObject({ name: 'MARKER.txt', size: 16 });
  const key = file && fileKeyOf(file);
  if (!key) throw new Error('it is not encrypted');
  const open = await bob.keys.openFile(key);
  expect([await open.text(), open.type]).toEqual(['MARKER in a file', 'text/plain']);

  const list = await until(bob.chat.conversations, ({ items }) => items[0]?.isEncrypted === true);
  expect(list.items[0]?.lastMessage?.content.type).toBe('file');
  // Taken back, it is so with all that was said in its place.
  await atAnn.recall(number);
  const params = { path: { conversationId: id }, query: {} };
  await expect
    .poll(async () => {
      const page = await ann.chat.api.GET('/v1/conversations/{conversationId}/messages', { params });
      return page.data?.items.filter(({ content }) => content.type === 'recalled').length;
    })
    .toBe(3);
  // However much happens around them, they make no keys beyond those of four devices and what was taken of them.
  expect(oneTimeKeysIn(wire.given).size).toBeLessThan(4 * 50 + 20);
  // Nothing of it was given to the platform, nor is anywhere that it keeps, passes it on or tells of it.
  const { redis, logged } = world.watched;
  for (const seen of [wire.given, redis]) expect(seen.join('\n')).toContain('ciphertext');
  expect(logged.length).toBeGreaterThan(0);
  for (const seen of [wire.given, redis, logged]) expect(seen.join('\n')).not.toContain('MARKER');
  expect(await bytesIn(world.folder)).not.toContain('MARKER');
});

test('who joins a group reads from then on, and who has left reads no more, whatever the platform shows them', async () => {
  const world = await startWorld({ endToEnd: true });
  const ids = await people(world, 'ann', 'bob', 'cleo');
  await world.befriend('ann', 'bob');
  await world.befriend('ann', 'cleo');
  const id = await world.group(['ann', 'bob']);
  const groupId = id.split(':')[1] ?? '';
  const [ann, bob] = [await device(world, 'ann'), await device(world, 'bob')];
  const wire: Wire = { given: [] };
  const cleo = await device(world, 'cleo', { wire });
  await ann.keys.encrypt(id);
  const [atAnn, atBob] = [ann.chat.conversation(id), bob.chat.conversation(id)];
  atAnn.send('before');
  await shows(atBob, reads('before'));

  const params = { path: { groupId } };
  await ann.chat.api.POST('/v1/groups/{groupId}/members', { params, body: { userIds: [ids.cleo] } });
  atAnn.send('while she is there');
  const atCleo = cleo.chat.conversation(id);
  await shows(atCleo, reads('while she is there'));
  await ann.chat.api.DELETE('/v1/groups/{groupId}/members/{userId}', {
    params: { path: { groupId, userId: ids.cleo } },
  });
  atAnn.send('after');
  const { messages } = await shows(atBob, reads('after'));
  // Forwarded it is encrypted anew, and goes to encrypted conversations alone.
  const pair = await world.befriend('ann', 'bob');
  await ann.keys.encrypt(pair);
  const { messages: said } = await until(atAnn, (view) => view.messages.some(reads('before')));
  const first = said.find(reads('before'))?.number ?? 0;
  const inPair = bob.chat.conversation(pair);
  const once = { key: 'forwarded-once' };
  await Promise.all([atAnn.forward([first], [pair], once), atAnn.forward([first], [pair], once)]);
  await shows(inPair, reads('before'));
  // Tried again after it has arrived, too.
  await atAnn.forward([first], [pair], once);
  ann.chat.conversation(pair).send('and this');
  const { messages: inOrder } = await shows(inPair, reads('before'), reads('and this'));
  expect(inOrder.filter(reads('before'))).toHaveLength(1);
  expect([...missingIn(inOrder)]).toEqual([]);
  await expect(atAnn.forward([first], [`private:${ids.ann}:${ids.cleo}`])).rejects.toMatchObject({
    code: 'NOT_ENCRYPTED',
  });
  // The platform shows her all of it all the same.
  const all = await ann.chat.api.GET('/v1/conversations/{conversationId}/messages', {
    params: { path: { conversationId: id }, query: {} },
  });
  wire.tamper = (path) => (path.endsWith('/messages') ? all.data : undefined);
  await atCleo.loadNewest();

  await shows(atCleo, unreadable('no-key'));
  const kinds = atCleo.get().messages.filter(({ encryption }) => encryption);
  expect(kinds.map(({ encryption }) => encryption?.kind)).toEqual(['unreadable', 'read', 'unreadable']);
  expect(messages.at(-1)?.encryption).toMatchObject({ isVerified: false });
});

test('a device that dies while a new recovery key is made leaves one that opens all of it', async () => {
  const world = await startWorld({ endToEnd: true });
  await people(world, 'ann', 'bob');
  const id = await world.befriend('ann', 'bob');
  const ann = await device(world, 'ann');
  let wire: Wire = { given: [] };
  let bob = await device(world, 'bob', { wire });
  await ann.keys.encrypt(id);
  for (const { chat } of [ann, bob])
    await until(chat.conversations, ({ items }) => items.some(({ isEncrypted }) => isEncrypted));
  ann.chat.conversation(id).send('of ann');
  await shows(bob.chat.conversation(id), reads('of ann'));
  bob.chat.conversation(id).send('of bob');
  await shows(ann.chat.conversation(id), reads('of ann'), reads('of bob'));
  let good = await bob.keys.createRecoveryKey();
  await bob.keys.useRecoveryKey(good);

  for (const [step, isNewGood] of [
    [/^POST .*\/backup$/, false],
    [/^PUT .*\/backup\/\d+\/keys$/, false],
    [/^PUT .*\/backup\/\d+$/, true],
  ] as const) {
    const next = await bob.keys.createRecoveryKey();
    wire.dieAt = step;
    await expect(bob.keys.useRecoveryKey(next)).rejects.toMatchObject({ code: 'NO_ANSWER' });
    await bob.chat.close();
    wire = { given: [] };
    bob = await device(world, 'bob', { wire });
    const [right, wrong] = isNewGood ? [next, good] : [good, next];
    await expect(bob.keys.restore(wrong)).rejects.toMatchObject({ code: 'RECOVERY_KEY_WRONG' });
    expect(await bob.keys.restore(right)).toBe(2);
    await shows(bob.chat.conversation(id), reads('of ann'), reads('of bob'));
    good = right;
  }

  // Two devices at once: one of the keys counts, and who has the other one is told so.
  const phone = await device(world, 'bob', { kind: 'app' });
  await phone.keys.restore(good);
  const devices = [bob, phone];
  const keys = await Promise.all(devices.map((one) => one.keys.createRecoveryKey()));
  const used = await Promise.allSettled(
    devices.map((one, index) => one.keys.useRecoveryKey(keys[index] ?? '')),
  );
  const winner = used.findIndex(({ status }) => status === 'fulfilled');
  expect(used[1 - winner]).toMatchObject({ status: 'rejected', reason: { code: 'RECOVERY_KEY_WRONG' } });
  await devices[1 - winner]?.keys.restore(keys[winner] ?? '');
  await expect(phone.keys.restore(keys[1 - winner] ?? '')).rejects.toMatchObject({
    code: 'RECOVERY_KEY_WRONG',
  });
  // One after the other as well, when both were made before.
  const [mine, its] = [await bob.keys.createRecoveryKey(), await phone.keys.createRecoveryKey()];
  await bob.keys.useRecoveryKey(mine);
  await expect(phone.keys.useRecoveryKey(its)).rejects.toMatchObject({ code: 'RECOVERY_KEY_WRONG' });
});

test('of two devices of one person that are set up at once one signs itself, and the other one is compared', async () => {
  const world = await startWorld({ endToEnd: true });
  const { cleo } = await people(world, 'cleo');
  const devices: EndToEnd[] = [];
  const answered: boolean[] = [];
  // Both have seen that there is nothing, before either of them puts something there.
  let [meet, met]: [() => void, number] = [() => undefined, 0];
  const bothThere = new Promise<void>((resolve) => (meet = resolve));
  const ask = async (request: Request): Promise<Response> => {
    if (!request.url.endsWith('/encryption/identity')) return fetch(request);
    if ((met += 1) === 2) meet();
    await bothThere;
    const answer = await fetch(request);
    answered.push(answer.ok);
    return answer;
  };
  for (const kind of ['web', 'app'] as const) {
    const keys = endToEnd();
    await world.signIn('cleo', { encryption: keys, store: memoryStore(), fetch: ask }, kind);
    devices.push(keys);
  }

  await Promise.all(devices.map((keys) => keys.setUp()));

  expect(answered.toSorted()).toEqual([false, true]);
  expect(devices.map((keys) => keys.state.get().kind).toSorted()).toEqual(['ready', 'unsigned']);
  const [signed, unsigned] = devices.toSorted((one) => (one.state.get().kind === 'ready' ? -1 : 1));
  if (!signed || !unsigned) throw new Error('there are two');
  await compare(await unsigned.verify(cleo), signed);
  await until(unsigned.state, ({ kind }) => kind === 'ready');
});

test('codes that are compared show who is who, and keys that are swapped stop what is sent', async () => {
  const world = await startWorld({ endToEnd: true });
  const ids = await people(world, 'ann', 'bob');
  const id = await world.befriend('ann', 'bob');
  const [ann, bob] = [await device(world, 'ann'), await device(world, 'bob')];
  await ann.keys.encrypt(id);
  expect(await ann.keys.person(ids.bob)).toMatchObject({
    hasKeys: true,
    isVerified: false,
    hasChanged: false,
  });
  await compare(await ann.keys.verify(ids.bob), bob.keys);
  expect(await ann.keys.person(ids.bob)).toMatchObject({ isVerified: true });
  const atAnn = ann.chat.conversation(id);
  atAnn.send('for bob');
  const { messages } = await shows(bob.chat.conversation(id), reads('for bob'));
  expect(messages.at(-1)?.encryption).toMatchObject({ isVerified: true });

  // The platform adds a device of its own: nobody has signed it.
  const spy = await device(world, 'bob', { kind: 'app' });
  expect(spy.keys.state.get()).toEqual({ kind: 'unsigned' });
  atAnn.send('still for bob');
  await shows(bob.chat.conversation(id), reads('still for bob'));
  await shows(spy.chat.conversation(id), unreadable('no-key'), unreadable('no-key'));
  spy.chat.conversation(id).send('I am bob');
  await until(
    spy.chat.conversation(id),
    ({ messages: all }) => all.at(-1)?.failure?.code === 'DEVICE_NOT_SIGNED',
  );

  // It puts other keys in the place of his: as if he had none.
  const wire: Wire = { given: [], replacesIdentity: true };
  wire.tamper = (path) =>
    path.endsWith('/keys/query') && !wire.given.some((said) => said.includes('master_key'))
      ? { devices: [], identities: [], signatures: [] }
      : undefined;
  const thief = await device(world, 'bob', { kind: 'app', wire });
  expect(thief.keys.state.get()).toEqual({ kind: 'ready' });
  expect(await ann.keys.person(ids.bob)).toMatchObject({ isVerified: false, hasChanged: true });
  atAnn.send('for whom is this?');
  await until(atAnn, ({ messages: all }) => all.at(-1)?.failure?.code === 'KEYS_CHANGED');
  // Somebody has looked at it, and says that it is fine.
  await ann.keys.approve(ids.bob);
  const failed = atAnn.get().messages.at(-1);
  atAnn.retry(failed?.key ?? '');
  await shows(thief.chat.conversation(id), reads('for whom is this?'));
});

test('what is said twice, elsewhere, otherwise or not at all is noticed', async () => {
  const world = await startWorld({ endToEnd: true });
  await people(world, 'ann', 'bob');
  const id = await world.befriend('ann', 'bob');
  const ann = await device(world, 'ann');
  const wire: Wire = { given: [] };
  const bob = await device(world, 'bob', { wire });
  await ann.keys.encrypt(id);
  const atAnn = ann.chat.conversation(id);
  for (const text of ['one', 'two', 'three', 'four']) atAnn.send(text);
  await says(atAnn, 'one', 'two', 'three', 'four');
  const page = await ann.chat.api.GET('/v1/conversations/{conversationId}/messages', {
    params: { path: { conversationId: id }, query: {} },
  });
  const { items = [], ...rest } = page.data ?? {};
  const [notice, one, two, three, four] = items;
  if (!notice || !one || !two || !three || !four) throw new Error('there are five');
  const shown = async (...changed: typeof items): Promise<Conversation> => {
    wire.tamper = (path) =>
      path.endsWith('/messages')
        ? { ...rest, items: changed, to: changed.at(-1)?.number, last: changed.at(-1)?.number }
        : undefined;
    const conversation = bob.chat.conversation(id);
    await conversation.loadNewest();
    return conversation;
  };

  // One of them is not shown.
  const dropped = await shown(notice, one, two, four);
  const { messages } = await shows(dropped, reads('one'), reads('two'), reads('four'));
  expect([...missingIn(messages)]).toEqual([[messages.at(-1)?.key, 1]]);
  // One is shown again, as a new one.
  const again = { ...one, id: '99', number: four.number + 1 };
  const repeated = await shown(notice, one, two, three, four, again);
  await becomes(repeated, { 4: reads('three'), 5: reads('four'), 6: unreadable('out-of-order') });
  // Something of one is otherwise.
  if (three.content.type !== 'encrypted') throw new Error('it is not encrypted');
  const body = three.content.body.replace(
    /"ciphertext":"(.{40})./,
    (_, start: string) => `"ciphertext":"${start}_`,
  );
  const altered = { ...three, stamp: 1, content: { ...three.content, body } };
  await becomes(await shown(notice, one, two, altered, four), { 3: reads('two'), 4: unreadable('altered') });
  // Two have changed places.
  const swapped = [
    { ...one, stamp: 2, content: two.content },
    { ...two, stamp: 2, content: one.content },
  ];
  await becomes(await shown(notice, ...swapped, three, four), {
    ...{ 2: unreadable('out-of-order'), 3: unreadable('out-of-order') },
  });
  // Somebody else is said to have said it; and it is said that it need not be encrypted.
  const other = { ...four, stamp: 3, senderId: bob.chat.me.get()?.id ?? '2' };
  await becomes(await shown(notice, one, two, three, other), { 5: unreadable('unsigned') });
  const plain = { ...four, stamp: 4, content: { type: 'text' as const, text: 'send me the key' } };
  await becomes(await shown(notice, one, two, three, plain), {
    5: ({ encryption }) => encryption?.kind === 'plain',
  });

  // That nothing is encrypted any more nobody believes.
  wire.tamper = (path, answer) =>
    path.startsWith('/v1/encryption/devices/') && path.endsWith('/sync')
      ? { ...(answer as object), conversations: [] }
      : undefined;
  bob.chat.conversation(id).send('MARKER');
  await shows(atAnn, reads('MARKER'));
  expect(wire.given.join('\n')).not.toContain('MARKER');
});

test('a device that another one has removed says so, says nothing encrypted, and is set up anew as another one', async () => {
  const world = await startWorld({ endToEnd: true });
  const { bob: bobsId } = await people(world, 'ann', 'bob');
  const id = await world.befriend('ann', 'bob');
  const [ann, bob] = [await device(world, 'ann'), await device(world, 'bob')];
  await ann.keys.encrypt(id);
  const recoveryKey = await bob.keys.createRecoveryKey();
  await bob.keys.useRecoveryKey(recoveryKey);
  const phone = await device(world, 'bob', { kind: 'app' });
  await phone.keys.restore(recoveryKey);
  const mine = async () => (await phone.keys.person(bobsId)).devices.find(({ isThis }) => isThis)?.deviceId;
  const before = (await mine()) ?? '';
  expect(phone.keys.state.get()).toEqual({ kind: 'ready' });

  await bob.keys.removeDevice(before);

  await until(phone.keys.state, ({ kind }) => kind === 'removed');
  const atPhone = phone.chat.conversation(id);
  atPhone.send('from the phone');
  const { messages } = await until(atPhone, (view) => view.messages.at(-1)?.state === 'failed');
  expect(messages.at(-1)?.failure).toMatchObject({ code: 'DEVICE_REMOVED' });
  expect(bob.keys.state.get()).toEqual({ kind: 'ready' });

  await phone.keys.setUp();
  expect(phone.keys.state.get()).toEqual({ kind: 'unsigned' });
  await phone.keys.restore(recoveryKey);
  expect(await mine()).not.toBe(before);
  atPhone.retry(messages.at(-1)?.key ?? '');
  await shows(ann.chat.conversation(id), reads('from the phone'));
});

test('what the platform says has arrived, and is another message, has not', async () => {
  const world = await startWorld({ endToEnd: true });
  await people(world, 'ann', 'bob');
  const id = await world.befriend('ann', 'bob');
  const wire: Wire = { given: [] };
  const [ann, bob] = [await device(world, 'ann', { wire }), await device(world, 'bob')];
  await ann.keys.encrypt(id);
  const [atAnn, atBob] = [ann.chat.conversation(id), bob.chat.conversation(id)];
  const answers: object[] = [];
  const isSent = (path: string, answer: unknown): boolean =>
    path.endsWith('/messages') && 'content' in (answer as object);
  wire.tamper = (path, answer) => {
    if (isSent(path, answer)) answers.push(answer as object);
    return undefined;
  };
  atAnn.send('the same words');
  atAnn.send('the same words');
  await until(atAnn, () => answers.length === 2 && ann.chat.waiting === 0);
  const [older = {}, newer = {}] = answers;
  const words = { content: { type: 'text', text: 'the same words' } };

  for (const lie of [older, { ...newer, ...words }, { ...newer, conversationId: 'private:8:9' }]) {
    wire.tamper = (path, answer) => (isSent(path, answer) ? lie : undefined);
    atAnn.send('the same words');
    const { messages } = await until(
      atAnn,
      (view) => view.messages.at(-1)?.failure?.code === 'OTHER_MESSAGE',
    );
    // It had arrived all the same: with its key it is said once, as it was sealed then.
    delete wire.tamper;
    atAnn.retry(messages.at(-1)?.key ?? '');
    await until(atAnn, (view) =>
      view.messages.every(({ state }) => state !== 'sending' && state !== 'failed'),
    );
  }
  atAnn.send('the last words');

  const { messages } = await shows(atBob, reads('the last words'));
  expect(messages.filter(reads('the same words'))).toHaveLength(5);
  expect([...missingIn(messages)]).toEqual([]);
});
