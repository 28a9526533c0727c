import { setTimeout as sleep } from 'node:timers/promises';

interface Waiting<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Lets what comes in a crowd share one call: whoever comes alone is called at once, and while they come in numbers there is one call in
 * each `windowMs`, of at most `most`. Answers stand in the order of the questions.
 */
export function inBursts<Question, Answer>(
  ask: (questions: readonly Question[]) => Promise<readonly Answer[]>,
  { windowMs, most }: { readonly windowMs: number; readonly most: number },
): (question: Question) => Promise<Answer> {
  const waiting: Waiting<Question, Answer>[] = [];
  let isRunning = false;

  const askFor = async (group: readonly Waiting<Question, Answer>[]): Promise<void> => {
    try {
      const answers = await ask(group.map(({ question }) => question));
      group.forEach(({ resolve }, index) => resolve(answers[index] as Answer));
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  };
  const run = async (): Promise<void> => {
    isRunning = true;
    // Those of the same tick go along.
    await new Promise<void>((resolve) => void setImmediate(resolve));
    while (waiting.length > 0) {
      const begun = performance.now();
      const group = waiting.splice(0, most);
      await askFor(group);
      const rest = windowMs - (performance.now() - begun);
      // With a full one behind it nobody is waited for.
      if (group.length > 1 && waiting.length < most && rest > 0) await sleep(rest);
    }
    isRunning = false;
  };
  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject });
      if (!isRunning) void run();
    });
}
