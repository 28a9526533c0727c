import { resultList } from 'im-common/internal/bus';
import { onCleanup, testRedis } from 'im-test/support';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import {
  jsonText,
  type GroupResult,
  type PrivateResult,
  type Sender,
  type SystemResult,
} from '../src/index.ts';
import { failureOf, Inbox, nextEvent } from './support/inbox.ts';
import { outcome, put, ScriptedServer } from './support/scripted-server.ts';
import { overBothBuses, redisWorld } from './support/world.ts';

// P-5.7, P-7.10.

const alice = { id: 1, terminal: 0 };

overBothBuses('a server of box-im', (newWorld) => {
  it('gets entries though the registry never heard of it, and its results find their message', async () => {
    const world = await newWorld();
    const server = await ScriptedServer.java(world.bus);
    await server.connect('2');
    const im = world.client();
    const inbox = new Inbox<PrivateResult>();
    im.on('private', inbox.listener);

    const first = await im.sendPrivateMessage({
      sender: alice,
      recvId: 2,
      recvTerminals: [0],
      data: { b: 1, a: '<x>' },
    });
    const second = await im.sendPrivateMessage({
      sender: alice,
      recvId: 2,
      recvTerminals: [0],
      data: { b: 2, n: null },
    });
    const [entry] = await server.take('private', 2);
    const list = resultList('private', entry!.serviceName!);
    // As fastjson writes them: keys sorted, nulls left out, some characters escaped, no message id.
    const answer = (code: number, data: string): string =>
      `{"code":${code},"data":${data},"receiver":{"id":2,"terminal":0},"sender":{"id":1,"terminal":0}}`;
    await put(world.bus, list, answer(2, '{"b":2}'), answer(0, '{"a":"\\u003Cx\\u003E","b":1}'));

    expect(await first.results()).toMatchObject([{ code: 0, stage: 'handed' }]);
    expect(await second.results()).toMatchObject([{ code: 2, reason: 'NO_CHANNEL' }]);
    expect((await inbox.take(2)).map(({ code, data }) => [code, data])).toEqual([
      [2, { b: 2 }],
      [0, { a: '<x>', b: 1 }],
    ]);
  });

  it('answers two equal messages one after the other', async () => {
    const world = await newWorld();
    const server = await ScriptedServer.java(world.bus);
    for (const id of ['2', '3']) await server.connect(id);
    const im = world.client();
    const inbox = new Inbox<GroupResult>();
    im.on('group', inbox.listener);
    const dropped = nextEvent(im, 'duplicateDropped');

    const message = { sender: alice, recvIds: [2, 3], recvTerminals: [0], data: { id: 9007199254740991 } };
    const receipts = [await im.sendGroupMessage(message), await im.sendGroupMessage(message)];
    const [entry] = await server.take('group', 2);
    const receivers = '"receivers":[{"id":2,"terminal":0},{"id":3,"terminal":0}]';
    const text = `{"code":0,"data":{"id":9007199254740991},${receivers},"sender":{"id":1,"terminal":0}}`;
    await put(world.bus, resultList('group', entry!.serviceName!), text, text, text);

    for (const receipt of receipts) expect(await receipt.results()).toHaveLength(2);
    expect(await dropped).toMatchObject({ kind: 'group', count: 2, messageId: undefined });
    expect(inbox.items).toHaveLength(2);
  });

  it('is never mistaken for another message whose 64-bit id differs in the last digit', async () => {
    const world = await newWorld();
    const server = await ScriptedServer.java(world.bus);
    await server.connect('2');
    const im = world.client({ resultDeadlineMs: 300 });

    const send = (id: string): ReturnType<typeof im.sendPrivateMessage> =>
      im.sendPrivateMessage({
        sender: alice,
        recvId: 2,
        recvTerminals: [0],
        data: jsonText(`{"z":0,"id":${id}}`),
      });
    const [odd, even] = [await send('9007199254740993'), await send('9007199254740992')];
    const [entry] = await server.take('private', 2);
    await put(
      world.bus,
      resultList('private', entry!.serviceName!),
      '{"code":0,"data":{"id":9007199254740992,"z":0},"receiver":{"id":2,"terminal":0}}',
    );

    expect(await even.results()).toMatchObject([{ code: 0 }]);
    expect(await odd.results()).toMatchObject([{ reason: 'EXPIRED' }]);
  });

  it('gets nothing that its parser throws at, which would cost it a batch', async () => {
    const world = await newWorld();
    const server = await ScriptedServer.java(world.bus);
    await server.connect('2');
    const im = world.client();
    const send = (data: unknown, sender: Sender = alice): Promise<unknown> =>
      im.sendPrivateMessage({ sender, recvId: 2, data });

    for (const [data, named] of [
      [{ deep: [{ '@type': 'java.lang.Object' }] }, 'the key @type'],
      [jsonText('{"\\u0040type" :"java.net.InetAddress","val":"example.com"}'), 'the key @type'],
      [{ $ref: '$' }, 'the key $ref'],
      [jsonText('[{"\\u0024r\\u0065f":5}]'), 'the key $ref'],
      [{ text: '\ud83d' }, 'half a surrogate pair'],
      [{ '\udc00': 1 }, 'half a surrogate pair'],
      [jsonText('{"n":1e99999999999}'), 'a number with too many digits'],
      [jsonText(`[0.${'7'.repeat(70_000)}]`), 'a number with too many digits'],
    ] as const) {
      const problem = await failureOf(send(data));
      expect(problem).toMatchObject({ code: 'INVALID_ARGUMENT' });
      expect(problem.message).toContain(`data has ${named}`);
    }
    for (const id of ['support-bot', '007', '9223372036854775808']) {
      const problem = await failureOf(send(1, { id, terminal: 0 }));
      expect(problem).toMatchObject({ code: 'INVALID_ARGUMENT' });
      expect(problem.message).toContain(`sender.id is "${id}"`);
    }
    await send({ text: 'about "@type": fine, \u{1f600} and 1e99999999999 too', '@types': '$ref' });
    await send(jsonText('{"n":1e400}'), { id: 2n ** 63n - 1n, terminal: 0 });

    expect(await server.waitingEntries('private')).toBe(2);
  });

  it('may be what a server of ours looks like that the registry forgot: text ids go there', async () => {
    const world = await newWorld();
    const server = await ScriptedServer.java(world.bus);
    await server.connect('support-bot');

    await world.client().sendPrivateMessage({
      sender: { id: 'support-bot', terminal: 1 },
      recvId: 'support-bot',
      recvTerminals: [0],
      sendToSelf: false,
      data: { '@type': 'ours' },
    });

    expect(await server.waitingEntries('private')).toBe(1);
  });
});

