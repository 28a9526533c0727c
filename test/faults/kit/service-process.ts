// A process of its own, started by service.ts: one instance of a service, with its part of the history.
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { createImClient, ImError, type ImResult, type KeptResult, type Receipt } from 'im-client';
import type { ToTopic } from '../history/event.ts';
import { clock, Recorder } from '../history/recorder.ts';
import { Random } from './random.ts';
import type { Order, ServiceOptions } from './service.ts';
import { spokenTo } from './speaker.ts';
import { TopicOwner, type Room } from './topic-owner.ts';

/** The payload: what a device needs to know to write down that it saw it. */
interface Payload {
  readonly m: string;
  readonly pad: string;
}

const options = JSON.parse(process.argv[2] ?? '{}') as ServiceOptions;
const { name, users, groupShare, groupSize, highShare, rooms, tabUsers, topicShare } = options;
const terminals = tabUsers > 0 ? [0, 1] : [0];
/** Share of the messages that go to users on terminal 1, where several devices may be in. */
const tabShare = 0.1;
const random = new Random(options.seed);
const history = new Recorder(options.folder, name);
const record: Recorder['record'] = (by, happening) => history.record(by, happening);
const pad = 'x'.repeat(options.dataBytes);
let rate = options.rate;
let isLoading = false;
let order = 0;
const underWay = new Set<Promise<unknown>>();
/** Who is being sent to: one message at a time per receiver and kind, so that the order in which they went is known. */
const busy = new Set<string>();

const client = createImClient<{ private: Payload; group: Payload }>({
  service: options.service,
  redis: options.redisUrl,
  terminals,
  resultDeadlineMs: options.resultDeadlineMs,
});
client.on('all', (results) => {
  for (const result of results) writeDown(result as ImResult<Payload>);
});
if (options.keepMs > 0) {
  client.on('kept', (results) => {
    for (const { data, receiver, reason } of results as KeptResult<Payload>[]) {
      const address = `${receiver.id}:${receiver.terminal}`;
      record(name, { type: 'kept-end', message: data.m, address, reason });
    }
  });
}
client.on('presence', (events) => {
  for (const event of events) {
    if (event.event === 'restart') record(name, { type: 'told' });
    else {
      const { number, online: isOnline, terminal, userId } = event;
      record(name, { type: 'told', address: `${userId}:${terminal}`, number, isOnline });
    }
  }
});
if (options.hears) {
  client.onUplink<number>(spokenTo, ({ user, terminal, data: order }) => {
    record(name, { type: 'heard', address: `${user}:${terminal}`, order });
  });
}
const owners = rooms.flatMap(({ owner, topic }, index) => {
  if (owner !== options.letter) return [];
  const { topics } = client;
  const ownRandom = new Random(options.seed + 1_000 * (index + 1));
  return [new TopicOwner({ topic, topics, history, name, users, random: ownRandom })];
});
client.events.on('busForgot', () => {
  for (const owner of owners) owner.declareAnew();
});
await client.start();
createInterface({ input: process.stdin }).on('line', (line) => void obey(JSON.parse(line) as Order));
say('ready');

async function obey(given: Order): Promise<void> {
  switch (given.order) {
    case 'load':
      isLoading = true;
      void keepSending();
      void keepAsking();
      for (const owner of owners) keep(owner.run(() => !isLoading));
      return;
    case 'rate':
      rate = given.rate;
      return;
    case 'quiet':
      isLoading = false;
      while (underWay.size > 0) await Promise.allSettled(underWay);
      say('quiet');
      return;
    case 'close':
      isLoading = false;
      await client.close();
      process.exit(0);
  }
}

function say(state: string): void {
  process.stdout.write(`${JSON.stringify({ state })}\n`);
}

function writeDown(result: ImResult<Payload>): void {
  const { code, attempt, data } = result;
  const receivers = result.kind === 'private' ? [{ ...result.receiver, ...result }] : result.receivers;
  for (const { id, terminal, stage, reason } of receivers) {
    record(name, {
      type: 'result',
      message: data.m,
      address: `${id}:${terminal}`,
      code,
      stage,
      reason,
      attempt,
    });
  }
}

const tickMs = 20;

async function keepSending(): Promise<void> {
  let due = 0;
  let last = clock();
  while (isLoading) {
    const now = clock();
    // What could not be sent while the process was stopped is not caught up with.
    due = Math.min(due + ((now - last) / 1_000) * rate, rate / 4 + 1);
    last = now;
    for (; due >= 1; due -= 1) sendOne();
    await sleep(tickMs);
  }
}

function keep(work: Promise<unknown>): void {
  const kept = work.finally(() => underWay.delete(kept));
  underWay.add(kept);
}

