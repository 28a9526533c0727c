// A process of its own, started by service.ts: one instance of a service, with its part of the history.
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { createImClient, ImError, type ImResult, type KeptResult, type Receipt } from 'im-client';
import { clock, Recorder } from '../history/recorder.ts';
import { Random } from './random.ts';
import type { Order, ServiceOptions } from './service.ts';
import { spokenTo } from './speaker.ts';

/** The payload: what a device needs to know to write down that it saw it. */
interface Payload {
  readonly m: string;
  readonly pad: string;
}

const options = JSON.parse(process.argv[2] ?? '{}') as ServiceOptions;
const { name, users, groupShare, groupSize, highShare } = options;
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
  terminals: [0],
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
await client.start();
createInterface({ input: process.stdin }).on('line', (line) => void obey(JSON.parse(line) as Order));
say('ready');

async function obey(given: Order): Promise<void> {
  switch (given.order) {
    case 'load':
      isLoading = true;
      void keepSending();
      void keepAsking();
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

function sendOne(): void {
  const kind = random.chance(groupShare) ? 'group' : 'private';
  const count = kind === 'group' ? groupSize : 1;
  const receivers = new Set<number>();
  for (let tries = 0; receivers.size < count && tries < 4 * count; tries++) {
    const user = random.between(1, users + 1);
    if (!busy.has(`${kind} ${user}`)) receivers.add(user);
  }
  if (receivers.size === 0) return;
  const sending = send(kind, [...receivers]).finally(() => underWay.delete(sending));
  underWay.add(sending);
}

async function send(kind: 'private' | 'group', recvIds: readonly number[]): Promise<void> {
  order += 1;
  const message = `${name}/${order}`;
  const data = { m: message, pad };
  // Nobody draws where nobody asked for it, so that a seed stays what it was.
  const drawn = highShare > 0 ? random.between(0, 1_000) / 1_000 : 1;
  const isHigh = drawn < highShare;
  const expiresInMs = !isHigh && drawn < 2 * highShare ? random.between(300, 3_000) : undefined;
  const sender = { id: 1_000_000, terminal: 0 };
  for (const user of recvIds) busy.add(`${kind} ${user}`);
  record(name, {
    type: 'sending',
    message,
    order,
    kind,
    to: recvIds.map((user) => `${user}:0`),
    isKept: options.keepMs > 0,
    isHigh,
    expiresInMs,
  });
  let receipt: Receipt | undefined;
  try {
    const { keepMs } = options;
    const keep = keepMs > 0 ? { forMs: keepMs, most: 1_000 } : undefined;
    const priority = isHigh ? ('high' as const) : undefined;
    const common = { sender, data, sendToSelf: false, keep, priority, expiresInMs };
    receipt =
      kind === 'private'
        ? await client.sendPrivateMessage({ ...common, recvId: recvIds[0] ?? null })
        : await client.sendGroupMessage({ ...common, recvIds });
    const addresses = (list: Receipt['queued']): string[] =>
      list.map(({ id, terminal }) => `${id}:${terminal}`);
    record(name, {
      type: 'sent',
      message,
      queued: addresses(receipt.queued),
      offline: addresses(receipt.offline),
    });
  } catch (error) {
    const { code, effect } = error instanceof ImError ? error : { code: String(error), effect: 'unknown' };
    record(name, { type: 'send-failed', message, code, isUnknown: effect !== 'none' });
  } finally {
    for (const user of recvIds) busy.delete(`${kind} ${user}`);
  }
  // So that "quiet" waits for the results; listeners get them by themselves.
  await receipt?.results().catch(() => undefined);
}

async function keepAsking(): Promise<void> {
  while (isLoading) {
    const user = random.between(1, users + 1);
    const askedAt = clock();
    try {
      const isOnline = await client.isOnline(user, 0);
      record(name, { type: 'presence', address: `${user}:0`, isOnline, askedAt });
    } catch {
      // No answer is not a wrong answer.
    }
    await sleep(1_000 / options.questions);
  }
}
