import { beforeAll, expect, test, vi } from 'vitest';
import { compare, dieEverywhere, encryptingDevice, reads, tells, type Device } from './support/encrypting.ts';
import { Profile, type Page } from './support/profile.ts';
import { startWorld, until, type World } from './support/world.ts';

// Each has a person or a device of its own for each step.
vi.setConfig({ testTimeout: 180_000 });

let world: World;
let bob: Device;
beforeAll(async () => {
  world = await startWorld({ endToEnd: true });
  await world.register('bob');
  bob = await encryptingDevice(world, 'bob');
});

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

/** As bob's device is given them. */
async function claimOf(userId: string): Promise<readonly string[]> {
  const { devices } = await bob.keys.person(userId);
  const body = { devices: devices.map(({ deviceId }) => ({ userId, deviceId })) };
  const { data } = await bob.chat.api.POST('/v1/encryption/keys/claim', { body });
  return (data?.keys ?? []).map(({ id }) => id);
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
  const fay = await encryptingDevice(world, 'fay');
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

test('a device that dies before it knows that the other one has confirmed it is confirmed anew', async () => {
  const hisId = await world.register('gus');
  const id = await world.befriend('gus', 'bob');
  const laptop = await encryptingDevice(world, 'gus');
  await laptop.keys.encrypt(id);
  await tells(laptop, bob, id, 'before');
  const recoveryKey = await laptop.keys.createRecoveryKey();
  await laptop.keys.useRecoveryKey(recoveryKey);
  for (const way of ['compares', 'restores']) {
    const browser = new Profile(world);
    const page = await browser.page('gus', { device: 'app' });
    await compare(page, laptop, hisId, {
      of: page,
      at: 0,
      from: /^write devices,gossip_requests,identities$/,
    });
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
