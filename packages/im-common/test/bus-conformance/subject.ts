import { afterAll, beforeAll } from 'vitest';
import type { Bus, Lists, PutBatch, PutOutcome } from '../../src/bus/bus.ts';
import { toByteText, type ByteText } from '../../src/bus/byte-text.ts';
import { messageList } from '../../src/bus/names.ts';

/** A started bus, and further connections to the same one. Who calls it closes them. */
export type MakeBus = () => Promise<{ readonly bus: Bus; another(): Promise<Bus> }>;

export interface ConformanceOptions {
  /** How long the first connections may take, where servers are started for them. @default 10_000 */
  readonly startMs?: number;
}

/** Two connections to one bus, so that a test can show that a promise does not hold within one connection only. */
export interface Connections {
  readonly bus: Bus;
  readonly second: Bus;
}

/** One pair of connections for the whole suite: tests keep apart by fresh names. */
export function connectFor(makeBus: MakeBus, { startMs = 10_000 }: ConformanceOptions): () => Connections {
  let connections: Connections | undefined;
  beforeAll(async () => {
    const { bus, another } = await makeBus();
    connections = { bus, second: await another() };
  }, startMs);
  afterAll(async () => {
    await connections?.second.close();
    await connections?.bus.close();
  });
  return () => {
    if (!connections) throw new Error('The bus is not connected yet: ask for it within a test');
    return connections;
  };
}

let lastNumber = 0;

export function freshNumber(): number {
  lastNumber += 1;
  return lastNumber;
}

export function freshName(what: string): string {
  return `${what}-${freshNumber()}`;
}

export function freshList(): string {
  return messageList('private', freshName('server'));
}

/** `entry 1` to `entry {count}`, or from another first number on. */
export function numbered(count: number, first = 1): string[] {
  return Array.from({ length: count }, (_, index) => `entry ${first + index}`);
}

/** A first batch of a new producer, for a list that never gets full, unless told otherwise. */
export function batchOf(entries: readonly string[], rest: Partial<PutBatch> = {}): PutBatch {
  return {
    entries: entries.map(toByteText),
    producer: freshName('producer'),
    batchNumber: 1,
    maxLength: 1_000_000,
    whenFull: 'refuse',
    ...rest,
  };
}

export function put(lists: Lists, list: string, entries: readonly string[]): Promise<PutOutcome> {
  return lists.put(list, batchOf(entries));
}

/** A new consumer that is open on the list. */
export async function openConsumer(lists: Lists, list: string): Promise<string> {
  const consumer = freshName('consumer');
  await lists.open(list, consumer);
  return consumer;
}

/** All that is left on the list, in its order. */
export async function drain(lists: Lists, list: string): Promise<ByteText[]> {
  const consumer = await openConsumer(lists, list);
  const texts: ByteText[] = [];
  for (let seq = 0; ; seq = texts.length) {
    const batch = (await lists.take(list, consumer, seq, 1_000)) ?? [];
    if (batch.length === 0) return texts;
    texts.push(...batch.map(({ text }) => text));
  }
}

/** For `vi.waitFor`: most that is waited for here comes within a lease of 100 ms. */
export const soon = { timeout: 20_000, interval: 10 } as const;
