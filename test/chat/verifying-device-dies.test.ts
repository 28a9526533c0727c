import { memoryStore } from 'im-chat';
import { endToEnd } from 'im-chat/end-to-end';
import { beforeAll, expect, test, vi } from 'vitest';
import { compare, dieEverywhere, encryptingDevice, tells, type Device } from './support/encrypting.ts';
import { Network } from './support/network.ts';
import { Profile, type Page } from './support/profile.ts';
import { startWorld, until, type World } from './support/world.ts';

// Each has another person for each step.
vi.setConfig({ testTimeout: 180_000 });

let world: World;
let browser: Profile;
beforeAll(async () => {
  world = await startWorld({ endToEnd: true });
  await world.register('ann');
  browser = new Profile(world);
  await (await browser.page('ann')).chat.close();
});

interface Friend extends Device {
  readonly userId: string;
  /** Of their conversation with ann. */
  readonly id: string;
}

async function friend(userName: string): Promise<Friend> {
  const userId = await world.register(userName);
  const id = await world.befriend('ann', userName);
  return { userId, id, ...(await encryptingDevice(world, userName)) };
}

/** Somebody's device with keys that nobody has signed, in the place of those that there were. */
async function withOtherKeys(userName: string): Promise<Device> {
  let isFirst = true;
  const keys = endToEnd();
  const chat = await world.signIn(userName, {
    ...{ encryption: keys, store: memoryStore() },
    async fetch(request) {
      if (isFirst && request.url.endsWith('/keys/query'))
        return Response.json({ devices: [], identities: [], signatures: [] });
      if (!request.url.endsWith('/encryption/identity')) return fetch(request);
      isFirst = false;
      const { keys: body } = (await request.json()) as { keys: string };
      const { url, headers } = request;
      return fetch(url, { method: 'PUT', headers, body: JSON.stringify({ keys: body }) });
    },
  });
  await keys.setUp();
  return { chat, keys };
}

/** She looks at them, says something, and it is read. */
async function areAsBefore(ann: Page, { userId, id, ...theirs }: Friend): Promise<void> {
  expect(await ann.keys.person(userId)).toMatchObject({ hasKeys: true, hasChanged: false });
  await tells(ann, theirs, id, 'afterwards');
}

for (const asks of [true, false])
  test(`keys of somebody are not taken for others when the page dies that ${asks ? 'asks' : 'was asked'} to compare codes`, async () => {
    const steps = await dieEverywhere(async (at) => {
      const page = await browser.page('ann');
      const bob = await friend(`bob${at}${asks}`);
      await page.keys.encrypt(bob.id);
      await tells(page, bob, bob.id, 'before');
      const annsId = page.chat.me.get()?.id ?? '';
      if (asks) await compare(page, bob, bob.userId, { of: page, at });
      // Up to there the same is done.
      else await compare(bob, page, annsId, { of: page, at, from: /^write devices,identities$/ });
      await page.chat.close();

      const ann = await browser.page('ann');

      await areAsBefore(ann, bob);
      if (!(await ann.keys.person(bob.userId)).isVerified) {
        for (const one of bob.keys.verifications.get()) await one.cancel();
        await compare(ann, bob, bob.userId);
        await until(ann.keys.known, (known) => known.get(bob.userId)?.isVerified === true);
      }
      await tells(bob, ann, bob.id, 'and back');
      await ann.chat.close();
      await bob.chat.close();
      return page;
    });
    expect(steps).toContain('hear PUT /vN/encryption/signatures');
  });

test('new keys of somebody are approved, or are not yet, wherever the page dies that approves them', async () => {
  const steps = await dieEverywhere(async (at) => {
    const page = await browser.page('ann');
    const cleo = await friend(`cleo${at}`);
    await page.keys.encrypt(cleo.id);
    await tells(page, cleo, cleo.id, 'before');
    await compare(page, cleo, cleo.userId);
    await until(page.keys.known, (known) => known.get(cleo.userId)?.isVerified === true);
    const anew = { ...cleo, ...(await withOtherKeys(`cleo${at}`)) };
    expect(await page.keys.person(cleo.userId)).toMatchObject({ isVerified: false, hasChanged: true });
    page.life.dieAt(at, /^write identities$/);
    const done = page.keys.approve(cleo.userId);
    // What a dead page says nobody hears.
    done.catch(() => undefined);
    await Promise.race([done, page.life.died]);
    await page.chat.close();

    const ann = await browser.page('ann');

    if ((await ann.keys.person(cleo.userId)).hasChanged) {
      const atAnn = ann.chat.conversation(cleo.id);
      atAnn.send('not yet');
      await until(atAnn, ({ messages }) => messages.at(-1)?.failure?.code === 'KEYS_CHANGED');
      await ann.keys.approve(cleo.userId);
    }
    await areAsBefore(ann, anew);
    await ann.chat.close();
    await anew.chat.close();
    await cleo.chat.close();
    return page;
  });
  expect(steps.slice(0, 2)).toEqual(['write identities', 'write identities']);
});

for (const [userName, what] of [
  ['kim', 'the word that it is the same'],
  ['lea', 'the signature'],
] as const)
  test(`codes are compared, though ${what} did not get through at first`, async () => {
    const theirs = await friend(`of-${userName}`);
    await world.register(userName);
    await world.befriend(userName, `of-${userName}`);
    const keys = endToEnd();
    const network = new Network();
    await world.signIn(userName, { encryption: keys, store: memoryStore(), fetch: network.fetch });
    await keys.setUp();
    const one = await keys.verify(theirs.userId);
    const [other] = await until(theirs.keys.verifications, ([asked]) => asked?.get().step === 'asked');
    if (!other) throw new Error('nobody was asked');
    await other.accept();
    const both = [one, other];
    await Promise.all(both.map((each) => until(each, ({ step }) => step === 'comparing')));

    // The connection over which it hears that there is something for it stays.
    if (userName === 'kim') {
      await other.confirm();
      network.isAway = true;
      await expect(one.confirm()).rejects.toMatchObject({ retryable: true });
      network.isAway = false;
    } else {
      network.cuts = /^PUT .*signatures$/;
      await one.confirm();
      await other.confirm();
    }

    await Promise.all(both.map((each) => until(each, ({ step }) => step === 'done')));
    await until(keys.known, (known) => known.get(theirs.userId)?.isVerified === true);
    expect(network.cuts).toBeUndefined();
  });
