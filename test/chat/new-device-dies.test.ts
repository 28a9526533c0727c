import { memoryStore, type Chat, type Message } from 'im-chat';
import { endToEnd, missingIn, type EndToEnd, type Verification } from 'im-chat/end-to-end';
import { beforeAll, expect, test, vi } from 'vitest';
import { Profile, type Page } from './support/profile.ts';
import { startWorld, until, type World } from './support/world.ts';

// Each has a person or a device of its own for each step.
vi.setConfig({ testTimeout: 180_000 });

interface Device {
  readonly chat: Chat;
  readonly keys: EndToEnd;
}

let world: World;
let bob: Device;
beforeAll(async () => {
  world = await startWorld({ endToEnd: true });
  await world.register('bob');
  bob = await device('bob');
});

/** One that does not die. */
async function device(userName: string, kind: 'web' | 'app' = 'web'): Promise<Device> {
  const keys = endToEnd();
  const chat = await world.signIn(userName, { encryption: keys, store: memoryStore() }, kind);
  await keys.setUp();
  return { chat, keys };
}

/** In front of which step a page dies, until it has done all of them. Says which those were. */
async function dieEverywhere(live: (at: number) => Promise<Page>): Promise<readonly string[]> {
  for (let at = 0; ; at++) {
    const { life } = await live(at);
    expect(life.errors).toEqual([]);
    if (!life.isOver) return life.steps;
  }
}

/** It does this, and is closed; it may die in the midst of it, in front of this step. */
async function lastDeed(
  page: Page,
  { at, from }: { readonly at: number; readonly from: RegExp },
  act: () => Promise<unknown>,
): Promise<Page> {
  page.life.dieAtNew(at, from);
  const done = act();
  // What a dead page says nobody hears.
  done.catch(() => undefined);
  await Promise.race([page.life.died, done]);
  await page.chat.close();
  return page;
}

const reads = (text: string) => (message: Message) =>
  message.content.type === 'text' && message.content.text === text && message.encryption?.kind === 'read';

/** As bob's device is given them. */
async function claimOf(userId: string): Promise<readonly string[]> {
  const { devices } = await bob.keys.person(userId);
  const body = { devices: devices.map(({ deviceId }) => ({ userId, deviceId })) };
  const { data } = await bob.chat.api.POST('/v1/encryption/keys/claim', { body });
  return (data?.keys ?? []).map(({ id }) => id);
}

/** One says something, and the other one reads it. */
async function tells(one: Device, other: Device, id: string, text: string): Promise<void> {
  one.chat.conversation(id).send(text);
  const view = await until(other.chat.conversation(id), ({ messages }) => messages.some(reads(text)));
  expect(view.messages.filter(reads(text))).toHaveLength(1);
  expect([...missingIn(view.messages)]).toEqual([]);
}

test('keys that a first device makes are whole wherever it dies, and none of them is given twice', async () => {
  const steps = await dieEverywhere(async (at) => {
    const name = `eve${at}`;
    const hersId = await world.register(name);
    const id = await world.befriend(name, 'bob');
    const browser = new Profile(world);
    const page = await browser.page(name, { dieAt: at });
    await page.chat.close();
    const given = await claimOf(hersId);

    const eve = await browser.page(name);

    expect(eve.keys.state.get()).toEqual({ kind: 'ready' });
    const { devices } = await eve.keys.person(hersId);
    expect(devices).toMatchObject([{ isSigned: true, isThis: true }]);
    const more = await claimOf(hersId);
    expect(more.filter((one) => given.includes(one))).toEqual([]);
    await eve.keys.encrypt(id);
    await tells(bob, eve, id, 'for her');
    await eve.chat.close();
    return page;
  });
  expect(steps).toContain('hear PUT /vN/encryption/identity');
});

test('what a recovery key opens is all there, wherever the device dies that restores it', async () => {
  const faysId = await world.register('fay');
  const id = await world.befriend('fay', 'bob');
  const fay = await device('fay');
  await fay.keys.encrypt(id);
  await tells(fay, bob, id, 'before');
  const recoveryKey = await fay.keys.createRecoveryKey();
  await fay.keys.useRecoveryKey(recoveryKey);
  const steps = await dieEverywhere(async (at) => {
    const browser = new Profile(world);
    const first = await browser.page('fay', { device: 'app' });
    const from = /^hear GET .*backup$/;
    const page = await lastDeed(first, { at, from }, () => first.keys.restore(recoveryKey));

    const phone = await browser.page('fay');

    const { devices } = await fay.keys.person(faysId);
    const hers = devices.filter(({ isThis }) => !isThis);
    expect(hers).toMatchObject([{ isSigned: phone.keys.state.get().kind === 'ready' }]);
    if (phone.keys.state.get().kind === 'unsigned') await phone.keys.restore(recoveryKey);
    await until(phone.chat.conversation(id), ({ messages }) => messages.some(reads('before')));
    if (!page.life.isOver) await tells(phone, bob, id, 'as good as before');
    await phone.chat.close();
    await fay.keys.removeDevice(hers[0]?.deviceId ?? '');
    return page;
  });
  expect(steps).toContain('hear PUT /vN/encryption/signatures');
});

/** They look at the same pictures, and both say so; it may die in the midst of that. */
async function compare(asking: Device, asked: Device, userId: string, dies?: Page): Promise<void> {
  const mine = await asking.keys.verify(userId);
  const [theirs] = await until(asked.keys.verifications, ([one]) => one?.get().step === 'asked');
  await theirs?.accept();
  const both = [mine, theirs].filter((one): one is Verification => one !== undefined);
  await Promise.all(both.map((one) => until(one, ({ step }) => step === 'comparing')));
  dies?.life.dieAtNew(0, /^write devices,gossip_requests,identities$/);
  const done = Promise.all(
    both.map(async (one) => {
      await one.confirm();
      await until(one, ({ step }) => step === 'done');
    }),
  );
  // What a dead page says nobody hears.
  done.catch(() => undefined);
  await Promise.race([done, ...(dies ? [dies.life.died] : [])]);
}

test('a device that dies before it knows that the other one has confirmed it is confirmed anew', async () => {
  const hisId = await world.register('gus');
  const id = await world.befriend('gus', 'bob');
  const laptop = await device('gus');
  await laptop.keys.encrypt(id);
  await tells(laptop, bob, id, 'before');
  const recoveryKey = await laptop.keys.createRecoveryKey();
  await laptop.keys.useRecoveryKey(recoveryKey);
  for (const way of ['compares', 'restores']) {
    const browser = new Profile(world);
    const page = await browser.page('gus', { device: 'app' });
    await compare(page, laptop, hisId, page);
    await page.chat.close();
    expect(page.life).toMatchObject({ isOver: true, errors: [] });

    const phone = await browser.page('gus');

    const { devices } = await laptop.keys.person(hisId);
    const his = devices.filter(({ isThis }) => !isThis);
    expect(his).toMatchObject([{ isSigned: true }]);
    expect(phone.keys.state.get()).toEqual({ kind: 'unsigned' });
    if (way === 'compares') await compare(phone, laptop, hisId);
    else await phone.keys.restore(recoveryKey);
    await until(phone.keys.state, ({ kind }) => kind === 'ready');
    await until(phone.chat.conversation(id), ({ messages }) => messages.some(reads('before')));
    await tells(phone, bob, id, `one that ${way}`);
    await phone.chat.close();
    await laptop.keys.removeDevice(his[0]?.deviceId ?? '');
  }
});
