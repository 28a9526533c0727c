import fc from 'fast-check';
import { expect } from 'vitest';
import type { Lists } from '../src/bus/bus.ts';
import { batchOf, freshList } from './bus-conformance/subject.ts';

const producers = ['producer a', 'producer b'];
const consumers = ['consumer a', 'consumer b', 'consumer c'];

/** What was put, and where each entry must be by what the bus has answered so far. */
interface Ledger {
  readonly list: string;
  lastEntry: number;
  readonly batchNumbers: Map<string, number>;
  /** The last batch of each producer, for repeating it. */
  readonly lastBatches: Map<string, readonly string[]>;
  /** In its order. */
  readonly onList: string[];
  readonly acknowledged: Set<string>;
  /** Entries that were never put back, in the order in which they were taken. */
  readonly firstTaken: string[];
  readonly putBack: Set<string>;
  readonly open: Map<string, OpenConsumer>;
  /** So that numbers go on when a consumer opens again. */
  readonly lastSeqs: Map<string, number>;
}

interface OpenConsumer {
  seq: number;
  /** What it knew before its last take, for repeating it. */
  seqBefore: number;
  lastAnswer: { readonly seq: number; readonly text: string }[];
  readonly inFlight: Map<number, string>;
}

type Command = fc.AsyncCommand<Ledger, Lists>;

/**
 * Whatever happens in whatever order, an entry that was put is on the list, in flight at one consumer, or acknowledged;
 * never lost, never in two places; and entries that were never put back are taken in the order in which they were put.
 */
export async function losesNothing(lists: Lists, runs: number): Promise<void> {
  const commands = fc.commands(allCommands, { maxCommands: 60, size: 'max' });
  await fc.assert(
    fc.asyncProperty(commands, async (steps) => {
      const ledger = newLedger();
      await fc.asyncModelRun(() => ({ model: ledger, real: lists }), steps);
      await settleAccounts(ledger, lists);
      await lists.drop(ledger.list);
    }),
    { numRuns: runs },
  );
}

function newLedger(): Ledger {
  return {
    list: freshList(),
    lastEntry: 0,
    batchNumbers: new Map(),
    lastBatches: new Map(),
    onList: [],
    acknowledged: new Set(),
    firstTaken: [],
    putBack: new Set(),
    open: new Map(),
    lastSeqs: new Map(),
  };
}

/** At the end every consumer dies, and what is left must be all that was put and not acknowledged, each once. */
async function settleAccounts(ledger: Ledger, lists: Lists): Promise<void> {
  for (const consumer of ledger.open.keys()) await die(ledger, lists, consumer);
  await lists.open(ledger.list, 'heir');
  const left = (await lists.take(ledger.list, 'heir', 0, 1_000)) ?? [];

  const expected = allPut(ledger).filter((entry) => !ledger.acknowledged.has(entry));
  expect(left.map(({ text }): string => text).toSorted(byNumber)).toEqual(expected);
  const neverPutBack = [...ledger.firstTaken, ...left.map(({ text }) => text)].filter(
    (entry) => !ledger.putBack.has(entry),
  );
  expect(neverPutBack).toEqual(neverPutBack.toSorted(byNumber));
}

/** Entries are numbered in the order in which they are put. */
function allPut({ lastEntry }: Ledger): string[] {
  return Array.from({ length: lastEntry }, (_, index) => `entry ${index + 1}`);
}

function byNumber(a: string, b: string): number {
  return Number(a.slice(6)) - Number(b.slice(6));
}

function command(name: string, check: (ledger: Ledger) => boolean, run: Command['run']): Command {
  return { check, run, toString: () => name };
}

const put = fc
  .record({ producer: fc.constantFrom(...producers), count: fc.integer({ min: 0, max: 5 }) })
  .map(({ producer, count }) =>
    command(
      `put ${count} by ${producer}`,
      () => true,
      async (ledger, lists) => {
        const entries = Array.from({ length: count }, (_, index) => `entry ${ledger.lastEntry + index + 1}`);
        const batchNumber = (ledger.batchNumbers.get(producer) ?? 0) + 1;
        const outcome = await lists.put(ledger.list, batchOf(entries, { producer, batchNumber }));
        ledger.lastEntry += count;
        ledger.batchNumbers.set(producer, batchNumber);
        ledger.lastBatches.set(producer, entries);
        ledger.onList.push(...entries);
        expect(outcome).toEqual({ status: 'put', length: ledger.onList.length, dropped: 0 });
      },
    ),
  );

