import { expect, it } from 'vitest';
import { jsonText } from '../src/index.ts';
import { overBothBuses } from './support/world.ts';

const alice = { id: 1, terminal: 0 };

overBothBuses('a private message', (newWorld) => {
  it('is one entry per terminal that is online, in the shape of the contract', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2', 0);
    await server.connect('2', 1);
    const im = world.client();

    const data = { content: 'hi', id: 101, recvId: 2, sendId: 1, sendTime: 1700000000123, type: 0 };
    const receipt = await im.sendPrivateMessage({ sender: alice, recvId: 2, data });

    const [web, app] = (await server.takeTexts('private', 2)) as [string, string];
    const entry = JSON.parse(web) as Record<string, unknown>;
    expect(entry).toEqual({
      cmd: 3,
      messageId: receipt.messageId,
      queuedAt: expect.any(Number) as number,
      receivers: [{ id: 2, terminal: 0 }],
      sendResult: true,
      sender: { id: 1, terminal: 0 },
      serviceName: expect.stringMatching(/^shop@[\w-]{10,}$/) as string,
      data,
    });
    expect(web).not.toContain('null');
    expect(web).toContain('"receivers":[{"id":2,"terminal":0}]');
    expect(web).toContain(`"data":${JSON.stringify(data)}}`);
    expect(JSON.parse(app)).toMatchObject({
      receivers: [{ id: 2, terminal: 1 }],
      messageId: receipt.messageId,
    });
  });

  it('tells which terminals it went to and which are offline', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2', 1);
    const im = world.client();

    const receipt = await im.sendPrivateMessage({ sender: alice, recvId: 2, data: {} });

    expect(receipt.queued).toEqual([{ id: '2', terminal: 1 }]);
    expect(receipt.offline).toEqual([
      { id: '2', terminal: 0 },
      { id: '2', terminal: 2 },
      { id: '2', terminal: -1 },
    ]);
  });

  it('is copied to the other online devices of the sender, without result and service', async () => {
    const world = await newWorld();
    const server = await world.server();
    for (const terminal of [0, 1, 2]) await server.connect('1', terminal);
    const im = world.client();

    const receipt = await im.sendPrivateMessage({
      sender: { id: 1, terminal: 1 },
      recvId: 2,
      data: { n: 1 },
    });

    const copies = (await server.takeTexts('private', 2)).map(
      (text) => JSON.parse(text) as Record<string, unknown>,
    );
    expect(copies).toEqual(
      [0, 2].map((terminal) => ({
        cmd: 3,
        messageId: receipt.messageId,
        queuedAt: expect.any(Number) as number,
        receivers: [{ id: 1, terminal }],
        sendResult: false,
        sender: { id: 1, terminal: 1 },
        data: { n: 1 },
      })),
    );
    expect(receipt.queued).toEqual([]);
  });

  it('goes to the own devices alone when recvId is null, and to none when sendToSelf is false too', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('1', 1);
    const im = world.client();

    const copied = await im.sendPrivateMessage({ sender: alice, recvId: null, data: 'a' });
    const nowhere = await im.sendPrivateMessage({
      sender: alice,
      recvId: null,
      sendToSelf: false,
      data: 'b',
    });

    expect(await server.takeTexts('private')).toEqual([expect.stringContaining('"data":"a"')]);
    expect(await server.waitingEntries('private')).toBe(0);
    expect([copied, nowhere].map(({ queued, offline }) => [queued, offline])).toEqual([
      [[], []],
      [[], []],
    ]);
    expect(await copied.results()).toEqual([]);
  });

  it('is sent to the sender too when that is the receiver', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('1', 0);
    await server.connect('1', 1);
    const im = world.client();

    await im.sendPrivateMessage({ sender: alice, recvId: 1, data: 'note' });

    const entries = await server.take('private', 3);
    expect(entries.map(({ receivers, sendResult }) => [receivers[0]?.terminal, sendResult])).toEqual([
      [0, true],
      [1, true],
      [1, false],
    ]);
  });

  it('goes to the terminals that it names only', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2', 0);
    await server.connect('2', 1);
    const im = world.client();

    const receipt = await im.sendPrivateMessage({
      sender: alice,
      recvId: 2,
      recvTerminals: [1, 5, 1],
      data: 1,
    });

    expect(receipt.queued).toEqual([{ id: '2', terminal: 1 }]);
    expect(receipt.offline).toEqual([{ id: '2', terminal: 5 }]);
    expect(await server.waitingEntries('private')).toBe(1);
  });

  it('names no service when it wants no result', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    const im = world.client();

    await im.sendPrivateMessage({ sender: alice, recvId: 2, sendResult: false, data: 1 });

    const entry = JSON.parse((await server.takeTexts('private'))[0]!) as object;
    expect(entry).toMatchObject({ sendResult: false });
    expect(entry).not.toHaveProperty('serviceName');
  });

  it('carries ids beyond 2^53 exactly, as bigint or string, and other ids quoted', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('9007199254740993');
    await server.connect('user-7f3');
    const im = world.client();

    const sender = { id: 9223372036854775807n, terminal: 0 };
    const byString = await im.sendPrivateMessage({ sender, recvId: '9007199254740993', data: 1 });
    await im.sendPrivateMessage({ sender, recvId: 9007199254740993n, data: 2 });
    await im.sendPrivateMessage({ sender, recvId: 'user-7f3', data: 3 });

    const texts = await server.takeTexts('private', 3);
    for (const text of texts) expect(text).toContain('"sender":{"id":9223372036854775807,"terminal":0}');
    for (const text of texts.slice(0, 2))
      expect(text).toContain('"receivers":[{"id":9007199254740993,"terminal":0}]');
    expect(texts[2]).toContain('"receivers":[{"id":"user-7f3","terminal":0}]');
    expect(byString.queued).toEqual([{ id: '9007199254740993', terminal: 0 }]);
  });

  it('carries its payload byte for byte', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    const im = world.client();
    const text = '{"b":9007199254740993,"a":1.50,"e":"\\u00e9é😀 \\/","a":null}';

    await im.sendPrivateMessage({ sender: alice, recvId: 2, data: jsonText(`\n ${text} `) });

    const [entry] = await server.takeTexts('private');
    expect(entry!.endsWith(`"data":${text}}`)).toBe(true);
  });

  it('reaches the list of one server in the order in which it was sent', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    const im = world.client();

    const sent = Array.from({ length: 500 }, (_, n) =>
      im.sendPrivateMessage({ sender: alice, recvId: 2, data: n }),
    );
    await Promise.all(sent);

    const entries = await server.take('private', 500);
    expect(entries.map(({ dataText }) => Number(dataText))).toEqual(Array.from({ length: 500 }, (_, n) => n));
  });

  it('leaves what it was given as it was', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    const im = world.client();
    const message = deepFreeze({
      sender: { id: 1, terminal: 0 },
      recvId: 2,
      recvTerminals: [0, 1],
      data: { a: [1] },
    });

    const receipt = await im.sendPrivateMessage(message);

    expect(receipt.queued).toHaveLength(1);
  });

  it('is not put once its signal has aborted', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    const im = world.client();
    const reason = new Error('changed my mind');

    const sending = im.sendPrivateMessage(
      { sender: alice, recvId: 2, data: 1 },
      { signal: AbortSignal.abort(reason) },
    );

    await expect(sending).rejects.toBe(reason);
    expect(await server.waitingEntries('private')).toBe(0);
  });
});

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value))
    if (typeof part === 'object' && part !== null) deepFreeze(part as object);
  return Object.freeze(value);
}
