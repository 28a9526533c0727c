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
const steps = [
  ['presence', 'locate'],
  ['claims', 'claim'],
  ['lists', 'put'],
] as const;
type Step = (typeof steps)[number];

interface Fault {
  readonly step: Step;
  readonly isCarriedOut: boolean;
}

const faults: Fault[] = steps.flatMap((step) =>
  [true, false].map((isCarriedOut) => ({ step, isCarriedOut })),
);

/** The same bus for one client: while `isBroken`, one kind of call fails. */
function faulty(bus: Bus, { step: [part, name], isCarriedOut }: Fault): { bus: Bus; heal: () => void } {
  let isBroken = true;
  const proxied = new Proxy(bus[part], {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      const method = value.bind(target) as (...args: unknown[]) => unknown;
      if (key !== name) return method;
      return async (...args: unknown[]) => {
        if (!isBroken) return method(...args);
        if (isCarriedOut) await method(...args);
        throw new ImError('BUS_UNAVAILABLE', 'Nothing was heard.');
      };
    },
  });
  return {
    bus: {
      ...bus,
      [part]: proxied,
      start: () => bus.start(),
      close: () => bus.close(),
      ping: () => bus.ping(),
    },
    heal: () => (isBroken = false),
  };
}

function clientOn(bus: Bus): ImClient {
  const im = createImClient({ service: 'shop', bus, sendTimeoutMs: 120 });
  onCleanup(() => im.close());
  return im;
}

async function textsAt(
  servers: readonly ScriptedServer[],
  world: World,
  kind: 'private' | 'group',
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
          await send(again, user);
          await send(again, user);
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

  it('has the results of the first call, also when that was told that it failed', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    const { bus, heal } = faulty(world.bus, { step: ['lists', 'put'], isCarriedOut: true });
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
