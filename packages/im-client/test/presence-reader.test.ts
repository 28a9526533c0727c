import { ImError } from 'im-common';
import { createMemoryBus, type Bus } from 'im-common/bus';
import { encodePresence, presenceList, presenceNotice, serverGroup } from 'im-common/internal/bus';
import { onCleanup } from 'im-test/support';
import { expect, it, vi } from 'vitest';
import { createImClient, type PresenceEvent, type PresenceListenerOptions } from '../src/index.ts';
import { put } from './support/scripted-server.ts';

// P-16.6 to P-16.8, where the bus fails or is slow at a bad moment. The server is the test.

const list = presenceList('shop');
const away = new ImError('BUS_UNAVAILABLE', 'away', { effect: 'unknown' });

/** A client, and what it has posted. */
function newReader() {
  const bus = createMemoryBus();
  onCleanup(() => bus.close());
  const im = createImClient({ service: 'shop', bus });
  onCleanup(() => im.close());
  return {
    bus,
    /** What a listener hears: users, and restarts. */
    listen(options: PresenceListenerOptions = {}) {
      const heard: string[] = [];
      const stop = im.on('presence', (events) => void heard.push(...events.map(shown)), options);
      return { heard, stop };
    },
    im,
    /** Resolves when servers can see an account that is not this one. */
    async accountBut(old?: string): Promise<string> {
      const posted = async () => (await bus.registry.view(serverGroup)).notices?.get(presenceNotice('shop'));
      const isNew = (account?: string) => account !== undefined && account !== old;
      await expect.poll(async () => isNew(await posted())).toBe(true);
      return (await posted()) ?? '';
    },
  };
}

function shown(event: PresenceEvent): string {
  return event.event === 'restart' ? 'restart' : event.userId;
}

let number = 0;

/** As a server would. */
async function tell(bus: Bus, account: string, user: string): Promise<void> {
  number += 1;
  const session = { id: `5-${number}`, address: { id: user, terminal: 0 }, serverId: 5 };
  const note = { event: 'came', session, standing: { number, open: 1 }, at: 0 } as const;
  await put(bus, list, encodePresence({ account, notes: [note] }));
}

it('goes on where it could not put back what it had acknowledged before', async () => {
  const { accountBut, bus, im, listen } = newReader();
  await im.start();
  const before = listen();
  const old = await accountBut();
  for (const user of ['2', '3', '4']) {
    await tell(bus, old, user);
    await expect.poll(() => before.heard.at(-1)).toBe(user);
  }
  const requeue = vi.spyOn(bus.lists, 'requeue').mockRejectedValueOnce(away);
  before.stop();
  await expect.poll(() => requeue.mock.calls.length).toBe(1);

  const after = listen();
  await tell(bus, await accountBut(old), '5');

  await expect.poll(() => after.heard).toEqual(['restart', '5']);
});

it('hears what is told of its account before the bus has answered that it stands', async () => {
  const { bus, im, listen } = newReader();
  const acknowledge = vi.spyOn(bus.lists, 'acknowledge');
  const post = bus.registry.post.bind(bus.registry);
  vi.spyOn(bus.registry, 'post').mockImplementationOnce(async (...notice) => {
    const answer = await post(...notice);
    await tell(bus, notice[2], '2');
    await expect.poll(() => acknowledge.mock.calls.some(([from]) => from === list)).toBe(true);
    return answer;
  });
  await im.start();

  const { heard } = listen();

  await expect.poll(() => heard).toEqual(['restart', '2']);
});

it('begins anew for a listener that comes while it says that its account stands', async () => {
  const { accountBut, bus, im, listen } = newReader();
  await im.start();
  const first = listen();
  const old = await accountBut();
  await tell(bus, old, '2');
  await expect.poll(() => first.heard).toEqual(['restart', '2']);
  const post = bus.registry.post.bind(bus.registry);
  const second = await new Promise<ReturnType<typeof listen>>((resolve) => {
    vi.spyOn(bus.registry, 'post').mockImplementationOnce(async (...notice) => {
      const answer = await post(...notice);
      resolve(listen());
      return answer;
    });
  });

  await tell(bus, await accountBut(old), '2');

  await expect.poll(() => second.heard).toEqual(['restart', '2']);
});

it('gives a restart when the listener is done with what came before', async () => {
  const { accountBut, bus, im, listen } = newReader();
  const lock = vi.spyOn(bus.registry, 'lock');
  await im.start();
  const calls: string[] = [];
  let end = (): void => undefined;
  const mayEnd = new Promise<void>((resolve) => (end = resolve));
  im.on('presence', async (events) => {
    const what = events.map(shown).join();
    calls.push(what);
    if (what === '2') await mayEnd;
    calls.push(`${what} is done`);
  });
  await tell(bus, await accountBut(), '2');
  await expect.poll(() => calls).toContain('2');

  listen();
  const asked = lock.mock.calls.length;
  await expect.poll(() => lock.mock.calls.length).toBeGreaterThan(asked + 1);
  end();

  await expect
    .poll(() => calls)
    .toEqual(['restart', 'restart is done', '2', '2 is done', 'restart', 'restart is done']);
});

it('does not resume after an outage in which another instance may have begun to read', async () => {
  const { accountBut, bus, im, listen } = newReader();
  await im.start();
  const { heard } = listen({ resume: true });
  const old = await accountBut();
  vi.spyOn(bus.registry, 'lock').mockRejectedValueOnce(away).mockResolvedValueOnce(false);

  await tell(bus, await accountBut(old), '2');

  await expect.poll(() => heard).toEqual(['restart', 'restart', '2']);
});
