import { shallowRef } from 'vue';

export interface Question {
  readonly title: string;
  readonly text?: string;
  readonly yes: string;
  readonly isDangerous?: boolean;
  answer(isYes: boolean): void;
}

export const question = shallowRef<Question>();

/** Asks before something that cannot be taken back. */
export function confirm(asked: Omit<Question, 'answer'>): Promise<boolean> {
  return new Promise((resolve) => {
    question.value = {
      ...asked,
      answer(isYes) {
        question.value = undefined;
        resolve(isYes);
      },
    };
  });
}
