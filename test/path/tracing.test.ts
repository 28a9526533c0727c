import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  ParentBasedSampler,
  SamplingDecision,
  SimpleSpanProcessor,
  type ReadableSpan,
  type Sampler,
} from '@opentelemetry/sdk-trace-base';
import { createImClient, type ImClient } from 'im-client';
import { createMemoryBus, createRedisBus, type Bus } from 'im-common/bus';
import { createImServer, type ImServer } from 'im-server';
import {
  connectDevice,
  makeToken,
  onCleanup,
  onFileCleanup,
  testRedis,
  type RawDevice,
} from 'im-test/support';
import { afterEach, expect, test, vi } from 'vitest';

const secret = 'only-for-the-test-of-tracing';
const sender = { id: 1, terminal: 0 };
const spans = new InMemorySpanExporter();
/** Which traces the application wants. */
let isWanted = true;
const sampler: Sampler = {
  shouldSample: () => ({
    decision: isWanted ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD,
  }),
  toString: () => 'as the test says',
};
trace.setGlobalTracerProvider(
  new BasicTracerProvider({
    sampler: new ParentBasedSampler({ root: sampler }),
    spanProcessors: [new SimpleSpanProcessor(spans)],
  }),
);
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
onFileCleanup(() => {
  trace.disable();
  context.disable();
});

afterEach(() => {
  spans.reset();
  isWanted = true;
});

interface World {
  readonly bus: Bus;
  readonly im: ImClient;
  readonly server: ImServer;
  readonly device: RawDevice;
}

async function startWorld(
  tracing: { readonly client: boolean; readonly server: boolean },
  bus: Bus = createMemoryBus(),
): Promise<World> {
  await bus.start();
  const here = { host: '127.0.0.1', port: 0, drainMs: 0 };
  const server = createImServer({ ...here, bus, jwtSecret: secret, tracing: tracing.server });
  await server.start();
  const im = createImClient({ bus, service: 'shop', tracing: tracing.client, retryDelaysMs: [] });
  onCleanup(async () => {
    await im.close();
    await server.close();
    await bus.close();
  });
  const device = await connectDevice(server.url);
  await device.login({ token: await makeToken({ userId: 2, terminal: 0, secret }), devId: 'one' });
  return { bus, im, server, device };
}

const message = { sender, recvId: 2, recvTerminals: [0], data: { text: 'hi' } };

/** The spans by name, once so many have ended. */
async function ended(count: number): Promise<ReadonlyMap<string, ReadableSpan>> {
  await expect.poll(() => spans.getFinishedSpans().length).toBe(count);
  return new Map(spans.getFinishedSpans().map((span) => [span.name, span]));
}

test('one trace from the call of the business over server and device to the listener, and what that does', async () => {
  const { im } = await startWorld({ client: true, server: true });
  const tracer = trace.getTracer('shop');
  im.on('private', function delivered() {
    tracer.startSpan('mark delivered').end();
  });

  const { messageId } = await tracer.startActiveSpan('order', async (span) => {
    const receipt = await im.sendPrivateMessage(message);
    span.end();
    return receipt;
  });
  const found = await ended(5);

  const parents = [...found].map(([name, { parentSpanContext }]) => {
    const parent = spans
      .getFinishedSpans()
      .find((one) => one.spanContext().spanId === parentSpanContext?.spanId);
    return [name, parent?.name];
  });
  expect(Object.fromEntries(parents)).toEqual({
    order: undefined,
    'im send private': 'order',
    'im deliver private': 'im send private',
    'im listen delivered': 'im send private',
    'mark delivered': 'im listen delivered',
  });
  expect(new Set(spans.getFinishedSpans().map((span) => span.spanContext().traceId)).size).toBe(1);
  for (const name of ['im send private', 'im deliver private', 'im listen delivered'])
    expect(found.get(name)?.attributes['messaging.message.id'], name).toBe(messageId);
  expect(found.get('im deliver private')?.attributes).toMatchObject({
    'im.user': '2',
    'im.terminal': 0,
    'im.stage': 'proved',
    'im.reason': '',
    'im.attempt': 1,
  });
});

test('a listener that fails, and a receiver that is nowhere, are seen in the trace', async () => {
  const { im } = await startWorld({ client: true, server: true });
  im.on('private', function failing() {
    throw new Error('the database is away');
  });

  await im.sendPrivateMessage({ ...message, recvId: 3 });
  const found = await ended(2);

  expect(found.get('im listen failing')).toMatchObject({
    status: { code: SpanStatusCode.ERROR },
    attributes: { 'im.reason': 'NOT_ONLINE' },
    parentSpanContext: { spanId: found.get('im send private')?.spanContext().spanId },
  });
});

// P-5.13, P-6.14
test.for([true, false])(
  'on Redis a sampled message is posted like any other, to a server that traces: %s',
  async (server) => {
    const { url, prefix } = testRedis();
    const bus = createRedisBus({ url, keyPrefix: prefix });
    const { posts } = bus;
    if (!posts) throw new Error('This Redis is to take posts.');
    const post = vi.spyOn(posts, 'post');
    const { im } = await startWorld({ client: true, server }, bus);

    const receipts = await Promise.all(
      [1, 2, 3].map(() => im.sendPrivateMessage({ ...message, sendResult: true })),
    );
    for (const receipt of receipts) expect(await receipt.results()).toMatchObject([{ stage: 'proved' }]);

    const posted = post.mock.calls.flatMap(([batch]) => batch.posts);
    expect(posted.filter((text) => text.includes('"trace":"00-'))).toHaveLength(3);
    const sends = ['im send private', 'im send private', 'im send private'];
    const deliveries = ['im deliver private', 'im deliver private', 'im deliver private'];
    const found = () =>
      spans
        .getFinishedSpans()
        .map(({ name }) => name)
        .sort();
    await expect.poll(found).toEqual(server ? [...deliveries, ...sends] : sends);
  },
);

// P-6.14
test('what is not sampled carries nothing, nor does what goes to a server that traces nothing', async () => {
  for (const [wanted, server] of [
    [false, true],
    [true, false],
  ] as const) {
    isWanted = wanted;
    const world = await startWorld({ client: true, server });
    const puts: string[] = [];
    const { put } = world.bus.lists;
    world.bus.lists.put = (list, batch) => {
      puts.push(...batch.entries);
      return put.call(world.bus.lists, list, batch);
    };

    const receipt = await world.im.sendPrivateMessage({ ...message, sendResult: true });
    expect((await receipt.results())[0]).toMatchObject({ stage: 'proved' });
    expect(puts.filter((text) => text.includes('"trace"'))).toEqual([]);
    expect(spans.getFinishedSpans().map(({ name }) => name)).toEqual(wanted ? ['im send private'] : []);
    spans.reset();
  }
});

test('a trace that is none costs no message', async () => {
  const { bus, server, device } = await startWorld({ client: false, server: true });
  const entries = ['', `00-${'0'.repeat(32)}-x`, 'f'.repeat(9_999)].map(
    (text, index) =>
      `{"cmd":3,"receivers":[{"id":2,"terminal":0}],"sendResult":false,"x":{"trace":"${text}"},"data":${index}}`,
  );
  await bus.lists.put(`im:message:private:${server.id}`, {
    ...{ entries: entries as never, producer: 'test', batchNumber: 1, maxLength: 9, whenFull: 'refuse' },
  });
  for (const index of [0, 1, 2]) expect(await device.next()).toMatchObject({ cmd: 3, data: index });
  expect(spans.getFinishedSpans()).toEqual([]);
});
