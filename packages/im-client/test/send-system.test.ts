import { ResultCode } from 'im-common/bus';
import { expect, it } from 'vitest';
import type { SystemResult } from '../src/index.ts';
import { Inbox } from './support/inbox.ts';
import { outcome } from './support/scripted-server.ts';
import { overBothBuses } from './support/world.ts';

overBothBuses('a system message', (newWorld) => {
  it('has no sender and no copies', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    const im = world.client();

    const receipt = await im.sendSystemMessage({ recvIds: [2], data: { type: 50 } });

    const [text] = await server.takeTexts('system');
    expect(JSON.parse(text!)).toEqual({
      cmd: 5,
      messageId: receipt.messageId,
      queuedAt: expect.any(Number) as number,
      receivers: [{ id: 2, terminal: 0 }],
      sendResult: true,
      serviceName: expect.stringMatching(/^shop@/) as string,
      data: { type: 50 },
    });
  });

  it('to nobody sends nothing', async () => {
    const world = await newWorld();
    const server = await world.server();
    const im = world.client();

    const receipt = await im.sendSystemMessage({ recvIds: [], data: 1 });

    expect(receipt).toMatchObject({ queued: [], offline: [] });
    expect(await receipt.results()).toEqual([]);
    expect(await server.waitingEntries('system')).toBe(0);
  });

  it('to everyone is one entry for each server that is alive', async () => {
    const world = await newWorld();
    const [one, other, gone] = [await world.server(), await world.server(), await world.server()];
    await gone.leave();
    const im = world.client();

    const receipt = await im.sendSystemMessage({ recvIds: 'everyone', recvTerminals: [0, 1], data: 'all' });

    for (const server of [one, other]) {
      const [text] = await server.takeTexts('system');
      expect(JSON.parse(text!)).toMatchObject({
        receivers: [],
        everyoneOn: [0, 1],
        sendResult: true,
        data: 'all',
      });
    }
    expect(await gone.waitingEntries('system')).toBe(0);
    expect(receipt).toMatchObject({ queued: [], offline: [] });
  });

  it('to everyone has a result per receiver, once, until every server said its last', async () => {
    const world = await newWorld();
    const [one, other] = [await world.server(), await world.server()];
    const im = world.client();
    const inbox = new Inbox<SystemResult>();
    im.on('system', inbox.listener);

    const receipt = await im.sendSystemMessage({ recvIds: 'everyone', data: 'all' });
    const results = receipt.results();
    const [first] = await one.take('system');
    const [second] = await other.take('system');
    const [at2, at3, at4] = ['2', '3', '4'].map((id) => ({ id, terminal: 0 }));
    await one.answerWith('system', first!, [outcome(at2!), outcome(at3!)]);
    await one.answerWith('system', first!, [outcome(at3!, 'SLOW_READER'), outcome(at4!, 'SLOW_READER')]);
    await one.answerLast(first!);
    await other.answerLast(second!);

    expect(await results).toEqual([
      { id: '2', terminal: 0, code: 0, stage: 'proved' },
      { id: '3', terminal: 0, code: 0, stage: 'proved' },
      { id: '4', terminal: 0, code: 2, stage: 'queued', reason: 'SLOW_READER' },
    ]);
    const [delivered, failed] = await inbox.take(2);
    expect(delivered!.receivers.map(({ id }) => id)).toEqual(['2', '3']);
    expect(failed!.receivers.map(({ id }) => id)).toEqual(['4']);
  });

  it('to everyone ends as one EXPIRED result without receivers when a server stays silent', async () => {
    const world = await newWorld();
    const [talks, silent] = [await world.server(), await world.server()];
    const im = world.client({ resultDeadlineMs: 300 });
    const inbox = new Inbox<SystemResult>();
    im.on('system', inbox.listener);

    const receipt = await im.sendSystemMessage({ recvIds: 'everyone', data: 'all' });
    const [entry] = await talks.take('system');
    await silent.take('system');
    await talks.answerWith('system', entry!, [outcome({ id: '2', terminal: 0 })]);
    await talks.answerLast(entry!);

    expect((await inbox.next()).code).toBe(ResultCode.SUCCESS);
    expect(await inbox.next()).toMatchObject({
      code: ResultCode.ERROR,
      reason: 'EXPIRED',
      receivers: [],
      data: 'all',
    });
    expect(await receipt.results()).toHaveLength(1);
  });

  it('to everyone waits for no server that had closed its list', async () => {
    const world = await newWorld();
    const [draining, other] = [await world.server(), await world.server()];
    await draining.closeList('system');
    const im = world.client();

    const receipt = await im.sendSystemMessage({ recvIds: 'everyone', data: 'all' });
    const results = receipt.results();
    const [entry] = await other.take('system');
    await other.answerLast(entry!);

    expect(await results).toEqual([]);
  });

  it('to everyone ends at once when no server is alive', async () => {
    const world = await newWorld();
    const im = world.client();

    const receipt = await im.sendSystemMessage({ recvIds: 'everyone', data: 'all' });

    expect(await receipt.results()).toEqual([]);
  });
});
