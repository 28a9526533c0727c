import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MessageKind } from '../src/events.ts';
import { Acknowledgements } from '../src/connection/acknowledgements.ts';
import { DuplicateFilter, type Arrival, type ConnectionKey } from '../src/messages/duplicate-filter.ts';

const first = Symbol('first connection');
const second = Symbol('second connection');

/** Ids as backend processes make them, from a short name: `a-1` is the first of process `a`. */
function arrival(id: string | undefined, attempt = 1, kind: MessageKind = 'private'): Arrival {
  return {
    kind,
    id: id?.replace(/^([a-z](?:-[a-z])?)-/, (_, name: string) => `${name.padEnd(12, '_')}-`),
    attempt,
  };
}

test('a message without an id is always new: a plain box-im server gives none', () => {
  const filter = new DuplicateFilter();
  filter.took(arrival(undefined), first);
  expect(filter.judge(arrival(undefined), first)).toBe('new');
});

test('what was taken is a double, on this connection and on later ones', () => {
  const filter = new DuplicateFilter();
  filter.took(arrival('a-1'), first);
  expect(filter.judge(arrival('a-1'), first)).toBe('double');
  expect(filter.judge(arrival('a-1', 3), second)).toBe('double');
});

test('what was kept is never late, as nobody sends it again', () => {
  const filter = new DuplicateFilter();
  filter.took(arrival('a-2'), first);
  expect(filter.judge({ ...arrival('a-1'), kept: true }, second)).toBe('new');
  expect(filter.judge({ ...arrival('a-2'), kept: true }, second)).toBe('double');
});

test('what was not taken is not a double', () => {
  const filter = new DuplicateFilter();
  filter.judge(arrival('a-1'), first);
  expect(filter.judge(arrival('a-1', 2), second)).toBe('new');
});

test('what was handed on after a younger one of the same sender and kind was taken is late', () => {
  const filter = new DuplicateFilter();
  filter.took(arrival('a-b-10'), first); // "10" is 36
  expect(filter.judge(arrival('a-b-z', 2), first)).toBe('late');
  expect(filter.judge(arrival('a-b-z', 1), first)).toBe('new');
  expect(filter.judge(arrival('a-b-11', 2), first)).toBe('new');
  expect(filter.judge(arrival('a-c-z', 2), first)).toBe('new');
  expect(filter.judge(arrival('a-b-z', 2, 'group'), first)).toBe('new');
});

test('what comes by another connection than a younger one that was taken is late, also the first time', () => {
  const filter = new DuplicateFilter();
  filter.took(arrival('a-5'), first);
  expect(filter.judge(arrival('a-4'), second)).toBe('late');
  expect(filter.judge(arrival('a-6'), second)).toBe('new');
});

test('an id without a number, or of a form that a backend brings itself, is never late', () => {
  const filter = new DuplicateFilter();
  for (const id of ['plain', 'A-B', 'a-', '-1', 'a-1.5', 'a-12345678901', '', 'order-1', 'a-longer-name-1']) {
    filter.took(arrival('a-zzz'), first);
    expect(filter.judge(arrival(id, 2), second)).toBe('new');
  }
});

test('the last 10,000 ids are remembered, and no more', () => {
  const filter = new DuplicateFilter();
  for (let number = 0; number <= 10_000; number++) filter.took(arrival(`x${number}`), first);
  expect(filter.judge(arrival('x1'), second)).toBe('double');
  expect(filter.judge(arrival('x0'), second)).toBe('new');
});

interface Happening {
  readonly sender: string;
  readonly number: number;
  readonly attempt: number;
  readonly path: ConnectionKey;
  readonly accepts: boolean;
}

/** Any mess of senders, repetitions and connections, except that one connection keeps the order of first attempts. */
const happenings: fc.Arbitrary<Happening[]> = fc
  .array(
    fc.record({
      sender: fc.constantFrom('a', 'b-c'),
      number: fc.integer({ min: 1, max: 60 }),
      attempt: fc.integer({ min: 1, max: 3 }),
      path: fc.constantFrom(first, second, undefined),
      accepts: fc.boolean(),
    }),
    { maxLength: 200 },
  )
  .map((all) => {
    const seen = new Map<string, number>();
    return all.filter(({ sender, number, attempt, path }) => {
      const key = `${sender} ${String(path)}`;
      if (attempt > 1) return true;
      if (number <= (seen.get(key) ?? 0)) return false;
      seen.set(key, number);
      return true;
    });
  });

test('the application never takes a message twice, and takes those of one sender in order', () => {
  fc.assert(
    fc.property(happenings, (all) => {
      const filter = new DuplicateFilter();
      const taken = new Map<string, number[]>();
      for (const { sender, number, attempt, path, accepts } of all) {
        const message = arrival(`${sender}-${number.toString(36)}`, attempt);
        if (filter.judge(message, path) !== 'new' || !accepts) continue;
        filter.took(message, path);
        taken.set(sender, [...(taken.get(sender) ?? []), number]);
      }
      for (const numbers of taken.values()) {
        expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
      }
    }),
  );
});

test('acknowledgements tell each place once, in order, and refuse exactly what was refused', () => {
  const steps = fc.array(fc.oneof({ weight: 20, arbitrary: fc.boolean() }, fc.constant('tell' as const)), {
    maxLength: 3_000,
  });
  fc.assert(
    fc.property(steps, (all) => {
      const acknowledgements = new Acknowledgements();
      const told: boolean[] = [];
      const tell = (): void => {
        const { count, refused = [] } = acknowledgements.take() ?? { count: told.length };
        expect(count).toBeGreaterThanOrEqual(told.length);
        expect(refused.length).toBeLessThanOrEqual(1_000);
        for (const place of refused) expect(place > told.length && place <= count).toBe(true);
        for (let place = told.length + 1; place <= count; place++) told.push(!refused.includes(place));
      };
      for (const step of all) {
        if (step === 'tell') tell();
        else acknowledgements.processed(step);
      }
      while (acknowledgements.hasMore) tell();
      expect(acknowledgements.take()).toBeUndefined();
      expect(told).toEqual(all.filter((step) => step !== 'tell'));
    }),
  );
});
