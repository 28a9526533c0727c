interface Waiting<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Lets what is asked in one turn of the event loop share a call, of at most `most` questions. A crowd that logs in asks the
 * same for each, and a call of its own would cost more than the answer. Answers stand in the order of the questions, and are
 * as fresh as a call of one's own, so there is nothing to invalidate.
 */
export function gather<Question, Answer>(
  ask: (questions: readonly Question[]) => Promise<readonly Answer[]>,
  most: number = Infinity,
): (question: Question) => Promise<Answer> {
  let waiting: Waiting<Question, Answer>[] = [];
  const send = async (group: readonly Waiting<Question, Answer>[]): Promise<void> => {
    try {
      const answers = await ask(group.map(({ question }) => question));
      group.forEach(({ resolve }, index) => resolve(answers[index] as Answer));
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  };
  const sendAll = (): void => {
    const all = waiting;
    waiting = [];
    for (let first = 0; first < all.length; first += most) void send(all.slice(first, first + most));
  };
  return (question) =>
    new Promise((resolve, reject) => {
      // After every socket that is readable now had its turn.
      if (waiting.length === 0) setImmediate(sendAll);
      waiting.push({ question, resolve, reject });
    });
}
