import { memoryStore, type Conversation, type Message } from 'im-chat';
import { endToEnd, missingIn } from 'im-chat/end-to-end';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { encryptingDevice, type Device } from './support/encrypting.ts';
import { Profile, type Page } from './support/profile.ts';
import { password, startWorld, until, type World } from './support/world.ts';

let world: World;
let bob: Device;
/** Of ann and bob. */
let id: string;
let atBob: Conversation;
let ann: Page;
let browser: Profile;
/** By ann, in this order. */
const said: string[] = [];

beforeAll(async () => {
  world = await startWorld({ endToEnd: true });
  await world.register('ann');
  await world.register('bob');
  id = await world.befriend('ann', 'bob');
  bob = await encryptingDevice(world, 'bob');
  atBob = bob.chat.conversation(id);
  browser = new Profile(world);
  const { chat, keys } = await browser.page('ann');
  await keys.encrypt(id);
  await chat.close();
});

beforeEach(async () => {
  ann = await browser.page('ann');
});

afterEach(() => ann.chat.close());

function textOf({ content, encryption }: Message): string | undefined {
  if (encryption?.kind !== 'read') return undefined;
  if (content.type === 'file') return content.name;
  return content.type === 'text' ? content.text : undefined;
}

const textsIn = ({ messages }: { readonly messages: readonly Message[] }) =>
  messages.flatMap((message) => textOf(message) ?? []);

/** Her page dies in front of each step of what it does, until it has done it, or up to `last`. Says which steps those were. */
async function dieEverywhere(
  from: RegExp,
  act: (page: Page, at: number) => Promise<void>,
  afterwards: (at: number) => Promise<void>,
  last?: string,
): Promise<readonly string[]> {
  for (let at = 0; ; at++) {
    const { chat, life } = ann;
    life.dieAt(at, from);
    // What a dead page says nobody hears.
    const done = act(ann, at).then(() => true);
    done.catch(() => undefined);
    const isDone = await Promise.race([life.died.then(() => false), done]);
    expect(life.errors).toEqual([]);
    await chat.close();
    ann = await browser.page('ann');
    await afterwards(at);
    if (isDone || life.steps.at(-1) === last) return life.steps;
  }
}

async function isSent({ chat }: Page): Promise<void> {
  await expect.poll(() => chat.waiting, { interval: 5 }).toBe(0);
}

/** Bob reads all of it once and in order, and nothing is missing. */
async function bobReads(): Promise<void> {
  const view = await until(atBob, ({ messages }) => textsIn({ messages }).includes(said.at(-1) ?? ''));
  expect(textsIn(view)).toEqual(said);
  expect([...missingIn(view.messages)]).toEqual([]);
}

test('what it says is said once and in order, nothing is missing, and it is the device that it was', async () => {
  const { deviceId } = await mine();
  const steps = await dieEverywhere(
    /^written outbox$/,
    async (page, at) => {
      said.push(`text ${at}`);
      page.chat.conversation(id).send(`text ${at}`);
      await isSent(page);
    },
    bobReads,
  );
  // It takes a place, seals, keeps what it has sealed, sends it, hears of it, and writes that down.
  const inOrder = ['write state', 'write outbound_group_sessions', 'write outbox'];
  for (const step of [...inOrder, 'write outbox,state,messages']) expect(steps).toContain(step);
  expect(await mine()).toEqual({ deviceId, isSigned: true });
  expect(
    textsIn(await until(ann.chat.conversation(id), (view) => textsIn(view).length === said.length)),
  ).toEqual(said);
});

/** What its person's devices say of this one. */
async function mine() {
  const { devices } = await ann.keys.person(ann.chat.me.get()?.id ?? '');
  expect(devices).toHaveLength(1);
  return { deviceId: devices[0]?.deviceId, isSigned: devices[0]?.isSigned };
}

test('a file that it encrypts is there once, wherever it dies while it uploads it', async () => {
  const steps = await dieEverywhere(
    /^written outbox$/,
    async (page, at) => {
      const name = `${at}.txt`;
      said.push(name);
      page.chat
        .conversation(id)
        .send({ ...{ type: 'local-file', as: 'file', name }, file: new Blob([name]) });
      await isSent(page);
    },
    bobReads,
  );
  expect(steps).toContain('hear POST /vN/files');
});

test('what was written to be encrypted is not sent otherwise by a page that does not know that', async () => {
  await world.register('cleo');
  const withCleo = await world.befriend('ann', 'cleo');
  const cleo = await encryptingDevice(world, 'cleo');
  await ann.keys.encrypt(withCleo);
  ann.life.dieAt(0, /^written outbox$/);
  ann.chat.conversation(withCleo).send('for cleo alone');
  await ann.life.died;
  const annsId = ann.chat.me.get()?.id ?? '';
  await ann.chat.close();
  await browser.change(annsId, [
    { table: 'state', key: 'end-to-end:conversations', value: JSON.stringify([id]) },
    { table: 'state', key: `end-to-end:places:${withCleo}` },
  ]);

  ann = await browser.page('ann');

  const { messages } = await until(cleo.chat.conversation(withCleo), (view) =>
    view.messages.some(({ encryption }) => encryption && encryption.kind !== 'opening'),
  );
  expect(messages.at(-1)?.encryption).toMatchObject({ kind: 'read', place: 1 });
});

test('what a device has written that has not heard that it is encrypted is sent encrypted', async () => {
  await world.register('dora');
  const withDora = await world.befriend('ann', 'dora');
  const keys = endToEnd();
  const deaf = world.chat({ imUrl: 'ws://127.0.0.1:1', encryption: keys, store: memoryStore() });
  await deaf.signIn({ userName: 'dora', password, device: 'web' });
  await keys.setUp();
  await ann.keys.encrypt(withDora);

  deaf.conversation(withDora).send('for ann alone');

  const { messages } = await until(ann.chat.conversation(withDora), (view) =>
    view.messages.some(({ encryption }) => encryption?.kind === 'read'),
  );
  // The first one says that they are friends.
  expect(messages.slice(1)).toMatchObject([{ content: { text: 'for ann alone' } }]);
});

test('keys that it hands to a device that is new come there wherever it dies, while another one is gone', async () => {
  const bobsId = bob.chat.me.get()?.id ?? '';
  const recoveryKey = await bob.keys.createRecoveryKey();
  await bob.keys.useRecoveryKey(recoveryKey);
  const phone = await encryptingDevice(world, 'bob', 'app');
  const atPhone = phone.chat.conversation(id);
  const steps = await dieEverywhere(
    /^ask POST .*keys.claim$/,
    async (page, at) => {
      const before = (await bob.keys.person(bobsId)).devices.find(({ isThis }) => !isThis);
      if (at > 0) await bob.keys.removeDevice(before?.deviceId ?? '');
      if (at > 0) await until(phone.keys.state, ({ kind }) => kind === 'removed');
      await phone.keys.setUp();
      await phone.keys.restore(recoveryKey);
      await page.keys.person(bobsId);
      said.push(`keys ${at}`);
      page.chat.conversation(id).send(`keys ${at}`);
      await isSent(page);
    },
    async () => {
      await bobReads();
      await until(atPhone, (view) => textsIn(view).includes(said.at(-1) ?? ''));
    },
    // What comes then is the same as above.
    'write outbox',
  );
  for (const step of ['write session', 'hear POST /vN/encryption/messages']) expect(steps).toContain(step);
});
