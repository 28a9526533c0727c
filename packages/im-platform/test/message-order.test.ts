import { describe, expect, it } from 'vitest';
import { befriend } from './support/friends.ts';
import { nextPrivate, pull, say, type PrivateMessage } from './support/messages.ts';
import type { Person } from './support/person.ts';
import { startTestPlatform, storeKinds } from './support/test-platform.ts';

/** SQLite takes one statement at a time, however many send: there it is about the device that drops out. */
const sendsOn = { sqlite: 300, mariadb: 1_000 } as const;

/** A thousand connections at once are too many for the backlog of a busy machine; clients send again then. */
async function sayForSure(from: Person, to: Person, content: string): Promise<PrivateMessage> {
  const send = (): Promise<PrivateMessage> => say(from, to, content, { tmpId: content });
  return send().catch((error: unknown) => {
    if (error instanceof TypeError) return send();
    throw error;
  });
}

describe.each(storeKinds)('the order of messages on %s', (store) => {
  const sends = sendsOn[store];
  const seenBeforeTheDrop = 0.3 * sends;

  // Contract G.5.
  it(`is that of ids for ${sends} sends at once, and a device that drops out misses none`, async () => {
    const test = await startTestPlatform({ store, platform: { requestTimeoutMs: 200_000 } });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    const device = await bob.connect(7);

    const sending = Promise.all(
      Array.from({ length: sends }, (_, index) => sayForSure(ann, bob, `m${index}`)),
    );
    const live: PrivateMessage[] = [];
    while (live.length < seenBeforeTheDrop) live.push(await nextPrivate(device));
    device.terminate();
    const again = await bob.connect(7);
    const pulled = await pull(bob, live.at(-1)?.id);
    const last = Math.max(...(await sending).map(({ id }) => id));
    const liveAgain: PrivateMessage[] = [];
    while ((liveAgain.at(-1) ?? pulled.at(-1))?.id !== last) liveAgain.push(await nextPrivate(again));

    const everyNumber = Array.from({ length: sends }, (_, index) => index + 1);
    // What was on its way to the dropped connection is pushed again, later: by then the device has it.
    const seen = new Map([...live, ...pulled, ...liveAgain].map(({ id, number }) => [id, number]));
    expect([...seen.values()]).toEqual(everyNumber);
    expect((await pull(bob)).map(({ number }) => number)).toEqual(everyNumber);
  }, 240_000);
});
