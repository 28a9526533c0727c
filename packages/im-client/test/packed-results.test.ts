import { encodeResults, fromByteText, resultList, type Entry } from 'im-common/internal/bus';
import { expect, it } from 'vitest';
import type { PrivateResult } from '../src/index.ts';
import { Inbox, nextEvent } from './support/inbox.ts';
import { outcome, put, type ScriptedServer } from './support/scripted-server.ts';
import { overBothBuses, type World } from './support/world.ts';

// P-7.12.

const message = { sender: { id: 1, terminal: 0 }, recvId: 2, recvTerminals: [0] };
const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

/** The results of these entries as one entry. */
function packOf(server: ScriptedServer, entries: readonly Entry[]): string {
  const texts = entries.flatMap((entry) =>
    encodeResults(
      'private',
      entry,
      entry.receivers.map((address) => outcome(address)),
      { serverId: server.id },
    ),
  );
  return `[${texts.map(fromByteText).join(',')}]`;
}

async function putPack(world: World, entries: readonly Entry[], pack: string): Promise<void> {
  await put(world.bus, resultList('private', entries[0]?.serviceName ?? ''), pack);
}

overBothBuses('results that share an entry', (newWorld) => {
  it('come one by one, each once, and the entry is gone then', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    const im = world.client();
    const inbox = new Inbox<PrivateResult>();
    im.on('private', inbox.listener);
    const receipts = await Promise.all(upTo(3).map((data) => im.sendPrivateMessage({ ...message, data })));
    const entries = await server.take('private', 3);
    const [first] = entries;
    const twice = nextEvent(im, 'duplicateDropped');

    await putPack(world, entries, packOf(server, [...entries, first!]));

    expect((await inbox.take(3)).map(({ data, code }) => [data, code])).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
    ]);
    expect(await twice).toMatchObject({ messageId: receipts[0]?.messageId });
    for (const receipt of receipts) expect(await receipt.results()).toMatchObject([{ stage: 'proved' }]);
    const list = resultList('private', first?.serviceName ?? '');
    await im.close();
    expect(await world.bus.lists.consumers(list)).toEqual([]);
    expect(await world.bus.lists.length(list), 'nothing was put back').toBe(0);
  });

  it('go to the others when the instance closes, but for those that were handled', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    const [leaving, staying] = [world.client(), world.client()];
    const handled = new Inbox<PrivateResult>();
    let refuse: () => void = () => undefined;
    const refused = new Promise<void>((resolve) => (refuse = resolve));
    leaving.on(
      'private',
      (results: PrivateResult[]) => {
        if (handled.items.length === 0) {
          handled.push(...results);
          return;
        }
        refuse();
        throw new Error('no more');
      },
      { retryDelaysMs: [60_000] },
    );
    // More than a listener is given at once.
    await Promise.all(upTo(150).map((data) => leaving.sendPrivateMessage({ ...message, data })));
    const entries = await server.take('private', 150);
    await putPack(world, entries, packOf(server, entries));
    await refused;

    await leaving.close();
    const inbox = new Inbox<PrivateResult>();
    staying.on('private', inbox.listener);
    await staying.start();

    const rest = await inbox.take(150 - handled.items.length);
    expect(handled.items.length).toBeGreaterThan(0);
    expect([...handled.items, ...rest].map(({ data }) => data).sort((a, b) => Number(a) - Number(b))).toEqual(
      upTo(150),
    );
    const list = resultList('private', entries[0]?.serviceName ?? '');
    expect(await world.bus.lists.length(list), 'nothing comes twice').toBe(0);
  });
});

overBothBuses('an entry of results that cannot be read', (newWorld) => {
  it('becomes a dead letter, and the next one is read', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    const im = world.client();
    const inbox = new Inbox<PrivateResult>();
    im.on('private', inbox.listener);
    await im.sendPrivateMessage({ ...message, data: 'read' });
    const entries = await server.take('private');

    await putPack(world, entries, '[]');
    await putPack(world, entries, packOf(server, entries));

    expect(await inbox.next()).toMatchObject({ data: 'read' });
    await expect.poll(async () => (await im.deadLetters.read()).total).toBe(1);
  });
});
