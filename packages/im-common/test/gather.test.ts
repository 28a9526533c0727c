import { expect, it } from 'vitest';
import { gather } from '../src/bus/gather.ts';

interface Call {
  readonly questions: readonly number[];
  readonly answer: () => void;
  readonly fail: (error: Error) => void;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function start(how?: { readonly most?: number; readonly waitMs?: number }): {
  readonly ask: (question: number) => Promise<number>;
  readonly calls: Call[];
} {
  const calls: Call[] = [];
  const ask = gather<number, number>(
    (questions) =>
      new Promise((resolve, reject) => {
        const answer = (): void => resolve(questions.map((question) => question * 10));
        calls.push({ questions, answer, fail: reject });
      }),
    how,
  );
  return { ask, calls };
}

it('lets those of one turn share a call, of so many at most', async () => {
  const { ask, calls } = start({ most: 2 });

  const answers = Promise.all([1, 2, 3].map(ask));
  await turn();
  for (const { answer } of calls) answer();

  expect(calls.map(({ questions }) => questions)).toEqual([[1, 2], [3]]);
  expect(await answers).toEqual([10, 20, 30]);
});

it('has those who come during a call wait for its end, also one that failed', async () => {
  const { ask, calls } = start({ waitMs: 1_000_000 });

  const first = ask(1);
  await turn();
  const later = [ask(2)];
  await turn();
  later.push(ask(3));
  await turn();
  expect(calls.map(({ questions }) => questions)).toEqual([[1]]);
  calls[0]?.fail(new Error('away'));
  await expect(first).rejects.toThrow('away');
  await turn();
  calls[1]?.answer();

  expect(await Promise.all(later)).toEqual([20, 30]);
  expect(calls.map(({ questions }) => questions)).toEqual([[1], [2, 3]]);
});

it('waits no longer than it may for a call that hangs', async () => {
  const { ask, calls } = start({ waitMs: 5 });

  void ask(1);
  await turn();
  const second = ask(2);
  await expect.poll(() => calls.length).toBe(2);
  calls[1]?.answer();

  expect(await second).toBe(20);
});
