import { createImClient, type ImClient, type PrivateResult } from '../src/index.ts';
import { ImError } from 'im-common';
import type { Bus } from 'im-common/bus';
import { onCleanup } from 'im-test/support';
import { expect, it } from 'vitest';
import { failureOf, Inbox } from './support/inbox.ts';
import type { ScriptedServer } from './support/scripted-server.ts';
import { overBothBuses, type World } from './support/world.ts';

// P-6.13.

const alice = { id: 1, terminal: 0 };
let users = 100;

/** The steps of a send, and whether the bus carries one out whose answer is lost. */
const locate = 'presence.locate';
const claim = 'claims.claim';
const put = 'lists.put';
const keep = 'kept.keep';

interface Fault {
  readonly step: string;
  readonly isCarriedOut: boolean;
}

function faultsAt(...steps: readonly string[]): Fault[] {
  return steps.flatMap((step) => [true, false].map((isCarriedOut) => ({ step, isCarriedOut })));
}

const faults = faultsAt(locate, claim, put);

/** The same bus for one client: until it is healed, one kind of call fails. */
function faulty(bus: Bus, { step, isCarriedOut }: Fault): { bus: Bus; heal: () => void } {
  let isBroken = true;
  const within = (part: object, path: readonly string[]): object =>
    new Proxy(part, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key, target);
        const isOnPath = key === path[0];
        if (typeof value !== 'function') return isOnPath ? within(value as object, path.slice(1)) : value;
        const method = value.bind(target) as (...args: unknown[]) => unknown;
        if (!isOnPath) return method;
        return async (...args: unknown[]) => {
          if (!isBroken) return method(...args);
          if (isCarriedOut) await method(...args);
          throw new ImError('BUS_UNAVAILABLE', 'Nothing was heard.');
        };
      },
    });
  return { bus: within(bus, step.split('.')) as Bus, heal: () => (isBroken = false) };
}

function clientOn(bus: Bus): ImClient {
  const im = createImClient({ service: 'shop', bus, sendTimeoutMs: 120 });
  onCleanup(() => im.close());
  return im;
}

/** As callers do: for as long as nothing is heard of it. */
async function untilSent(send: () => Promise<unknown>): Promise<void> {
  for (;;) {
    const { code } = await send().then(
      () => ({ code: 'sent' }),
      (error: unknown) => error as ImError,
    );
    if (code === 'sent') return;
    expect(code).toBe('BUS_UNAVAILABLE');
  }
}

async function textsAt(
  servers: readonly ScriptedServer[],
  world: World,
  kind: 'private' | 'group' | 'high',
): Promise<string[]> {
  const texts = await Promise.all(
    servers.map(({ id }) => world.bus.lists.range(`im:message:${kind}:${id}`, 0, 100)),
  );
  return texts.flat();
}

