import { shallowRef } from 'vue';

export interface Verdict {
  readonly reason: string;
  /** When it ends; absent: it does not. */
  readonly until?: string;
}

export interface ReasonQuestion {
  readonly title: string;
  readonly text: string;
  /** What the field is called. */
  readonly label: string;
  readonly yes: string;
  /** Whether it may end by itself. */
  readonly mayEnd?: boolean;
  answer(verdict: Verdict | undefined): void;
}

export const reasonQuestion = shallowRef<ReasonQuestion>();

/** Asks why, before something that others feel. Undefined: it is not to be done. */
export function askReason(asked: Omit<ReasonQuestion, 'answer'>): Promise<Verdict | undefined> {
  return new Promise((resolve) => {
    reasonQuestion.value = {
      ...asked,
      answer(verdict) {
        reasonQuestion.value = undefined;
        resolve(verdict);
      },
    };
  });
}
