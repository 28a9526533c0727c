import { resultList } from 'im-common/internal/bus';
import { inTime } from 'im-test/support';
import { expect, it } from 'vitest';
import { jsonText, type GroupResult, type ImResult, type PrivateResult } from '../src/index.ts';
import { failureOf, Inbox, nextEvent } from './support/inbox.ts';
import { put } from './support/scripted-server.ts';
import { overBothBuses } from './support/world.ts';

const alice = { id: 1, terminal: 0 };

overBothBuses('results', (newWorld) => {
  it('tell a private listener who got what, when and how far', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    const im = world.client<{ private: { text: string } }>();
    const inbox = new Inbox<PrivateResult<{ text: string }>>();
    im.on('private', inbox.listener);

    const message = { sender: alice, recvId: 2, recvTerminals: [0], data: { text: 'hi' } };
    const receipt = await im.sendPrivateMessage(message);
    await server.serve('private');

    const result = await inbox.next();
    expect(result).toMatchObject({
      kind: 'private',
      code: 0,
      stage: 'proved',
      reason: undefined,
      messageId: receipt.messageId,
      attempt: 1,
      serverId: server.id,
      receiver: { id: '2', terminal: 0 },
      sender: { id: '1', terminal: 0 },
      data: { text: 'hi' },
      dataText: '{"text":"hi"}',
    });
    expect(result.data).toBe(result.data);
    for (const time of [result.queuedAt, result.takenAt, result.resolvedAt])
      expect(time).toBeGreaterThan(1.6e12);
    expect(JSON.parse(JSON.stringify(result))).toMatchObject({ data: { text: 'hi' }, receiver: { id: '2' } });
  });

  it('carry ids and data that no number holds', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('9007199254740993');
    const im = world.client();
    const inbox = new Inbox<PrivateResult>();
    im.on('private', inbox.listener);

    await im.sendPrivateMessage({
      sender: { id: 9223372036854775807n, terminal: 2 },
      recvId: 9007199254740993n,
      recvTerminals: [0],
      data: jsonText('{"n":9007199254740993,"s":"é😀"}'),
    });
    await server.serve('private');

    expect(await inbox.next()).toMatchObject({
      sender: { id: '9223372036854775807', terminal: 2 },
      receiver: { id: '9007199254740993', terminal: 0 },
      dataText: '{"n":9007199254740993,"s":"é😀"}',
    });
  });

  it('tell a group listener all receivers of one code at once', async () => {
    const world = await newWorld();
    const server = await world.server();
    for (const id of ['2', '3', '4']) await server.connect(id);
    const im = world.client();
    const inbox = new Inbox<GroupResult>();
    im.on('group', inbox.listener);

    await im.sendGroupMessage({ sender: alice, recvIds: [2, 3, 4], recvTerminals: [0], data: 1 });
    const [entry] = await server.take('group');
    await server.answerWith('group', entry!, [
      { address: { id: '2', terminal: 0 }, stage: 'acknowledged' },
      { address: { id: '3', terminal: 0 }, stage: 'proved' },
      { address: { id: '4', terminal: 0 }, stage: 'written', reason: 'CLOSED_BEFORE_PROOF' },
    ]);

    const [arrived, lost] = await inbox.take(2);
    expect(arrived).toMatchObject({
      code: 0,
      receivers: [
        { id: '2', stage: 'acknowledged' },
        { id: '3', stage: 'proved' },
      ],
    });
    expect(lost).toMatchObject({
      code: 2,
      reason: 'CLOSED_BEFORE_PROOF',
      receivers: [{ id: '4', terminal: 0, stage: 'written', reason: 'CLOSED_BEFORE_PROOF' }],
    });
  });

  it('say NOT_ONLINE for receivers that are nowhere', async () => {
    const world = await newWorld();
    const im = world.client();
    const inbox = new Inbox<ImResult>();
    im.on('all', inbox.listener);

    const one = await im.sendPrivateMessage({ sender: alice, recvId: 2, recvTerminals: [0, 1], data: 'p' });
    const many = await im.sendGroupMessage({ sender: alice, recvIds: [2, 3], recvTerminals: [0], data: 'g' });

    const [web, app, group] = await inbox.take(3);
    const notOnline = { code: 1, reason: 'NOT_ONLINE', stage: 'queued', serverId: undefined };
    expect(web).toMatchObject({
      ...notOnline,
      receiver: { id: '2', terminal: 0 },
      data: 'p',
      sender: { id: '1' },
    });
    expect(app).toMatchObject({ ...notOnline, receiver: { id: '2', terminal: 1 }, messageId: one.messageId });
    expect(group).toMatchObject({ ...notOnline, kind: 'group', messageId: many.messageId });
    expect((group as GroupResult).receivers.map(({ id }) => id)).toEqual(['2', '3']);
    expect(await one.results()).toHaveLength(2);
  });

  it('do not come for messages that want none', async () => {
    const world = await newWorld();
    const im = world.client();
    const inbox = new Inbox<ImResult>();
    im.on('all', inbox.listener);

    const silent = await im.sendPrivateMessage({
      sender: alice,
      recvId: 2,
      sendResult: false,
      data: 'silent',
    });
    await im.sendPrivateMessage({ sender: alice, recvId: 2, recvTerminals: [0], data: 'loud' });

    expect(await inbox.next()).toMatchObject({ data: 'loud' });
    expect(await failureOf(silent.results())).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('are final once: a second one for the same receiver is dropped and told', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2', 0);
    await server.connect('2', 1);
    const im = world.client();
    const inbox = new Inbox<PrivateResult>();
    im.on('private', inbox.listener);
    const dropped = nextEvent(im, 'duplicateDropped');

    await im.sendPrivateMessage({ sender: alice, recvId: 2, recvTerminals: [0, 1], data: 1 });
    const [web, app] = await server.take('private', 2);
    await server.answer('private', web!);
    await server.answer('private', web!, 'CLOSED_BEFORE_PROOF');
    await server.answer('private', app!);

    expect((await inbox.take(2)).map(({ code, receiver }) => [code, receiver.terminal])).toEqual([
      [0, 0],
      [0, 1],
    ]);
    expect(await dropped).toMatchObject({ kind: 'private', count: 1, messageId: web!.messageId });
  });

  it('are EXPIRED at the deadline, and what comes later is dropped', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    const im = world.client({ resultDeadlineMs: 200 });
    const inbox = new Inbox<PrivateResult>();
    im.on('private', inbox.listener);
    const expired = nextEvent(im, 'expired');
    const dropped = nextEvent(im, 'duplicateDropped');

    const receipt = await im.sendPrivateMessage({
      sender: alice,
      recvId: 2,
      recvTerminals: [0],
      data: 'late',
    });
    const [entry] = await server.take('private');

    // Not at the deadline that is usual, after ten seconds.
    const late = await inTime('the deadline', inbox.next(), 8_000);
    expect(late).toMatchObject({ code: 9999, reason: 'EXPIRED', data: 'late' });
    expect(await receipt.results()).toEqual([
      { id: '2', terminal: 0, code: 9999, stage: 'queued', reason: 'EXPIRED' },
    ]);
    expect(await expired).toEqual({
      kind: 'private',
      messageId: receipt.messageId,
      receivers: [{ id: '2', terminal: 0 }],
    });
    await server.answer('private', entry!);
    expect(await dropped).toMatchObject({ messageId: receipt.messageId });
    expect(inbox.items).toHaveLength(1);
  });

  it('that nobody can read go to the dead letters, and the next ones come', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    const im = world.client();
    const inbox = new Inbox<PrivateResult>();
    im.on('private', inbox.listener);

    await im.sendPrivateMessage({ sender: alice, recvId: 2, recvTerminals: [0], data: 1 });
    const [entry] = await server.take('private');
    const list = resultList('private', entry!.serviceName!);
    await put(world.bus, list, 'rubbish', '{"code":0,"data":{}}', '{"code":7}');
    await server.answer('private', entry!);

    expect(await inbox.next()).toMatchObject({ code: 0 });
    await expect.poll(() => world.bus.lists.length('im:dead:result:shop')).toBe(3);
  });
});