const putAgain = fc.constantFrom(...producers).map((producer) =>
  command(
    `the answer to ${producer} is lost, and it puts again`,
    ({ lastBatches }) => lastBatches.has(producer),
    async (ledger, lists) => {
      const batchNumber = ledger.batchNumbers.get(producer) ?? 0;
      await lists.put(
        ledger.list,
        batchOf(ledger.lastBatches.get(producer) ?? [], { producer, batchNumber }),
      );
      expect(await lists.length(ledger.list)).toBe(ledger.onList.length);
    },
  ),
);

const open = fc.constantFrom(...consumers).map((consumer) =>
  command(
    `${consumer} opens`,
    () => true,
    async (ledger, lists) => {
      const seq = ledger.lastSeqs.get(consumer) ?? 0;
      await lists.open(ledger.list, consumer);
      if (ledger.open.has(consumer)) return;
      ledger.open.set(consumer, { seq, seqBefore: seq, lastAnswer: [], inFlight: new Map() });
    },
  ),
);

const take = fc
  .record({ consumer: fc.constantFrom(...consumers), max: fc.integer({ min: 1, max: 6 }) })
  .map(({ consumer, max }) =>
    command(
      `${consumer} takes ${max}`,
      () => true,
      async (ledger, lists) => {
        const state = ledger.open.get(consumer);
        const batch = await lists.take(ledger.list, consumer, state?.seq ?? 0, max);
        if (!state) {
          expect(batch).toBeUndefined();
          return;
        }
        const taken = batch ?? [];
        const expected = ledger.onList.splice(0, max);
        expect(taken).toEqual(expected.map((text, index) => ({ seq: state.seq + 1 + index, text })));
        for (const { seq, text } of taken) {
          if (!ledger.putBack.has(text)) ledger.firstTaken.push(text);
          state.inFlight.set(seq, text);
        }
        state.seqBefore = state.seq;
        state.seq += taken.length;
        state.lastAnswer = taken;
        ledger.lastSeqs.set(consumer, state.seq);
        expect(await lists.length(ledger.list)).toBe(ledger.onList.length);
      },
    ),
  );

const takeAgain = fc.constantFrom(...consumers).map((consumer) =>
  command(
    `the answer to ${consumer} is lost, and it takes again`,
    // With nothing of it in flight the take goes on with what is on the list.
    ({ open }) => {
      const { lastAnswer = [], inFlight } = open.get(consumer) ?? {};
      return lastAnswer.some(({ seq }) => inFlight?.has(seq));
    },
    async (ledger, lists) => {
      const state = ledger.open.get(consumer);
      if (!state) return;
      const batch = await lists.take(ledger.list, consumer, state.seqBefore, 1_000);
      expect(batch).toEqual(state.lastAnswer.filter(({ seq }) => state.inFlight.has(seq)));
    },
  ),
);

const acknowledge = fc
  .record({
    consumer: fc.constantFrom(...consumers),
    /** Which of those in flight, by remainder. */
    picks: fc.array(fc.nat({ max: 20 }), { maxLength: 4 }),
  })
  .map(({ consumer, picks }) =>
    command(
      `${consumer} acknowledges ${picks.length}`,
      ({ open }) => (open.get(consumer)?.inFlight.size ?? 0) > 0,
      async (ledger, lists) => {
        const inFlight = ledger.open.get(consumer)?.inFlight ?? new Map<number, string>();
        const all = [...inFlight];
        const seqs = picks.map((pick) => all[pick % all.length]?.[0] ?? 0);
        await lists.acknowledge(ledger.list, consumer, seqs);
        for (const seq of seqs) {
          const entry = inFlight.get(seq);
          if (entry !== undefined) ledger.acknowledged.add(entry);
          inFlight.delete(seq);
        }
      },
    ),
  );

const dies = fc.constantFrom(...consumers).map((consumer) =>
  command(
    `${consumer} dies`,
    () => true,
    (ledger, lists) => die(ledger, lists, consumer),
  ),
);

async function die(ledger: Ledger, lists: Lists, consumer: string): Promise<void> {
  const inFlight = ledger.open.get(consumer)?.inFlight ?? new Map<number, string>();
  expect(await lists.requeue(ledger.list, consumer)).toBe(inFlight.size);
  for (const entry of inFlight.values()) ledger.putBack.add(entry);
  ledger.onList.unshift(...inFlight.values());
  ledger.open.delete(consumer);
  expect(await lists.length(ledger.list)).toBe(ledger.onList.length);
}

const allCommands = [put, putAgain, open, take, takeAgain, acknowledge, dies];
