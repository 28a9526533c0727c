import { expect, it } from 'vitest';
import { overBothBuses } from './support/world.ts';

const alice = { id: 1, terminal: 0 };

overBothBuses('a group message', (newWorld) => {
  it('is one entry per server, with all receivers there', async () => {
    const world = await newWorld();
    const [one, other] = [await world.server(), await world.server()];
    await one.connect('2', 0);
    await one.connect('3', 1);
    await other.connect('2', 1);
    const im = world.client();

    const receipt = await im.sendGroupMessage({ sender: alice, recvIds: [2, 3, 4], data: { content: 'hi' } });

    const [text] = await one.takeTexts('group');
    expect(JSON.parse(text!)).toEqual({
      cmd: 4,
      messageId: receipt.messageId,
      queuedAt: expect.any(Number) as number,
      receivers: [
        { id: 2, terminal: 0 },
        { id: 3, terminal: 1 },
      ],
      sendResult: true,
      sender: { id: 1, terminal: 0 },
      serviceName: expect.stringMatching(/^shop@/) as string,
      data: { content: 'hi' },
    });
    expect((await other.take('group'))[0]?.receivers).toEqual([{ id: '2', terminal: 1 }]);
    expect(receipt.queued).toHaveLength(3);
    expect(receipt.offline).toHaveLength(9);
  });

  it('is copied to the own devices over the group list, one entry each', async () => {
    const world = await newWorld();
    const server = await world.server();
    for (const terminal of [0, 1, 2]) await server.connect('1', terminal);
    const im = world.client();

    await im.sendGroupMessage({ sender: alice, recvIds: [2], data: 1 });

    const copies = await server.take('group', 2);
    expect(
      copies.map(({ receivers, sendResult, serviceName }) => [receivers, sendResult, serviceName]),
    ).toEqual([
      [[{ id: '1', terminal: 1 }], false, undefined],
      [[{ id: '1', terminal: 2 }], false, undefined],
    ]);
    expect(await server.waitingEntries('private')).toBe(0);
  });

  it('reaches a member once who is named twice, and the sender when that is a member', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('1', 0);
    await server.connect('2', 0);
    const im = world.client();

    const receipt = await im.sendGroupMessage({ sender: alice, recvIds: [1, 2, '2', 2n], data: 1 });

    expect(receipt.queued).toEqual([
      { id: '1', terminal: 0 },
      { id: '2', terminal: 0 },
    ]);
    expect((await server.take('group'))[0]?.receivers).toHaveLength(2);
  });

  it('reaches thousands of members', async () => {
    const world = await newWorld();
    const server = await world.server();
    const recvIds = Array.from({ length: 3_000 }, (_, n) => n + 10);
    for (const id of recvIds) await server.connect(String(id));
    const im = world.client();

    const receipt = await im.sendGroupMessage({ sender: alice, recvIds, data: 1 });

    expect((await server.take('group'))[0]?.receivers).toHaveLength(3_000);
    expect(receipt.queued).toHaveLength(3_000);
  });
});
