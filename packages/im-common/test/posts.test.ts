import { testRedis } from 'im-test/support';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { DeviceAddress } from '../src/address.ts';
import type { Bus } from '../src/bus/bus.ts';
import { fromByteText, toByteText } from '../src/bus/byte-text.ts';
import { beforeReceivers, behindReceivers, dataAtEnd, decodeEntry } from '../src/bus/entry.ts';
import { messageList, serverGroup } from '../src/bus/names.ts';
import type { PostAnswer, PostBatch, Posts } from '../src/bus/posts.ts';
import { createRedisBus, redisOf } from '../src/bus/redis/redis-bus.ts';
import { drain, freshName, freshNumber, numbered, openConsumer, put } from './bus-conformance/subject.ts';

// P-5.13.

interface World {
  readonly bus: Bus & { readonly posts: Posts };
  readonly prefix: string;
}

async function newWorld(): Promise<World> {
  const redis = testRedis();
  const bus = createRedisBus({ url: redis.url, keyPrefix: redis.prefix });
  await bus.start();
  onTestFinished(() => bus.close());
  if (!bus.posts) throw new Error('One Redis posts');
  return { bus: bus as World['bus'], prefix: redis.prefix };
}

/** A server that lives, by its id. */
async function server({ bus }: World, leaseMs = 60_000): Promise<number> {
  const id = await bus.registry.nextServerId();
  await bus.registry.renew(serverGroup, { id: String(id), boot: 'boot', leaseMs, info: '' });
  return id;
}

const privateList = (serverId: number): string => messageList('private', serverId);
const user = (): string => String(1_000_000 + freshNumber());
const nobody: readonly DeviceAddress[] = [];

interface Message {
  readonly to: string;
  readonly terminals?: readonly number[];
  readonly from?: string;
  readonly copiesOn?: readonly number[];
  readonly data?: string;
}

async function post(
  { bus: { posts } }: World,
  messages: readonly Message[],
  rest: Partial<PostBatch> = {},
): Promise<readonly PostAnswer[]> {
  const encoded = messages.map(({ to, terminals = [0], from = '', copiesOn, data = 'hi' }) => {
    const sender = { senderText: toByteText('{"id":7,"terminal":0}') };
    return posts.encode({
      receivers: terminals.map((terminal) => ({ id: to, terminal })),
      copies: copiesOn?.map((terminal) => ({ id: from, terminal })) ?? nobody,
      before: beforeReceivers('private', { messageId: `m-${data.slice(0, 9)}`, attempt: 1 }),
      behindReceiver: behindReceivers({ ...sender, sendResult: true, serviceName: 'shop@x' }),
      behindCopy: behindReceivers({ ...sender, sendResult: false }),
      end: dataAtEnd({ dataText: toByteText(JSON.stringify(data)) }),
    });
  });
  return posts.post({
    posts: encoded,
    producer: freshName('poster'),
    batchNumber: 1,
    longestList: 1_000,
    acknowledge: [],
    ...rest,
  });
}

async function dataOn({ bus }: World, serverId: number): Promise<string[]> {
  const texts = await drain(bus.lists, privateList(serverId));
  return texts.map((text) => JSON.parse(fromByteText(decodeEntry(text).dataText)) as string);
}