overBothBuses('a send that brings its own id', (newWorld) => {
  it.each([
    ['the same instance', false, 'private'],
    ['another instance', false, 'private'],
    ['the same instance', true, 'private'],
    ['another instance', true, 'private'],
    ['another instance', true, 'group'],
  ] as const)(
    'arrives once when %s repeats it (receiver moved: %s, %s), whatever step failed',
    async (who, moves, kind) => {
      const world = await newWorld();
      const [one, two] = [await world.server(), await world.server()];
      const send = (im: ImClient, user: number): Promise<unknown> => {
        const rest = { sender: alice, recvTerminals: [0], data: user, messageId: `order-${user}` };
        return kind === 'private'
          ? im.sendPrivateMessage({ ...rest, recvId: user })
          : im.sendGroupMessage({ ...rest, recvIds: [user, user + 500] });
      };

      const sent = await Promise.all(
        faults.map(async (fault) => {
          const user = (users += 1);
          for (const id of kind === 'private' ? [user] : [user, user + 500]) await one.connect(String(id));
          const { bus, heal } = faulty(world.bus, fault);
          const im = clientOn(bus);
          expect(await failureOf(send(im, user))).toMatchObject({ code: 'BUS_UNAVAILABLE' });
          heal();
          if (moves) await two.connect(String(user));
          const again = who === 'the same instance' ? im : clientOn(world.bus);
          await untilSent(() => send(again, user));
          await untilSent(() => send(again, user));
          return user;
        }),
      );

      const texts = await textsAt([one, two], world, kind);
      const receivers = texts.flatMap((text) =>
        (JSON.parse(text) as { receivers: { id: number }[] }).receivers.map(({ id }) => id),
      );
      const wanted = sent.flatMap((user) => (kind === 'private' ? [user] : [user, user + 500]));
      expect(receivers.sort((a, b) => a - b)).toEqual(wanted.sort((a, b) => a - b));
    },
  );

  it.each(['private', 'high', 'group'] as const)(
    'arrives once when it is kept and repeated (%s), whatever step failed and wherever its receiver is by then',
    async (kind) => {
      const world = await newWorld();
      const server = await world.server();
      await server.announce({ features: ['keep', 'high'] });
      const send = (im: ImClient, user: number): Promise<unknown> => {
        const rest = { sender: alice, recvTerminals: [0], data: user, messageId: `order-${user}` };
        const kept = { ...rest, keep: { forMs: 60_000 }, sendToSelf: false };
        if (kind === 'group') return im.sendGroupMessage({ ...kept, recvIds: [user] });
        return im.sendPrivateMessage({
          ...kept,
          recvId: user,
          priority: kind === 'high' ? 'high' : 'normal',
        });
      };
      const take = async (user: number): Promise<string[]> => {
        const address = { id: String(user), terminal: 0 };
        const taken = await world.bus.kept.take(address, 10, 100_000);
        await world.bus.kept.acknowledge(
          address,
          taken.map(({ id }) => id),
        );
        return taken.map(({ text }) => text);
      };
      const meanwhile = ['it was delivered', 'it waits', 'nobody came'] as const;
      const cases = faultsAt(locate, claim, keep).flatMap((fault) =>
        meanwhile.map((what) => ({ fault, what })),
      );

      const arrived = await Promise.all(
        cases.map(async ({ fault, what }) => {
          const user = (users += 1);
          const { bus, heal } = faulty(world.bus, fault);
          const im = clientOn(bus);
          expect(await failureOf(send(im, user))).toMatchObject({ code: 'BUS_UNAVAILABLE' });
          heal();
          const texts = what === 'it was delivered' ? await take(user) : [];
          if (what !== 'nobody came') await server.connect(String(user));
          const other = clientOn(world.bus);
          await Promise.all([im, other].map((one) => untilSent(() => send(one, user))));
          await untilSent(() => send(other, user));
          return [...texts, ...(await take(user))];
        }),
      );

      const texts = [...arrived.flat(), ...(await textsAt([server], world, kind))];
      const receivers = texts.flatMap((text) =>
        (JSON.parse(text) as { receivers: { id: number }[] }).receivers.map(({ id }) => id),
      );
      expect(receivers.length).toBe(cases.length);
      expect(new Set(receivers).size).toBe(cases.length);
    },
  );

  it.each([false, true])(
    'goes to a topic once (kept: %s), whatever step failed, also when its members have moved',
    async (isKept) => {
      const world = await newWorld();
      const [one, two] = [await world.server(), await world.server()];
      for (const server of [one, two]) await server.announce({ features: ['topics', 'keep'] });
      const steps = [isKept ? 'topics.history.append' : 'topics.servers', claim, put];

      const sent = await Promise.all(
        faultsAt(...steps).map(async (fault) => {
          const n = (users += 1);
          const topic = `room-${n}`;
          const send = (im: ImClient): Promise<unknown> =>
            im.sendGroupMessage({
              ...{ topic, sender: alice, data: n, messageId: `order-${n}`, sendToSelf: false },
              ...(isKept && { keep: { forMs: 60_000, most: 1 } }),
            });
          await world.bus.topics.tell(topic, [one.id]);
          const { bus, heal } = faulty(world.bus, fault);
          const im = clientOn(bus);
          expect(await failureOf(send(im))).toMatchObject({ code: 'BUS_UNAVAILABLE' });
          heal();
          await world.bus.topics.tell(topic, [two.id]);
          const other = { topic, sender: alice, data: 0, keep: { forMs: 60_000, most: 1 } };
          if (isKept) await world.client().sendGroupMessage(other);
          await untilSent(() => send(im));
          await untilSent(() => send(clientOn(world.bus)));
          // Where it may have been put, it goes nowhere else.
          const isPlaced = fault.step === put || (fault.step === claim && fault.isCarriedOut);
          return { n, isPlaced };
        }),
      );

      const foundAt = async (server: ScriptedServer): Promise<number[]> => {
        const texts = await textsAt([server], world, 'group');
        const found = texts.map((text) => (JSON.parse(text) as { data: number }).data);
        return found.filter((n) => n > 0).toSorted((a, b) => a - b);
      };
      expect(await foundAt(one)).toEqual(sent.map(({ n }) => n));
      expect(await foundAt(two)).toEqual(sent.flatMap(({ n, isPlaced }) => (isPlaced ? [] : [n])));
    },
  );

  it('has the results of the first call, also when that was told that it failed', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    const { bus, heal } = faulty(world.bus, { step: put, isCarriedOut: true });
    const im = createImClient({ service: 'shop', bus, sendTimeoutMs: 120 });
    onCleanup(() => im.close());
    const inbox = new Inbox<PrivateResult>();
    im.on('private', inbox.listener);
    const message = { sender: alice, recvId: 2, recvTerminals: [0], data: 1, messageId: 'order-1' };
    await failureOf(im.sendPrivateMessage(message));
    heal();

    const receipt = await im.sendPrivateMessage(message);
    const [entry] = await server.take('private');
    expect(entry).toMatchObject({ messageId: 'order-1' });
    if (entry) await server.answer('private', entry);

    expect(await receipt.results()).toMatchObject([{ id: '2', code: 0 }]);
    expect(await inbox.next()).toMatchObject({ messageId: 'order-1', code: 0 });
    expect(receipt).toMatchObject({ messageId: 'order-1', repeated: [] });
  });

  it('leaves the results to the instance that put it', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    const message = { sender: alice, recvId: 2, recvTerminals: [0], data: 1, messageId: 'order-2' };
    const [first, second] = [world.client(), world.client()];

    const receipt = await first.sendPrivateMessage(message);
    const again = await second.sendPrivateMessage(message);
    const [entry] = await server.take('private');
    if (entry) await server.answer('private', entry);

    expect(await receipt.results()).toMatchObject([{ id: '2', code: 0 }]);
    expect(again.repeated).toEqual([{ id: '2', terminal: 0 }]);
    expect(await again.results()).toEqual([]);
  });

  it('follows a receiver whose server had closed its list', async () => {
    const world = await newWorld();
    const [one, two] = [await world.server(), await world.server()];
    await one.connect('2');
    await one.closeList('private');
    const im = world.client();
    const sending = im.sendPrivateMessage({
      ...{ sender: alice, recvId: 2, recvTerminals: [0], data: 1, messageId: 'order-3' },
    });
    await two.connect('2');

    await sending;
    expect(await two.take('private')).toMatchObject([{ messageId: 'order-3' }]);
  });

  it.each(['', 'a b', 'x'.repeat(65), 7, 'abcdefghijkl-1'])('refuses %j for an id', async (messageId) => {
    const world = await newWorld();
    const im = world.client();

    const message = { sender: alice, recvId: 2, data: 1, messageId } as never;
    expect(await failureOf(im.sendPrivateMessage(message))).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
