interface Waiting<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

interface Gathering {
  /** Questions in one call. */
  readonly most?: number;
  /**
   * While a call is under way those who come wait for its end, at most this long, and then go together: for calls that others
   * pay for. Nobody waits when none is, and one that hangs holds up nobody for longer.
   */
  readonly waitMs?: number;
}

/**
 * Lets what is asked in one turn of the event loop share a call. A crowd that logs in asks the same for each, and a call of
 * its own would cost more than the answer. Answers stand in the order of the questions, and are as fresh as a call of one's
 * own, so there is nothing to invalidate.
 */
export function gather<Question, Answer>(
  ask: (questions: readonly Question[]) => Promise<readonly Answer[]>,
  { most = Infinity, waitMs = 0 }: Gathering = {},
): (question: Question) => Promise<Answer> {
  let waiting: Waiting<Question, Answer>[] = [];
  let calls = 0;
  let timer: NodeJS.Timeout | undefined;
  const send = async (group: readonly Waiting<Question, Answer>[]): Promise<void> => {
    calls += 1;
    try {
      const answers = await ask(group.map(({ question }) => question));
      group.forEach(({ resolve }, index) => resolve(answers[index] as Answer));
    } catch (error) {
      for (const { reject } of group) reject(error);
    } finally {
      calls -= 1;
      if (calls === 0 && timer !== undefined) sendSoon();
    }
  };
  const sendAll = (): void => {
    const all = waiting;
    waiting = [];
    for (let first = 0; first < all.length; first += most) void send(all.slice(first, first + most));
  };
  /** After every socket that is readable now had its turn. */
  const sendSoon = (): void => {
    clearTimeout(timer);
    timer = undefined;
    setImmediate(sendAll);
  };
  return (question) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) {
        if (calls > 0 && waitMs > 0) timer = setTimeout(sendSoon, waitMs);
        else sendSoon();
      }
      waiting.push({ question, resolve, reject });
    });
}