overBothBuses('a receipt', (newWorld) => {
  it('resolves with the outcome of every terminal, listeners or not', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2', 0);
    await server.connect('2', 1);
    const im = world.client();

    const receipt = await im.sendPrivateMessage({
      sender: alice,
      recvId: 2,
      recvTerminals: [0, 1, 2],
      data: 1,
    });
    const results = receipt.results();
    const [web, app] = await server.take('private', 2);
    await server.answer('private', app!, 'SLOW_READER');
    await server.answer('private', web!);

    expect((await results).sort((a, b) => a.terminal - b.terminal)).toEqual([
      { id: '2', terminal: 0, code: 0, stage: 'proved', reason: undefined },
      { id: '2', terminal: 1, code: 2, stage: 'queued', reason: 'SLOW_READER' },
      { id: '2', terminal: 2, code: 1, stage: 'queued', reason: 'NOT_ONLINE' },
    ]);
    expect(await receipt.results()).toHaveLength(3);
  });

  it('resolves earlier when asked, without changing what listeners get', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    const im = world.client();
    const inbox = new Inbox<PrivateResult>();
    im.on('private', inbox.listener);

    const receipt = await im.sendPrivateMessage({ sender: alice, recvId: 2, recvTerminals: [0], data: 1 });

    expect(await receipt.results({ timeoutMs: 20 })).toMatchObject([{ reason: 'EXPIRED' }]);
    await server.serve('private');
    expect(await inbox.next()).toMatchObject({ code: 0 });
    expect(await receipt.results()).toMatchObject([{ code: 0 }]);
  });

  it('stops waiting when its signal aborts or the client closes', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    const im = world.client();
    const receipt = await im.sendPrivateMessage({ sender: alice, recvId: 2, data: 1 });
    const abort = new AbortController();

    const aborted = failureOf(receipt.results({ signal: abort.signal }));
    const cutOff = failureOf(receipt.results());
    abort.abort(new Error('no patience'));

    expect((await aborted).message).toBe('no patience');
    await im.close();
    expect(await cutOff).toMatchObject({ code: 'CLOSED' });
  });
});