function sendOne(): void {
  if (topicShare > 0 && random.chance(topicShare)) {
    const room = random.pick(rooms);
    if (!busy.has(`group ${room.topic}`)) keep(sendToRoom(room));
    return;
  }
  if (tabUsers > 0 && random.chance(tabShare)) {
    const user = random.between(1, tabUsers + 1);
    if (!busy.has(`private ${user}:1`)) keep(send('private', [user], 1));
    return;
  }
  const kind = random.chance(groupShare) ? 'group' : 'private';
  const count = kind === 'group' ? groupSize : 1;
  const receivers = new Set<number>();
  for (let tries = 0; receivers.size < count && tries < 4 * count; tries++) {
    const user = random.between(1, users + 1);
    if (!busy.has(`${kind} ${user}:0`)) receivers.add(user);
  }
  if (receivers.size === 0) return;
  keep(send(kind, [...receivers]));
}

async function send(kind: 'private' | 'group', recvIds: readonly number[], terminal = 0): Promise<void> {
  const to = recvIds.map((user) => `${user}:${terminal}`);
  const { common, message } = begin(kind, to);
  for (const address of to) busy.add(`${kind} ${address}`);
  const { keepMs } = options;
  const keep = keepMs > 0 ? { forMs: keepMs, most: 1_000 } : undefined;
  const receipt = await outcome(message, () => {
    const fields = { ...common, keep, recvTerminals: [terminal] };
    return kind === 'private'
      ? client.sendPrivateMessage({ ...fields, recvId: recvIds[0] ?? null })
      : client.sendGroupMessage({ ...fields, recvIds });
  });
  for (const address of to) busy.delete(`${kind} ${address}`);
  // So that "quiet" waits for the results; listeners get them by themselves.
  await receipt?.results().catch(() => undefined);
}

/** One after the other in each room, so that their order is known. */
async function sendToRoom({ keeps, topic }: Room): Promise<void> {
  const except = random.chance(0.3) ? [{ id: random.between(1, users + 1), terminal: 0 }] : [];
  const { common, message } = begin('group', [], {
    name: topic,
    except: except.map(({ id, terminal }) => `${id}:${terminal}`),
    isKept: keeps,
  });
  busy.add(`group ${topic}`);
  const keep = keeps ? { forMs: 60_000, most: 200 } : undefined;
  const receipt = await outcome(message, () => client.sendGroupMessage({ ...common, keep, topic, except }));
  busy.delete(`group ${topic}`);
  const counts = await receipt?.counts().catch(() => undefined);
  if (counts) record(name, { type: 'counted', message, isWhole: counts.every(({ code }) => code === 0) });
}

/** Writes down that a message is sent, and draws what it is like. */
function begin(kind: 'private' | 'group', to: readonly string[], topic?: ToTopic) {
  order += 1;
  const message = `${name}/${order}`;
  // Nobody draws where nobody asked for it, so that a seed stays what it was.
  const drawn = highShare > 0 ? random.between(0, 1_000) / 1_000 : 1;
  const isHigh = drawn < highShare;
  const expiresInMs = !isHigh && drawn < 2 * highShare ? random.between(300, 3_000) : undefined;
  const isKept = options.keepMs > 0 && !topic;
  record(name, { type: 'sending', message, order, kind, to, topic, isKept, isHigh, expiresInMs });
  const priority = isHigh ? ('high' as const) : undefined;
  const sender = { id: 1_000_000, terminal: 0 };
  const common = { sender, data: { m: message, pad }, sendToSelf: false, priority, expiresInMs };
  return { common, message };
}

/** Writes down what came of a send; undefined when it was rejected. */
async function outcome(message: string, send: () => Promise<Receipt>): Promise<Receipt | undefined> {
  try {
    const receipt = await send();
    const addresses = (list: Receipt['queued']): string[] =>
      list.map(({ id, terminal }) => `${id}:${terminal}`);
    const { queued, offline } = receipt;
    record(name, { type: 'sent', message, queued: addresses(queued), offline: addresses(offline) });
    return receipt;
  } catch (error) {
    const { code, effect } = error instanceof ImError ? error : { code: String(error), effect: 'unknown' };
    record(name, { type: 'send-failed', message, code, isUnknown: effect !== 'none' });
    return undefined;
  }
}

async function keepAsking(): Promise<void> {
  while (isLoading) {
    const terminal = tabUsers > 0 && random.chance(tabShare) ? 1 : 0;
    const user = random.between(1, (terminal === 1 ? tabUsers : users) + 1);
    const askedAt = clock();
    try {
      const isOnline = await client.isOnline(user, terminal);
      record(name, { type: 'presence', address: `${user}:${terminal}`, isOnline, askedAt });
    } catch {
      // No answer is not a wrong answer.
    }
    await sleep(1_000 / options.questions);
  }
}