describe('posting', () => {
  it('puts a message where each of its receivers is, and its copies', async () => {
    const world = await newWorld();
    const [one, other] = [await server(world), await server(world)];
    const [to, from] = [user(), 'user-7.x@y'];
    await world.bus.presence.bind({ id: to, terminal: 0 }, one);
    await world.bus.presence.bind({ id: to, terminal: -1 }, other);
    await world.bus.presence.bind({ id: from, terminal: 2 }, other);

    const message = { to, terminals: [0, 1, -1], from, copiesOn: [1, 2], data: 'Grüße 二' };
    expect(await post(world, [message])).toEqual([[one, 0, other, 0, other]]);

    const sender = { messageId: 'm-Grüße 二', senderText: '{"id":7,"terminal":0}' };
    const [entries, copies] = [
      await drain(world.bus.lists, privateList(one)),
      await drain(world.bus.lists, privateList(other)),
    ];
    expect(entries.map(decodeEntry)).toMatchObject([
      { ...sender, receivers: [{ id: to, terminal: 0 }], sendResult: true, serviceName: 'shop@x' },
    ]);
    expect(copies.map(decodeEntry)).toMatchObject([
      { ...sender, receivers: [{ id: to, terminal: -1 }], sendResult: true, serviceName: 'shop@x' },
      { ...sender, receivers: [{ id: from, terminal: 2 }], sendResult: false },
    ]);
    expect(copies[1]).not.toContain('serviceName');
    expect(fromByteText(copies[1] ?? '')).toContain('"data":"Grüße 二"}');
  });

  it('posts a batch once, however often it is repeated, and answers the same', async () => {
    const world = await newWorld();
    const [one, other] = [await server(world), await server(world)];
    const to = user();
    await world.bus.presence.bind({ id: to, terminal: 0 }, one);
    const batch = { producer: freshName('poster'), batchNumber: 3 };
    const messages = [
      { to, terminals: [0, 1], data: 'a' },
      { to: user(), data: 'b' },
    ];

    const answers = await post(world, messages, batch);
    await world.bus.presence.bind({ id: to, terminal: 0 }, other);
    await world.bus.lists.closeList(privateList(one));
    expect(await post(world, messages, batch)).toEqual(answers);
    // A late one, of which nobody waits for the answer any more.
    await post(world, messages, { ...batch, batchNumber: 2 });

    expect(answers).toEqual([[one, 0], [0]]);
    expect(await dataOn(world, one)).toEqual(['a']);
    expect(await dataOn(world, other)).toEqual([]);
  });

  it('puts nothing of a batch that comes once more, late, when what it left was put by others', async () => {
    const world = await newWorld();
    const here = await server(world);
    const [leaver, absent] = [user(), user()];
    await world.bus.presence.bind({ id: leaver, terminal: 0 }, here);
    await world.bus.presence.unbind({ id: leaver, terminal: 0 }, here, 60_000);
    const batch = { producer: freshName('poster'), batchNumber: 1 };
    const messages = [{ to: leaver }, { to: absent }];
    expect(await post(world, messages, batch)).toEqual([undefined, [0]]);

    // They are back, and have the one that was left by another way. Its sender was told of the other.
    for (const id of [leaver, absent]) await world.bus.presence.bind({ id, terminal: 0 }, here);

    expect(await post(world, messages, batch)).toEqual([undefined, [0]]);
    expect(await dataOn(world, here)).toEqual([]);
  });

  it.for([
    'on its way',
    'at a server without a lease',
    'at a server whose lease is over',
    'at a closed list',
    'at a long list',
  ])('leaves a message for a receiver %s, and what follows it for the same', async (where) => {
    const world = await newWorld();
    const { bus } = world;
    const good = await server(world);
    const [to, late] = [user(), user()];
    await bus.presence.bind({ id: to, terminal: 0 }, good);
    await bus.presence.bind({ id: late, terminal: 1 }, good);
    let bad = await server(world, where.endsWith('is over') ? 1 : 60_000);
    if (where.endsWith('without a lease')) bad = await bus.registry.nextServerId();
    await bus.presence.bind({ id: late, terminal: 0 }, bad);
    if (where === 'on its way') await bus.presence.unbind({ id: late, terminal: 0 }, bad, 60_000);
    if (where.endsWith('closed list')) await bus.lists.closeList(privateList(bad));
    if (where.endsWith('long list')) await put(bus.lists, privateList(bad), numbered(1_000));
    if (where.endsWith('is over')) await new Promise((resolve) => setTimeout(resolve, 5));

    const answers = await post(world, [
      { to, data: 'before' },
      { to: late, terminals: [0, 1], data: 'left' },
      { to: late, terminals: [1], data: 'behind it' },
      { to, from: late, copiesOn: [1], data: 'a copy behind it' },
      { to, data: 'also behind, by the copy’s receiver' },
      { to: user(), data: 'for nobody' },
    ]);

    expect(answers).toEqual([[good], undefined, undefined, undefined, undefined, [0]]);
    expect(await dataOn(world, good)).toEqual(['before']);
    expect(await bus.lists.length(privateList(bad))).toBe(where.endsWith('long list') ? 1_000 : 0);
  });

  it('acknowledges in the same step, also when the batch was posted before', async () => {
    const world = await newWorld();
    const { bus, prefix } = world;
    const list = messageList('private', freshName('results'));
    await put(bus.lists, list, numbered(5));
    const consumer = await openConsumer(bus.lists, list);
    await bus.lists.take(list, consumer, 0, 5);
    const to = user();
    await bus.presence.bind({ id: to, terminal: 0 }, await server(world));
    const batch = { producer: freshName('poster'), batchNumber: 1 };

    await post(world, [{ to }], { ...batch, acknowledge: [{ list, consumer, seqs: [1, 3] }] });
    await post(world, [{ to }], { ...batch, acknowledge: [{ list, consumer, seqs: [4, 77] }] });

    const left = (await redisOf(bus)?.client.hkeys(`{${prefix}${list}}:inflight:${consumer}`)) ?? [];
    expect(left.toSorted()).toEqual(['2', '5', 'seq']);
  });

  it('finds more receivers than Lua takes as arguments, and puts as many', async () => {
    const world = await newWorld();
    const at = await server(world);
    const ids = Array.from({ length: 4_500 }, user);
    await Promise.all(ids.map((id) => world.bus.presence.bind({ id, terminal: 0 }, at)));

    const messages = ids.map((to) => ({ to, terminals: [0, 1], data: to }));
    const answers = await post(world, messages, { longestList: 10_000 });

    expect(answers).toEqual(ids.map(() => [at, 0]));
    expect(await dataOn(world, at)).toEqual(ids);
  });
});