overBothBuses('a push to everyone beside servers of box-im', (newWorld) => {
  it('says whom it leaves out, as far as this client knows', async () => {
    const world = await newWorld();
    const [java, ours] = [await ScriptedServer.java(world.bus), await world.server()];
    await java.connect('2');
    await ours.connect('3');
    const im = world.client();
    expect((await im.sendSystemMessage({ recvIds: 'everyone', data: 1 })).leftOut).toEqual([]);

    await im.onlineUsers([2, 3]);

    const receipt = await im.sendSystemMessage({ recvIds: 'everyone', data: 1 });
    expect(receipt.leftOut).toEqual([java.id]);
    expect(await java.waitingEntries('system')).toBe(0);
    expect((await im.sendSystemMessage({ recvIds: [3], data: 1 })).leftOut).toEqual([]);
  });

  it('reaches their devices when it is told that they are there', async () => {
    const world = await newWorld();
    const [java, other, ours] = [
      await ScriptedServer.java(world.bus),
      await ScriptedServer.java(world.bus),
      await world.server(),
    ];
    for (const id of ['2', '4']) await java.connect(id);
    await java.connect('2', 1);
    await java.connect('2', 2);
    await other.connect('5');
    await ours.connect('3');
    const im = world.client({ besideBoxIm: true, resultDeadlineMs: 500 });
    const inbox = new Inbox<SystemResult>();
    im.on('system', inbox.listener);

    const receipt = await im.sendSystemMessage({
      recvIds: 'everyone',
      recvTerminals: [0, 1],
      data: { n: 1 },
    });

    // One for each page of the routes, in which other tests have theirs.
    const atJava = await java.take('system', await java.waitingEntries('system'));
    const [atOther] = await other.take('system');
    const [atOurs] = await ours.take('system');
    const found = atJava.flatMap((entry) => entry.receivers);
    expect(found.map(({ id, terminal }) => `${id}:${terminal}`).sort()).toEqual(['2:0', '2:1', '4:0']);
    for (const entry of atJava) expect([entry.everyoneOn, entry.sendResult]).toEqual([undefined, true]);
    expect(receipt.queued).toHaveLength(4);
    expect(receipt.leftOut).toEqual([]);
    await ours.answerWith('system', atOurs!, [outcome({ id: '3', terminal: 0 })]);
    await ours.answerLast(atOurs!);
    const receivers = JSON.stringify(found.map(({ id, terminal }) => ({ id: Number(id), terminal })));
    const list = resultList('system', atJava[0]!.serviceName!);
    await put(world.bus, list, `{"code":0,"data":{"n":1},"receivers":${receivers}}`);

    const results = await receipt.results();
    const ends = results.map(({ id, terminal, stage, reason }) => `${id}:${terminal} ${reason ?? stage}`);
    expect(ends.sort()).toEqual(['2:0 handed', '2:1 handed', '3:0 proved', '4:0 handed', '5:0 EXPIRED']);
    expect(atOther?.receivers).toEqual([{ id: '5', terminal: 0 }]);
  });

  it('sends nobody what they cannot read', async () => {
    const world = await newWorld();
    const ours = await world.server();
    const im = world.client({ besideBoxIm: true });

    const problem = await failureOf(
      im.sendSystemMessage({ recvIds: 'everyone', data: { '@type': 'java.lang.Object' } }),
    );

    expect(problem).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(await ours.waitingEntries('system')).toBe(0);
  });
});

it('a server of box-im that is gone leaves no list behind for ever, nor an order', async () => {
  const { url, prefix } = testRedis();
  const world = await redisWorld(url, prefix);
  const [java, ours] = [await ScriptedServer.java(world.bus), await world.server()];
  await java.connect('2');
  await ours.connect('3');
  const im = world.client({ resultDeadlineMs: 200 });

  const receipt = await im.sendPrivateMessage({ sender: alice, recvId: 2, recvTerminals: [0], data: 1 });
  await im.sendGroupMessage({ sender: alice, recvIds: [2, 3], recvTerminals: [0], data: 1 });
  await im.forceLogout(2);

  const redis = new Redis(url);
  onCleanup(() => redis.disconnect());
  const ttlOf = (list: string, id: number): Promise<number> => redis.ttl(`${prefix}${list}:${id}`);
  for (const list of ['im:message:private', 'im:message:group', 'im:user:force_logout']) {
    expect(await ttlOf(list, java.id)).toBeGreaterThan(600);
    expect(await ttlOf(list, java.id)).toBeLessThanOrEqual(660);
  }
  // Where somebody looks after it, it waits for as long as anybody remembers who that is.
  expect(await ttlOf('im:message:group', ours.id)).toBeGreaterThan(604_000);
  expect(await receipt.results()).toMatchObject([{ reason: 'EXPIRED' }]);
});
