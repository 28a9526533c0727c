import { beforeAll, expect, test, vi } from 'vitest';
import { compare, dieEverywhere, encryptingDevice, reads, tells, type Device } from './support/encrypting.ts';
import { Profile } from './support/profile.ts';
import { startWorld, until, type World } from './support/world.ts';

// It has a new device for each step.
vi.setConfig({ testTimeout: 180_000 });

let world: World;
let bob: Device;
beforeAll(async () => {
  world = await startWorld({ endToEnd: true });
  await world.register('bob');
  bob = await encryptingDevice(world, 'bob');
});

/** Somebody's older device, and what opens what it has backed up. */
async function older(userName: string) {
  const userId = await world.register(userName);
  const id = await world.befriend(userName, 'bob');
  const browser = new Profile(world);
  const laptop = await browser.page(userName);
  await laptop.keys.encrypt(id);
  await tells(laptop, bob, id, 'before');
  const recoveryKey = await laptop.keys.createRecoveryKey();
  await laptop.keys.useRecoveryKey(recoveryKey);
  return { userId, id, browser, laptop, recoveryKey };
}

const readsWhatWasBefore = ({ chat }: Device, id: string) =>
  until(chat.conversation(id), ({ messages }) => messages.some(reads('before')));

test('a new device has what was said before, wherever the older one dies that has confirmed it', async () => {
  const { userId, id, browser, laptop: first } = await older('gus');
  let laptop = first;
  const steps = await dieEverywhere(async (at) => {
    const phone = await encryptingDevice(world, 'gus', 'app');
    const page = laptop;
    // It knows that the new one is confirmed, and so does the platform.
    await compare(phone, page, userId, { of: page, at, from: /^hear PUT .*signatures$/ });
    await Promise.race([page.life.died, readsWhatWasBefore(phone, id)]);
    await page.chat.close();

    laptop = await browser.page('gus');

    await readsWhatWasBefore(phone, id);
    expect(phone.keys.state.get()).toEqual({ kind: 'ready' });
    await phone.chat.close();
    const { devices } = await laptop.keys.person(userId);
    await laptop.keys.removeDevice(devices.find(({ isThis }) => !isThis)?.deviceId ?? '');
    return page;
  });
  for (const step of ['write state', 'hear POST /vN/encryption/keys/claim', 'write session'])
    expect(steps).toContain(step);
});

test('what an older device died over another one gives that comes later', async () => {
  const { userId, id, laptop, recoveryKey } = await older('ida');
  const phone = await encryptingDevice(world, 'ida', 'app');
  await compare(phone, laptop, userId, { of: laptop, at: 0, from: /^ask POST .*claim$/ });
  await laptop.life.died;
  await laptop.chat.close();
  await until(phone.keys.state, ({ kind }) => kind === 'ready');

  const tablet = await encryptingDevice(world, 'ida', 'web');
  await tablet.keys.restore(recoveryKey);

  await readsWhatWasBefore(phone, id);
});
